import CLinux
import Glibc
import Testing

@testable import EventLoop

/// An actor on a loop, to see where its work runs.
private actor Counter: LoopBound {
  nonisolated let loop: EventLoop
  private(set) var value = 0

  init(loop: EventLoop) { self.loop = loop }

  func add() -> Bool {
    value += 1
    return loop.isCurrent
  }

  func addThrough(_ other: Counter) async -> Bool {
    let before = loop.isCurrent
    let there = await other.add()
    return before && there && loop.isCurrent
  }
}

@Suite("Event loop")
struct EventLoopTests {
  private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
    let loop = try EventLoop(name: "test")
    try await body(loop)
    loop.shutdown()
  }

  @Test("an actor bound to a loop runs on its thread, and calls between actors of one loop stay there")
  func actorsStay() async throws {
    try await withLoop { loop in
      let one = Counter(loop: loop)
      let two = Counter(loop: loop)
      #expect(await one.add())
      #expect(await one.addThrough(two))
      #expect(!loop.isCurrent)
    }
  }

  @Test("a task that prefers the loop runs its async functions there")
  func tasksStay() async throws {
    try await withLoop { loop in
      let onLoop = await Task(executorPreference: loop) { () -> Bool in
        let before = EventLoop.current === loop
        await Task.yield()
        return before && EventLoop.current === loop
      }.value
      #expect(onLoop)
    }
  }

  @Test("increments from many tasks on many threads are neither lost nor torn")
  func enqueuesFromEverywhere() async throws {
    try await withLoop { loop in
      let counter = Counter(loop: loop)
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<64 {
          group.addTask { for _ in 0..<500 { _ = await counter.add() } }
        }
      }
      #expect(await counter.value == 32_000)
    }
  }

  @Test("a watcher hears of bytes, of room, and of the other side's end")
  func watches() async throws {
    try await withLoop { loop in
      var ends: [Int32] = [0, 0]
      #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      let (near, far) = (ends[0], ends[1])
      let (events, continuation) = AsyncStream<Readiness>.makeStream()
      let registration = try await Task(executorPreference: loop) {
        try loop.register(near, interest: [.read, .write], trigger: .edge) { continuation.yield($0) }
      }.value
      var iterator = events.makeAsyncIterator()
      #expect(await iterator.next() == .writable)
      _ = write(far, "x", 1)
      #expect(await iterator.next()?.contains(.readable) == true)
      close(far)
      #expect(await iterator.next()?.contains(.peerClosed) == true)
      await Task(executorPreference: loop) {
        loop.deregister(registration)
        loop.deregister(registration)
      }.value
      close(near)
    }
  }

  @Test("a registration that was given up hears nothing, though its descriptor's number is used again")
  func staleRegistrationsAreSilent() async throws {
    try await withLoop { loop in
      let heard = SharedCounter()
      try await Task(executorPreference: loop) {
        for _ in 0..<100 {
          var ends: [Int32] = [0, 0]
          #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
          let registration = try loop.register(ends[0], interest: .read, trigger: .edge) { _ in
            heard.add()
          }
          _ = write(ends[1], "x", 1)
          loop.deregister(registration)
          close(ends[0])
          close(ends[1])
        }
      }.value
      try await loop.sleep(for: .milliseconds(5))
      #expect(heard.value == 0)
    }
  }

  @Test("a sleep ends at its time or at once when its task is cancelled")
  func sleeps() async throws {
    try await withLoop { loop in
      let before = EventLoop.nanoseconds
      try await loop.sleep(for: .milliseconds(20))
      #expect(EventLoop.nanoseconds - before >= 20_000_000, "never early")
      let task = Task { try await loop.sleep(for: .seconds(3600)) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      let later = Task(executorPreference: loop) { try await loop.sleep(for: .seconds(3600)) }
      try await loop.sleep(for: .milliseconds(2))
      later.cancel()
      await #expect(throws: CancellationError.self) { try await later.value }
    }
  }

  @Test("a cancelled timer stays silent; jobs that breed jobs do not starve timers")
  func timersAndFairness() async throws {
    try await withLoop { loop in
      let isDone = SharedCounter()
      let wrong = SharedCounter()
      await Task(executorPreference: loop) {
        loop.cancel(loop.schedule(after: .milliseconds(1)) { wrong.add() })
        _ = loop.schedule(after: .milliseconds(5)) { isDone.add() }
        while isDone.value == 0 { await Task.yield() }
      }.value
      #expect(isDone.value == 1)
      #expect(wrong.value == 0)
    }
  }

  @Test("what is left for after the jobs is done then, from wherever it was left, and starves nobody")
  func afterJobs() async throws {
    try await withLoop { loop in
      let jobs = SharedCounter()
      let seen = SharedCounter()
      await Task(executorPreference: loop) {
        loop.afterJobs { for _ in 0..<jobs.value { seen.add() } }
        for _ in 0..<3 { loop.execute { jobs.add() } }
      }.value
      // A job queued now runs before or after the ending, but not before those three.
      await Task(executorPreference: loop) { for _ in 0..<3 { await Task.yield() } }.value
      #expect(jobs.value == 3)
      #expect(seen.value == 3)
      let isDone = SharedCounter()
      await Task(executorPreference: loop) {
        @Sendable func again() { loop.afterJobs { if isDone.value == 0 { again() } } }
        _ = loop.schedule(after: .milliseconds(5)) { loop.afterJobs { isDone.add() } }
        again()
        while isDone.value == 0 { await Task.yield() }
      }.value
      #expect(isDone.value == 1)
    }
  }

  @Test("a cancelled sleep leaves no timer behind, wherever it was cancelled")
  func cancelledSleepsLeaveNothing() async throws {
    try await withLoop { loop in
      let outside = (0..<20).map { _ in Task { try await loop.sleep(for: .seconds(3600)) } }
      let inside = (0..<20).map { _ in Task(executorPreference: loop) { try await loop.sleep(for: .seconds(3600)) } }
      try await loop.sleep(for: .milliseconds(5))
      for task in outside { task.cancel() }
      await Task(executorPreference: loop) { for task in inside { task.cancel() } }.value
      for task in outside + inside { await #expect(throws: CancellationError.self) { try await task.value } }
      // What cancels from elsewhere is on its way to the loop before this is.
      #expect(await Task(executorPreference: loop) { loop.timerCount }.value == 0)
    }
  }

  @Test("the lag counts what watchers do, and is nothing after a rest")
  func lag() async throws {
    try await withLoop { loop in
      let first = eventfd(0, Int32(EFD_NONBLOCK))
      let second = eventfd(0, Int32(EFD_NONBLOCK))
      defer {
        close(first)
        close(second)
      }
      let (lags, continuation) = AsyncStream<Int>.makeStream()
      try await Task(executorPreference: loop) {
        _ = try loop.register(first, interest: .read, trigger: .edge) { _ in
          eventfd_write(second, 1)
          let start = EventLoop.nanoseconds
          while EventLoop.nanoseconds - start < 20_000_000 {}
        }
        _ = try loop.register(second, interest: .read, trigger: .edge) { _ in continuation.yield(loop.lagMicroseconds) }
      }.value
      eventfd_write(first, 1)
      var iterator = lags.makeAsyncIterator()
      #expect(try #require(await iterator.next()) >= 20_000)
      let rested = await Task(executorPreference: loop) { () -> Int in
        await withUnsafeContinuation { continuation in
          _ = loop.schedule(after: .milliseconds(30)) { continuation.resume(returning: loop.lagMicroseconds) }
        }
      }.value
      #expect(rested == 0)
    }
  }

  @Test("a turn has one time for all that happens in it, and it goes on with the next")
  func turnTime() async throws {
    try await withLoop { loop in
      let times = try await Task(executorPreference: loop) { () -> [UInt64] in
        let before = EventLoop.nanoseconds
        let first = loop.turnNanoseconds
        while EventLoop.nanoseconds - before < 1_000_000 {}
        let second = loop.turnNanoseconds
        try await loop.sleep(for: .milliseconds(2))
        return [first, second, before, loop.turnNanoseconds]
      }.value
      #expect(times[0] == times[1])
      #expect(times[0] <= times[2])
      #expect(times[3] > times[2])
    }
  }

  @Test("a loop that is shut down runs what was enqueued, and a second shutdown is nothing")
  func shutsDown() async throws {
    let loop = try EventLoop(name: "short")
    let ran = SharedCounter()
    for _ in 0..<1000 { loop.execute { ran.add() } }
    loop.shutdown()
    loop.shutdown()
    #expect(ran.value == 1000)
  }
}
