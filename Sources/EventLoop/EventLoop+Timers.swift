import Synchronization

/// A closure due later on a loop; it can be cancelled until it fires.
public struct Timer: Sendable {
  let index: Int32
  let generation: UInt32
}

extension EventLoop {
  /// Runs a closure on the loop after a delay, rounded up to milliseconds; to be called on the loop.
  ///
  /// - Complexity: O(1), as is `cancel`.
  public func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> Timer {
    precondition(isCurrent, "timers are set from the loop itself")
    let key = confined.withValue { state in state.timers.insert(due: EventLoop.due(after: delay), body) }
    return Timer(index: key.index, generation: key.generation)
  }

  /// Cancels a timer; one that has fired or was cancelled before is left alone.
  public func cancel(_ timer: Timer) {
    precondition(isCurrent, "timers are cancelled from the loop itself")
    confined.value.timers.cancel(TimerWheel.Key(index: timer.index, generation: timer.generation))
  }

  /// How many timers are set; to be called on the loop.
  var timerCount: Int {
    precondition(isCurrent, "timers are counted on the loop itself")
    return confined.value.timers.count
  }

  /// Waits for a while without holding a thread; from any task.
  ///
  /// - Parameters:
  ///   - duration: how long, at least.
  ///   - isolation: where the caller runs, and goes on.
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  public func sleep(for duration: Duration, isolation: isolated (any Actor)? = #isolation) async throws {
    let sleeper = Sleeper(loop: self)
    try await withTaskCancellationHandler {
      // Named here, so that the closure runs where its caller runs and not on the global pool.
      _ = isolation
      try await withUnsafeThrowingContinuation { continuation in
        sleeper.start(duration, continuation)
      }
    } onCancel: {
      sleeper.cancel()
    }
  }

  private static func due(after delay: Duration) -> UInt64 {
    let (seconds, attoseconds) = delay.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let wait =
      UInt64(min(seconds, 1 << 40)) * 1000 + UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    // One more, because the current millisecond has partly gone.
    return milliseconds + wait + 1
  }
}

/// One sleeping task: whichever comes first, the timer or the cancellation, wakes it, exactly once.
private final class Sleeper: Sendable {
  private enum State {
    case ready
    case asleep(UnsafeContinuation<Void, any Error>, Timer?)
    case finished
  }

  private let loop: EventLoop
  private let state = Mutex(State.ready)

  init(loop: EventLoop) { self.loop = loop }

  func start(_ duration: Duration, _ continuation: UnsafeContinuation<Void, any Error>) {
    let isCancelled = state.withLock { state in
      if case .finished = state { return true }
      state = .asleep(continuation, nil)
      return false
    }
    if isCancelled {
      continuation.resume(throwing: CancellationError())
    } else if loop.isCurrent {
      arm(duration)
    } else {
      loop.execute { self.arm(duration) }
    }
  }

  func cancel() {
    guard let (continuation, timer) = finish() else { return }
    continuation.resume(throwing: CancellationError())
    guard let timer else { return }
    // A long timer left behind would keep its place in the wheel until it is due, and so would each one after it.
    if loop.isCurrent { loop.cancel(timer) } else { loop.execute { [loop] in loop.cancel(timer) } }
  }

  private func arm(_ duration: Duration) {
    let timer = loop.schedule(after: duration) { self.finish()?.continuation.resume() }
    let isAwaited = state.withLock { state in
      guard case .asleep(let continuation, _) = state else { return false }
      state = .asleep(continuation, timer)
      return true
    }
    if !isAwaited { loop.cancel(timer) }
  }

  private func finish() -> (continuation: UnsafeContinuation<Void, any Error>, timer: Timer?)? {
    state.withLock { state in
      defer { state = .finished }
      if case .asleep(let continuation, let timer) = state { return (continuation, timer) }
      return nil
    }
  }
}
