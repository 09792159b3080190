import CLinux
import CPostgres
import EventLoop
import Glibc

/// A child process; everything here blocks and belongs on a `WorkPool` or before the loops run.
package struct Subprocess {
  /// What became of a child.
  package struct Outcome {
    /// The exit status; 128 and the signal's number when a signal ended it.
    package var status: Int32
    /// Standard output and standard error, as far as the limit goes.
    package var output: String
  }

  /// Why a child could not be run to its end.
  package enum Failure: Error {
    case cannotStart(program: String, code: Int32)
    case timedOut(program: String)
  }

  package var program: String
  package var arguments: [String]
  package var environment: [String] = Subprocess.plainEnvironment

  /// Takes a program, found along PATH, and what it is given.
  package init(program: String, arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  package static let outputLimit = 65_536

  /// Only what decides where programs are found and how they write: no settings of the user leak into a server.
  package static var plainEnvironment: [String] {
    ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "LANG=C.UTF-8"]
  }

  /// Runs the child to its end and gathers what it writes.
  package func run(timeout: Duration) throws(Failure) -> Outcome {
    var ends: [Int32] = [0, 0]
    guard wayfare_pipe(&ends) == 0 else { throw .cannotStart(program: program, code: errno) }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    let spawned = Result { () throws(Failure) in try spawn(output: writing) }
    close(writing)
    let child = try spawned.get()
    let deadline = ContinuousClock.now + timeout
    guard let output = Subprocess.read(reading, before: deadline), let status = child.wait(before: deadline) else {
      child.kill()
      throw .timedOut(program: program)
    }
    return Outcome(status: status, output: output)
  }

  /// Starts the child in a session of its own, from `/`, with its output going to a descriptor.
  package func spawn(output: Int32) throws(Failure) -> ChildProcess {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    // A server that outlives us must not keep our caller's pipes and sockets open.
    wayfare_spawn_closing_others(&actions)
    // The caller's directory may be one that the child's user cannot enter.
    wayfare_spawn_from_root(&actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, wayfare_spawn_flags())
    var pid: pid_t = 0
    let code = withMutableCStrings([program] + arguments) { argv in
      withMutableCStrings(environment) { envp in
        posix_spawnp(&pid, program, &actions, &attributes, argv, envp)
      }
    }
    guard code == 0 else { throw .cannotStart(program: program, code: code) }
    return ChildProcess(pid: pid)
  }

  /// Reads to the end of the stream; nil when time runs out.
  private static func read(_ descriptor: Int32, before deadline: ContinuousClock.Instant) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&entry, 1, Int32(clamping: max(.zero, deadline - .now).milliseconds))
      if ready == 0 { return nil }
      if ready < 0 { if errno == EINTR { continue } else { return nil } }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
      if bytes.count < outputLimit { bytes += buffer[..<count] }
    }
  }
}

/// A process that this one has started.
package struct ChildProcess {
  package let pid: Int32

  /// The exit status; nil when the process goes on beyond the deadline.
  package func wait(before deadline: ContinuousClock.Instant) -> Int32? {
    guard waitForEnd(ofProcess: pid, before: deadline) else { return nil }
    return reap()
  }

  /// The exit status of a process that has ended, or nil while it runs.
  package func reap() -> Int32? {
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// Leaves the reaping to a thread that waits for the end: a server may die while nobody looks, and its dead entry
  /// would be the first that anybody who waits for any child is shown, again and again.
  func reapWhenEnded() {
    // With no thread left it stays with whoever stops the server.
    _ = startDetachedThread(named: "child-\(pid)") { [pid] in
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
  }

  /// Ends the process at once and waits for that.
  package func kill() {
    _ = Glibc.kill(pid, SIGKILL)
    var status: Int32 = 0
    _ = waitpid(pid, &status, 0)
  }
}

/// Waits until any process has ended, a child or not; false when time runs out.
func waitForEnd(ofProcess pid: pid_t, before deadline: ContinuousClock.Instant) -> Bool {
  let descriptor = wayfare_pidfd_open(pid)
  guard descriptor >= 0 else { return errno == ESRCH }
  defer { close(descriptor) }
  while true {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&entry, 1, Int32(clamping: max(.zero, deadline - .now).milliseconds))
    if ready > 0 { return true }
    if ready == 0 || errno != EINTR { return false }
  }
}

/// Calls `body` with a null-terminated array of C strings that it may write to, as exec wants them.
private func withMutableCStrings<Result>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  pointers.append(nil)
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("the array ends with a null pointer") }
    return body(base)
  }
}
