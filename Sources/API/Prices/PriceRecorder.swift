package import Booking
package import EventLoop
package import Store
import Synchronization
package import Telemetry

/// Takes down what searches showed of prices, on the side: whoever searches never waits for it.
///
/// Of each search the newest sighting waits, in a room that is bounded; what finds none is dropped and counted. Beside
/// that it has sellers asked about searches with alerts that nobody else looks for.
package final class PriceRecorder: Sendable {
  /// Searches whose prices wait, at most.
  package static let waitingMax = 8192
  private static let tick: Duration = .seconds(1)
  /// A search with alerts is asked about this often.
  private static let alertSeconds: Int32 = 1800
  private static let askedAtOnce: Int64 = 10
  private static let ticksBetweenAsking = 30

  private struct State: Sendable {
    var waiting: [OfferSearch: PriceSighting] = [:]
    var unsaid = 0
  }

  private let store: PriceStore
  private let loop: EventLoop
  private let logger: Logger
  private let dropped: Counter
  private let state = Mutex(State())
  private let running = Mutex<Task<Void, Never>?>(nil)

  /// A recorder that nobody has started.
  package init(_ store: PriceStore, on loop: EventLoop, metrics: MetricRegistry, logger: Logger) {
    self.store = store
    self.loop = loop
    self.logger = logger
    dropped = metrics.counter("price_sightings_dropped_total", help: "Prices that were seen and found no room.")
  }

  /// Takes a sighting, or drops it where there is no room; never waits.
  package func note(_ sighting: PriceSighting) {
    let isDropped = state.withLock { state in
      let isKnown = state.waiting[sighting.search] != nil
      guard isKnown || state.waiting.count < Self.waitingMax else {
        state.unsaid += 1
        return true
      }
      state.waiting[sighting.search] = sighting
      return false
    }
    if isDropped { dropped.increment() }
  }

  /// Begins to write down; with a source, also to ask about searches with alerts.
  package func start(_ source: OfferSource?) {
    let task = Task(executorPreference: loop) { [self] in
      var ticks = 0
      while !Task.isCancelled {
        await flush()
        if let source, ticks.isMultiple(of: Self.ticksBetweenAsking) { await ask(source) }
        ticks += 1
        // Ends with the loop's condition when it is cancelled.
        try? await loop.sleep(for: Self.tick)
      }
    }
    running.withLock { $0 = task }
  }

  /// Ends, after writing down what waits.
  package func stop() async {
    let task = running.withLock { $0.take() }
    task?.cancel()
    await task?.value
    await flush()
  }

  /// Writes down what waits, batch by batch; what the database does not take waits on.
  package func flush() async {
    let unsaid = state.withLock { state in
      defer { state.unsaid = 0 }
      return state.unsaid
    }
    if unsaid > 0 { logger.warning("prices that were seen found no room", ["dropped": .int(unsaid)]) }
    for _ in 0..<(Self.waitingMax / PriceStore.batchMax) {
      let batch = take()
      if batch.isEmpty { return }
      do {
        _ = try await store.record(batch)
      } catch {
        logger.warning("prices cannot be written down now; trying again", ["error": .string("\(error)")])
        for sighting in batch { putBack(sighting) }
        return
      }
    }
  }

  private func take() -> [PriceSighting] {
    state.withLock { state in
      let batch = Array(state.waiting.values.prefix(PriceStore.batchMax))
      for sighting in batch { state.waiting[sighting.search] = nil }
      return batch
    }
  }

  /// What has come meanwhile is newer, and stays.
  private func putBack(_ sighting: PriceSighting) {
    if state.withLock({ $0.waiting[sighting.search] == nil }) { note(sighting) }
  }

  private func ask(_ source: OfferSource) async {
    do {
      let names = try await store.takeSearches(unaskedSeconds: Self.alertSeconds, limit: Self.askedAtOnce)
      for name in names {
        guard let search = OfferSearch(name: name) else { continue }
        do { try await source.refresh(search, Int64(Self.alertSeconds / 2)) } catch {
          logger.info(
            "no seller answered about a search with an alert",
            ["search": .string(name), "error": .string("\(error)")])
        }
      }
    } catch {
      logger.warning("searches with alerts cannot be read now; trying again", ["error": .string("\(error)")])
    }
  }
}
