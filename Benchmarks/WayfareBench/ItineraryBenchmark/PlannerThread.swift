import Glibc

/// A thread of its own that does one thing and is waited for.
struct PlannerThread {
  private final class Body {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: pthread_t

  /// Starts.
  ///
  /// - Throws: `BenchmarkError.system` when the system has no thread left.
  init(_ run: @escaping @Sendable () -> Void) throws(BenchmarkError) {
    let box = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw .system(call: "pthread_create", code: code)
    }
    self.thread = thread
  }

  /// Waits until it has ended.
  func join() { pthread_join(thread, nil) }
}
