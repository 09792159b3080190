public import EventLoop
public import Postgres
import Synchronization

/// How a test reaches its database.
public enum Route: String, Sendable, CaseIterable {
  /// The server itself.
  case direct
  /// Through pgbouncer in transaction mode.
  case pooler

  /// The routes there are on this machine.
  public static var available: [Route] { TestPooler.isInstalled ? allCases : [.direct] }

}

/// A fresh database of one test.
public struct TestDatabase: Sendable {
  /// Its name.
  public let name: String
  /// How it is reached.
  public let route: Route
  /// Settings that lead to it.
  public let settings: PostgresSettings
  /// The loop that everything runs on.
  public var loop: EventLoop { TestCluster.loops.loops[0] }

  /// A client of its own; to be closed by whoever asks for it.
  public func client(
    connections: Int = 4, observer: PostgresObserver = PostgresObserver(),
    _ change: (inout PoolSettings) -> Void = { _ in }
  ) -> PostgresClient {
    var pool = PoolSettings()
    pool.connectionsMax = connections
    change(&pool)
    return PostgresClient(settings, pool: pool, on: TestCluster.loops, observer: observer, seed: 42)
  }

  /// A connection of its own; to be closed by whoever asks for it.
  public func connect() async throws -> PostgresConnection {
    try await PostgresConnection.connect(settings, on: loop, workPool: TestCluster.workPool)
  }
}

private let databaseCounter = Atomic<Int>(0)

private let administrator: Result<PostgresClient, any Error> = Result {
  var pool = PoolSettings()
  // One after the other: making two databases at once makes them wait for the same template.
  pool.connectionsMax = 1
  pool.acquireTimeout = .seconds(60)
  return PostgresClient(PostgresSettings(address: try TestCluster.address()), pool: pool, on: TestCluster.loops)
}

/// Runs a test on a fresh database, which is dropped afterwards.
public func withTestDatabase(
  _ route: Route = .direct, _ body: (TestDatabase) async throws -> Void
) async throws {
  let name = "test_\(databaseCounter.wrappingAdd(1, ordering: .relaxed).newValue)"
  let administrator = try administrator.get()
  try await administrator.executeBare("CREATE DATABASE \(unsafe: name)")
  let address =
    switch route {
    case .direct: try TestCluster.address().with(database: name)
    case .pooler: try TestPooler.address(database: name)
    }
  let database = TestDatabase(name: name, route: route, settings: PostgresSettings(address: address))
  do {
    try await body(database)
    try await administrator.executeBare("DROP DATABASE \(unsafe: name) WITH (FORCE)")
  } catch {
    try await administrator.executeBare("DROP DATABASE \(unsafe: name) WITH (FORCE)")
    throw error
  }
}

/// Runs a test with a client on a fresh database.
public func withTestClient(
  _ route: Route = .direct, connections: Int = 4, _ body: (PostgresClient) async throws -> Void
) async throws {
  try await withTestDatabase(route) { database in
    let client = database.client(connections: connections)
    do {
      try await body(client)
      await client.close()
    } catch {
      await client.close()
      throw error
    }
  }
}

/// Asks until the answer is yes; false when it stays no for ten seconds.
public func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(10)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return false
}
