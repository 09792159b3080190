import Postgres
import TestSupport
import Testing

/// Several statements that travel together and are one transaction.
@Suite("Atomic flights")
struct AtomicFlightTests {
  @Test("all statements take place, each with its rows", arguments: Route.available)
  func allTakePlace(_ route: Route) async throws {
    try await withTestClient(route) { client in
      try await client.execute("create table t (n int)")
      let rows = try await client.atomically([
        "insert into t values (1), (2) returning n", "select txid_current()",
        "update t set n = n + \(10) where n = 2 returning n",
        "select txid_current()", "select count(*) from t",
      ])
      #expect(try rows[0].decode(Int32.self) == [1, 2])
      #expect(try rows[2].decode(Int32.self) == [12])
      #expect(try rows[1].decodeOnly(Int64.self) == rows[3].decodeOnly(Int64.self), "one transaction")
      #expect(try rows[4].decodeOnly(Int64.self) == 2)
    }
  }

  @Test(
    "when one fails none takes place, the error is the one that failed, and the connection goes on",
    arguments: Route.available)
  func noneTakesPlace(_ route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.execute("create table t (n int unique)")
      for bad in 0..<3 {
        var statements: [SQL] = ["insert into t values (1)", "insert into t values (2)", "insert into t values (3)"]
        statements[bad] = "insert into t values (1 / \(Int32(0)))"
        let error = await #expect(throws: PostgresError.self) { try await client.atomically(statements) }
        #expect("\(try #require(error))".contains("division by zero"))
        let left = try await client.query("select count(*) from t").decodeOnly(Int64.self)
        #expect(left == 0)
      }
    }
  }

  @Test("a constraint that is checked at the end refuses the whole, though every statement went well")
  func deferredConstraint() async throws {
    try await withTestClient { client in
      try await client.execute("create table t (n int unique deferrable initially deferred)")
      let error = await #expect(throws: PostgresError.self) {
        try await client.atomically(["insert into t values (1)", "insert into t values (1)"])
      }
      #expect("\(try #require(error))".contains("duplicate key"))
      let left = try await client.query("select count(*) from t").decodeOnly(Int64.self)
      #expect(left == 0)
    }
  }

  @Test("settings made for the transaction end with it")
  func settingsEnd() async throws {
    try await withTestClient(connections: 1) { client in
      let rows = try await client.atomically(["set local work_mem = '123kB'", "show work_mem"])
      #expect(try rows[1].decodeOnly(String.self) == "123kB")
      let after = try await client.query("show work_mem").decodeOnly(String.self)
      #expect(after != "123kB")
    }
  }
}
