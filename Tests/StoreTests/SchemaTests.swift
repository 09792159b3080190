import Foundation
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite("Schema")
struct SchemaTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/Store/Migrations")

  @Test("every file of the migrations' folder is known to the binary, under its number and name, word for word")
  func filesAreKnown() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    let known = Schema.migrations.map { migration in
      let digits = String(migration.number)
      return String(repeating: "0", count: 4 - digits.count) + "\(digits)_\(migration.name).sql"
    }
    #expect(names == known)
    for (name, migration) in zip(names, Schema.migrations) {
      #expect(try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8) == migration.sql)
    }
  }

  @Test("the whole schema applies to an empty database, once")
  func applies() async throws {
    try await withTestClient { database, _ in
      let migrations = Migrations(Schema.migrations, on: database)
      let first = try await migrations.apply()
      let second = try await migrations.apply()
      #expect(first == Schema.migrations.map(\.name))
      #expect(second.isEmpty)
    }
  }
}
