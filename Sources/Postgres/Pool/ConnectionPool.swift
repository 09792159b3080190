import EventLoop
import Synchronization

/// The connections of one loop: the shell that does what `PoolState` says.
actor ConnectionPool: LoopBound {
  nonisolated let loop: EventLoop
  private let settings: PoolSettings
  private var connectionSettings: PostgresSettings
  private let workPool: WorkPool
  private let limit: Int
  private var state: PoolState
  private var random: SplitMix
  private var connections: [PoolState.Connection: PostgresConnection] = [:]
  private var waiters: [PoolState.Waiter: Waiting] = [:]
  private var counter: UInt64 = 0
  private var maintenance: Timer?
  private var drainWaiters: [UnsafeContinuation<Void, Never>] = []

  private struct Waiting {
    let answer: Answer<Lease>
    let timer: Timer
  }

  /// A connection on loan.
  struct Lease: Sendable {
    let id: PoolState.Connection
    let connection: PostgresConnection
  }

  init(
    _ connectionSettings: PostgresSettings, _ settings: PoolSettings, limit: Int, loop: EventLoop,
    workPool: WorkPool, seed: UInt64
  ) {
    self.connectionSettings = connectionSettings
    self.settings = settings
    self.limit = limit
    self.loop = loop
    self.workPool = workPool
    state = PoolState(settings, limit: limit)
    random = SplitMix(seed: seed)
  }

  /// What the pool is doing, for whoever asks from any thread.
  nonisolated let stats = Mutex(PoolStats())

  private func publishStats() {
    let current = state.stats
    stats.withLock { $0 = current }
  }

  // MARK: Leases

  /// Runs a request on a connection of its own.
  func run(_ request: Request) async throws -> Rows {
    let lease = try await acquire()
    do {
      let rows = try await lease.connection.run(request)
      await release(lease)
      return rows
    } catch {
      await release(lease)
      throw error
    }
  }

  /// Runs several requests on one connection, in one flight of messages.
  func run(_ requests: [Request]) async throws -> [Result<Rows, any Error>] {
    let lease = try await acquire()
    let results = await Result.of { try await lease.connection.run(requests) }
    await release(lease)
    return try results.get()
  }

  func acquire() async throws -> Lease {
    try Task.checkCancellation()
    startMaintenance()
    if let id = state.takeIdle(), let connection = connections[id] {
      publishStats()
      return Lease(id: id, connection: connection)
    }
    counter += 1
    let waiter = counter
    let answer = Answer<Lease>()
    let timer = loop.schedule(after: settings.acquireTimeout) { self.assumeIsolated { $0.timeOut(waiter) } }
    waiters[waiter] = Waiting(answer: answer, timer: timer)
    perform(state.wait(waiter))
    return try await answer.value { [self] in
      loop.execute { self.assumeIsolated { $0.abandon(waiter, CancellationError()) } }
    }
  }

  /// Takes a connection back, as soon as nothing is under way on it and no transaction is open.
  func release(_ lease: Lease) async {
    if await lease.connection.isClean { return giveBack(lease.id) }
    // Whoever releases must not wait for a ROLLBACK that the server may be slow with.
    Task(executorPreference: loop) {
      if await lease.connection.settle() { await self.giveBack(lease.id) } else { await lease.connection.close() }
    }
  }

  private func giveBack(_ id: PoolState.Connection) {
    perform(state.release(id, now: now))
    resumeDrained()
  }

  private func timeOut(_ waiter: PoolState.Waiter) {
    abandon(waiter, PostgresError.poolExhausted(waited: settings.acquireTimeout, limit: limit))
  }

  private func abandon(_ waiter: PoolState.Waiter, _ error: any Error) {
    guard state.abandon(waiter) else { return }
    publishStats()
    finish(waiter, .failure(error))
  }

  private func finish(_ waiter: PoolState.Waiter, _ result: Result<Lease, any Error>) {
    guard let waiting = waiters.removeValue(forKey: waiter) else { return }
    loop.cancel(waiting.timer)
    waiting.answer.complete(result)
  }

  // MARK: Actions

  private var now: UInt64 { EventLoop.nanoseconds / 1_000_000 }

  private func perform(_ actions: [PoolState.Action]) {
    publishStats()
    for action in actions { perform(action) }
  }

  private func perform(_ action: PoolState.Action) {
    switch action {
    case .open:
      Task(executorPreference: loop) { await self.open() }
    case .hand(let waiter, let id):
      guard let connection = connections[id] else { preconditionFailure("the pool handed out a lost connection") }
      finish(waiter, .success(Lease(id: id, connection: connection)))
    case .fail(let waiter, let reason): finish(waiter, .failure(error(reason)))
    case .close(let id):
      guard let connection = connections.removeValue(forKey: id) else { return }
      connection.assumeIsolated { $0.close() }
    case .check(let id):
      guard let connection = connections[id] else { return }
      Task(executorPreference: loop) { await self.check(Lease(id: id, connection: connection)) }
    case .scheduleRetry(let attempt):
      let backoff = Backoff(base: settings.reconnectBase, cap: settings.reconnectCap)
      let delay = backoff.equalJitter(attempt, using: &random)
      _ = loop.schedule(after: delay) { self.assumeIsolated { $0.perform($0.state.retry()) } }
    }
  }

  private func error(_ reason: PoolState.Reason) -> PostgresError {
    switch reason {
    case .unavailable(let text): .unavailable(reason: text)
    case .queueFull: .queueFull(limit: settings.waitersMax)
    case .closed: .closed
    }
  }

  private func open() async {
    do {
      let connection = try await PostgresConnection.connect(connectionSettings, on: loop, workPool: workPool)
      // What the first connection found out, the others need not.
      if connectionSettings.pooler == .automatic, await connection.isPooled {
        connectionSettings.pooler = .transactionPooler
      }
      await add(connection)
    } catch {
      perform(state.didFailToOpen(ConnectionPool.reason(error)))
    }
    resumeDrained()
  }

  private func add(_ connection: PostgresConnection) async {
    guard await connection.isAlive else {
      return perform(state.didFailToOpen("the server closed the connection at once"))
    }
    counter += 1
    let id = counter
    connections[id] = connection
    let lifetime = Double(settings.lifetimeMax.milliseconds) * Double.random(in: 0.9...1.1, using: &random)
    perform(state.didOpen(id, now: now, expires: now + UInt64(lifetime)))
    await connection.whenEnded { _ in self.assumeIsolated { $0.lose(id) } }
  }

  private func lose(_ id: PoolState.Connection) {
    guard connections.removeValue(forKey: id) != nil else { return }
    perform(state.didLose(id))
    resumeDrained()
  }

  private func check(_ lease: Lease) async {
    do {
      try await lease.connection.probe(within: connectionSettings.connectTimeout)
      giveBack(lease.id)
    } catch {
      await lease.connection.close()
    }
  }

  private static func reason(_ error: any Error) -> String {
    if case PostgresError.unavailable(let reason) = error { return reason }
    return "\(error)"
  }

  // MARK: Maintenance and end

  private func startMaintenance() {
    guard maintenance == nil, !state.isClosing else { return }
    maintenance = loop.schedule(after: .seconds(1)) { self.assumeIsolated { $0.maintain() } }
  }

  private func maintain() {
    maintenance = nil
    perform(state.maintain(now: now))
    if !connections.isEmpty { startMaintenance() }
  }

  /// Opens the minimum of idle connections.
  func warmUp() {
    startMaintenance()
    perform(state.maintain(now: now))
  }

  /// Lets what is under way finish for a while, then ends everything.
  func close(timeout: Duration) async {
    perform(state.close())
    if let maintenance { loop.cancel(maintenance) }
    if !state.isDrained {
      await withUnsafeContinuation { continuation in
        if state.isDrained { return continuation.resume() }
        drainWaiters.append(continuation)
        _ = loop.schedule(after: timeout) { self.assumeIsolated { $0.stopWaiting() } }
      }
    }
    let left = connections.values
    connections = [:]
    for connection in left { await connection.close() }
  }

  private func resumeDrained() { if state.isDrained { stopWaiting() } }

  private func stopWaiting() {
    let waiters = drainWaiters
    drainWaiters = []
    for waiter in waiters { waiter.resume() }
  }
}
