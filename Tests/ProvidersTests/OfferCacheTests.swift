import Booking
import EventLoop
import JSON
import Kernel
import Synchronization
import Testing

@testable import Providers

@Suite("Offers that are kept")
struct OfferCacheTests {
  /// A seller that answers after a while, and counts.
  private final class SlowSeller: Seller {
    let name: String
    let kinds: Set<OfferKind> = [.flight, .lodging]
    let wait: Duration
    let loop: EventLoop
    let asked = Atomic<Int>(0)
    let isBroken = Atomic<Bool>(false)
    /// Whether it answers at all yet.
    let isOpen = Atomic<Bool>(true)
    let offersEach: Int

    init(_ name: String, after wait: Duration, on loop: EventLoop, offers: Int = 40) {
      self.name = name
      self.wait = wait
      self.loop = loop
      offersEach = offers
    }

    func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] {
      asked.wrappingAdd(1, ordering: .relaxed)
      do {
        try await loop.sleep(for: wait)
        while !isOpen.load(ordering: .relaxed) { try await loop.sleep(for: .milliseconds(5)) }
      } catch { throw .notSent(words: "not waited for") }
      if isBroken.load(ordering: .relaxed) { throw .notSent(words: "broken") }
      return (0..<offersEach).map { number in
        let start = Instant(secondsSinceEpoch: 1_810_000_000 + Int64(number) * 600)
        return Offer(
          OfferKey(seller: name, name: "o\(number)"), kind: search.kind,
          price: Money(minorUnits: 10_000 + Int64(number * 7 % 40) * 100, .euro),
          taxes: .zero(.euro), expires: start,
          rides: [
            OfferedRide(
              from: "BER", to: "LIS", departure: start, arrival: start.adding(seconds: 7200),
              carrier: number % 2 == 0 ? "LH" : "BA", number: "\(number)", cabin: "economy")
          ], terms: SaleTerms())
      }
    }

    func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer { throw .notSent(words: "") }
    func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
      throw .notSent(words: "")
    }
    func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
      throw .notSent(words: "")
    }
    func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? { nil }
    func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding {
      throw .notSent(words: "")
    }
    func change(_ reference: BookingReference, to order: SaleOrder) async throws(SellerFault)
      -> SaleStanding
    {
      throw .notSent(words: "")
    }
  }

  private func search(_ number: Int = 0) throws -> OfferSearch {
    OfferSearch(
      .flight, from: "BER", to: "LIS", on: try LocalDate("2030-05-01").adding(days: number),
      adults: 1, currency: .euro)
  }

  private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
    let group = try EventLoopGroup(count: 1)
    try await body(group.loops[0])
    group.shutdown()
  }

  @Test("ten thousand who ask for the same at once are one request to each seller")
  func oneFlight() async throws {
    try await withLoop { loop in
      let sellers = [
        SlowSeller("one", after: .milliseconds(300), on: loop),
        SlowSeller("two", after: .milliseconds(500), on: loop),
      ]
      let cache = OfferCache(sellers, loop: loop, now: TestClock().read)
      let request = OfferRequest(try search())
      let totals = await withTaskGroup(of: Int.self) { group in
        for _ in 0..<10_000 {
          group.addTask {
            do { return try await cache.page(request).total } catch { return -1 }
          }
        }
        return await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
      }
      #expect(totals == [80: 10_000])
      #expect(sellers.map { $0.asked.load(ordering: .relaxed) } == [1, 1])
      #expect(cache.counts.flights == 1)
    }
  }

  @Test("filters and orders reach no seller, and pages join up to the whole")
  func pages() async throws {
    try await withLoop { loop in
      let seller = SlowSeller("one", after: .zero, on: loop)
      let cache = OfferCache([seller], loop: loop, now: TestClock().read)
      var request = OfferRequest(
        try search(), filter: OfferFilter(carriers: ["LH"]), order: .departure, count: 6)
      var names: [String] = []
      while true {
        let page = try await cache.page(request)
        #expect(page.total == 20 && page.missing.isEmpty && !page.isStale)
        let offers = try JSONDocument(bytes: page.offers).root.array
        names += offers.compactMap { $0.text("id") }
        if page.count == 0 { break }
        request.start += page.count
      }
      #expect(names == (0..<20).map { "one:o\($0 * 2)" })
      #expect(seller.asked.load(ordering: .relaxed) == 1)
    }
  }

  @Test("what gets old is given out while it is asked for anew; what is too old is waited for")
  func aging() async throws {
    try await withLoop { loop in
      let clock = TestClock()
      let seller = SlowSeller("one", after: .milliseconds(20), on: loop)
      let cache = OfferCache([seller], loop: loop, now: clock.read)
      let request = OfferRequest(try search())
      _ = try await cache.page(request)
      clock.advance(899)
      #expect(try await !cache.page(request).isStale)
      clock.advance(1)
      let stale = try await cache.page(request)
      #expect(stale.isStale && stale.ageSeconds == 900)
      for _ in 0..<400 where cache.counts.flights < 2 || seller.asked.load(ordering: .relaxed) < 2 {
        try await Task.sleep(for: .milliseconds(5))
      }
      var page = try await cache.page(request)
      for _ in 0..<400 where page.ageSeconds > 0 {
        try await Task.sleep(for: .milliseconds(5))
        page = try await cache.page(request)
      }
      #expect(page.ageSeconds == 0 && seller.asked.load(ordering: .relaxed) == 2)
      clock.advance(3600)
      #expect(try await cache.page(request).ageSeconds == 0)
      #expect(seller.asked.load(ordering: .relaxed) == 3)
    }
  }

  @Test(
    "where no seller answers, what is kept stands in and says its age; where nothing is kept, that is said"
  )
  func spare() async throws {
    try await withLoop { loop in
      let clock = TestClock()
      let seller = SlowSeller("one", after: .zero, on: loop)
      let cache = OfferCache([seller], loop: loop, now: clock.read)
      let request = OfferRequest(try search())
      _ = try await cache.page(request)
      seller.isBroken.store(true, ordering: .relaxed)
      clock.advance(7200)
      let page = try await cache.page(request)
      #expect(page.isStale && page.ageSeconds == 7200 && page.total == 40)
      #expect(cache.counts.spares == 1)
      let nothing = OfferRequest(try search(5))
      do throws(OfferCache.Fault) {
        _ = try await cache.page(nothing)
        Issue.record("offers came from nowhere")
      } catch {
        #expect(error == .noSellerAnswered(words: "one: broken"))
      }
      clock.advance(86_400)
      do {
        _ = try await cache.page(request)
        Issue.record("an answer of yesterday was given out")
      } catch {}
    }
  }

  @Test("a slow seller is not waited for, is named, and completes the answer when it comes")
  func slow() async throws {
    try await withLoop { loop in
      let fast = SlowSeller("fast", after: .zero, on: loop)
      let slow = SlowSeller("slow", after: .zero, on: loop)
      let late = SlowSeller("late", after: .zero, on: loop)
      slow.isOpen.store(false, ordering: .relaxed)
      late.isOpen.store(false, ordering: .relaxed)
      var limits = OfferCache.Limits()
      limits.patience = .milliseconds(50)
      let cache = OfferCache([fast, slow, late], loop: loop, limits: limits, now: TestClock().read)
      let request = OfferRequest(try search())
      var page = try await cache.page(request)
      #expect(page.total == 40 && page.missing == ["late", "slow"])
      for (seller, left) in [(slow, 1), (late, 0)] {
        seller.isOpen.store(true, ordering: .relaxed)
        for _ in 0..<1000 where page.missing.count > left {
          try await Task.sleep(for: .milliseconds(5))
          page = try await cache.page(request)
        }
        #expect(page.missing.count == left && page.total == 120 - left * 40)
      }
      #expect([fast, slow, late].map { $0.asked.load(ordering: .relaxed) } == [1, 1, 1])
    }
  }

  @Test("a seller that never answers is cut off")
  func cutOff() async throws {
    try await withLoop { loop in
      let never = SlowSeller("never", after: .zero, on: loop)
      never.isOpen.store(false, ordering: .relaxed)
      var limits = OfferCache.Limits()
      limits.patience = .milliseconds(10)
      limits.cutOff = .milliseconds(50)
      let cache = OfferCache([never], loop: loop, limits: limits, now: TestClock().read)
      let request = OfferRequest(try search())
      do throws(OfferCache.Fault) {
        _ = try await cache.page(request)
        Issue.record("offers came from nowhere")
      } catch {
        #expect(error == .noSellerAnswered(words: "none in time"))
      }
    }
  }

  @Test("no more bytes are kept than there is room for, and who was asked for lately stays")
  func bounded() async throws {
    try await withLoop { loop in
      let seller = SlowSeller("one", after: .zero, on: loop)
      var limits = OfferCache.Limits()
      limits.packedBytesMax = 60_000
      limits.textBytesMax = 100_000
      let cache = OfferCache([seller], loop: loop, limits: limits, now: TestClock().read)
      for number in 0..<200 {
        _ = try await cache.page(OfferRequest(try search(number)))
        _ = try await cache.page(OfferRequest(try search(0)))
        let size = cache.size
        #expect(
          size.packedBytes <= 60_000 && size.textBytes <= 100_000
            && (size.answers > 1 || number == 0))
      }
      #expect(seller.asked.load(ordering: .relaxed) < 215)
    }
  }

  @Test("more searches at once than allowed are refused and leave nothing behind")
  func overloaded() async throws {
    try await withLoop { loop in
      let seller = SlowSeller("one", after: .milliseconds(200), on: loop)
      var limits = OfferCache.Limits()
      limits.flightsMax = 3
      let cache = OfferCache([seller], loop: loop, limits: limits, now: TestClock().read)
      let searches = try (0..<10).map { try search($0) }
      let refused = await withTaskGroup(of: Bool.self) { group in
        for search in searches {
          group.addTask {
            do throws(OfferCache.Fault) {
              _ = try await cache.page(OfferRequest(search))
              return false
            } catch { return error == .overloaded }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(refused == 7 && seller.asked.load(ordering: .relaxed) == 3)
      #expect(try await cache.page(OfferRequest(searches[9])).total == 40)
    }
  }

  @Test("what was packed comes out as it went in, and what is damaged does not")
  func packing() {
    var random = SeededRandom(seed: 4)
    for size in [0, 1, 100, 70_000] {
      let bytes = (0..<size).map { _ in UInt8.random(in: 97...105, using: &random) }
      let packed = Zstandard.packed(bytes)
      #expect(Zstandard.unpacked(packed, bytesMax: size) == bytes)
      if size > 0 { #expect(Zstandard.unpacked(packed, bytesMax: size - 1) == nil) }
    }
    #expect(Zstandard.unpacked([1, 2, 3], bytesMax: 100) == nil)
  }
}
