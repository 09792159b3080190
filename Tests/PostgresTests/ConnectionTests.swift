import EventLoop
import TestSupport
import Testing

@testable import Postgres

@Suite("Connection")
struct ConnectionTests {
  private func withConnection(_ route: Route, _ body: (PostgresConnection) async throws -> Void) async throws {
    try await withTestDatabase(route) { database in
      let connection = try await database.connect()
      let result = await Result.of { try await body(connection) }
      await connection.close()
      try result.get()
    }
  }

  @Test("a pooler is noticed by itself", arguments: Route.available)
  func noticesPooler(route: Route) async throws {
    try await withConnection(route) { connection in #expect(await connection.isPooled == (route == .pooler)) }
  }

  @Test("a thousand statements go out at once on one connection and come back in order", arguments: Route.available)
  func pipelines(route: Route) async throws {
    try await withConnection(route) { connection in
      let results = try await connection.pipeline((0..<1000).map { "SELECT \($0)" })
      #expect(try results.map { try $0.get().decodeOnly(Int.self) } == Array(0..<1000))
    }
  }

  @Test("tasks share one connection, and each gets its own answer", arguments: Route.available)
  func shares(route: Route) async throws {
    try await withConnection(route) { connection in
      try await withThrowingTaskGroup(of: Bool.self) { tasks in
        for number in 0..<1000 {
          tasks.addTask { try await connection.query("SELECT \(number)").decodeOnly(Int.self) == number }
        }
        for try await isRight in tasks { #expect(isRight) }
      }
      async let first = connection.query("SELECT 1")
      async let second = connection.query("SELECT 2")
      #expect(try await first.decodeOnly(Int32.self) + second.decodeOnly(Int32.self) == 3)
    }
  }

  @Test("a statement that fails does not take those behind it along", arguments: Route.available)
  func isolatesFailures(route: Route) async throws {
    try await withConnection(route) { connection in
      let results = try await connection.pipeline(["SELECT 1", "SELECT 1 / 0", "SELECT nothing", "SELECT 4"])
      #expect(try results[0].get().decodeOnly(Int32.self) == 1)
      #expect(sqlState(results[1]) == "22012")
      #expect(sqlState(results[2]) == "42703")
      #expect(try results[3].get().decodeOnly(Int32.self) == 4)
    }
  }

  private func sqlState(_ result: Result<Rows, any Error>) -> String? {
    guard case .failure(PostgresError.server(let error)) = result else { return nil }
    return error.sqlState
  }

  @Test("an error carries what the server said: constraint, table, detail, position", arguments: Route.available)
  func errorFacts(route: Route) async throws {
    try await withConnection(route) { connection in
      _ = try await connection.query("CREATE TABLE stop (id int CONSTRAINT stop_key PRIMARY KEY, name text NOT NULL)")
      _ = try await connection.query("INSERT INTO stop VALUES (1, 'Zoo')")
      let unique = await serverError { _ = try await connection.query("INSERT INTO stop VALUES (1, 'Zoo')") }
      #expect(unique?.sqlState == "23505" && unique?.constraint == "stop_key" && unique?.table == "stop")
      #expect(unique?.detail == "Key (id)=(1) already exists.")
      let null = await serverError { _ = try await connection.query("INSERT INTO stop VALUES (2, NULL)") }
      #expect(null?.sqlState == "23502" && null?.column == "name")
      let syntax = await serverError { _ = try await connection.query("SELECT 1 FRM stop") }
      #expect(syntax?.sqlState == "42601" && syntax?.position == 14)
    }
  }

  @Test("what tries to be SQL stays a value", arguments: Route.available)
  func injection(route: Route) async throws {
    try await withConnection(route) { connection in
      _ = try await connection.query("CREATE TABLE account (name text)")
      for attempt in [
        "'; DROP TABLE account; --", "$1", "\\'; SELECT 1", "' OR '1'='1", "\u{2019}; DELETE FROM account",
      ] {
        _ = try await connection.query("INSERT INTO account VALUES (\(attempt))")
        let rows = try await connection.query("SELECT count(*) FROM account WHERE name = \(attempt)")
        #expect(try rows.decodeOnly(Int.self) == 1)
      }
      // A NUL has no place in text: the server refuses it as a value too.
      let null = await serverError { _ = try await connection.query("SELECT \("a\0b")") }
      #expect(null?.sqlState == "22021")
    }
  }

  @Test("a hundred thousand rows and a megabyte of text arrive whole", arguments: Route.available)
  func largeResults(route: Route) async throws {
    try await withConnection(route) { connection in
      let rows = try await connection.query("SELECT g, repeat('x', 20) FROM generate_series(1, 100000) g")
      #expect(rows.count == 100_000)
      #expect(try rows[99_999].decode(Int.self, String.self).0 == 100_000)
      let text = String(repeating: "é", count: 1_000_000)
      #expect(try await connection.query("SELECT \(text)").decodeOnly(String.self) == text)
    }
  }

  @Test(
    "a statement that runs too long is stopped, by the connection's limit or by its own", arguments: Route.available)
  func statementTimeout(route: Route) async throws {
    try await withTestDatabase(route) { database in
      var settings = database.settings
      settings.timeouts.statement = .milliseconds(100)
      let connection = try await PostgresConnection.connect(settings, on: database.loop, workPool: TestCluster.workPool)
      await expectTimeout(.statement) { _ = try await connection.query("SELECT pg_sleep(10)") }
      let patient = Timeouts(statement: .seconds(10))
      _ = try await connection.query("SELECT pg_sleep(0.2)", timeouts: patient)
      await expectTimeout(.statement) { _ = try await connection.query("SELECT pg_sleep(0.2)") }
      let hasty = Timeouts(statement: .milliseconds(20))
      await expectTimeout(.statement) { _ = try await connection.query("SELECT pg_sleep(0.08)", timeouts: hasty) }
      #expect(try await connection.query("SELECT 1").decodeOnly(Int32.self) == 1)
      await connection.close()
    }
  }

  @Test("the three limits of time are in force on every route", arguments: Route.available)
  func limitsInForce(route: Route) async throws {
    try await withConnection(route) { connection in
      let rows = try await connection.query(
        """
        SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),
          current_setting('idle_in_transaction_session_timeout')
        """)
      #expect(try rows.decodeOnly(String.self, String.self, String.self) == ("30s", "10s", "1min"))
    }
  }

  @Test("a statement that waits too long for a lock is told so", arguments: Route.available)
  func lockTimeout(route: Route) async throws {
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE place (id int)")
      try await client.transaction { transaction in
        try await transaction.execute("LOCK TABLE place")
        await expectTimeout(.lock) {
          _ = try await client.query("SELECT * FROM place", timeouts: Timeouts(lock: .milliseconds(50)))
        }
      }
    }
  }

  @Test("prepared statements survive a change of the table they read")
  func stalePlans() async throws {
    try await withConnection(.direct) { connection in
      _ = try await connection.query("CREATE TABLE line (a int)")
      let statement: SQL = "SELECT * FROM line"
      #expect(try await connection.query(statement).columns.count == 1)
      _ = try await connection.query("ALTER TABLE line ADD COLUMN b text")
      #expect(try await connection.query(statement).columns.count == 2)
      _ = try await connection.query("DEALLOCATE ALL")
      #expect(try await connection.query(statement).columns.count == 2)
    }
  }

  @Test("no more prepared statements are kept than the limit allows")
  func boundedStatements() async throws {
    try await withTestDatabase { database in
      var settings = database.settings
      settings.statementCacheLimit = 5
      let connection = try await PostgresConnection.connect(settings, on: database.loop, workPool: TestCluster.workPool)
      for number in 0..<50 { _ = try await connection.query("SELECT \(unsafe: "\(number)")") }
      let kept = try await connection.query("SELECT count(*) FROM pg_prepared_statements").decodeOnly(Int.self)
      #expect(kept <= 6)
      await connection.close()
    }
  }

  @Test("a COPY that is sent as a query is refused with the way out")
  func copyAsQuery() async throws {
    try await withConnection(.direct) { connection in
      await #expect(throws: PostgresError.self) { _ = try await connection.query("COPY (SELECT 1) TO STDOUT") }
    }
  }

  @Test("more values than the protocol can number are refused before they are sent")
  func tooManyValues() async throws {
    try await withConnection(.direct) { connection in
      let values = (0..<65_536).map { number -> SQL in "\(Int16(truncatingIfNeeded: number))" }
      let statement: SQL = "SELECT \(values.joined(separator: ", "))"
      do {
        _ = try await connection.query(statement)
        Issue.record("65536 values were taken")
      } catch PostgresError.misuse(let reason) {
        #expect(reason.contains("65535"))
      }
      #expect(try await connection.query("SELECT 1").count == 1)
    }
  }

  @Test("a host name is resolved off the loop, and one that does not exist says so")
  func resolvesNames() async throws {
    let settings = try PostgresSettings("host=no-such-host.invalid dbname=x password=hunter2")
    do {
      _ = try await PostgresConnection.connect(settings, on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
      Issue.record("connected to a host that does not exist")
    } catch PostgresError.unavailable(let reason) {
      #expect(reason.contains("no-such-host.invalid"))
      #expect(!reason.contains("hunter2"))
    }
  }

  @Test("a password is in no description")
  func hidesPassword() throws {
    let settings = try PostgresSettings("postgresql://ann:hunter2@db.example/wayfare")
    for text in [
      "\(settings)", "\(settings.address)", String(reflecting: settings), String(reflecting: settings.address),
    ] {
      #expect(!text.contains("hunter2"), "\(text)")
    }
    var dumped = ""
    dump(settings, to: &dumped)
    #expect(!dumped.contains("hunter2"))
    let error = #expect(throws: PostgresError.self) { try PostgresSettings("host=db password='hunter2") }
    #expect(!"\(try #require(error))".contains("hunter2"))
  }
}

/// The server's refusal of what `body` does, or nil.
func serverError(_ body: () async throws -> Void) async -> ServerError? {
  do {
    try await body()
    return nil
  } catch PostgresError.server(let error) {
    return error
  } catch {
    Issue.record("expected a refusal by the server, not: \(error)")
    return nil
  }
}

func expectTimeout(
  _ kind: TimeoutKind, _ location: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
  do {
    try await body()
    Issue.record("there was no timeout", sourceLocation: location)
  } catch PostgresError.timeout(let found) {
    #expect(found == kind, sourceLocation: location)
  } catch {
    Issue.record("expected a timeout, not: \(error)", sourceLocation: location)
  }
}
