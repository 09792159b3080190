import EventLoop
import TestSupport
import Testing

@testable import Postgres

@Suite("Cancellation")
struct CancellationTests {
  /// How many statements with this text run at the moment.
  private func running(_ marker: String, _ client: PostgresClient) async throws -> Int {
    try await client.query(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE \("%\(marker)%") AND pid <> pg_backend_pid()"
    ).decodeOnly(Int.self)
  }

  @Test("a cancelled task stops its statement on the server, and the connection goes on", arguments: Route.available)
  func stopsOnServer(route: Route) async throws {
    try await withTestDatabase(route) { database in
      let observer = database.client()
      let connection = try await database.connect()
      let task = Task { try await connection.query("SELECT pg_sleep(60) /* sleeper */") }
      #expect(try await eventually { try await running("/* sleeper */", observer) == 1 })
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await running("/* sleeper */", observer) == 0)
      #expect(try await connection.query("SELECT 1").decodeOnly(Int32.self) == 1)
      await connection.close()
      await observer.close()
    }
  }

  @Test("those who share the connection with a cancelled task still get their answers", arguments: Route.available)
  func sparesOthers(route: Route) async throws {
    try await withTestDatabase(route) { database in
      let connection = try await database.connect()
      for round in 0..<20 {
        let doomed = Task { try await connection.query("SELECT pg_sleep(60), \(round)") }
        let others = (0..<20).map { number in
          Task { try await connection.query("SELECT pg_sleep(0.001), \(number) AS number") }
        }
        await Task.yield()
        doomed.cancel()
        await #expect(throws: CancellationError.self) { try await doomed.value }
        for (number, other) in others.enumerated() {
          #expect(try await other.value[0]["number", as: Int.self] == number)
        }
      }
      await connection.close()
    }
  }

  @Test("a task cancelled at any moment never harms the next statement", arguments: Route.available)
  func anyMoment(route: Route) async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(seed: seed)
    try await withTestDatabase(route) { database in
      let connection = try await database.connect()
      for _ in 0..<60 {
        let task = Task { try await connection.query("SELECT pg_sleep(0.002)") }
        try await database.loop.sleep(for: .microseconds(Int64.random(in: 0...4000, using: &random)))
        task.cancel()
        _ = await task.result
        #expect(try await connection.query("SELECT 7").decodeOnly(Int32.self) == 7, "seed \(seed)")
      }
      await connection.close()
    }
  }

  @Test("a task that is cancelled before it is sent never reaches the server")
  func neverSent() async throws {
    try await withTestClient { client in
      try await client.execute("CREATE TABLE mark (id int)")
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await client.execute("INSERT INTO mark VALUES (1)")
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await client.query("SELECT * FROM mark").isEmpty)
    }
  }

  @Test("a cancelled transaction is rolled back and its connection is given back", arguments: Route.available)
  func transactions(route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.execute("CREATE TABLE mark (id int)")
      let (started, start) = AsyncStream<Void>.makeStream()
      let task = Task {
        try await client.transaction { transaction in
          try await transaction.execute("INSERT INTO mark VALUES (1)")
          start.yield()
          _ = try await transaction.query("SELECT pg_sleep(60)")
        }
      }
      for await _ in started { break }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await client.query("SELECT * FROM mark").isEmpty)
    }
  }

  @Test("a caller that is cancelled while it waits for a connection leaves the queue")
  func waiting() async throws {
    try await withTestClient(connections: 1) { client in
      try await client.withConnection { _ in
        let task = Task { try await client.query("SELECT 1") }
        #expect(await eventually { client.stats.waiting == 1 })
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(client.stats.waiting == 0)
      }
    }
  }
}
