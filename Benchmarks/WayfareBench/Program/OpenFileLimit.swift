import Glibc

/// How many descriptors a process may have.
enum OpenFileLimit {
  /// Raises this process's limit as far as it may, for itself and the children it starts.
  static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    // Refused, the old limit holds, and what does not fit is said where it is counted.
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// The limit of a process; nil if it is gone or not ours to see.
  static func current(of process: pid_t) -> Int? {
    guard let text = ProcessFigures.text(of: "/proc/\(process)/limits") else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("Max open files") }
    guard let word = line?.split(separator: " ").dropFirst(3).first else { return nil }
    return word == "unlimited" ? Int.max : Int(word)
  }
}
