public import EventLoop

/// How much of other transactions one sees.
public enum IsolationLevel: String, Sendable, Hashable {
  /// What was committed before each statement.
  case readCommitted = "READ COMMITTED"
  /// What was committed before the transaction.
  case repeatableRead = "REPEATABLE READ"
  /// As if transactions ran one after the other.
  case serializable = "SERIALIZABLE"

  func begin(readOnly: Bool) -> String { "BEGIN ISOLATION LEVEL \(rawValue)\(readOnly ? " READ ONLY" : "")" }
}

/// A unit of work; usable until the body it was given to returns.
public actor Transaction: LoopBound {
  private enum Stage {
    /// BEGIN waits for the first statement to travel with.
    case ready
    case open
    case ended
  }

  /// The loop of its connection.
  public nonisolated let loop: EventLoop
  private let connection: PostgresConnection
  private let begin: String
  private let timeouts: Timeouts?
  private var stage = Stage.ready
  private var savepointCounter = 0
  /// What travels with COMMIT.
  private var closing: [SQL] = []
  /// The refusal that has made the transaction useless, unless a savepoint took it back.
  private var failure: ServerError?

  init(on connection: PostgresConnection, begin: String, timeouts: Timeouts?) {
    loop = connection.loop
    self.connection = connection
    self.begin = begin
    self.timeouts = timeouts
  }

  /// Runs a statement and gives its rows.
  ///
  /// - Throws: `PostgresError`, or `CancellationError` once the server has stopped the statement.
  public func query(_ sql: SQL) async throws -> Rows {
    let setting = try takeSetting()
    return try await noting { try await connection.run(Request(sql: sql, setting: setting)) }
  }

  /// Runs a statement and gives the number of rows it touched.
  ///
  /// - Throws: `PostgresError`, or `CancellationError` once the server has stopped the statement.
  @discardableResult
  public func execute(_ sql: SQL) async throws -> Int { try await query(sql).affectedRows }

  /// Runs several statements in one round trip, BEGIN included where nothing ran before; the first that fails has the rest
  /// passed over.
  ///
  /// - Throws: the error of the one that failed.
  public func pipeline(_ statements: [SQL]) async throws -> [Rows] {
    if statements.isEmpty { return [] }
    let setting = try takeSetting()
    return try await noting { try await connection.run(together: statements, setting) }
  }

  /// Has statements run as the last of the transaction: when the body has returned they travel with COMMIT, which spares a
  /// round trip.
  ///
  /// What they give is not told. One that fails takes the transaction back, and its error is thrown as if the body had
  /// thrown it. Savepoints do not reach them.
  public func finish(with statements: [SQL]) { closing += statements }

  /// Copies rows in, as `PostgresConnection.copyIn` does.
  ///
  /// - Throws: as it does.
  public func copyIn<Chunks: AsyncSequence & Sendable>(
    _ sql: SQL, from chunks: Chunks
  ) async throws -> Int where Chunks.Element == [UInt8] {
    try await open()
    return try await noting { try await connection.copyIn(sql, from: chunks) }
  }

  /// Runs a script of several statements, without values.
  func runScript(_ sql: SQL) async throws {
    try await open()
    try await noting { try await connection.runScript(sql) }
  }

  /// Runs `body` so that its failure takes back only what it did; the transaction goes on.
  ///
  /// - Throws: what `body` throws, after its work has been taken back.
  @discardableResult
  public nonisolated func savepoint<Value>(_ body: (Transaction) async throws -> Value) async throws -> Value {
    let name = try await setSavepoint()
    do {
      let value = try await body(self)
      try await execute(SQL(unsafe: "RELEASE SAVEPOINT \(name)"))
      return value
    } catch {
      await returnTo(savepoint: name)
      throw error
    }
  }

  private func setSavepoint() async throws -> String {
    savepointCounter += 1
    let name = "wayfare_\(savepointCounter)"
    try await execute(SQL(unsafe: "SAVEPOINT \(name)"))
    return name
  }

  private func returnTo(savepoint name: String) async {
    for text in ["ROLLBACK TO SAVEPOINT \(name)", "RELEASE SAVEPOINT \(name)"] {
      guard (try? await connection.runShielded(SQL(unsafe: text))) != nil else { return }
    }
    failure = nil
  }

  // MARK: Begin and end

  private func takeSetting() throws(PostgresError) -> Request.Setting {
    switch stage {
    case .ready:
      stage = .open
      return .begin(begin, timeouts)
    case .open: return .inTransaction(timeouts)
    case .ended: throw .closed
    }
  }

  private func open() async throws {
    if stage == .ready { _ = try await query("SELECT") }
    if stage == .ended { throw PostgresError.closed }
  }

  private func noting<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch {
      if case PostgresError.server(let refusal) = error, failure == nil { failure = refusal }
      throw error
    }
  }

  func commit() async throws {
    if stage == .ready, !closing.isEmpty { try await open() }
    guard stage == .open else {
      stage = .ended
      return
    }
    guard await connection.isAlive else { throw await connection.ending ?? .closed }
    stage = .ended
    do {
      // Where the body went on after a refusal, that is what is to be told, not that nothing can follow it.
      let earlier = failure == nil ? closing : []
      let rows = try await connection.run(
        Request(sql: "COMMIT", setting: .inTransaction(timeouts), earlier: earlier))
      // The server answers COMMIT of a failed transaction with ROLLBACK rather than with an error.
      guard rows.result.commandTag == "ROLLBACK" else { return }
      if let failure { throw PostgresError.server(failure) }
      throw PostgresError.misuse("the transaction had failed and was rolled back, though its body did not throw")
    } catch PostgresError.connectionLost(let reason) {
      throw PostgresError.outcomeUnknown(reason: reason)
    } catch PostgresError.timeout(.silence) {
      throw PostgresError.outcomeUnknown(reason: TimeoutKind.silence.description)
    }
  }

  /// Takes everything back; gives the refusal for which the whole is worth another try.
  func rollBack(after error: any Error) async -> ServerError? {
    let isClean = await connection.isClean
    // A connection that is lost has rolled back by itself.
    if stage == .open || !isClean { _ = try? await connection.runShielded("ROLLBACK") }
    stage = .ended
    if case PostgresError.outcomeUnknown = error { return nil }
    if error is CancellationError { return nil }
    var refusal = failure
    if case PostgresError.server(let last) = error { refusal = last }
    guard let refusal, refusal.isRetryable || refusal.isStalePlan else { return nil }
    return refusal
  }
}
