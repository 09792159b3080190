/// The order of flights on one connection, as pure state: what may be sent now, and what each answer means.
///
/// Flights are answered in the order they were sent. Nothing is sent behind a barrier, while a cancellation is
/// under way, or while somebody has the connection outside pipeline mode.
struct FlightQueue {
  /// What the server said, one message at a time.
  enum Event {
    case result(ResultHandle?)
    case refused(ServerError)
    /// Skipped, because a message before it in the flight was refused.
    case skipped
    case sync
  }

  /// What became of a flight.
  enum Settlement {
    case finished(Flight, Result<[ResultHandle], any Error>)
    /// To be sent again, before everything else; with what has come back of it, for the last time.
    case resent(Flight)
    /// The event did not complete anything.
    case none
  }

  /// Where a cancellation stands.
  enum Cancelling: Equatable {
    /// The cancel request is being delivered.
    case delivering
    /// It has been delivered; a round trip makes sure that it can no longer hit anything.
    case proving
  }

  enum CancelAnswer {
    case unknown
    case neverSent(Flight)
    case underWay
  }

  let depth: Int
  let limit: Int
  private(set) var waiting = Fifo<Flight>()
  private(set) var sent = Fifo<Flight>()
  private(set) var cancelling: Cancelling?
  private var cancelRound = 0
  private var isBehindBarrier = false
  /// Somebody has the connection outside pipeline mode, or waits for that.
  var isExclusive = false

  init(depth: Int, limit: Int) {
    precondition(depth > 0 && limit > 0, "a connection needs room for a flight")
    self.depth = depth
    self.limit = limit
  }

  /// Whether nothing waits and nothing is under way.
  var isIdle: Bool { waiting.isEmpty && sent.isEmpty && cancelling == nil && !isExclusive }

  /// Whether nothing is on the wire and nothing is left to clean up, so that pipeline mode may be left.
  var isQuiet: Bool { sent.isEmpty && cancelling == nil && waiting.first?.request.setting.isRecovery != true }

  /// Takes a flight; false when the queue is full.
  mutating func add(_ flight: Flight) -> Bool {
    guard waiting.count < limit else { return false }
    waiting.append(flight)
    return true
  }

  /// Puts a flight before all that wait.
  mutating func addFirst(_ flight: Flight) { waiting.prepend(flight) }

  /// The next flight that may go out now, or nil.
  mutating func takeSendable() -> Flight? {
    guard cancelling == nil, !isBehindBarrier, sent.count < depth else { return nil }
    if isExclusive, waiting.first?.request.setting.isRecovery != true { return nil }
    return waiting.popFirst()
  }

  /// Notes that a flight has gone out.
  mutating func didSend(_ flight: Flight) {
    sent.append(flight)
    isBehindBarrier = flight.isBarrier
  }

  /// Takes note of the server's next message.
  mutating func receive(_ event: Event) -> Settlement {
    switch event {
    case .result(let result):
      sent.updateFirst { flight in
        if flight.received < flight.steps.count, flight.steps[flight.received].isAnswer, let result {
          flight.answers.append(result)
        }
        flight.received += 1
      }
    case .refused(let error):
      sent.updateFirst { flight in
        if flight.failure == nil {
          flight.failure = error
          flight.failedStep = flight.received < flight.steps.count ? flight.steps[flight.received] : nil
          flight.received += 1
        }
      }
    case .skipped:
      break
    case .sync:
      guard let flight = sent.popFirst() else { return .none }
      if sent.isEmpty { isBehindBarrier = false }
      return settle(flight)
    }
    return .none
  }

  private func settle(_ flight: Flight) -> Settlement {
    guard let failure = flight.failure else { return .finished(flight, .success(flight.answers)) }
    if flight.isCancelled, failure.isCancellation { return .finished(flight, .failure(CancellationError())) }
    // A cancel request aimed at the flight before may hit this one instead; it did nothing, so it goes again.
    let isStray = cancelling != nil && failure.isCancellation
    let isStale = failure.isStalePlan && !flight.wasResent
    if (isStray || isStale) && flight.request.isRepeatable && !flight.isWrapped {
      return .resent(flight)
    }
    return .finished(flight, .failure(failure.translated))
  }

  // MARK: Cancelling

  /// Marks a flight as unwanted.
  mutating func cancel(_ id: UInt64) -> CancelAnswer {
    if let flight = waiting.remove(where: { $0.id == id }) { return .neverSent(flight) }
    return sent.update(where: { $0.id == id }, { $0.isCancelled = true }) == nil ? .unknown : .underWay
  }

  /// The unwanted flight that the server is working on and must be told of now; given once per cancellation.
  mutating func beginCancelling() -> UInt64? {
    guard cancelling == nil, let head = sent.first, head.isCancelled else { return nil }
    cancelling = .delivering
    return head.id
  }

  /// The cancel request has been delivered, or could not be; gives the number that its proof is to bring back.
  mutating func didDeliverCancel() -> Int {
    cancelling = .proving
    cancelRound += 1
    return cancelRound
  }

  /// Whether the server still works on the unwanted flight and must be told again.
  ///
  /// A request that arrives while the server is between two messages has no effect.
  mutating func repeatCancelling(_ id: UInt64) -> Bool {
    guard cancelling == .proving, let head = sent.first, head.id == id else { return false }
    cancelling = .delivering
    return true
  }

  /// The round trip after a delivery is over; only that after the last one proves anything.
  mutating func didProveCancel(_ round: Int) {
    if cancelling == .proving, round == cancelRound { cancelling = nil }
  }

  /// Everything that waits or is under way, for a connection that is lost.
  mutating func removeAll() -> [Flight] {
    isBehindBarrier = false
    cancelling = nil
    return sent.removeAll() + waiting.removeAll()
  }
}
