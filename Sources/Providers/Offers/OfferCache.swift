package import Booking
package import EventLoop
package import Kernel
import Synchronization

/// Asks sellers, and keeps what they answered: whoever asks for the same is answered from it.
///
/// Those who ask for what is not there wait for one request to each seller, however many they are. Sellers that are
/// slow are not waited for: what the others said is given out and says who is missing, and is completed when they
/// answer after all. Filters and orders work on what is kept and reach no seller.
package final class OfferCache: Sendable {
  /// Room and patience.
  package struct Limits: Sendable {
    /// For packed answers.
    package var packedBytesMax = 64 << 20
    /// For the texts of answers that were asked for lately.
    package var textBytesMax = 64 << 20
    /// Searches under way at once.
    package var flightsMax = 128
    /// Who waits for searches at once.
    package var waitersMax = 50_000
    /// How long sellers are waited for before those that answered are enough.
    package var patience: Duration = .milliseconds(2500)
    /// How long a seller may take at all.
    package var cutOff: Duration = .seconds(12)

    /// The defaults.
    package init() {}
  }

  /// Why there are no offers.
  package typealias Fault = OfferFault

  /// What has been counted.
  package struct Counts: Hashable, Sendable {
    /// Answered from what is kept.
    package var hits = 0
    /// Answered from what is kept and is being asked for anew.
    package var staleHits = 0
    /// Had to wait.
    package var misses = 0
    /// Rounds of questions to sellers.
    package var flights = 0
    /// Answered from what is too old, as no seller answered.
    package var spares = 0
  }

  typealias Waiter = UnsafeContinuation<Fault?, Never>

  struct State: Sendable {
    var shelf: SupersetShelf
    var flights: [OfferSearch: [Waiter]] = [:]
    /// Who wants to see each answer of a round as it comes.
    var followers: [OfferSearch: [AsyncStream<Superset>.Continuation]] = [:]
    var waiters = 0
    var counts = Counts()
  }

  let sellers: [any Seller]
  let loop: EventLoop
  let limits: Limits
  let now: @Sendable () -> Instant
  /// Hears of the price that each round has shown; must not wait.
  let note: @Sendable (PriceSighting) -> Void
  /// What is shared with other processes; nil where nothing is.
  let shared: SharedOffers?
  let state: Mutex<State>

  /// A cache in front of sellers.
  ///
  /// - Parameters:
  ///   - sellers: who is asked.
  ///   - loop: where questions run.
  ///   - limits: room and patience.
  ///   - now: the clock.
  ///   - shared: what is shared with other processes.
  ///   - note: hears of the price that each round has shown; must not wait.
  package init(
    _ sellers: [any Seller], loop: EventLoop, limits: Limits = Limits(), now: @escaping @Sendable () -> Instant,
    shared: SharedOffers? = nil, note: @escaping @Sendable (PriceSighting) -> Void = { _ in }
  ) {
    self.sellers = sellers
    self.loop = loop
    self.limits = limits
    self.now = now
    self.note = note
    self.shared = shared
    state = Mutex(
      State(
        shelf: SupersetShelf(
          packedBytesMax: limits.packedBytesMax, textBytesMax: limits.textBytesMax)))
  }

  /// What has been counted so far.
  package var counts: Counts { state.withLock { $0.counts } }

  /// What is kept: answers, and bytes packed and unpacked.
  package var size: (answers: Int, packedBytes: Int, textBytes: Int) {
    state.withLock { ($0.shelf.count, $0.shelf.packedBytes, $0.shelf.textBytes) }
  }

  /// A page of offers.
  ///
  /// - Throws: ``Fault``.
  package func page(_ request: OfferRequest) async throws(Fault) -> OfferPage {
    let search = request.search.normalized
    if let page = kept(request, search) { return page }
    if let fault = await wait(for: search) {
      guard fault != .overloaded, let page = spare(request, search) else { throw fault }
      return page
    }
    // What has just come may have been larger than all room, or have gone at once.
    guard let page = spare(request, search) else { throw .overloaded }
    return page
  }

  /// Asks sellers anew, whatever is kept.
  ///
  /// - Throws: ``Fault``.
  package func refresh(_ search: OfferSearch) async throws(Fault) {
    if let fault = await wait(for: search.normalized) { throw fault }
  }

  /// What is kept and good enough; what is getting old is asked for anew on the side.
  func kept(_ request: OfferRequest, _ search: OfferSearch) -> OfferPage? {
    let now = now()
    let life = OfferLifetime(of: search.date, at: now)
    let found = state.withLock { state -> (Superset, [UInt8], OfferLifetime.Use, Bool)? in
      guard let superset = state.shelf.peek(search) else { return nil }
      let use = life.use(ageSeconds: superset.fetched.seconds(until: now))
      guard use == .fresh || use == .stale, let (superset, text) = state.shelf.find(search) else {
        return nil
      }
      if use == .fresh { state.counts.hits += 1 } else { state.counts.staleHits += 1 }
      let starts =
        use == .stale && state.flights[search] == nil && state.flights.count < limits.flightsMax
      if starts {
        state.flights[search] = []
        state.counts.flights += 1
      }
      return (superset, text, use, starts)
    }
    guard let (superset, text, use, starts) = found else { return nil }
    if starts { start(search) }
    return page(request, superset, text, isStale: use == .stale, now)
  }

  /// What is kept at all, for want of something better.
  func spare(_ request: OfferRequest, _ search: OfferSearch) -> OfferPage? {
    let now = now()
    let life = OfferLifetime(of: search.date, at: now)
    let found = state.withLock { state -> (Superset, [UInt8], OfferLifetime.Use)? in
      guard let (superset, text) = state.shelf.find(search) else { return nil }
      let use = life.use(ageSeconds: superset.fetched.seconds(until: now))
      guard use != .none else {
        state.shelf.remove(search)
        return nil
      }
      if use == .spare { state.counts.spares += 1 }
      return (superset, text, use)
    }
    return found.map { page(request, $0, $1, isStale: $2 != .fresh, now) }
  }

  func page(
    _ request: OfferRequest, _ superset: Superset, _ text: [UInt8], isStale: Bool, _ now: Instant
  ) -> OfferPage {
    let (numbers, total) = superset.table.select(
      request.filter, by: request.order, from: request.start, count: request.count)
    var bytes: [UInt8] = []
    let size = numbers.reduce(2) {
      $0 + Int(superset.ends[Int($1)]) - start(of: Int($1), superset) + 1
    }
    bytes.reserveCapacity(size)
    bytes.append(UInt8(ascii: "["))
    for (index, number) in numbers.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += text[start(of: Int(number), superset)..<Int(superset.ends[Int(number)])]
    }
    bytes.append(UInt8(ascii: "]"))
    return OfferPage(
      offers: bytes, count: numbers.count, total: total, fetched: superset.fetched,
      ageSeconds: max(0, superset.fetched.seconds(until: now)), isStale: isStale,
      missing: superset.missing)
  }

  private func start(of number: Int, _ superset: Superset) -> Int {
    number == 0 ? 0 : Int(superset.ends[number - 1])
  }

  /// Waits for the round of questions about a search, which begins unless it is under way.
  private func wait(for search: OfferSearch) async -> Fault? {
    await withUnsafeContinuation { (waiter: Waiter) in
      let (starts, isRefused) = state.withLock { state -> (Bool, Bool) in
        guard state.waiters < limits.waitersMax else { return (false, true) }
        let isUnderWay = state.flights[search] != nil
        guard isUnderWay || state.flights.count < limits.flightsMax else { return (false, true) }
        state.counts.misses += 1
        state.waiters += 1
        state.flights[search, default: []].append(waiter)
        if !isUnderWay { state.counts.flights += 1 }
        return (!isUnderWay, false)
      }
      if isRefused { waiter.resume(returning: .overloaded) }
      if starts { start(search) }
    }
  }

  func start(_ search: OfferSearch) {
    // Its end is bounded by the cut-off, and how many there are by `flightsMax`.
    Task(executorPreference: loop) { await self.fly(search) }
  }
}
