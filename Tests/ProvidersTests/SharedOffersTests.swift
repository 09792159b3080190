import Booking
import EventLoop
import JSON
import Kernel
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Providers

/// Two caches as two processes have them, each on a loop of its own, and a real redis-server between them.
@Suite("Offers that processes share", .enabled(if: RedisServer.isInstalled, "no redis-server"))
struct SharedOffersTests {
  /// Counts who asks it, whichever process.
  private final class Seller: Booking.Seller {
    let name = "one"
    let kinds: Set<OfferKind> = [.flight]
    let asked = Atomic<Int>(0)
    let wait: Duration

    init(after wait: Duration) { self.wait = wait }

    func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] {
      asked.wrappingAdd(1, ordering: .relaxed)
      do { try await Task.sleep(for: wait) } catch { throw .notSent(words: "not waited for") }
      let start = Instant(secondsSinceEpoch: 1_900_000_000)
      return (0..<30).map { number in
        Offer(
          OfferKey(seller: name, name: "o\(number)"), kind: .flight,
          price: Money(minorUnits: 10_000 + Int64(number), .euro), taxes: .zero(.euro), expires: start,
          rides: [
            OfferedRide(
              from: "BER", to: "LIS", departure: start, arrival: start.adding(seconds: 7200), carrier: "LH",
              number: "\(number)", cabin: "economy")
          ], terms: SaleTerms())
      }
    }

    func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer { throw .notSent(words: "") }
    func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding { throw .notSent(words: "") }
    func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding { throw .notSent(words: "") }
    func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? { nil }
    func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding { throw .notSent(words: "") }
    func change(_ reference: BookingReference, to order: SaleOrder) async throws(SellerFault) -> SaleStanding {
      throw .notSent(words: "")
    }
  }

  private struct House: Sendable {
    let loop: EventLoop
    let cache: OfferCache
    let shared: SharedOffers
    let metrics: MetricRegistry

    func total(_ search: OfferSearch) async -> Int {
      await Task(executorPreference: loop) { [cache] in
        (try? await cache.page(OfferRequest(search)).total) ?? -1
      }.value
    }

    var away: Bool {
      !String(decoding: metrics.exposition(), as: UTF8.self).contains("offers_shared_away_total 0")
    }
  }

  private func search(_ day: Int = 0) throws -> OfferSearch {
    OfferSearch(
      .flight, from: "BER", to: "LIS", on: try LocalDate("2030-05-01").adding(days: day), adults: 1, currency: .euro)
  }

  private func withHouses(
    _ count: Int = 2, _ url: String, _ seller: Seller, clock: TestClock = TestClock(),
    _ body: ([House]) async throws -> Void
  ) async throws {
    let address = try #require(RedisAddress(url))
    let group = try EventLoopGroup(count: count)
    let pool = WorkPool(threads: 2, queueLimit: 64)
    let houses = group.loops.map { loop in
      let metrics = MetricRegistry()
      let shared = SharedOffers(address, on: loop, pool: pool, metrics: metrics)
      return House(
        loop: loop, cache: OfferCache([seller], loop: loop, now: clock.read, shared: shared), shared: shared,
        metrics: metrics)
    }
    try await body(houses)
    for house in houses { await house.shared.close() }
    group.shutdown()
    pool.shutdown()
  }

  private func all(_ houses: [House], _ search: OfferSearch) async -> [Int] {
    await withTaskGroup(of: Int.self) { group in
      for house in houses { for _ in 0..<20 { group.addTask { await house.total(search) } } }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  @Test("all processes that ask for the same at once are one request, and one that asks later is none")
  func oneFlight() async throws {
    let redis = try RedisServer()
    let seller = Seller(after: .milliseconds(300))
    let clock = TestClock()
    try await withHouses(4, "redis://127.0.0.1:\(redis.port)/3", seller, clock: clock) { houses in
      let totals = await all(Array(houses.dropLast()), try search())
      #expect(Set(totals) == [30] && totals.count == 60)
      #expect(seller.asked.load(ordering: .relaxed) == 1)
      let fourth = await houses[3].total(try search())
      #expect(fourth == 30)
      #expect(seller.asked.load(ordering: .relaxed) == 1)
      // What has become old is asked for anew, once.
      clock.advance(4000)
      let later = await all(houses, try search())
      #expect(Set(later) == [30])
      #expect(seller.asked.load(ordering: .relaxed) == 2)
      #expect(!houses.contains { $0.away })
    }
  }

  @Test("a Redis that is killed in the middle costs questions and nothing else; when it is back it is used again")
  func killed() async throws {
    let redis = try RedisServer()
    let seller = Seller(after: .milliseconds(400))
    try await withHouses(2, "redis://127.0.0.1:\(redis.port)", seller) { houses in
      let wanted = try search()
      async let asking = all(houses, wanted)
      try await Task.sleep(for: .milliseconds(150))
      redis.kill()
      let totals = await asking
      #expect(Set(totals) == [30])
      #expect(seller.asked.load(ordering: .relaxed) == 2, "each for itself")
      #expect(houses.contains { $0.away })
      let without = await all(houses, try search(1))
      #expect(Set(without) == [30])
      #expect(seller.asked.load(ordering: .relaxed) == 4)
      try redis.start()
      var isShared = false
      for day in 2..<12 where !isShared {
        try await Task.sleep(for: .milliseconds(700))
        let before = seller.asked.load(ordering: .relaxed)
        let again = await all(houses, try search(day))
        #expect(Set(again) == [30])
        isShared = seller.asked.load(ordering: .relaxed) == before + 1
      }
      #expect(isShared)
    }
  }

  @Test("a Redis that is not there, does not answer or refuses us leaves each process to itself, at once")
  func away() async throws {
    let seller = Seller(after: .zero)
    let redis = try RedisServer(password: "right")
    for (url, asked) in [
      ("redis://127.0.0.1:1", 1), ("redis://:wrong@127.0.0.1:\(redis.port)", 2),
      ("redis://127.0.0.1:\(redis.port)", 3),
    ] {
      try await withHouses(1, url, seller) { houses in
        let start = ContinuousClock.now
        let total = await houses[0].total(try search())
        #expect(total == 30)
        #expect(seller.asked.load(ordering: .relaxed) == asked, "\(url)")
        #expect(ContinuousClock.now - start < .seconds(5))
      }
    }
    try await withHouses(2, "redis://:right@127.0.0.1:\(redis.port)", seller) { houses in
      let totals = await all(houses, try search())
      #expect(Set(totals) == [30])
      #expect(seller.asked.load(ordering: .relaxed) == 4)
    }
  }

  @Test("a turn whose process died runs out; an answer that cannot be read is none")
  func lostTurn() async throws {
    let redis = try RedisServer()
    let seller = Seller(after: .zero)
    try await withHouses(1, "redis://127.0.0.1:\(redis.port)", seller) { houses in
      let name = try #require(try search().name)
      let house = houses[0]
      let pool = WorkPool(threads: 1, queueLimit: 8)
      let address = try #require(RedisAddress("redis://127.0.0.1:\(redis.port)"))
      let hand = RedisClient(address, on: house.loop, pool: pool)
      func say(_ words: String...) async -> RedisReply? {
        await Task(executorPreference: house.loop) { await hand.send(words.map { Array($0.utf8) }) }.value
      }
      let taken = await say("SET", "wayfare:offers:1:turn:\(name)", "dead", "PX", "600")
      let spoilt = await say("SET", "wayfare:offers:1:\(name)", "no answer")
      #expect(taken == .text(Array("OK".utf8)) && spoilt == taken)
      let start = ContinuousClock.now
      let total = await house.total(try search())
      #expect(total == 30)
      #expect(ContinuousClock.now - start > .milliseconds(400))
      // The answer is given out before the others have it.
      var left = await say("EXISTS", "wayfare:offers:1:turn:\(name)")
      for _ in 0..<100 where left != .number(0) {
        try await Task.sleep(for: .milliseconds(10))
        left = await say("EXISTS", "wayfare:offers:1:turn:\(name)")
      }
      #expect(left == .number(0), "the turn was given back")
      let nonsense = await say("NONSENSE")
      #expect(nonsense?.isRefusal == true)
      await hand.close()
      pool.shutdown()
    }
  }

  @Test("replies are read however their bytes come in pieces, and what is none is told")
  func replies() throws {
    let bytes = Array("+OK\r\n-ERR no\r\n:42\r\n$-1\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n".utf8)
    for piece in 1...bytes.count {
      var (reader, replies) = (RedisReader(), [RedisReply]())
      for start in stride(from: 0, to: bytes.count, by: piece) {
        reader.feed(bytes[start..<min(start + piece, bytes.count)])
        while let reply = try reader.next() { replies.append(reply) }
      }
      #expect(
        replies == [
          .text(Array("OK".utf8)), .refusal("ERR no"), .number(42), .nothing, .text(Array("a\r\nbc".utf8)), .text([]),
        ])
    }
    for strange in [
      "*1\r\n", "?\r\n", "$99999999999\r\n", ":x\r\n", "$2\r\nabc\r\n", String(repeating: "x", count: 5000),
    ] {
      var reader = RedisReader()
      reader.feed(Array(strange.utf8))
      #expect(throws: RedisReader.Malformed.self) { _ = try reader.next() }
    }
  }

  @Test("addresses of a Redis are read, and what is none is not")
  func addresses() throws {
    let whole = try #require(RedisAddress("redis://ada:se%40cret@cache.example.org:6380/2"))
    #expect(whole.host == "cache.example.org" && whole.port == 6380 && whole.database == 2)
    #expect(whole.user == "ada" && whole.password == "se@cret")
    let plain = try #require(RedisAddress("redis://[::1]"))
    #expect(plain.host == "::1" && plain.port == 6379 && plain.password == nil && plain.database == 0)
    for strange in ["rediss://host", "host:6379", "redis://", "redis://host:x", "redis://host/x", "redis://a@host"] {
      #expect(RedisAddress(strange) == nil, "\(strange)")
    }
  }
}
