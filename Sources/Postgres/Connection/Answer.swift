import Synchronization

/// A result that somebody waits for, in whichever order the two come.
///
/// What is asked for is queued before the wait for it begins: a cancellation then always finds it, though the
/// wait may begin late.
final class Answer<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(UnsafeContinuation<Value, any Error>)
    case ready(Result<Value, any Error>)
    case over
  }

  private let state = Mutex(State.open)

  /// Gives the result; only the first counts.
  func complete(_ result: Result<Value, any Error>) {
    let waiter = state.withLock { state -> UnsafeContinuation<Value, any Error>? in
      switch state {
      case .open: state = .ready(result)
      case .awaited(let waiter):
        state = .over
        return waiter
      case .ready, .over: break
      }
      return nil
    }
    waiter?.resume(with: result)
  }

  /// Waits for the result, once; `onCancel` asks whoever works on it to stop and to complete it.
  ///
  /// The caller's isolation is passed on and mentioned, because the library's handler would otherwise run its body
  /// on the global pool: two hops between threads for each statement, and a wait wherever that pool is busy.
  func value(
    isolation: isolated (any Actor)? = #isolation, onCancel: @escaping @Sendable () -> Void
  ) async throws -> Value {
    try await withTaskCancellationHandler {
      _ = isolation
      return try await withUnsafeThrowingContinuation { wait($0) }
    } onCancel: {
      onCancel()
    }
  }

  /// Waits for the result, cancelled or not.
  func shieldedValue() async throws -> Value { try await withUnsafeThrowingContinuation { wait($0) } }

  private func wait(_ continuation: UnsafeContinuation<Value, any Error>) {
    let ready = state.withLock { state -> Result<Value, any Error>? in
      switch state {
      case .open: state = .awaited(continuation)
      case .ready(let result):
        state = .over
        return result
      case .awaited, .over: preconditionFailure("an answer is awaited once")
      }
      return nil
    }
    if let ready { continuation.resume(with: ready) }
  }
}
