import TestSupport
import Testing

@testable import Postgres

@Suite("Migrations")
struct MigrationTests {
  private let files = [
    Migration(number: 1, name: "0001_trips.sql", sql: "CREATE TABLE trip (id int);\nINSERT INTO trip VALUES (1);"),
    Migration(number: 2, name: "0002_names.sql", sql: "ALTER TABLE trip ADD COLUMN name text; -- é\nSELECT 1;"),
  ]

  @Test("migrations are applied once, in order, and written down", arguments: Route.available)
  func applies(route: Route) async throws {
    try await withTestClient(route) { client in
      #expect(try await Migrations(files, on: client).plan().pending.count == 2)
      #expect(try await Migrations(Array(files[..<1]), on: client).apply() == ["0001_trips.sql"])
      #expect(try await Migrations(files.reversed(), on: client).apply() == ["0002_names.sql"])
      #expect(try await Migrations(files, on: client).apply() == [])
      let rows = try await client.query(
        "SELECT number, name, length(checksum), milliseconds >= 0 FROM schema_migration ORDER BY number")
      let decoded = try rows.decode(Int32.self, String.self, Int32.self, Bool.self)
      #expect(decoded.map(\.0) == [1, 2] && decoded.allSatisfy { $0.2 == 64 && $0.3 })
      #expect(try await client.query("SELECT count(*) FROM trip").decodeOnly(Int.self) == 1)
    }
  }

  @Test("four that start together apply everything once", arguments: Route.available)
  func concurrent(route: Route) async throws {
    try await withTestClient(route, connections: 4) { client in
      let applied = try await withThrowingTaskGroup(of: [String].self) { tasks in
        for _ in 0..<4 { tasks.addTask { [files] in try await Migrations(files, on: client).apply() } }
        return try await tasks.reduce(into: []) { $0 += $1 }
      }
      #expect(applied.sorted() == files.map(\.name))
      #expect(try await client.query("SELECT count(*) FROM trip").decodeOnly(Int.self) == 1)
    }
  }

  @Test("a file the server refuses is named with its line, and leaves nothing behind", arguments: Route.available)
  func refusedFile(route: Route) async throws {
    try await withTestClient(route) { client in
      let broken =
        files + [
          Migration(number: 3, name: "0003_broken.sql", sql: "CREATE TABLE a (id int);\n\nCREATE TABEL b (id int);")
        ]
      do {
        _ = try await Migrations(broken, on: client).apply()
        Issue.record("the broken file was applied")
      } catch let error as MigrationError {
        #expect(error.description.hasPrefix("0003_broken.sql line 3 was refused: syntax error"))
      }
      #expect(try await client.query("SELECT to_regclass('a') IS NULL").decodeOnly(Bool.self))
      #expect(try await client.query("SELECT max(number) FROM schema_migration").decodeOnly(Int32.self) == 2)
    }
  }

  @Test("a file with a COMMIT of its own is refused")
  func commitInFile() async throws {
    try await withTestClient { client in
      let file = Migration(
        number: 1, name: "0001.sql", sql: "CREATE TABLE a (id int); COMMIT; CREATE TABLE b (id int);")
      await #expect(throws: PostgresError.self) { _ = try await Migrations([file], on: client).apply() }
    }
  }

  @Test("a file that was changed after it was applied is refused by name", arguments: Route.available)
  func changedFile(route: Route) async throws {
    try await withTestClient(route) { client in
      _ = try await Migrations(files, on: client).apply()
      var changed = files
      changed[0].sql += " "
      let error = await #expect(throws: MigrationError.self) { _ = try await Migrations(changed, on: client).apply() }
      guard case .changed(name: "0001_trips.sql", _, _) = error else {
        Issue.record("the change was not named: \(String(describing: error))")
        return
      }
      let newer = await #expect(throws: MigrationError.self) {
        _ = try await Migrations(Array(files[..<1]), on: client).apply()
      }
      #expect(newer == .databaseNewer(database: 2, program: 1))
    }
  }

  @Test("gaps and doubles among the files, and gaps in the database, are refused")
  func gaps() {
    func plan(_ numbers: [Int32], applied: [Int32] = []) throws(MigrationError) -> [Int32] {
      let files = numbers.map { Migration(number: $0, name: "\($0).sql", sql: "") }
      let rows = applied.map { AppliedMigration(number: $0, name: "\($0).sql", checksum: "c") }
      let checksums = Dictionary(numbers.map { ($0, "c") }, uniquingKeysWith: { first, _ in first })
      return try MigrationPlan(migrations: files, checksums: checksums, applied: rows).pending.map(\.number)
    }
    #expect(throws: MigrationError.gap(expected: 2, found: "3.sql")) { try plan([1, 3]) }
    #expect(throws: MigrationError.gap(expected: 2, found: "1.sql")) { try plan([1, 1]) }
    #expect(throws: MigrationError.gap(expected: 1, found: "2.sql")) { try plan([2]) }
    #expect(throws: MigrationError.appliedGap(expected: 1, found: "2.sql")) { try plan([1, 2], applied: [2]) }
    #expect(throws: MigrationError.databaseNewer(database: 3, program: 2)) { try plan([1, 2], applied: [1, 2, 3]) }
    #expect((try? plan([3, 1, 2], applied: [1])) == [2, 3])
    #expect((try? plan([])) == [])
  }
}
