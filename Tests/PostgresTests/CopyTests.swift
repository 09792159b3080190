import TestSupport
import Testing

@testable import Postgres

@Suite("Copy")
struct CopyTests {
  private static let rows = 100_000

  /// Tab-separated rows, a thousand to a chunk.
  private struct Generated: AsyncSequence, Sendable {
    var count: Int
    var failsAt: Int?

    struct GaveUp: Error {}

    struct Iterator: AsyncIteratorProtocol {
      var number = 0
      let source: Generated

      mutating func next() async throws -> [UInt8]? {
        guard number < source.count else { return nil }
        if let limit = source.failsAt, number >= limit { throw GaveUp() }
        var text = ""
        for row in number..<Swift.min(number + 1000, source.count) { text += "\(row)\tname of \(row)\n" }
        number += 1000
        return Array(text.utf8)
      }
    }

    func makeAsyncIterator() -> Iterator { Iterator(source: self) }
  }

  @Test("a hundred thousand rows go in and come out", arguments: Route.available)
  func inAndOut(route: Route) async throws {
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE stop (id int, name text)")
      let copied = try await client.copyIn("COPY stop FROM STDIN", from: Generated(count: CopyTests.rows))
      #expect(copied == CopyTests.rows)
      try await client.withConnection { connection in
        var lines = 0
        var bytes: [UInt8] = []
        try await connection.copyOut("COPY (SELECT * FROM stop ORDER BY id) TO STDOUT") { chunks in
          for try await chunk in chunks {
            lines += chunk.count(where: { $0 == 10 })
            if bytes.count < 40 { bytes += chunk }
          }
        }
        #expect(lines == CopyTests.rows)
        #expect(String(decoding: bytes.prefix(12), as: UTF8.self) == "0\tname of 0\n")
        // The connection is a pipeline again.
        #expect(try await connection.pipeline(["SELECT 1", "SELECT 2"]).count == 2)
      }
    }
  }

  @Test("a sender that fails leaves nothing behind", arguments: Route.available)
  func failingSender(route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.execute("CREATE TABLE stop (id int, name text)")
      await #expect(throws: Generated.GaveUp.self) {
        _ = try await client.copyIn("COPY stop FROM STDIN", from: Generated(count: 50_000, failsAt: 20_000))
      }
      #expect(try await client.query("SELECT count(*) FROM stop").decodeOnly(Int.self) == 0)
    }
  }

  @Test("a row the server refuses is reported, and the connection goes on", arguments: Route.available)
  func refusedRow(route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.execute("CREATE TABLE stop (id int CHECK (id < 3000), name text)")
      let error = await serverError {
        _ = try await client.copyIn("COPY stop FROM STDIN", from: Generated(count: CopyTests.rows))
      }
      #expect(error?.sqlState == "23514")
      #expect(try await client.query("SELECT count(*) FROM stop").decodeOnly(Int.self) == 0)
    }
  }

  @Test("a reader that has seen enough stops the server", arguments: Route.available)
  func earlyEnd(route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      try await client.withConnection { connection in
        let first = try await connection.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT") { chunks in
          for try await chunk in chunks { return chunk.count }
          return 0
        }
        #expect(first > 0)
        #expect(try await connection.query("SELECT 1").decodeOnly(Int32.self) == 1)
      }
    }
  }

  @Test("a cancelled copy ends on the server, and the connection goes on", arguments: Route.available)
  func cancelled(route: Route) async throws {
    try await withTestDatabase(route) { database in
      let connection = try await database.connect()
      let (started, start) = AsyncStream<Void>.makeStream()
      let task = Task {
        try await connection.copyOut(
          "COPY (SELECT pg_sleep(0.01), repeat('x', 10000) FROM generate_series(1, 100000)) TO STDOUT"
        ) {
          chunks in
          for try await _ in chunks { start.yield() }
        }
      }
      for await _ in started { break }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await connection.query("SELECT 1").decodeOnly(Int32.self) == 1)
      await connection.close()
    }
  }

  @Test("a copy within a transaction is part of it", arguments: Route.available)
  func inTransaction(route: Route) async throws {
    struct Regret: Error {}
    try await withTestClient(route) { client in
      try await client.execute("CREATE TABLE stop (id int, name text)")
      await #expect(throws: Regret.self) {
        try await client.transaction { transaction in
          #expect(try await transaction.copyIn("COPY stop FROM STDIN", from: Generated(count: 1000)) == 1000)
          #expect(try await transaction.query("SELECT * FROM stop").count == 1000)
          throw Regret()
        }
      }
      #expect(try await client.query("SELECT * FROM stop").isEmpty)
    }
  }

  @Test("values, and statements that are no COPY, are refused", arguments: Route.available)
  func misuse(route: Route) async throws {
    try await withTestClient(route, connections: 1) { client in
      for statement in ["COPY stop FROM STDIN WHERE id = \(1)", "SELECT 1", "COPY (SELECT 1) TO STDOUT"] as [SQL] {
        await #expect(throws: PostgresError.self) {
          _ = try await client.copyIn(statement, from: Generated(count: 1))
        }
        let count = try await client.query("SELECT 1").count
        #expect(count == 1)
      }
    }
  }
}
