import Glibc

/// Runs two pieces of work at once, one of them on a thread of its own, and returns when both are done.
///
/// For what computes for some tenths of a second: a thread costs some microseconds. Where none is to be had, one piece
/// runs after the other.
func together(_ one: @escaping @Sendable () -> Void, _ other: () -> Void) {
  let work = Unmanaged.passRetained(SideWork(one))
  var thread = pthread_t()
  let failure = pthread_create(
    &thread, nil,
    { context in
      guard let context else { return nil }
      // Signals belong to other threads.
      var signals = sigset_t()
      sigfillset(&signals)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      Unmanaged<SideWork>.fromOpaque(context).takeRetainedValue().run()
      return nil
    }, work.toOpaque())
  if failure != 0 { work.takeRetainedValue().run() }
  other()
  if failure == 0 { pthread_join(thread, nil) }
}

private final class SideWork: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
