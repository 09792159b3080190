import EventLoop
import Postgres
import Store

/// What a test's database has in it to begin with.
public enum TestContent: Sendable {
  /// Nothing.
  case nothing
  /// The tables of every migration.
  case schema
}

/// Hands out databases, a bounded number at a time.
///
/// Those with nothing in them are emptied when they come back, which takes a tenth of the time of making one. Those with the
/// schema are copies of one that was migrated once: migrating takes four times as long as copying three hundred files.
actor DatabaseDispenser {
  static let shared = DatabaseDispenser()

  /// How many tests may have a database at once: enough to keep two processors busy.
  private static let limit = 10

  private var free: [String] = []
  private var inUse = 0
  private var made = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var template: Task<String, any Error>?

  func take(_ content: TestContent) async throws -> String {
    while inUse >= DatabaseDispenser.limit { await withCheckedContinuation { waiting.append($0) } }
    inUse += 1
    do {
      switch content {
      case .nothing:
        if let name = free.popLast() { return name }
        return try await make(nil)
      case .schema: return try await make(try await schema())
      }
    } catch {
      release()
      throw error
    }
  }

  func giveBack(_ name: String, _ content: TestContent) async throws {
    defer { release() }
    switch content {
    case .nothing:
      try await DatabaseDispenser.empty(name)
      free.append(name)
    case .schema:
      // What a test has left running goes with it.
      try await DatabaseDispenser.run(["DROP DATABASE \(unsafe: name) WITH (FORCE)"], database: "wayfare")
    }
  }

  private func release() {
    inUse -= 1
    if !waiting.isEmpty { waiting.removeFirst().resume() }
  }

  private func make(_ template: String?) async throws -> String {
    made += 1
    let name = "test_\(made)"
    let source: SQL = template.map { " TEMPLATE \(unsafe: $0)" } ?? ""
    try await DatabaseDispenser.run(["CREATE DATABASE \(unsafe: name)\(source)"], database: "wayfare")
    return name
  }

  /// The database that those with the schema are copies of; nobody is connected to it.
  private func schema() async throws -> String {
    if let template { return try await template.value }
    let making = Task {
      let name = "schema"
      try await DatabaseDispenser.run(["CREATE DATABASE \(unsafe: name)"], database: "wayfare")
      let client = PostgresClient(
        try DatabaseDispenser.settings(name), pool: PoolSettings(), on: TestCluster.loops,
        observer: PostgresObserver(), seed: 42)
      let result = await Result { try await Migrations(Schema.migrations, on: client).apply() }
      await client.close()
      _ = try result.get()
      // Nor does the server's own cleaning visit it, beside which it could not be copied.
      try await DatabaseDispenser.run(
        ["ALTER DATABASE \(unsafe: name) WITH ALLOW_CONNECTIONS false"], database: "wayfare")
      return name
    }
    template = making
    return try await making.value
  }

  private static func empty(_ name: String) async throws {
    try await run(
      [
        // What a test has left running would hold locks, or be counted by the next one.
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
        """,
        """
        DO $$
        DECLARE name text;
        BEGIN
          FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
          LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
        END $$
        """,
        "CREATE SCHEMA public",
      ], database: name)
  }

  private static func settings(_ database: String) throws -> PostgresSettings {
    var settings = PostgresSettings(address: try TestCluster.address().with(database: database))
    settings.connectTimeout = .seconds(30)
    return settings
  }

  private static func run(_ statements: [SQL], database: String) async throws {
    let connection = try await PostgresConnection.connect(
      try settings(database), on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
    let result = await Result {
      for statement in statements { _ = try await connection.query(statement) }
    }
    await connection.close()
    try result.get()
  }
}

extension Result where Failure == any Error {
  /// What an asynchronous body comes to.
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
