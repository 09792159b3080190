import EventLoop
import Postgres

/// Hands out empty databases, a bounded number at a time, and empties them when they come back.
///
/// Emptying takes a tenth of the time that making a database takes, which copies three hundred files.
actor DatabaseDispenser {
  static let shared = DatabaseDispenser()

  /// How many tests may have a database at once: enough to keep two processors busy.
  private static let limit = 10

  private var free: [String] = []
  private var count = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async throws -> String {
    while true {
      if let name = free.popLast() { return name }
      if count < DatabaseDispenser.limit { break }
      await withCheckedContinuation { waiting.append($0) }
    }
    count += 1
    let name = "test_\(count)"
    try await run(["CREATE DATABASE \(unsafe: name)"], database: "wayfare")
    return name
  }

  func giveBack(_ name: String) async throws {
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
    free.append(name)
    if !waiting.isEmpty { waiting.removeFirst().resume() }
  }

  private func run(_ statements: [SQL], database: String) async throws {
    var settings = PostgresSettings(address: try TestCluster.address().with(database: database))
    settings.connectTimeout = .seconds(30)
    let connection = try await PostgresConnection.connect(
      settings, on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
    for statement in statements {
      do {
        _ = try await connection.query(statement)
      } catch {
        await connection.close()
        throw error
      }
    }
    await connection.close()
  }
}
