import Testing

@testable import Postgres

@Suite("Pool state")
struct PoolStateTests {
  private func pool(limit: Int, _ change: (inout PoolSettings) -> Void = { _ in }) -> PoolState {
    var settings = PoolSettings()
    change(&settings)
    return PoolState(settings, limit: limit)
  }

  @Test("connections are opened for those who wait, up to the limit")
  func opens() {
    var pool = pool(limit: 2)
    #expect(pool.wait(1) == [.open])
    #expect(pool.wait(2) == [.open])
    #expect(pool.wait(3) == [])
    #expect(pool.didOpen(10, now: 0, expires: 1000) == [.hand(1, 10)])
    #expect(pool.release(10, now: 1) == [.hand(2, 10)])
    #expect(pool.didOpen(11, now: 1, expires: 1000) == [.hand(3, 11)])
    #expect(pool.release(10, now: 2) == [])
    #expect(pool.takeIdle() == 10)
    #expect(pool.takeIdle() == nil)
  }

  @Test("when the server is down, all who wait and all who come fail at once, and attempts go on")
  func down() {
    var pool = pool(limit: 4)
    _ = pool.wait(1)
    _ = pool.wait(2)
    #expect(pool.didFailToOpen("refused") == [.scheduleRetry(attempt: 1)])
    #expect(
      pool.didFailToOpen("refused") == [.fail(1, .unavailable("refused")), .fail(2, .unavailable("refused"))])
    #expect(pool.wait(3) == [.fail(3, .unavailable("refused"))])
    #expect(pool.retry() == [.open])
    #expect(pool.didFailToOpen("refused") == [.scheduleRetry(attempt: 3)])
    #expect(pool.retry() == [.open])
    #expect(pool.didOpen(10, now: 0, expires: 1000) == [])
    #expect(pool.stats.unavailableReason == nil)
    #expect(pool.takeIdle() == 10)
  }

  @Test("a server that is full but serves us still is not down: callers wait for what there is")
  func full() {
    var pool = pool(limit: 4)
    _ = pool.wait(1)
    _ = pool.didOpen(10, now: 0, expires: 1000)
    #expect(pool.wait(2) == [.open])
    #expect(pool.didFailToOpen("too many clients") == [.scheduleRetry(attempt: 1)])
    #expect(pool.wait(3) == [])
    #expect(pool.release(10, now: 1) == [.hand(2, 10)])
    #expect(pool.retry() == [.open])
  }

  @Test("the last connection lost is replaced at once, to find out whether the server is there")
  func lost() {
    var pool = pool(limit: 2)
    _ = pool.wait(1)
    _ = pool.didOpen(10, now: 0, expires: 1000)
    #expect(pool.didLose(10) == [.open])
    #expect(pool.didFailToOpen("gone") == [.scheduleRetry(attempt: 1)])
    #expect(pool.stats.unavailableReason == "gone")
  }

  @Test("a connection past its lifetime is closed when it comes back, and one idle for too long where it lies")
  func retires() {
    var pool = pool(limit: 3) {
      $0.idleTimeout = .milliseconds(100)
      $0.idleMin = 1
    }
    for waiter in 1...3 { _ = pool.wait(UInt64(waiter)) }
    for id in 10...12 { _ = pool.didOpen(UInt64(id), now: 0, expires: id == 10 ? 50 : 10_000) }
    #expect(pool.release(10, now: 60) == [.close(10), .open])
    #expect(pool.didFailToOpen("refused") == [.scheduleRetry(attempt: 1)])
    _ = pool.release(11, now: 60)
    _ = pool.release(12, now: 70)
    #expect(pool.maintain(now: 100) == [])
    #expect(pool.maintain(now: 160) == [.close(11)])
    #expect(pool.maintain(now: 500) == [])
  }

  @Test("a connection that has been idle for a while is asked whether it lives")
  func checks() {
    var pool = pool(limit: 1) { $0.healthCheckInterval = .milliseconds(50) }
    _ = pool.wait(1)
    _ = pool.didOpen(10, now: 0, expires: 100_000)
    _ = pool.release(10, now: 0)
    #expect(pool.maintain(now: 50) == [.check(10)])
    #expect(pool.takeIdle() == nil)
    #expect(pool.release(10, now: 51) == [])
    #expect(pool.maintain(now: 52) == [])
  }

  @Test("closing fails those who wait, closes what is idle, and the rest as it comes back")
  func closes() {
    var pool = pool(limit: 2)
    _ = pool.wait(1)
    _ = pool.wait(2)
    _ = pool.didOpen(10, now: 0, expires: 1000)
    #expect(pool.close() == [.fail(2, .closed)])
    #expect(!pool.isDrained)
    #expect(pool.didOpen(11, now: 0, expires: 1000) == [.close(11)])
    #expect(pool.release(10, now: 0) == [.close(10)])
    #expect(pool.isDrained)
    #expect(pool.wait(3) == [.fail(3, .closed)])
  }

  @Test("through any sequence of events the limit holds, nobody waits beside an idle connection, nobody is lost")
  func invariants() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(seed: seed)
    var world = World(limit: 3)
    for _ in 0..<20_000 {
      world.step(using: &random)
      let stats = world.pool.stats
      #expect(stats.idle + stats.busy + stats.opening <= 3, "seed \(seed)")
      #expect(stats.idle == 0 || stats.waiting == 0, "seed \(seed)")
      #expect(stats.opening == world.opening && stats.busy == world.busy.count, "seed \(seed)")
      #expect(stats.waiting == world.waiting.count, "seed \(seed)")
    }
  }

  /// Everything around the pool, moving at random.
  private struct World {
    var pool: PoolState
    var opening = 0
    var isRetryDue = false
    var waiting: Set<UInt64> = []
    var busy: [UInt64] = []
    var checking: [UInt64] = []
    var counter: UInt64 = 0
    var now: UInt64 = 0

    init(limit: Int) {
      var settings = PoolSettings()
      settings.idleMin = 1
      settings.idleTimeout = .milliseconds(40)
      settings.healthCheckInterval = .milliseconds(20)
      pool = PoolState(settings, limit: limit)
    }

    mutating func step(using random: inout SplitMix) {
      now += UInt64.random(in: 0...3, using: &random)
      counter += 1
      switch Int.random(in: 0..<9, using: &random) {
      case 0...2:
        if let id = pool.takeIdle() {
          busy.append(id)
        } else {
          waiting.insert(counter)
          perform(pool.wait(counter))
        }
      case 3...4:
        guard let id = busy.popLast() else { return }
        perform(pool.release(id, now: now))
      case 5:
        guard opening > 0 else { return }
        opening -= 1
        let succeeds = Bool.random(using: &random)
        perform(succeeds ? pool.didOpen(counter, now: now, expires: now + 100) : pool.didFailToOpen("down"))
      case 6:
        guard isRetryDue else { return }
        isRetryDue = false
        perform(pool.retry())
      case 7:
        guard let id = busy.randomElement(using: &random) else { return }
        busy.removeAll { $0 == id }
        perform(pool.didLose(id))
      default: perform(pool.maintain(now: now))
      }
    }

    private mutating func perform(_ actions: [PoolState.Action]) {
      for action in actions {
        switch action {
        case .open: opening += 1
        case .hand(let waiter, let id):
          #expect(waiting.remove(waiter) != nil)
          busy.append(id)
        case .fail(let waiter, _): #expect(waiting.remove(waiter) != nil)
        case .close: break
        case .check(let id): busy.append(id)
        case .scheduleRetry:
          #expect(!isRetryDue)
          isRetryDue = true
        }
      }
    }
  }
}
