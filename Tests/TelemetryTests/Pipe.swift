import Glibc
import Synchronization
import Testing

@testable import Telemetry

/// A pipe whose reading end does not block.
final class Pipe: Sendable {
  let reader: Int32
  let writer: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    (reader, writer) = (ends[0], ends[1])
    _ = fcntl(reader, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(reader)
    close(writer)
  }

  /// What is there now.
  func drain() -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(reader, &chunk, chunk.count)
      if count <= 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  var lines: [String] {
    String(decoding: drain(), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// Asks again for a few seconds until the answer is yes.
func eventually(_ isSo: () -> Bool) -> Bool {
  for _ in 0..<5000 {
    if isSo() { return true }
    usleep(1000)
  }
  return false
}

/// A clock that stands until it is set.
final class HandClock: Sendable {
  let now: Atomic<UInt64>

  init(_ nanoseconds: UInt64) {
    now = Atomic(nanoseconds)
  }

  var clock: TelemetryClock {
    TelemetryClock(
      wallNanoseconds: { self.now.load(ordering: .relaxed) },
      steadyNanoseconds: { self.now.load(ordering: .relaxed) / 2 })
  }
}
