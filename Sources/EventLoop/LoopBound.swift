/// An actor that lives on an event loop.
///
/// Calls between actors of one loop, and from a task that prefers it, do not leave the thread. Inside a
/// closure that the loop runs for it (a watcher, a timer), an actor may use `assumeIsolated`.
public protocol LoopBound: Actor {
  /// Where the actor runs.
  nonisolated var loop: EventLoop { get }
}

extension LoopBound {
  /// The loop, as the executor that Swift asks for.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// Runs a function of the actor at once, where the caller is on the actor's loop already.
  ///
  /// It does what `assumeIsolated` does, for a function that captures nothing: that one allocates twice for its
  /// closure, which is noticeable where it happens for every request.
  ///
  /// - Precondition: the caller is on the loop.
  @inlinable
  @inline(__always)
  public nonisolated func onLoop<Argument, Result>(
    _ argument: Argument, _ function: @escaping @Sendable (isolated Self, Argument) -> Result
  ) -> Result {
    precondition(loop.isCurrent, "called off the event loop that owns this state")
    // Isolation is part of a function's type, not of how it is called; being on the loop is what it asks for.
    return unsafeBitCast(function, to: (@Sendable (Self, Argument) -> Result).self)(self, argument)
  }
}
