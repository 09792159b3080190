import CPostgres
import EventLoop

/// Outside pipeline mode: COPY and scripts of several statements, which the pipeline cannot carry.
extension PostgresConnection {
  /// Runs `body` while the connection is out of pipeline mode and nobody else's statements are sent.
  ///
  /// When the task is cancelled, the server is told so and `body` sees its statement fail.
  func withoutPipeline<Value>(_ body: (ExclusiveConnection) async throws -> Value) async throws -> Value {
    try Task.checkCancellation()
    await withUnsafeContinuation { continuation in
      guard ending == nil else { return continuation.resume() }
      queue.isExclusive = true
      exclusiveWaiters.append(continuation)
      pump()
    }
    if let ending { throw ending }
    guard let handle, let watch, handle.exitPipeline() else {
      end(.connectionLost(reason: "the connection cannot leave pipeline mode"))
      throw ending ?? .closed
    }
    watch.handler = nil
    watch.listen(for: [])
    let exclusive = ExclusiveConnection(owner: self, handle: handle, watch: watch, patience: patience(with: nil))
    let result = await withTaskCancellationHandler {
      // Only a closure that mentions the actor runs on it.
      self.preconditionIsolated()
      return await Result.of { try await body(exclusive) }
    } onCancel: {
      loop.execute { self.assumeIsolated { _ in exclusive.cancel() } }
    }
    await returnToPipeline(exclusive)
    return try result.get()
  }

  func startExclusiveIfQuiet() {
    guard isExclusiveFree, queue.isQuiet, let waiter = exclusiveWaiters.popFirst() else { return }
    isExclusiveFree = false
    waiter.resume()
  }

  private func returnToPipeline(_ exclusive: ExclusiveConnection) async {
    let wasCancelled = await exclusive.finishCancelling()
    defer {
      isExclusiveFree = true
      queue.isExclusive = !exclusiveWaiters.isEmpty
      pump()
    }
    guard ending == nil, let handle else { return }
    guard await exclusive.drain(), handle.enterPipeline() else {
      return end(.connectionLost(reason: "the connection cannot return to pipeline mode"))
    }
    listen()
    if wasCancelled { await probeNow() }
  }
}

/// A connection outside pipeline mode; used on its loop, by one task.
///
/// `@unchecked Sendable` because everything here runs on the connection's loop.
final class ExclusiveConnection: @unchecked Sendable {
  let owner: PostgresConnection
  let handle: LibpqHandle
  private let watch: SocketWatch
  var patience: Duration
  private(set) var isCancelled = false
  /// Whether the last row of a COPY has been read.
  var isCopyFinished = false
  private var cancelling: Task<Void, Never>?

  init(owner: PostgresConnection, handle: LibpqHandle, watch: SocketWatch, patience: Duration) {
    self.owner = owner
    self.handle = handle
    self.watch = watch
    self.patience = patience
  }

  /// Sends one or more statements, separated by semicolons and without values.
  func send(_ text: String) async throws {
    guard PQsendQuery(handle.pointer, text) == 1 else { throw await lost() }
    try await flush()
  }

  /// The next result, or nil when there is no more.
  func nextResult() async throws -> ResultHandle? {
    while handle.isBusy { try await read() }
    guard let result = handle.nextResult() else { return nil }
    if result.status == PGRES_FATAL_ERROR, result.isFatal || result.serverError.sqlState.isEmpty {
      throw await lost(result.serverError.message)
    }
    return result
  }

  /// Reads all results of what was sent; throws the first error.
  func finish() async throws -> ResultHandle? {
    var failure: ServerError?
    var last: ResultHandle?
    while let result = try await nextResult() {
      if result.status == PGRES_FATAL_ERROR { failure = failure ?? result.serverError }
      last = result
      // Without an answer to COPY the server would wait for ever.
      if result.status == PGRES_COPY_IN { _ = PQputCopyEnd(handle.pointer, "not expected here") }
      if result.status == PGRES_COPY_OUT { try await skipCopy() }
    }
    if let failure { throw error(failure) }
    return last
  }

  /// Runs statements to their end.
  func run(_ text: String) async throws {
    try await send(text)
    _ = try await finish()
  }

  /// The error as the caller sees it.
  func error(_ failure: ServerError) -> any Error {
    isCancelled && failure.isCancellation ? CancellationError() : failure.translated
  }

  func read() async throws {
    guard await watch.wait(for: .read, within: patience) else { throw await silent() }
    guard handle.consumeInput() else { throw await lost() }
  }

  /// Writes everything that waits to be written.
  func flush() async throws {
    while true {
      switch handle.flush() {
      case 0: return
      case 1: guard await watch.wait(for: [.read, .write], within: patience) else { throw await silent() }
      default: throw await lost()
      }
      // The server may be telling why it does not read; unread, that would block both sides.
      guard handle.consumeInput() else { throw await lost() }
    }
  }

  func lost(_ message: String? = nil) async -> any Error {
    await owner.end(.connectionLost(reason: message ?? handle.errorMessage))
    return await owner.ending ?? .closed
  }

  private func silent() async -> any Error {
    await owner.end(.timeout(.silence))
    return await owner.ending ?? .closed
  }

  private func skipCopy() async throws {
    while true {
      var buffer: UnsafeMutablePointer<CChar>?
      let count = PQgetCopyData(handle.pointer, &buffer, 1)
      PQfreemem(buffer)
      if count == 0 { try await read() } else if count < 0 { return }
    }
  }

  // MARK: Cancelling

  /// Tells the server to stop, again and again until it has: a request that arrives between two messages has
  /// no effect.
  func cancel() {
    guard !isCancelled, let request = handle.makeCancel() else { return }
    isCancelled = true
    cancelling = Task(executorPreference: owner.loop) { [owner] in
      var patience = Duration.milliseconds(50)
      while !Task.isCancelled {
        // A request that cannot be delivered leaves the statement to the next attempt and to its own timeout.
        _ = try? await owner.workPool.run { request.deliver() }
        try? await owner.loop.sleep(for: patience)
        patience = min(patience * 2, .seconds(1))
      }
    }
  }

  /// Waits until no cancel request is on its way any more; whether there was one.
  func finishCancelling() async -> Bool {
    cancelling?.cancel()
    await cancelling?.value
    return isCancelled
  }

  /// Reads whatever is left, so that pipeline mode can be entered; false when the connection is lost.
  func drain() async -> Bool {
    do {
      _ = try await finish()
      return true
    } catch PostgresError.connectionLost {
      return false
    } catch {
      // The error of an abandoned statement; whoever abandoned it has thrown its own.
      return await owner.isAlive
    }
  }
}

extension Result where Failure == any Error {
  /// What an asynchronous body gives or throws.
  static func of(_ body: () async throws -> Success) async -> Result {
    do { return .success(try await body()) } catch { return .failure(error) }
  }
}
