import Glibc
import Synchronization

/// Signals that end the program: noted when they come, heeded where it waits, so that children are stopped on the way.
enum Interruption {
  private static let signalNumber = Atomic<Int32>(0)

  static func install() {
    // Touched here, so that the handler finds it made: making it is nothing for a signal handler.
    signalNumber.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { Interruption.signalNumber.store($0, ordering: .relaxed) }
    }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Gives the signals back their usual effect, for a process that has nothing to tidy up.
  static func uninstall() {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
  }

  /// - Throws: `BenchmarkError.interrupted` once a signal has come.
  static func check() throws(BenchmarkError) {
    let number = signalNumber.load(ordering: .relaxed)
    if number != 0 { throw .interrupted(signal: number) }
  }
}
