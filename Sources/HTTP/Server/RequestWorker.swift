import EventLoop

/// A task that answers requests one after another, each of whatever connection needs it.
///
/// A task is kept for the next request because making and freeing one costs about as much as everything else that
/// the server does for a small answer. It belongs to a loop rather than to a connection, so that idle connections
/// hold no task, and the one used last, whose memory is still in the caches, is used first.
///
/// A task that was cancelled stays so; it ends with the request that it was cancelled for.
///
/// `@unchecked Sendable` because only the listener that owns it, and that listener's connections, touch it, all on
/// one loop.
final class RequestWorker: @unchecked Sendable {
  /// A request on its way to its handler.
  struct Assignment {
    let connection: Connection
    let request: Request
    let exchange: Connection.Exchange
  }

  private var task: Task<Void, Never>?
  private var assignment: Assignment?
  private var parked: UnsafeContinuation<Void, Never>?
  /// Whether the task was cancelled, and can answer no further request.
  private(set) var isSpent = false

  init(_ assignment: Assignment) {
    self.assignment = assignment
  }

  /// Learns its task, which is made after it.
  func belong(to task: Task<Void, Never>) { self.task = task }

  /// Takes what there is to do; nil says that the task is to end.
  func takeAssignment() -> Assignment? {
    defer { assignment = nil }
    return assignment
  }

  /// Waits for the next request.
  func park(_ continuation: UnsafeContinuation<Void, Never>) { parked = continuation }

  /// Gives a parked worker a request, or nothing, upon which it ends.
  func wake(with assignment: Assignment?) {
    self.assignment = assignment
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

extension Listener {
  /// Has a request answered: by a task of its own, soon, on this loop.
  func assign(_ assignment: RequestWorker.Assignment) -> RequestWorker {
    if let worker = takeParkedWorker() {
      worker.wake(with: assignment)
      return worker
    }
    let worker = RequestWorker(assignment)
    // The preference keeps on the loop whatever does not inherit isolation.
    worker.belong(to: Task(executorPreference: loop) { await self.work(worker) })
    return worker
  }

  /// The body of a worker's task.
  private func work(_ worker: RequestWorker) async {
    while true {
      do {
        // In a scope of its own, so that a parked worker keeps nothing of the request alive.
        guard let assignment = worker.takeAssignment() else { return }
        let connection = assignment.connection
        let request = assignment.request
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
        chain.leave(request, context, passage, &response)
        if connection.onLoop((response, assignment.exchange), Connection.deliver) {
          await connection.deliverStream(response, assignment.exchange)
        }
      }
      if worker.isSpent || !hasRoomForParkedWorker { return }
      await withUnsafeContinuation { continuation in
        worker.park(continuation)
        // Looked at again, because a turn of the loop may lie between what was seen above and this.
        if hasRoomForParkedWorker { keepParked(worker) } else { worker.wake(with: nil) }
      }
    }
  }
}
