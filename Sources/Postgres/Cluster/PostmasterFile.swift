import Glibc

/// What `postmaster.pid` says about the server of a data directory.
struct PostmasterFile: Equatable {
  var pid: pid_t

  /// Reads the file; nil when there is none or it is empty.
  init?(data: String) {
    guard let text = Directory.read(data + "/postmaster.pid"),
      let first = text.split(separator: "\n").first, let pid = pid_t(first.filter { $0 != " " }), pid > 0
    else { return nil }
    self.pid = pid
  }

  /// Who the process is.
  enum Identity: Equatable {
    /// There is no such process any more.
    case gone
    /// A server on this data.
    case server
    /// The number has gone to a process that has nothing to do with it.
    case stranger
  }

  /// - Parameter data: the data directory without symbolic links; a server makes it its working directory.
  func identify(data: String) -> Identity {
    guard kill(pid, 0) == 0 || errno == EPERM else { return .gone }
    guard let workingDirectory = Directory.real("/proc/\(pid)/cwd") else {
      // A zombie has no directory; a process that ended meanwhile has none either.
      return kill(pid, 0) == 0 && Directory.exists("/proc/\(pid)/cwd") ? .stranger : .gone
    }
    return workingDirectory == data ? .server : .stranger
  }
}
