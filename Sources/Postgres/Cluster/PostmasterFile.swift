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

  /// Finds out whether the process of the file is the server of this data.
  ///
  /// - Parameter data: the data directory without symbolic links; a server makes it its working directory.
  /// - Returns: what the process is.
  func identify(data: String) -> Identity {
    guard kill(pid, 0) == 0 else { return errno == EPERM ? .stranger : .gone }
    if let workingDirectory = Directory.real("/proc/\(pid)/cwd") {
      return workingDirectory == data ? .server : .stranger
    }
    // A container's root may not look into processes of other users. Then the name has to do: whether it is
    // the server of this data shows when it is asked.
    let state = Directory.read("/proc/\(pid)/stat") ?? ""
    if state.isEmpty || state.contains(") Z ") { return .gone }
    return state.contains("(postgres)") ? .server : .stranger
  }
}
