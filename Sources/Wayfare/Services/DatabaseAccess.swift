import EventLoop
import Postgres
import Telemetry

/// The database that the settings name, or the private one.
struct DatabaseAccess: Sendable {
  let client: PostgresClient
  let cluster: PrivateCluster?
  /// Where LISTEN goes: never through a pooler.
  let listenSettings: PostgresSettings
  /// What a person may be told of where it is.
  let description: String

  private enum Pooler: String, CaseIterable { case auto, yes, no }

  /// Connects nothing yet, but makes and starts the private cluster when no other database is named.
  static func open(_ runtime: Runtime) async throws -> DatabaseAccess {
    let settings = runtime.settings
    if let address = try outsideAddress(settings) { return try DatabaseAccess(runtime, address, nil) }
    let home = try settings.home()
    // Starting a server waits for files and processes, which no loop may.
    let cluster = try await runtime.pool.run { try PrivateCluster.start(home: home) }
    runtime.logger.info(cluster.description)
    return try DatabaseAccess(runtime, cluster.address, cluster)
  }

  /// The database that the settings name; nil for the private one.
  static func outsideAddress(_ settings: Settings) throws(UsageError) -> ConnectionString? {
    try address(settings, .databaseURL)
  }

  private static func address(_ settings: Settings, _ setting: Setting) throws(UsageError) -> ConnectionString? {
    guard let url = settings.string(setting) else { return nil }
    do {
      return try ConnectionString(url)
    } catch {
      throw UsageError("\(settings.source(setting)): \(error); write postgresql://USER@HOST/DATABASE")
    }
  }

  /// The limits that the settings put on the pool.
  static func pool(_ settings: Settings) throws(UsageError) -> PoolSettings {
    var pool = PoolSettings()
    pool.connectionsMax = try settings.int(.databaseConnections, in: 1...1000) ?? 10
    pool.acquireTimeout = try settings.seconds(.databaseWaitSeconds, in: 1...600)
    return pool
  }

  private init(_ runtime: Runtime, _ address: ConnectionString, _ cluster: PrivateCluster?) throws {
    let settings = runtime.settings
    var direct = PostgresSettings(address: address)
    direct.timeouts.statement = try settings.seconds(.statementSeconds, in: 1...86_400)
    switch try settings.choice(.databasePooler, Pooler.self) {
    case .auto: direct.pooler = .automatic
    case .yes: direct.pooler = .transactionPooler
    case .no: direct.pooler = .direct
    }
    self.cluster = cluster
    let client = PostgresClient(
      direct, pool: try DatabaseAccess.pool(settings), on: runtime.group,
      observer: .telemetry(runtime.metrics, logger: runtime.logger.named("database")))
    client.registerMetrics(in: runtime.metrics)
    self.client = client
    description = "\(address)"
    listenSettings = try DatabaseAccess.address(settings, .databaseListenURL).map(PostgresSettings.init) ?? direct
  }

  /// Ends the connections and, where this process is the last to use it, the private server.
  func close(_ runtime: Runtime) async {
    await client.close(timeout: .seconds(5))
    guard let cluster else { return }
    do {
      try await runtime.pool.run { _ = cluster.stop() }
    } catch {
      runtime.logger.error("the private server could not be stopped", ["error": .string("\(error)")])
    }
  }
}
