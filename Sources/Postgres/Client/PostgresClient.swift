public import EventLoop
import Synchronization

/// The front door: a bounded pool of connections on each loop, and what one does with them.
///
/// ```swift
/// let client = PostgresClient(try PostgresSettings("postgresql:///wayfare"), on: loops)
/// let rows = try await client.query("SELECT id, name FROM trip WHERE owner = \(owner)")
/// for (id, name) in try rows.decode(Int64.self, String.self) { … }
/// ```
///
/// Throws `PostgresError`, or `CancellationError` when the task is cancelled. While the server is down, calls
/// throw `.unavailable` at once and the client reconnects by itself.
public final class PostgresClient: Sendable {
  private let group: EventLoopGroup
  private let pools: [ConnectionPool]
  private let workPool: WorkPool
  private let observer: PostgresObserver
  private let slowThreshold: Duration
  private let random: Mutex<SplitMix>
  private let isClosed = Mutex(false)

  /// Makes a client; the first call makes the first connection.
  ///
  /// - Parameters:
  ///   - settings: where to connect, and the limits of each connection.
  ///   - pool: the limits of the pool.
  ///   - group: the loops; a call from one of them stays there.
  ///   - observer: who hears of durations and slow statements.
  ///   - slowThreshold: from when on a statement counts as slow.
  ///   - seed: decides the jitter of retries; only tests give one.
  public init(
    _ settings: PostgresSettings, pool: PoolSettings = PoolSettings(), on group: EventLoopGroup,
    observer: PostgresObserver = PostgresObserver(), slowThreshold: Duration = .milliseconds(500),
    seed: UInt64 = .random(in: 0...UInt64.max)
  ) {
    self.group = group
    self.observer = observer
    self.slowThreshold = slowThreshold
    random = Mutex(SplitMix(seed: seed))
    // Name resolution and cancel requests block. They get threads of their own, so that a search which fills
    // the process's pool for computing cannot keep a statement from being cancelled.
    let workPool = WorkPool(threads: 2, queueLimit: 1024)
    self.workPool = workPool
    let share = max(1, pool.connectionsMax / group.loops.count)
    pools = group.loops.enumerated().map { index, loop in
      ConnectionPool(
        settings, pool, limit: share, loop: loop, workPool: workPool, seed: seed &+ UInt64(index))
    }
  }

  /// Runs a statement in a transaction of its own and gives its rows.
  ///
  /// `timeouts` replace the client's for this statement, at the price of a BEGIN and COMMIT around it.
  public func query(_ sql: SQL, timeouts: Timeouts? = nil) async throws -> Rows {
    try await timed(.query, sql) { try await self.pool.run(Request(sql: sql, setting: .standalone(timeouts))) }
  }

  /// Runs a statement in a transaction of its own and gives the number of rows it touched.
  @discardableResult
  public func execute(_ sql: SQL, timeouts: Timeouts? = nil) async throws -> Int {
    try await query(sql, timeouts: timeouts).affectedRows
  }

  /// Runs a statement that cannot stand in a transaction, such as `VACUUM` or `CREATE DATABASE`.
  ///
  /// Through a pooler only the server's own timeouts hold for it.
  @discardableResult
  public func executeBare(_ sql: SQL) async throws -> Int {
    try await timed(.query, sql) {
      try await self.pool.run(Request(sql: sql, setting: .bare(nil))).affectedRows
    }
  }

  /// Runs several statements on one connection without waiting in between; each succeeds or fails for itself.
  public func pipeline(_ statements: [SQL]) async throws -> [Result<Rows, any Error>] {
    try await timed(.pipeline, nil) {
      try await self.pool.run(statements.map { Request(sql: $0, setting: .standalone(nil)) })
    }
  }

  /// Runs several statements as one transaction in one round trip; all or none take place, and nothing is read between.
  ///
  /// What one statement gives cannot be bound to the next: where that is needed, `transaction` is.
  public func atomically(_ statements: [SQL], timeouts: Timeouts? = nil) async throws -> [Rows] {
    try await timed(.transaction, nil) {
      try await withConnection { try await $0.atomically(statements, timeouts: timeouts) }
    }
  }

  /// Lends one connection for several statements; to be left as it was found, and not to be kept.
  public func withConnection<Value>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
    let pool = self.pool
    let lease = try await pool.acquire()
    let result = await Result.of { try await body(lease.connection) }
    await pool.release(lease)
    return try result.get()
  }

  /// Copies rows in, as `PostgresConnection.copyIn` does.
  public func copyIn<Chunks: AsyncSequence>(
    _ sql: SQL, from chunks: Chunks, timeouts: Timeouts? = nil
  ) async throws -> Int where Chunks: Sendable, Chunks.Element == [UInt8] {
    try await timed(.copyIn, nil) {
      try await withConnection { try await $0.copyIn(sql, from: chunks, timeouts: timeouts) }
    }
  }

  /// Copies rows out, as `PostgresConnection.copyOut` does.
  public func copyOut<Value: Sendable>(
    _ sql: SQL, timeouts: Timeouts? = nil, _ body: @Sendable (CopyOutChunks) async throws -> Value
  ) async throws -> Value {
    try await timed(.copyOut, nil) {
      try await withConnection { try await $0.copyOut(sql, timeouts: timeouts, body) }
    }
  }

  /// What the pools have done and are doing.
  public var stats: PoolStats {
    var sum = PoolStats()
    for pool in pools { sum.add(pool.stats.withLock { $0 }) }
    return sum
  }

  /// Opens the pool's minimum of connections, without waiting for them.
  public func warmUp() async {
    for pool in pools { await pool.warmUp() }
  }

  /// Takes no more calls, lets those under way finish for a while, then ends all connections.
  public func close(timeout: Duration = .seconds(10)) async {
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    guard isFirst else { return }
    await withTaskGroup(of: Void.self) { tasks in
      for pool in pools { tasks.addTask { await pool.close(timeout: timeout) } }
    }
    shutDownThreads()
  }

  /// Ends the threads without waiting for them: one may be in a call that blocks, such as a name being resolved.
  private func shutDownThreads() {
    let workPool = self.workPool
    Task.detached { workPool.shutdown() }
  }

  // MARK: Transactions

  /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
  ///
  /// BEGIN travels with the first statement. When the server asks for it (serialization failure, deadlock), the
  /// whole body runs again, so that it must do nothing outside the database that cannot be done twice.
  /// - Throws: what `body` throws; `PostgresError.outcomeUnknown` when the connection ends during COMMIT.
  @discardableResult
  public func transaction<Value>(
    isolation: IsolationLevel = .readCommitted, readOnly: Bool = false, retries: Int = 5, timeouts: Timeouts? = nil,
    _ body: (Transaction) async throws -> Value
  ) async throws -> Value {
    let backoff = Backoff(base: .milliseconds(5), cap: .milliseconds(500))
    let begin = isolation.begin(readOnly: readOnly)
    var attempt = 0
    while true {
      let (result, conflict) = try await timedTransaction(begin, timeouts, body)
      guard case .failure = result, let conflict, attempt < retries else { return try result.get() }
      attempt += 1
      observer.isRetrying(attempt, conflict)
      let delay = random.withLock { backoff.fullJitter(attempt, using: &$0) }
      try await group.next().sleep(for: delay)
    }
  }

  private func timedTransaction<Value>(
    _ begin: String, _ timeouts: Timeouts?, _ body: (Transaction) async throws -> Value
  ) async throws -> (Result<Value, any Error>, conflict: ServerError?) {
    let started = ContinuousClock.now
    let pool = self.pool
    let lease = try await pool.acquire()
    let transaction = Transaction(on: lease.connection, begin: begin, timeouts: timeouts)
    let result = await Result.of {
      let value = try await body(transaction)
      try await transaction.commit()
      return value
    }
    var conflict: ServerError?
    if case .failure(let error) = result { conflict = await transaction.rollBack(after: error) }
    await pool.release(lease)
    let hasFailed = if case .failure = result { true } else { false }
    observer.finished(.init(kind: .transaction, duration: .now - started, hasFailed: hasFailed))
    return (result, conflict)
  }

  // MARK: Pieces

  /// The pool of the loop that runs the caller, or the next in turn.
  private var pool: ConnectionPool {
    let loop = group.next()
    guard let pool = pools.first(where: { $0.loop === loop }) else { preconditionFailure("every loop has a pool") }
    return pool
  }

  private func timed<Value>(_ operation: PostgresObserver.Operation, _ sql: SQL?, _ body: () async throws -> Value)
    async throws -> Value
  {
    let started = ContinuousClock.now
    let result = await Result.of(body)
    let duration = ContinuousClock.now - started
    let hasFailed = if case .failure = result { true } else { false }
    observer.finished(.init(kind: operation, duration: duration, hasFailed: hasFailed))
    if let sql, duration >= slowThreshold { observer.wasSlow(sql.text, duration) }
    return try result.get()
  }
}

extension ContinuousClock.Instant {
  fileprivate static func - (left: Self, right: Self) -> Duration { right.duration(to: left) }
}
