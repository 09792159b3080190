import EventLoop
import TestSupport
import Testing

@testable import Postgres

@Suite("Outages")
struct OutageTests {
  @Test(
    "a killed backend fails the statement under way, and the next one finds another connection",
    arguments: Route.available)
  func killedBackend(route: Route) async throws {
    try await withTestDatabase(route) { database in
      let client = database.client(connections: 1)
      let killer = database.client(connections: 1)
      let task = Task { try await client.query("SELECT pg_sleep(60) /* victim */") }
      let isKilled = try await eventually {
        try await killer.query(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE '%/* victim */%' AND wait_event = 'PgSleep'
          """
        ).count == 1
      }
      #expect(isKilled)
      do {
        _ = try await task.value
        Issue.record("the statement outlived its backend")
      } catch PostgresError.connectionLost(let reason) {
        #expect(!reason.isEmpty)
      }
      #expect(try await client.query("SELECT 1").decodeOnly(Int32.self) == 1)
      await client.close()
      await killer.close()
    }
  }

  @Test("an idle connection that dies is noticed without being used")
  func killedIdle() async throws {
    try await withTestDatabase { database in
      let client = database.client(connections: 2)
      let pid = try await client.query("SELECT pg_backend_pid()").decodeOnly(Int32.self)
      let killer = try await database.connect()
      _ = try await killer.query("SELECT pg_terminate_backend(\(pid))")
      let isReplaced = await eventually { client.stats.opened == 2 }
      #expect(isReplaced)
      for _ in 0..<10 { _ = try await client.query("SELECT 1") }
      await killer.close()
      await client.close()
    }
  }

  @Test("a server that stops and starts again: clear errors at once meanwhile, recovery by itself after")
  func restart() async throws {
    let cluster = try OwnCluster()
    defer { cluster.remove() }
    var settings = PostgresSettings(address: cluster.address)
    settings.connectTimeout = .seconds(30)
    var pool = PoolSettings()
    pool.connectionsMax = 4
    pool.acquireTimeout = .seconds(30)
    let client = PostgresClient(settings, pool: pool, on: TestCluster.loops)
    let tasks = (0..<4).map { _ in Task { try await client.query("SELECT pg_sleep(60)") } }
    #expect(await eventually { client.stats.busy == 4 })
    try cluster.crash()
    for task in tasks {
      do {
        _ = try await task.value
        Issue.record("a statement outlived the server")
      } catch PostgresError.connectionLost {}
    }
    // Far below the thirty seconds that a caller would wait for a connection.
    #expect(await eventually { client.stats.unavailableReason != nil })
    let before = ContinuousClock.now
    do {
      _ = try await client.query("SELECT 1")
      Issue.record("a statement ran without a server")
    } catch PostgresError.unavailable(let reason) {
      #expect(!reason.isEmpty)
    }
    #expect(before.duration(to: .now) < .seconds(5))
    try cluster.start()
    #expect(await eventually { (try? await client.query("SELECT 1").decodeOnly(Int32.self)) == 1 })
    await client.close()
  }

  @Test("a server without room for more serves those it has; the others wait and get their turn")
  func tooManyConnections() async throws {
    let cluster = try OwnCluster(parameters: [("max_connections", "6"), ("superuser_reserved_connections", "0")])
    defer { cluster.remove() }
    var pool = PoolSettings()
    pool.connectionsMax = 12
    pool.acquireTimeout = .seconds(20)
    let client = PostgresClient(PostgresSettings(address: cluster.address), pool: pool, on: TestCluster.loops)
    try await withThrowingTaskGroup(of: Int.self) { tasks in
      _ = try await client.query("SELECT 1")
      for _ in 0..<40 { tasks.addTask { try await client.query("SELECT pg_sleep(0.02)").count } }
      for try await count in tasks { #expect(count == 1) }
    }
    // On a busy machine the few connections there are may have served everybody before the server has refused one.
    #expect(await eventually { client.stats.failures > 0 })
    #expect(client.stats.idle <= 6)
    await client.close()
  }

  @Test("without a server the first call fails at once and says why")
  func noServer() async throws {
    let directory = TestCluster.makeDirectory("empty")
    let settings = try PostgresSettings("host=\(directory) dbname=wayfare user=wayfare")
    let client = PostgresClient(settings, on: TestCluster.loops)
    do {
      _ = try await client.query("SELECT 1")
      Issue.record("there is no server")
    } catch PostgresError.unavailable(let reason) {
      #expect(reason.contains(directory))
    }
    await client.close()
  }

  @Test("a server that takes the connection and stays silent runs into the connect timeout")
  func silentServer() async throws {
    let silent = try SilentServer()
    defer { silent.close() }
    var settings = try PostgresSettings("host=\(silent.directory) dbname=x user=x")
    settings.connectTimeout = .milliseconds(100)
    await expectTimeout(.connect) {
      _ = try await PostgresConnection.connect(settings, on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
    }
  }
}
