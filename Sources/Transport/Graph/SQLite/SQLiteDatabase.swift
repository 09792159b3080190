import CSQLite

/// A connection to one SQLite file, used by one thread at a time.
final class SQLiteDatabase {
  let path: String
  private let handle: OpaquePointer

  enum Opening {
    case reading
    case creating
  }

  /// Opens a file that exists, for reading, or makes one, for writing.
  init(_ path: String, _ opening: Opening) throws(GraphError) {
    self.path = path
    let flags =
      switch opening {
      case .reading: SQLITE_OPEN_READONLY
      case .creating: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard let handle, code == SQLITE_OK else {
      let reason = String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(handle)
      throw .notOpened(path: path, reason: reason)
    }
    self.handle = handle
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements that give nothing back.
  func execute(_ statements: String) throws(GraphError) {
    let code = sqlite3_exec(handle, statements, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  func prepare(_ text: String) throws(GraphError) -> SQLiteStatement {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code) }
    return SQLiteStatement(statement, of: self)
  }

  /// The only number that a query gives; nil if it gives none.
  func number(_ query: String) throws(GraphError) -> Int? {
    let statement = try prepare(query)
    guard try statement.step() else { return nil }
    var row = statement.row
    return row.next()
  }

  func failure(_ code: Int32) -> GraphError {
    let reason = String(cString: sqlite3_errmsg(handle))
    return code & 0xFF == SQLITE_NOTADB || code & 0xFF == SQLITE_CORRUPT
      ? .notAGraph(path: path, reason: reason) : .failed(path: path, reason: reason)
  }
}

/// A statement, prepared once and run as often as wanted.
final class SQLiteStatement {
  private let handle: OpaquePointer
  private let database: SQLiteDatabase

  init(_ handle: OpaquePointer, of database: SQLiteDatabase) {
    self.handle = handle
    self.database = database
  }

  deinit { sqlite3_finalize(handle) }

  /// Goes to the next row; false when there is none, and the statement is then ready to be run again.
  func step() throws(GraphError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw database.failure(code) }
    return false
  }

  /// Runs a statement that gives no rows.
  func run() throws(GraphError) {
    while try step() {}
  }

  /// Ends a result that is not read to its end.
  func reset() { sqlite3_reset(handle) }

  var columnCount: Int { Int(sqlite3_column_count(handle)) }

  /// The row that was stepped to.
  var row: ColumnReader { ColumnReader(handle) }

  /// Where the values of the next run go.
  var parameters: ColumnBinder { ColumnBinder(handle) }
}
