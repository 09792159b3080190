/// Brings a schema up to date.
///
/// Each migration runs in a transaction of its own together with its row in `schema_migration`, and under a lock
/// that only one process has at a time, so that any number of processes may start together. The lock lasts for
/// the transaction and therefore works through a pooler as well.
public struct Migrations: Sendable {
  private let client: PostgresClient
  private let migrations: [Migration]
  private let timeouts: Timeouts

  /// Any number will do, as long as all versions of this program agree on it.
  private static let lock: Int64 = 0x7761_7966_6172_65

  /// Takes a client and the files.
  ///
  /// - Parameters:
  ///   - migrations: the files, in any order.
  ///   - client: where to apply them.
  ///   - timeouts: how long a statement of a migration may take, and how long it may wait for a lock on a table.
  public init(
    _ migrations: [Migration], on client: PostgresClient,
    timeouts: Timeouts = Timeouts(statement: .seconds(3600), lock: .seconds(10), idleInTransaction: .seconds(60))
  ) {
    self.client = client
    self.migrations = migrations
    self.timeouts = timeouts
  }

  /// Applies what the database does not have yet; gives the names of what was applied here.
  ///
  /// - Throws: `MigrationError`, `PostgresError` or `CancellationError`. What was applied before stays applied.
  public func apply() async throws -> [String] {
    var names: [String] = []
    while let name = try await applyNext() { names.append(name) }
    return names
  }

  /// What would be applied now; changes nothing.
  ///
  /// - Throws: `MigrationError` when files and database do not fit together; `PostgresError`.
  public func plan() async throws -> MigrationPlan {
    try await client.transaction(readOnly: true) { transaction in
      let exists = try await transaction.query("SELECT to_regclass('schema_migration') IS NOT NULL")
      return try await plan(in: transaction, hasTable: try exists.decodeOnly(Bool.self))
    }
  }

  private func applyNext() async throws -> String? {
    try await client.transaction(timeouts: timeouts) { transaction in
      try await takeLock(in: transaction)
      try await transaction.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_migration (
          number integer PRIMARY KEY,
          name text NOT NULL,
          checksum text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now(),
          milliseconds bigint NOT NULL
        )
        """)
      guard let next = try await plan(in: transaction, hasTable: true).pending.first else { return nil }
      let started = ContinuousClock.now
      try await run(next, in: transaction)
      let milliseconds = started.duration(to: .now).milliseconds
      try await transaction.execute(
        """
        INSERT INTO schema_migration (number, name, checksum, milliseconds)
        VALUES (\(next.number), \(next.name), encode(sha256(convert_to(\(next.sql), 'UTF8')), 'hex'), \(milliseconds))
        """)
      return next.name
    }
  }

  /// Waits for whoever migrates at the moment, longer than for any table.
  private func takeLock(in transaction: Transaction) async throws {
    let patience = String(timeouts.statement.milliseconds)
    try await transaction.execute("SELECT set_config('lock_timeout', \(patience), true)")
    try await transaction.execute("SELECT pg_advisory_xact_lock(\(Migrations.lock))")
    let usual = String(timeouts.lock.milliseconds)
    try await transaction.execute("SELECT set_config('lock_timeout', \(usual), true)")
  }

  private func plan(in transaction: Transaction, hasTable: Bool) async throws -> MigrationPlan {
    let texts = try await transaction.query(
      """
      SELECT number, encode(sha256(convert_to(text, 'UTF8')), 'hex')
      FROM unnest(\(migrations.map(\.number)), \(migrations.map(\.sql))) AS file (number, text)
      """)
    var checksums: [Int32: String] = [:]
    for (number, checksum) in try texts.decode(Int32.self, String.self) { checksums[number] = checksum }
    var applied: [AppliedMigration] = []
    if hasTable {
      let rows = try await transaction.query("SELECT number, name, checksum FROM schema_migration")
      applied = try rows.decode(Int32.self, String.self, String.self).map {
        AppliedMigration(number: $0.0, name: $0.1, checksum: $0.2)
      }
    }
    return try MigrationPlan(migrations: migrations, checksums: checksums, applied: applied)
  }

  private func run(_ migration: Migration, in transaction: Transaction) async throws {
    do {
      try await transaction.runScript(SQL(unsafe: migration.sql))
    } catch PostgresError.server(let error) where !error.isRetryable {
      throw MigrationError.failed(
        name: migration.name, line: error.position.map { migration.line(of: $0) }, error: error)
    }
  }
}

extension Migration {
  /// The line of a character, both from 1.
  func line(of position: Int) -> Int {
    sql.unicodeScalars.prefix(max(0, position - 1)).reduce(into: 1) { line, scalar in
      if scalar == "\n" { line += 1 }
    }
  }
}
