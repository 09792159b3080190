/// Who has which connection and who waits, as pure state that returns what is to be done.
///
/// Every connection is opening, idle or busy, and the three together never exceed the limit. When an attempt to
/// connect fails and there is no other connection, the pool is down: whoever waits fails at once, whoever comes
/// fails at once, and attempts go on by themselves until one succeeds.
struct PoolState {
  typealias Connection = UInt64
  typealias Waiter = UInt64

  enum Action: Equatable {
    case open
    case hand(Waiter, Connection)
    case fail(Waiter, Reason)
    case close(Connection)
    /// Ask an idle connection whether it lives, then release it.
    case check(Connection)
    /// Call `retry` after the wait before attempt number `attempt`.
    case scheduleRetry(attempt: Int)
  }

  enum Reason: Equatable {
    case unavailable(String)
    case queueFull
    case closed
  }

  private struct Idle {
    let connection: Connection
    let since: UInt64
    var checked: UInt64
  }

  let limit: Int
  let idleMin: Int
  let waitersMax: Int
  let idleMilliseconds: UInt64
  let checkMilliseconds: UInt64
  private var idle: [Idle] = []
  private var busy: Set<Connection> = []
  private var opening = 0
  private var waiters = Fifo<Waiter>()
  private var expiries: [Connection: UInt64] = [:]
  private var attempt = 0
  private var isRetryScheduled = false
  private var downReason: String?
  private(set) var isClosing = false
  private var opened = 0
  private var failures = 0

  init(_ settings: PoolSettings, limit: Int) {
    precondition(limit > 0, "a pool needs room for a connection")
    self.limit = limit
    idleMin = min(settings.idleMin, limit)
    waitersMax = settings.waitersMax
    idleMilliseconds = UInt64(max(0, settings.idleTimeout.milliseconds))
    checkMilliseconds = UInt64(max(0, settings.healthCheckInterval.milliseconds))
  }

  var stats: PoolStats {
    PoolStats(
      idle: idle.count, busy: busy.count, opening: opening, waiting: waiters.count, opened: opened,
      failures: failures, unavailableReason: downReason)
  }

  private var total: Int { idle.count + busy.count + opening }

  /// Whether the last connection is gone after `close`.
  var isDrained: Bool { isClosing && busy.isEmpty && opening == 0 }

  /// Takes an idle connection, where there is one and nobody waits for it.
  mutating func takeIdle() -> Connection? {
    guard waiters.isEmpty, let last = idle.popLast() else { return nil }
    busy.insert(last.connection)
    return last.connection
  }

  /// Queues a caller.
  mutating func wait(_ waiter: Waiter) -> [Action] {
    if isClosing { return [.fail(waiter, .closed)] }
    if let downReason { return [.fail(waiter, .unavailable(downReason))] }
    guard waiters.count < waitersMax else { return [.fail(waiter, .queueFull)] }
    waiters.append(waiter)
    return openMissing()
  }

  /// Forgets a caller that gave up; false when it has its connection already.
  mutating func abandon(_ waiter: Waiter) -> Bool { waiters.remove(where: { $0 == waiter }) != nil }

  /// Takes a connection back.
  mutating func release(_ connection: Connection, now: UInt64) -> [Action] {
    guard busy.remove(connection) != nil else { return [] }
    if isClosing || isExpired(connection, now) {
      expiries[connection] = nil
      return [.close(connection)] + openMissing()
    }
    return offer(connection, now)
  }

  private mutating func offer(_ connection: Connection, _ now: UInt64) -> [Action] {
    guard let waiter = waiters.popFirst() else {
      idle.append(Idle(connection: connection, since: now, checked: now))
      return []
    }
    busy.insert(connection)
    return [.hand(waiter, connection)]
  }

  /// A connection has been made.
  mutating func didOpen(_ connection: Connection, now: UInt64, expires: UInt64) -> [Action] {
    opening -= 1
    opened += 1
    attempt = 0
    downReason = nil
    if isClosing { return [.close(connection)] }
    expiries[connection] = expires
    return offer(connection, now) + openMissing()
  }

  /// A connection could not be made.
  mutating func didFailToOpen(_ reason: String) -> [Action] {
    opening -= 1
    failures += 1
    if isClosing { return [] }
    attempt += 1
    var actions: [Action] = []
    if idle.isEmpty && busy.isEmpty && opening == 0 {
      downReason = reason
      while let waiter = waiters.popFirst() { actions.append(.fail(waiter, .unavailable(reason))) }
    }
    if !isRetryScheduled {
      isRetryScheduled = true
      actions.append(.scheduleRetry(attempt: attempt))
    }
    return actions
  }

  /// The wait before the next attempt is over.
  mutating func retry() -> [Action] {
    isRetryScheduled = false
    if isClosing { return [] }
    guard downReason != nil, total == 0 else { return openMissing() }
    opening += 1
    return [.open]
  }

  /// A connection has ended by itself.
  mutating func didLose(_ connection: Connection) -> [Action] {
    expiries[connection] = nil
    idle.removeAll { $0.connection == connection }
    busy.remove(connection)
    if isClosing { return [] }
    // The last one gone may mean that the server is: find out before the next caller does.
    if total == 0, !isRetryScheduled {
      opening += 1
      return [.open] + openMissing()
    }
    return openMissing()
  }

  private mutating func openMissing() -> [Action] {
    guard !isClosing, !isRetryScheduled else { return [] }
    var actions: [Action] = []
    while total < limit, opening < max(waiters.count, idleMin - idle.count) {
      opening += 1
      actions.append(.open)
    }
    return actions
  }

  private func isExpired(_ connection: Connection, _ now: UInt64) -> Bool {
    expiries[connection].map { $0 <= now } ?? false
  }

  /// Closes what is idle for too long or has lived for too long, checks what has been silent, keeps the minimum.
  mutating func maintain(now: UInt64) -> [Action] {
    if isClosing { return [] }
    var actions: [Action] = []
    var kept: [Idle] = []
    var spare = idle.count - idleMin
    // The one that has been idle for longest comes first, because the others are taken from the end.
    for var entry in idle {
      let isOld = isExpired(entry.connection, now)
      if isOld || (spare > 0 && now >= entry.since + idleMilliseconds) {
        spare -= 1
        expiries[entry.connection] = nil
        actions.append(.close(entry.connection))
      } else if now >= entry.checked + checkMilliseconds {
        entry.checked = now
        busy.insert(entry.connection)
        actions.append(.check(entry.connection))
      } else {
        kept.append(entry)
      }
    }
    idle = kept
    return actions + (downReason == nil ? openMissing() : [])
  }

  /// Ends the pool: idle connections close now, busy ones when they come back.
  mutating func close() -> [Action] {
    isClosing = true
    var actions = idle.map { Action.close($0.connection) }
    idle = []
    while let waiter = waiters.popFirst() { actions.append(.fail(waiter, .closed)) }
    return actions
  }
}
