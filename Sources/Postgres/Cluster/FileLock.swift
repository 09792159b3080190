import Glibc

/// A lock on a file that the kernel lets go of when its holder dies.
final class FileLock: Sendable {
  private let descriptor: Int32
  let path: String

  /// Opens the file, without locking it.
  init(_ path: String) throws(ClusterError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw .directory(path: path, reason: "\(Directory.systemReason()); check who owns it and its directory")
    }
  }

  deinit { close(descriptor) }

  /// Waits for the only lock.
  func lockExclusively(within limit: Duration) throws(ClusterError) {
    let deadline = ContinuousClock.now + limit
    while !tryExclusive() {
      // flock has no timeout of its own.
      guard ContinuousClock.now < deadline else { throw .startLockBusy(path: path, waited: limit) }
      usleep(10_000)
    }
  }

  /// Takes the only lock, or turns a shared one into it; false when somebody else has one too.
  func tryExclusive() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// Takes a lock that others may have as well; false when somebody has the only one.
  func tryShared() -> Bool { flock(descriptor, LOCK_SH | LOCK_NB) == 0 }

  func unlock() { _ = flock(descriptor, LOCK_UN) }
}
