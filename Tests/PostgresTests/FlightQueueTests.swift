import Testing

@testable import Postgres

@Suite("Flight queue")
struct FlightQueueTests {
  private func flight(_ id: UInt64, _ setting: Request.Setting = .standalone(nil), isBarrier: Bool = false) -> Flight {
    var flight = Flight(id: id, request: Request(sql: "SELECT 1", setting: setting)) { _ in }
    flight.isBarrier = isBarrier
    flight.steps = [Step(action: .execute, sql: "SELECT 1", isAnswer: true)]
    return flight
  }

  private func refusal(_ sqlState: String, _ message: String = "") -> ServerError {
    ServerError(sqlState: sqlState, message: message)
  }

  /// Sends everything that may be sent; gives the identifiers.
  private func send(_ queue: inout FlightQueue) -> [UInt64] {
    var sent: [UInt64] = []
    while let flight = queue.takeSendable() {
      queue.didSend(flight)
      sent.append(flight.id)
    }
    return sent
  }

  private func outcome(_ settlement: FlightQueue.Settlement) -> String {
    switch settlement {
    case .none: "none"
    case .resent(let flight): "resent \(flight.id)"
    case .finished(let flight, .success): "done \(flight.id)"
    case .finished(let flight, .failure(let error)):
      error is CancellationError ? "cancelled \(flight.id)" : "failed \(flight.id)"
    }
  }

  @Test("no more flights go out than the depth allows, and no more wait than the limit")
  func limits() {
    var queue = FlightQueue(depth: 2, limit: 3)
    for id in 1...3 { #expect(queue.add(flight(UInt64(id))) == true) }
    #expect(queue.add(flight(4)) == false)
    #expect(send(&queue) == [1, 2])
    #expect(outcome(queue.receive(.sync)) == "done 1")
    #expect(send(&queue) == [3])
  }

  @Test("nothing follows a barrier before it is over")
  func barriers() {
    var queue = FlightQueue(depth: 10, limit: 10)
    _ = queue.add(flight(1))
    _ = queue.add(flight(2, isBarrier: true))
    _ = queue.add(flight(3))
    #expect(send(&queue) == [1, 2])
    _ = queue.receive(.sync)
    #expect(send(&queue) == [])
    _ = queue.receive(.sync)
    #expect(send(&queue) == [3])
  }

  @Test("an error belongs to its own flight")
  func errors() {
    var queue = FlightQueue(depth: 10, limit: 10)
    _ = queue.add(flight(1))
    _ = queue.add(flight(2))
    _ = send(&queue)
    #expect(outcome(queue.receive(.refused(refusal("22012")))) == "none")
    #expect(outcome(queue.receive(.skipped)) == "none")
    #expect(outcome(queue.receive(.sync)) == "failed 1")
    #expect(outcome(queue.receive(.sync)) == "done 2")
  }

  @Test("only the flight the server works on is cancelled; those behind wait for their turn")
  func cancelsHeadOnly() {
    var queue = FlightQueue(depth: 10, limit: 10)
    for id in 1...3 { _ = queue.add(flight(UInt64(id))) }
    _ = send(&queue)
    if case .underWay = queue.cancel(2) {} else { Issue.record("flight 2 is on the wire") }
    let early = queue.beginCancelling()
    #expect(early == nil)
    _ = queue.receive(.sync)
    let first = queue.beginCancelling()
    let again = queue.beginCancelling()
    #expect(first == 2 && again == nil)
    _ = queue.receive(.refused(refusal("57014", "canceling statement due to user request")))
    #expect(outcome(queue.receive(.sync)) == "cancelled 2")
  }

  @Test("nothing is sent between a cancellation and the proof that it is over")
  func holdsDuringCancellation() {
    var queue = FlightQueue(depth: 10, limit: 10)
    _ = queue.add(flight(1))
    _ = send(&queue)
    _ = queue.cancel(1)
    #expect(queue.beginCancelling() == 1)
    _ = queue.add(flight(2))
    #expect(send(&queue) == [])
    let first = queue.didDeliverCancel()
    #expect(send(&queue) == [] && !queue.isIdle)
    // The server had not begun yet: it is told again, and the proof of the first delivery proves nothing.
    #expect(queue.repeatCancelling(1) == true)
    let second = queue.didDeliverCancel()
    queue.didProveCancel(first)
    #expect(send(&queue) == [])
    queue.didProveCancel(second)
    #expect(send(&queue) == [2])
    #expect(queue.repeatCancelling(1) == false)
  }

  @Test("a statement hit by somebody else's cancellation is sent again, unless it is part of a transaction")
  func strayCancellation() {
    for (setting, expected) in [(Request.Setting.standalone(nil), "resent 2"), (.inTransaction(nil), "failed 2")] {
      var queue = FlightQueue(depth: 10, limit: 10)
      _ = queue.add(flight(1))
      _ = queue.add(flight(2, setting))
      _ = send(&queue)
      _ = queue.cancel(1)
      #expect(queue.beginCancelling() == 1)
      #expect(outcome(queue.receive(.sync)) == "done 1")
      _ = queue.receive(.refused(refusal("57014", "canceling statement due to user request")))
      #expect(outcome(queue.receive(.sync)) == expected)
    }
  }

  @Test("a statement timeout during a cancellation is a timeout")
  func timeoutIsNoCancellation() {
    var queue = FlightQueue(depth: 10, limit: 10)
    _ = queue.add(flight(1))
    _ = send(&queue)
    _ = queue.cancel(1)
    _ = queue.beginCancelling()
    _ = queue.receive(.refused(refusal("57014", "canceling statement due to statement timeout")))
    guard case .finished(_, .failure(PostgresError.timeout(.statement))) = queue.receive(.sync) else {
      Issue.record("the timeout passed for something else")
      return
    }
  }

  @Test("a stale plan is prepared anew once and no more")
  func stalePlans() {
    var queue = FlightQueue(depth: 10, limit: 10)
    _ = queue.add(flight(1))
    _ = send(&queue)
    _ = queue.receive(.refused(refusal("26000")))
    guard case .resent(let first) = queue.receive(.sync) else {
      Issue.record("it was not sent again")
      return
    }
    queue.addFirst(first.renewed)
    _ = send(&queue)
    _ = queue.receive(.refused(refusal("26000")))
    #expect(outcome(queue.receive(.sync)) == "failed 1")
  }

  @Test("somebody who wants the connection for itself stops all but cleaning up")
  func exclusive() {
    var queue = FlightQueue(depth: 10, limit: 10)
    queue.isExclusive = true
    _ = queue.add(flight(1))
    #expect(send(&queue) == [] && queue.isQuiet)
    queue.addFirst(flight(2, .recovery, isBarrier: true))
    #expect(!queue.isQuiet)
    #expect(send(&queue) == [2])
  }

  @Test("the least recently used statement makes room for a new one")
  func statementCache() {
    var cache = StatementCache(limit: 2)
    func key(_ text: String) -> StatementCache.Key { .init(text: text, types: []) }
    let a = cache.use(key("a"))
    #expect(a.isNew)
    let b = cache.use(key("b"))
    #expect(cache.use(key("a")) == .init(name: a.name, isNew: false))
    #expect(cache.use(key("c")).isNew == true)
    #expect(cache.takeStale() == [b.name])
    #expect(cache.use(key("a")).isNew == false)
    #expect(cache.use(.init(text: "a", types: [20])).isNew == true)
    #expect(cache.count == 2)
    cache.forget(.init(text: "a", types: [20]), isOnServer: false)
    #expect(cache.count == 1)
  }

  @Test("a queue keeps its order through any mixture of operations")
  func fifo() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(seed: seed)
    var queue = Fifo<Int>()
    var model: [Int] = []
    for number in 0..<20_000 {
      switch Int.random(in: 0..<9, using: &random) {
      case 0...3:
        queue.append(number)
        model.append(number)
      case 4:
        queue.prepend(number)
        model.insert(number, at: 0)
      case 5...7: #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()), "seed \(seed)")
      default:
        let wanted = model.randomElement(using: &random)
        #expect(queue.remove(where: { $0 == wanted }) == wanted, "seed \(seed)")
        model.removeAll { $0 == wanted }
      }
      #expect(queue.count == model.count && queue.first == model.first, "seed \(seed)")
    }
    #expect(queue.removeAll() == model)
  }
}
