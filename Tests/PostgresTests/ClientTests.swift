import EventLoop
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Postgres

@Suite("Client")
struct ClientTests {
  @Test("a thousand tasks share four connections", arguments: Route.available)
  func manyTasks(route: Route) async throws {
    try await withTestClient(route, connections: 4) { client in
      try await withThrowingTaskGroup(of: Bool.self) { tasks in
        for number in 0..<1000 {
          tasks.addTask { try await client.query("SELECT \(number)").decodeOnly(Int.self) == number }
        }
        for try await isRight in tasks { #expect(isRight) }
      }
      let stats = client.stats
      #expect(stats.opened <= 4 && stats.busy == 0 && stats.waiting == 0)
    }
  }

  @Test("a transaction commits what its body did, and takes it back when the body throws", arguments: Route.available)
  func commitsAndRollsBack(route: Route) async throws {
    struct Regret: Error {}
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE note (text text)")
      let written = try await client.transaction { try await $0.execute("INSERT INTO note VALUES ('kept')") }
      #expect(written == 1)
      await #expect(throws: Regret.self) {
        try await client.transaction { transaction in
          try await transaction.execute("INSERT INTO note VALUES ('lost')")
          throw Regret()
        }
      }
      #expect(try await client.query("SELECT text FROM note").decode(String.self) == ["kept"])
      #expect(client.stats.busy == 0)
    }
  }

  @Test(
    "BEGIN travels with the first statement, and a body without statements sends nothing", arguments: Route.available)
  func lazyBegin(route: Route) async throws {
    try await withTestClient(route) { client in
      try await client.transaction { _ in }
      #expect(client.stats.opened == 1)
      try await client.transaction(isolation: .serializable, readOnly: true) { transaction in
        let rows = try await transaction.query(
          "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
        #expect(try rows.decodeOnly(String.self, String.self) == ("serializable", "on"))
      }
    }
  }

  @Test("statements of one transaction may be pipelined", arguments: Route.available)
  func pipelinesInTransaction(route: Route) async throws {
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE note (id int)")
      try await client.transaction { transaction in
        _ = try await transaction.pipeline((0..<100).map { "INSERT INTO note VALUES (\(Int32($0)))" })
      }
      #expect(try await client.query("SELECT count(*) FROM note").decodeOnly(Int.self) == 100)
      await #expect(throws: PostgresError.self) {
        try await client.transaction { transaction in
          _ = try await transaction.pipeline([
            "INSERT INTO note VALUES (1)", "SELECT 1/0", "INSERT INTO note VALUES (2)",
          ])
        }
      }
      #expect(try await client.query("SELECT count(*) FROM note").decodeOnly(Int.self) == 100)
    }
  }

  @Test("a transaction whose failed statement was swallowed does not pass for committed", arguments: Route.available)
  func swallowedFailure(route: Route) async throws {
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE note (id int)")
      let error = await serverError {
        try await client.transaction { transaction in
          try await transaction.execute("INSERT INTO note VALUES (1)")
          _ = try? await transaction.query("SELECT 1 / 0")
        }
      }
      #expect(error?.sqlState == "22012")
      #expect(try await client.query("SELECT * FROM note").isEmpty)
    }
  }

  @Test("a savepoint takes back its own work alone", arguments: Route.available)
  func savepoints(route: Route) async throws {
    struct Regret: Error {}
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE note (id int PRIMARY KEY)")
      try await client.transaction { transaction in
        try await transaction.execute("INSERT INTO note VALUES (1)")
        let duplicate = await serverError {
          _ = try await transaction.savepoint { try await $0.execute("INSERT INTO note VALUES (1)") }
        }
        #expect(duplicate?.sqlState == "23505")
        await #expect(throws: Regret.self) {
          try await transaction.savepoint { outer in
            try await outer.execute("INSERT INTO note VALUES (2)")
            try await outer.savepoint { try await $0.execute("INSERT INTO note VALUES (3)") }
            throw Regret()
          }
        }
        try await transaction.savepoint { try await $0.execute("INSERT INTO note VALUES (4)") }
      }
      #expect(try await client.query("SELECT id FROM note ORDER BY id").decode(Int32.self) == [1, 4])
    }
  }

  @Test("concurrent increments under serializable isolation are all counted, after retries", arguments: Route.available)
  func serializationRetries(route: Route) async throws {
    let retries = Tally()
    try await withTestDatabase(route) { database in
      let observer = PostgresObserver(isRetrying: { _, error in
        #expect(error.sqlState == "40001")
        retries.add()
      })
      let client = database.client(connections: 8, observer: observer)
      try await client.execute("CREATE TABLE counter (value int)")
      try await client.execute("INSERT INTO counter VALUES (0)")
      // Two of them have both read before either writes: one cannot but be told to try again.
      let meeting = Meeting()
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for _ in 0..<24 {
          tasks.addTask {
            try await client.transaction(isolation: .serializable, retries: 100) { transaction in
              let value = try await transaction.query("SELECT value FROM counter").decodeOnly(Int32.self)
              await meeting.arrive()
              try await transaction.execute("UPDATE counter SET value = \(value + 1)")
            }
          }
        }
        try await tasks.waitForAll()
      }
      #expect(try await client.query("SELECT value FROM counter").decodeOnly(Int32.self) == 24)
      // However the others met: this one is overtaken between its reading and its writing, once for certain.
      let before = retries.count
      let attempts = Tally()
      try await client.transaction(isolation: .serializable) { transaction in
        let value = try await transaction.query("SELECT value FROM counter").decodeOnly(Int32.self)
        attempts.add()
        if attempts.count == 1 { try await client.execute("UPDATE counter SET value = value + 1") }
        try await transaction.execute("UPDATE counter SET value = \(value + 1)")
      }
      #expect(attempts.count == 2)
      #expect(retries.count == before + 1)
      #expect(try await client.query("SELECT value FROM counter").decodeOnly(Int32.self) == 26)
      await client.close()
    }
  }

  @Test("two transactions that lock each other out both succeed in the end", arguments: Route.available)
  func deadlockRetries(route: Route) async throws {
    let attempts = Tally()
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE seat (id int PRIMARY KEY, taken int DEFAULT 0)")
      try await client.execute("INSERT INTO seat VALUES (1), (2)")
      let meeting = Meeting()
      @Sendable func take(_ first: Int32, _ second: Int32) async throws {
        try await client.transaction { transaction in
          attempts.add()
          try await transaction.execute("SET LOCAL deadlock_timeout = '20ms'")
          try await transaction.execute("UPDATE seat SET taken = taken + 1 WHERE id = \(first)")
          await meeting.arrive()
          try await transaction.execute("UPDATE seat SET taken = taken + 1 WHERE id = \(second)")
        }
      }
      async let one: Void = take(1, 2)
      async let two: Void = take(2, 1)
      _ = try await (one, two)
      #expect(attempts.count > 2)
      #expect(try await client.query("SELECT sum(taken) FROM seat").columns.count == 1)
      #expect(try await client.query("SELECT taken FROM seat").decode(Int32.self) == [2, 2])
    }
  }

  @Test("what the server does not want retried is not retried")
  func doesNotRetryOthers() async throws {
    let attempts = Tally()
    try await withTestClient { client in
      await #expect(throws: PostgresError.self) {
        try await client.transaction { transaction in
          attempts.add()
          _ = try await transaction.query("SELECT 1 / 0")
        }
      }
      #expect(attempts.count == 1)
    }
  }

  @Test("a connection lost during COMMIT leaves the outcome unknown, and nothing is tried again")
  func outcomeUnknown() async throws {
    let attempts = Tally()
    try await withTestClient { client in
      try await client.execute("CREATE TABLE note (id int)")
      try await client.execute(
        "CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $f$"
      )
      try await client.execute(
        """
        CREATE CONSTRAINT TRIGGER nap AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION nap()
        """)
      let task = Task {
        try await client.transaction { transaction in
          attempts.add()
          try await transaction.execute("INSERT INTO note VALUES (1)")
        }
      }
      let isKilled = try await eventually {
        try await client.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'COMMIT' AND wait_event = 'PgSleep'"
        ).count == 1
      }
      #expect(isKilled)
      do {
        try await task.value
        Issue.record("the commit passed for a success")
      } catch PostgresError.outcomeUnknown {
        #expect(attempts.count == 1)
      }
      #expect(try await client.query("SELECT 1").count == 1)
    }
  }

  @Test("a transaction that outlives its body is closed")
  func escaped() async throws {
    try await withTestClient { client in
      var escaped: Transaction?
      try await client.transaction { transaction in
        _ = try await transaction.query("SELECT 1")
        escaped = transaction
      }
      let transaction = try #require(escaped)
      await #expect(throws: PostgresError.self) { _ = try await transaction.query("SELECT 1") }
    }
  }

  @Test("a transaction left open on a lent connection is rolled back when it comes back")
  func cleansLeases() async throws {
    try await withTestClient(connections: 1) { client in
      try await client.execute("CREATE TABLE note (id int)")
      try await client.withConnection { connection in
        _ = try await connection.query("BEGIN")
        _ = try await connection.query("INSERT INTO note VALUES (1)")
      }
      #expect(try await client.query("SELECT * FROM note").isEmpty)
    }
  }

  @Test("whoever waits too long for a connection is told how long and how many there are")
  func exhausted() async throws {
    try await withTestDatabase { database in
      let client = database.client(connections: 2) { $0.acquireTimeout = .milliseconds(500) }
      try await client.withConnection { _ in
        try await client.withConnection { _ in
          do {
            _ = try await client.query("SELECT 1")
            Issue.record("there was a third connection")
          } catch PostgresError.poolExhausted(let waited, let limit) {
            #expect(waited == .milliseconds(500) && limit == 2)
          }
        }
      }
      #expect(try await client.query("SELECT 1").count == 1)
      await client.close()
    }
  }

  @Test("a queue that is full turns callers away at once")
  func fullQueue() async throws {
    try await withTestDatabase { database in
      let client = database.client(connections: 1) { $0.waitersMax = 1 }
      try await client.withConnection { _ in
        let waiting = Task { try await client.query("SELECT 1") }
        #expect(await eventually { client.stats.waiting == 1 })
        do {
          _ = try await client.query("SELECT 2")
          Issue.record("the queue took more than its limit")
        } catch PostgresError.queueFull(let limit) {
          #expect(limit == 1)
        }
        waiting.cancel()
      }
      await client.close()
    }
  }

  @Test("closing lets what is under way finish, and refuses what comes later")
  func closes() async throws {
    try await withTestDatabase { database in
      let client = database.client()
      let task = Task { try await client.query("SELECT pg_sleep(0.2)").count }
      #expect(await eventually { client.stats.busy == 1 })
      await client.close()
      let count = try await task.value
      #expect(count == 1)
      await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT 1") }
      let hasty = database.client()
      let endless = Task { try await hasty.query("SELECT pg_sleep(60)") }
      #expect(await eventually { hasty.stats.busy == 1 })
      await hasty.close(timeout: .milliseconds(20))
      await #expect(throws: PostgresError.self) { _ = try await endless.value }
    }
  }

  @Test("an observer hears of statements above the threshold, by their text alone")
  func slowStatements() async throws {
    let heard = Mutex<[String]>([])
    let observer = PostgresObserver(wasSlow: { text, _ in heard.withLock { $0.append(text) } })
    try await withTestDatabase { database in
      for threshold in [Duration.zero, .seconds(3600)] {
        let client = PostgresClient(
          database.settings, on: TestCluster.loops, observer: observer, slowThreshold: threshold)
        _ = try await client.query("SELECT \(threshold == .zero), \("secret")")
        await client.close()
      }
    }
    #expect(heard.withLock { $0 } == ["SELECT $1, $2"])
  }
}

@Suite("Client telemetry")
struct ClientTelemetryTests {
  @Test("durations, failures and the pool show in the metrics")
  func metrics() async throws {
    try await withTestDatabase { database in
      let registry = MetricRegistry()
      let logger = Logger("test", sink: LogSink(descriptor: -1, format: .json))
      let client = database.client(observer: .telemetry(registry, logger: logger))
      client.registerMetrics(in: registry)
      _ = try await client.query("SELECT 1")
      _ = try? await client.query("SELECT 1 / 0")
      try await client.transaction { try await $0.execute("SELECT 1") }
      let text = String(decoding: registry.exposition(), as: UTF8.self)
      #expect(text.contains("postgres_duration_seconds_count{operation=\"query\"} 2\n"))
      #expect(text.contains("postgres_duration_seconds_count{operation=\"transaction\"} 1\n"))
      #expect(text.contains("postgres_failures_total{operation=\"query\"} 1\n"))
      #expect(text.contains("postgres_connections{state=\"idle\"} 1\n"))
      #expect(text.contains("postgres_available 1\n"))
      await client.close()
    }
  }
}

/// Counts, from any task.
private final class Tally: Sendable {
  private let value = Atomic<Int>(0)
  var count: Int { value.load(ordering: .relaxed) }
  func add() { value.add(1, ordering: .relaxed) }
}

/// Lets two callers go on only together; later ones pass.
private actor Meeting {
  private var first: CheckedContinuation<Void, Never>?
  private var isOver = false

  func arrive() async {
    if isOver { return }
    if let first {
      isOver = true
      first.resume()
      return
    }
    await withCheckedContinuation { first = $0 }
  }
}
