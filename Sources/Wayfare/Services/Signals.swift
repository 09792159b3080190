import CLinux
import EventLoop
import Glibc

/// SIGINT and SIGTERM as events on a loop: the first asks for an orderly end, the second ends at once.
enum Signals {
  /// Keeps the signals from killing the process; to be called before the first thread starts, which inherits it.
  static func hold() {
    signal(SIGPIPE, SIG_IGN)
    var set = terminating
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for the first signal on a loop; from then on a second one ends the process.
  static func first(on loop: EventLoop) async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    var set = terminating
    let descriptor = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    guard descriptor >= 0 else { throw EventLoopError.system(call: "signalfd", errno) }
    try await Task(executorPreference: loop) {
      _ = try loop.register(descriptor, interest: .read, trigger: .level) { _ in
        var info = signalfd_siginfo()
        while read(descriptor, &info, MemoryLayout<signalfd_siginfo>.size) > 0 { continuation.yield() }
      }
    }.value
    var events = stream.makeAsyncIterator()
    _ = await events.next()
    Task(executorPreference: loop) {
      for await _ in stream { _exit(130) }
    }
  }

  /// Whether one of them has come and waits: for work on the main thread that looks now and then.
  static var isPending: Bool {
    var set = sigset_t()
    return sigpending(&set) == 0 && (sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1)
  }

  private static var terminating: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    return set
  }
}
