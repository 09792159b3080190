import Glibc
import Synchronization
import Testing

@testable import EventLoop

@Suite("Work pool")
struct WorkPoolTests {
  /// Holds a pool's thread until told to go.
  private final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    func open() { isOpen.store(true, ordering: .releasing) }
    func wait() { while !isOpen.load(ordering: .acquiring) { usleep(200) } }
  }

  @Test("work runs off the loop, its result arrives on the loop")
  func runsBeside() async throws {
    let loop = try EventLoop(name: "test")
    let pool = WorkPool(threads: 2, queueLimit: 16)
    let (inside, after) = try await Task(executorPreference: loop) {
      let inside = try await pool.run { EventLoop.current == nil }
      return (inside, loop.isCurrent)
    }.value
    #expect(inside)
    #expect(after)
    pool.shutdown()
    loop.shutdown()
  }

  @Test("what does not fit the queue is refused at once, and what waits still runs")
  func isBounded() async throws {
    let pool = WorkPool(threads: 1, queueLimit: 2)
    let gate = Gate()
    let isBusy = SharedCounter()
    async let first: Void = pool.run {
      isBusy.add()
      gate.wait()
    }
    while isBusy.value == 0 { await Task.yield() }
    async let second = pool.run { 2 }
    async let third = pool.run { 3 }
    while pool.waitingCount < 2 { await Task.yield() }
    await #expect(throws: WorkPoolError.self) { try await pool.run { 4 } }
    gate.open()
    try await first
    #expect(try await second + third == 5)
    pool.shutdown()
    await #expect(throws: WorkPoolError.self) { try await pool.run { 5 } }
  }

  @Test("work cancelled while it waits never runs")
  func honoursCancellation() async throws {
    let pool = WorkPool(threads: 1, queueLimit: 4)
    let gate = Gate()
    let isBusy = SharedCounter()
    let hasRun = SharedCounter()
    async let first: Void = pool.run {
      isBusy.add()
      gate.wait()
    }
    while isBusy.value == 0 { await Task.yield() }
    let second = Task { try await pool.run { hasRun.add() } }
    while pool.waitingCount < 1 { await Task.yield() }
    second.cancel()
    gate.open()
    try await first
    await #expect(throws: CancellationError.self) { try await second.value }
    #expect(hasRun.value == 0)
    pool.shutdown()
  }
}
