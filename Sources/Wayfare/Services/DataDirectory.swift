import Glibc

/// The data directory: made when missing, never opened wider than it is.
enum DataDirectory {
  /// Makes the directory and those above it.
  ///
  /// - Throws: `UsageError` that names the directory and the mend.
  static func make(_ path: String) throws(UsageError) {
    var partial = ""
    for part in path.split(separator: "/") {
      partial += "/" + part
      guard mkdir(partial, 0o700) != 0, errno != EEXIST else { continue }
      if errno == EROFS || errno == EACCES, access(partial, F_OK) == 0 { continue }
      throw fault(partial)
    }
    guard access(path, W_OK | X_OK) == 0 else { throw fault(path) }
  }

  private static func fault(_ path: String) -> UsageError {
    UsageError(
      "the data directory \(path): \(String(cString: strerror(errno))); choose another with --home or WAYFARE_HOME")
  }
}

/// The right to be the one `wayfare up` of a data directory; held for as long as the process lives.
final class HomeClaim: Sendable {
  private let descriptor: Int32

  /// Claims a data directory.
  ///
  /// - Throws: `UsageError` that names the process which holds it.
  init(home: String) throws(UsageError) {
    try DataDirectory.make(home)
    let path = home + "/up.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = readTextFile(path, limit: 64).map { $0[...].trimmed } ?? ""
      // What was opened is closed by `deinit`, which runs for what is thrown away here too.
      throw UsageError(
        "wayfare up already runs on \(home)\(holder.isEmpty ? "" : " (process \(holder))"); stop it, or give this one its own with --home"
      )
    }
    let text = Array("\(getpid())".utf8)
    // For people only: the lock is what counts.
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }
}
