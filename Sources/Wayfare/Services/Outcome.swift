import Glibc
import Synchronization

/// What a task ends with, awaited by a thread that has nothing else to do.
final class Outcome: Sendable {
  private let result = Mutex<Result<ExitCode, any Error>?>(nil)
  private let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no descriptor is left for a pipe; raise the limit of open files")
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func set(_ outcome: Result<ExitCode, any Error>) {
    result.withLock { $0 = outcome }
    _ = write(writeEnd, "x", 1)
  }

  func wait() -> Result<ExitCode, any Error> {
    var byte: UInt8 = 0
    while read(readEnd, &byte, 1) < 0 {}
    return result.withLock { $0 } ?? .success(.ourFault)
  }
}
