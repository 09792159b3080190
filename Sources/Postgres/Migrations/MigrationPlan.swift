/// One step of the schema: a file `0007_bookings.sql`.
public struct Migration: Sendable, Hashable {
  /// Its place in the order, from 1 without gaps.
  public var number: Int32
  /// What the file is called, for error messages.
  public var name: String
  /// The statements.
  public var sql: String

  /// Takes the parts.
  public init(number: Int32, name: String, sql: String) {
    self.number = number
    self.name = name
    self.sql = sql
  }
}

/// A row of `schema_migration`.
public struct AppliedMigration: Sendable, Hashable {
  /// Its place in the order.
  public var number: Int32
  /// What the file was called.
  public var name: String
  /// The SHA-256 of its text then.
  public var checksum: String

  /// Takes the parts.
  public init(number: Int32, name: String, checksum: String) {
    self.number = number
    self.name = name
    self.checksum = checksum
  }
}

/// Why the schema cannot be brought up to date.
public enum MigrationError: Error, Sendable, Hashable {
  /// A number is missing or there twice among the files.
  case gap(expected: Int32, found: String)
  /// The database has a migration that lies before others it has, and is missing there.
  case appliedGap(expected: Int32, found: String)
  /// A file was changed after it had been applied.
  case changed(name: String, applied: String, now: String)
  /// The database is ahead of this program.
  case databaseNewer(database: Int32, program: Int32)
  /// The server refused a file.
  case failed(name: String, line: Int?, error: ServerError)
}

extension MigrationError: CustomStringConvertible {
  /// One sentence that names the file and the mend.
  public var description: String {
    switch self {
    case .gap(let expected, let found):
      "migration \(expected) is missing: \(found) comes where it should; number the files 1, 2, 3, …"
    case .appliedGap(let expected, let found):
      "the database has \(found) but not migration \(expected); restore its table schema_migration from a backup"
    case .changed(let name, let applied, let now):
      "\(name) was changed after it was applied (SHA-256 \(applied.prefix(12))… then, \(now.prefix(12))… now);"
        + " put the old text back and write a new migration"
    case .databaseNewer(let database, let program):
      "the database is at migration \(database) and this program knows only \(program); install a newer wayfare"
    case .failed(let name, let line, let error):
      "\(name)\(line.map { " line \($0)" } ?? "") was refused: \(error)"
    }
  }
}

/// What is to be applied, decided from values alone.
public struct MigrationPlan: Sendable, Equatable {
  /// What the database does not have yet, in order.
  public var pending: [Migration]

  /// Compares the files with what the database has.
  ///
  /// - Parameters:
  ///   - migrations: the files, in any order.
  ///   - checksums: the SHA-256 of each file's text, in hexadecimal digits, by number.
  ///   - applied: the rows of `schema_migration`, in any order.
  /// - Throws: `MigrationError` when they do not fit together.
  public init(
    migrations: [Migration], checksums: [Int32: String], applied: [AppliedMigration]
  ) throws(MigrationError) {
    let files = migrations.sorted { $0.number < $1.number }
    for (index, file) in files.enumerated() where file.number != Int32(index + 1) {
      throw .gap(expected: Int32(index + 1), found: file.name)
    }
    let rows = applied.sorted { $0.number < $1.number }
    if let last = rows.last, Int(last.number) > files.count {
      throw .databaseNewer(database: last.number, program: Int32(files.count))
    }
    for (index, row) in rows.enumerated() {
      guard row.number == Int32(index + 1) else { throw .appliedGap(expected: Int32(index + 1), found: row.name) }
      let now = checksums[row.number] ?? ""
      guard now == row.checksum else { throw .changed(name: files[index].name, applied: row.checksum, now: now) }
    }
    pending = Array(files.dropFirst(rows.count))
  }
}
