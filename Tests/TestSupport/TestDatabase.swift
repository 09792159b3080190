public import EventLoop
public import Postgres

/// How a test reaches its database.
public enum Route: String, Sendable, CaseIterable {
  /// The server itself.
  case direct
  /// Through pgbouncer in transaction mode.
  case pooler

  /// The routes there are on this machine.
  public static var available: [Route] { TestPooler.isInstalled ? allCases : [.direct] }

}

/// The database of one test.
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
    pool.acquireTimeout = .seconds(30)
    change(&pool)
    return PostgresClient(settings, pool: pool, on: TestCluster.loops, observer: observer, seed: 42)
  }

  /// A connection of its own; to be closed by whoever asks for it.
  public func connect() async throws -> PostgresConnection {
    try await PostgresConnection.connect(settings, on: loop, workPool: TestCluster.workPool)
  }
}

/// Runs a test on a database of its own.
public func withTestDatabase(
  _ route: Route = .direct, holding content: TestContent = .nothing, _ body: (TestDatabase) async throws -> Void
) async throws {
  let name = try await DatabaseDispenser.shared.take(content)
  do {
    let address =
      switch route {
      case .direct: try TestCluster.address().with(database: name)
      case .pooler: try TestPooler.address(database: name)
      }
    var settings = PostgresSettings(address: address)
    // Every test of the process starts at once, on whatever processors there are.
    settings.connectTimeout = .seconds(30)
    try await body(TestDatabase(name: name, route: route, settings: settings))
    try await DatabaseDispenser.shared.giveBack(name, content)
  } catch {
    try await DatabaseDispenser.shared.giveBack(name, content)
    throw error
  }
}

/// Runs a test with a client on a fresh database.
public func withTestClient(
  _ route: Route = .direct, holding content: TestContent = .nothing, connections: Int = 4,
  _ body: (PostgresClient) async throws -> Void
) async throws {
  try await withTestDatabase(route, holding: content) { database in
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
