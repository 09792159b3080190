import EventLoop

/// A task that answers requests one after another, each of whatever connection needs it.
///
/// A task is kept for the next request because making and freeing one costs about as much as everything else that
/// the server does for a small answer. It belongs to a loop rather than to a connection, so that idle connections
/// hold no task, and the one used last, whose memory is still in the caches, is used first.
///
/// Connections with a request stand in one line. A worker that is called takes several, one after the other: as long as
/// handlers answer without waiting, one call serves all that have come together. Before it begins with one it has
/// another worker called for those behind, so that nobody waits because a handler does.
///
/// The invariant: while anybody stands in the line and every worker waits, one has been called and has not come yet.
///
/// A task that was cancelled stays so; it ends with the request that it was cancelled for.
///
/// `@unchecked Sendable` because only the listener that owns it, and that listener's connections, touch it, all on
/// one loop.
final class RequestWorker: @unchecked Sendable {
  private var task: Task<Void, Never>?
  private var parked: UnsafeContinuation<Void, Never>?
  /// Whether the task was cancelled, and can answer no further request.
  private(set) var isSpent = false

  /// Learns its task, which is made after it.
  func belong(to task: Task<Void, Never>) { self.task = task }

  /// Waits until it is called.
  func park(_ continuation: UnsafeContinuation<Void, Never>) { parked = continuation }

  /// Lets a parked worker see what there is to do.
  func wake() {
    guard let continuation = parked else { return }
    parked = nil
    continuation.resume()
  }

  /// Cancels the handler that runs now.
  func cancel() {
    isSpent = true
    task?.cancel()
  }
}

extension RequestWorker {
  /// The connections whose request no worker has taken yet, who came first in front.
  struct Line {
    private var places: [Connection?] = []
    private var first = 0

    var isEmpty: Bool { first == places.count }

    mutating func append(_ connection: Connection) { places.append(connection) }

    mutating func popFirst() -> Connection? {
      guard !isEmpty else { return nil }
      let connection = places[first].take()
      first += 1
      if isEmpty {
        places.removeAll(keepingCapacity: true)
        first = 0
      } else if first == 256 {
        places.removeFirst(first)
        first = 0
      }
      return connection
    }
  }
}

extension Listener {
  /// Has a connection's request answered: soon, by a worker, on this loop.
  static let answerSoon: @Sendable (isolated Listener, Connection) -> Void = { listener, connection in
    listener.line.append(connection)
    listener.callWorker()
  }

  /// Has a worker come for who stands in the line, unless one is on its way.
  private func callWorker() {
    guard !isWorkerCalled else { return }
    isWorkerCalled = true
    if let worker = takeParkedWorker() { return worker.wake() }
    let worker = RequestWorker()
    // The preference keeps on the loop whatever does not inherit isolation.
    worker.belong(to: Task(executorPreference: loop) { await self.work(worker) })
  }

  /// So many requests are answered before the loop may turn to something else; a client that sends its requests without
  /// waiting for answers never lets the line end.
  private static let requestsPerCall = 16

  /// The body of a worker's task.
  private func work(_ worker: RequestWorker) async {
    while true {
      isWorkerCalled = false
      var left = Listener.requestsPerCall
      // What is of one request lives in the loop's scope, so that a parked worker keeps nothing of it alive.
      while left > 0, !worker.isSpent, let connection = line.popFirst() {
        left -= 1
        // This one's handler may wait; who stands behind must not.
        if !line.isEmpty { callWorker() }
        guard let request = connection.onLoop(worker, Connection.takeRequest) else { continue }
        var context = RequestContext(head: request.head, peer: connection.peer, logger: service.logger)
        let chain = service.responder.chain(for: request, &context)
        // What the chain does when it is called, spelt out, because every asynchronous function between here and the
        // handler costs a request a frame and a look at its executor.
        var passage = HandlerChain.Passage()
        var response: Response
        if let early = chain.enter(request, &context, &passage) {
          response = early
        } else {
          do {
            response = try await chain.inner(request, context)
          } catch {
            response = answer(to: error, request, context)
          }
        }
        chain.leave(request, context, &passage, &response)
        let exchange = Connection.Exchange(request.head)
        if connection.onLoop((response, exchange), Connection.deliver) {
          await connection.deliverStream(response, exchange)
        }
      }
      if worker.isSpent || !hasRoomForParkedWorker { return }
      await withUnsafeContinuation { continuation in
        worker.park(continuation)
        // Looked at again, because a turn of the loop may lie between what was seen above and this.
        if hasRoomForParkedWorker && line.isEmpty { keepParked(worker) } else { worker.wake() }
      }
    }
  }
}
