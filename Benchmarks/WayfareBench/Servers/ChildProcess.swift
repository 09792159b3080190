import CLinux
import Glibc

/// A program that this one started and ends: asked first, then made to, and reaped in any case.
///
/// Through `setpriv` it also dies with this program where this program is killed without a chance to tidy up.
final class ChildProcess {
  let process: pid_t
  /// The reading end of its standard output.
  private let output: Int32
  private var isReaped = false
  /// How the program ended, if it did so without being asked to; nil while it runs.
  private(set) var ending: String?

  private static let deathWatch = "/usr/bin/setpriv"

  /// Starts a program, found by its path.
  ///
  /// - Throws: `BenchmarkError.system` when it cannot be started.
  init(_ program: String, _ arguments: [String]) throws(BenchmarkError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(call: "pipe", code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let hasDeathWatch = access(ChildProcess.deathWatch, X_OK) == 0
    let words = (hasDeathWatch ? [ChildProcess.deathWatch, "--pdeathsig", "KILL"] : []) + [program] + arguments
    var started: pid_t = 0
    let result = ChildProcess.spawn(words, output: ends[1], &started)
    close(ends[1])
    guard result == 0 else {
      close(ends[0])
      throw .system(call: "start of \(program)", code: result)
    }
    process = started
    output = ends[0]
  }

  deinit {
    stop()
    close(output)
  }

  private static func spawn(_ words: [String], output: Int32, _ process: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    var arguments = cStrings(words)
    var environment = cStrings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"])
    defer { for text in arguments + environment { free(text) } }
    return posix_spawn(&process, words[0], &actions, nil, &arguments, &environment)
  }

  /// Copies that the caller frees, with the null at the end that C expects.
  private static func cStrings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    var copies: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    copies.append(nil)
    return copies
  }

  /// The first line that the program writes, without its end.
  ///
  /// - Parameter seconds: how long to wait for it.
  /// - Returns: the line.
  /// - Throws: `BenchmarkError.unreachable` when none has come by then.
  func firstLine(within seconds: Int = 10) throws(BenchmarkError) -> String {
    var bytes: [UInt8] = []
    for _ in 0..<(10 * seconds) {
      try Interruption.check()
      var watch = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&watch, 1, 100) > 0 else { continue }
      var byte: UInt8 = 0
      while bytes.count < 1024, read(output, &byte, 1) == 1 {
        if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(byte)
      }
      break
    }
    throw .unreachable("the server that was started said nothing; its own words, if any, stand above")
  }

  /// Whether the program has ended, waiting for that as long as told.
  func hasEnded(within milliseconds: Int32) -> Bool {
    if isReaped { return true }
    let watched = wayfare_pidfd_open(process)
    if watched >= 0 {
      var watch = pollfd(fd: watched, events: Int16(POLLIN), revents: 0)
      _ = poll(&watch, 1, milliseconds)
      close(watched)
    }
    var status: Int32 = 0
    let result = waitpid(process, &status, WNOHANG)
    isReaped = result == process || (result < 0 && errno == ECHILD)
    if result == process { ending = Self.describe(status) }
    return isReaped
  }

  /// The low seven bits are the signal, the byte above them the status.
  private static func describe(_ status: Int32) -> String {
    status & 0x7F == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
  }

  /// Ends the program and takes its status from the kernel.
  func stop() {
    for signal in [SIGTERM, SIGKILL] where !isReaped {
      kill(process, signal)
      _ = hasEnded(within: 2000)
    }
  }
}

extension ChildProcess {
  /// Says of a measurement that failed because its server ended that this is why, and how it ended.
  static func blaming<Result>(
    _ child: ChildProcess?, _ name: String, _ measure: () throws(BenchmarkError) -> Result
  ) throws(BenchmarkError) -> Result {
    do {
      return try measure()
    } catch {
      if case .interrupted = error { throw error }
      // Its sockets close a moment before the process has ended.
      guard let child, child.hasEnded(within: 200), let ending = child.ending else { throw error }
      throw .wrongAnswers("\(name) ended with \(ending) while it was measured: \(error)")
    }
  }

  /// Where a program is that was built with this one.
  ///
  /// - Throws: `BenchmarkError.unreachable` when it was not.
  static func besideThisProgram(_ name: String) throws(BenchmarkError) -> String {
    guard let path = realpath("/proc/self/exe", nil) else {
      throw .unreachable("this program has no path")
    }
    defer { free(path) }
    let own = String(cString: path)
    let folder = own[..<(own.lastIndex(of: "/") ?? own.startIndex)]
    let program = "\(folder)/\(name)"
    guard access(program, X_OK) == 0 else {
      throw .unreachable(
        "\(program) is not there: build it with swift build -c release --product \(name)")
    }
    return program
  }
}
