import EventLoop
import Glibc
import TestSupport
import Testing

@testable import Postgres

@Suite("Socket watch")
struct SocketWatchTests {
  private func withPair(_ body: @escaping @Sendable (SocketWatch, _ far: Int32) async throws -> Void) async throws {
    let loop = TestCluster.loops.loops[0]
    var ends: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    let (near, far) = (ends[0], ends[1])
    try await Task(executorPreference: loop) {
      let watch = try SocketWatch(near, on: loop)
      try await body(watch, far)
      watch.close()
    }.value
    close(near)
  }

  @Test("a peer that is gone before anybody waits wakes whoever waits then")
  func lateWait() async throws {
    try await withPair { watch, far in
      close(far)
      // The loop hears of the end while nobody waits, and must not go on hearing of it at every turn.
      try await TestCluster.loops.loops[0].sleep(for: .milliseconds(10))
      let isReady = await watch.wait(for: .read, within: .seconds(20))
      #expect(isReady)
    }
  }

  @Test("bytes wake a wait, and time does when there are none")
  func bytesAndTime() async throws {
    try await withPair { watch, far in
      let isEarly = await watch.wait(for: .read, within: .milliseconds(5))
      #expect(!isEarly)
      #expect(write(far, "x", 1) == 1)
      let isReady = await watch.wait(for: .read, within: .seconds(20))
      #expect(isReady)
      close(far)
    }
  }
}
