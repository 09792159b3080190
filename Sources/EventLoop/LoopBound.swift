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
}
