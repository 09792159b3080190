import Postgres
import TestSupport
import Testing

/// Statements of a transaction that travel together: with BEGIN, and with COMMIT.
@Suite("What travels with BEGIN and COMMIT")
struct ClosingStatementsTests {
  @Test("what a transaction finishes with takes place after all else", arguments: Route.available)
  func takesPlace(_ route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.execute("create table note (id int)")
      let count = try await client.transaction { transaction in
        await transaction.finish(with: ["insert into note values (3)", "delete from note where id = 1"])
        let rows = try await transaction.pipeline([
          "insert into note values (1), (2)", "select count(*) from note",
        ])
        await transaction.finish(with: ["insert into note values (4)"])
        return try rows[1].decodeOnly(Int64.self)
      }
      #expect(count == 2)
      #expect(try await client.query("select id from note order by id").decode(Int32.self) == [2, 3, 4])
    }
  }

  @Test("a transaction that only finishes with something is one too", arguments: Route.available)
  func nothingBefore(_ route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.execute("create table note (id int primary key)")
      try await client.transaction { await $0.finish(with: ["insert into note values (1)"]) }
      let error = await #expect(throws: PostgresError.self) {
        try await client.transaction {
          await $0.finish(with: ["insert into note values (2)", "insert into note values (1)"])
        }
      }
      #expect("\(try #require(error))".contains("duplicate key"))
      #expect(try await client.query("select id from note").decode(Int32.self) == [1])
    }
  }

  @Test(
    "one that fails takes all of it back, its error is thrown, and the connection goes on", arguments: Route.available)
  func fails(_ route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.execute("create table note (id int unique)")
      for bad in 0..<3 {
        var statements: [SQL] = ["insert into note values (11)", "insert into note values (12)", "select 1"]
        statements[bad] = "insert into note values (1 / \(Int32(0)))"
        let closing = statements
        let error = await #expect(throws: PostgresError.self) {
          try await client.transaction { transaction in
            try await transaction.execute("insert into note values (10)")
            await transaction.finish(with: closing)
          }
        }
        #expect("\(try #require(error))".contains("division by zero"))
        #expect(try await client.query("select count(*) from note").decodeOnly(Int64.self) == 0)
        let together = await #expect(throws: PostgresError.self) {
          try await client.transaction { _ = try await $0.pipeline(closing) }
        }
        #expect("\(try #require(together))".contains("division by zero"))
        #expect(try await client.query("select count(*) from note").decodeOnly(Int64.self) == 0)
      }
    }
  }

  @Test("a body that throws takes back what it would have finished with")
  func bodyThrows() async throws {
    struct Regret: Error {}
    try await withTestClient(connections: 1) { client in
      try await client.execute("create table note (id int)")
      await #expect(throws: Regret.self) {
        try await client.transaction { transaction in
          try await transaction.execute("insert into note values (1)")
          await transaction.finish(with: ["insert into note values (2)"])
          throw Regret()
        }
      }
      #expect(try await client.query("select count(*) from note").decodeOnly(Int64.self) == 0)
    }
  }

  @Test("where the body went on after a refusal, the refusal is what is told")
  func swallowed() async throws {
    try await withTestClient(connections: 1) { client in
      try await client.execute("create table note (id int)")
      let error = await #expect(throws: PostgresError.self) {
        try await client.transaction { transaction in
          // That this fails is what the test is about.
          _ = try? await transaction.execute("insert into note values (1 / \(Int32(0)))")
          await transaction.finish(with: ["insert into note values (2)"])
        }
      }
      #expect("\(try #require(error))".contains("division by zero"))
      #expect(try await client.query("select count(*) from note").decodeOnly(Int64.self) == 0)
    }
  }

  @Test("a conflict in what travels with COMMIT has the whole body tried again", arguments: Route.available)
  func conflicts(_ route: Route) async throws {
    try await withTestClient(route, connections: 2) { client in
      try await client.execute("create table counter (value int)")
      try await client.execute("insert into counter values (0)")
      var attempts = 0
      try await client.transaction(isolation: .serializable) { transaction in
        let value = try await transaction.query("select value from counter").decodeOnly(Int32.self)
        attempts += 1
        if attempts == 1 { try await client.execute("update counter set value = value + 1") }
        await transaction.finish(with: ["update counter set value = \(value + 1)"])
      }
      #expect(attempts == 2)
      #expect(try await client.query("select value from counter").decodeOnly(Int32.self) == 2)
    }
  }
}
