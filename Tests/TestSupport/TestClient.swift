public import Postgres

/// Runs a test with a client on a database of its own, and closes the client after it.
public func withTestClient(
  holding content: TestContent = .nothing, _ body: (PostgresClient, TestDatabase) async throws -> Void
) async throws {
  try await withTestDatabase(holding: content) { database in
    let client = database.client()
    do {
      try await body(client, database)
    } catch {
      await client.close(timeout: .seconds(1))
      throw error
    }
    await client.close(timeout: .seconds(1))
  }
}
