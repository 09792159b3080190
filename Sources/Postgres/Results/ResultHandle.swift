import CPostgres

/// One result of libpq, freed with its last reader; values are read in place.
///
/// `@unchecked Sendable` because libpq never changes a result once it has handed it over.
final class ResultHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { PQclear(pointer) }

  var status: ExecStatusType { PQresultStatus(pointer) }
  var rowCount: Int { Int(PQntuples(pointer)) }
  var columnCount: Int { Int(PQnfields(pointer)) }

  /// The command's tag, such as `INSERT 0 3` or `ROLLBACK`.
  var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

  /// How many rows the command wrote or read, 0 where that means nothing.
  var affectedRows: Int {
    guard let digits = PQcmdTuples(pointer) else { return 0 }
    return Int(String(cString: digits)) ?? 0
  }

  func columnName(_ column: Int) -> String {
    PQfname(pointer, Int32(column)).map { String(cString: $0) } ?? "#\(column + 1)"
  }

  func columnType(_ column: Int) -> PostgresType { PostgresType(oid: PQftype(pointer, Int32(column))) }

  func findColumn(_ name: String) -> Int? {
    for column in 0..<columnCount where columnName(column) == name { return column }
    return nil
  }

  func decode<Value: PostgresDecodable>(
    _ type: Value.Type, row: Int, column: Int
  ) throws(PostgresError) -> Value {
    let (row, index) = (Int32(row), Int32(column))
    let found = PostgresType(oid: PQftype(pointer, index))
    guard Value.accepts(found) else { throw failure(Value.self, column, found: found.description) }
    if PQgetisnull(pointer, row, index) != 0 {
      guard let null = Value.postgresNull else { throw failure(Value.self, column, found: "NULL") }
      return null
    }
    let buffer = UnsafeRawBufferPointer(
      start: PQgetvalue(pointer, row, index), count: Int(PQgetlength(pointer, row, index)))
    do {
      return try Value(postgres: buffer.bytes, type: found)
    } catch {
      throw failure(Value.self, column, found: "\(found), but \(error.reason),")
    }
  }

  private func failure<Value: PostgresDecodable>(_ type: Value.Type, _ column: Int, found: String) -> PostgresError {
    .decoding(DecodingFailure(column: columnName(column), expected: Value.postgresExpectation, found: found))
  }

  // MARK: Errors

  func field(_ code: CChar) -> String? {
    PQresultErrorField(pointer, Int32(code)).map { String(cString: $0) }
  }

  /// What the server said, of a result that is an error.
  var serverError: ServerError {
    func field(_ letter: Unicode.Scalar) -> String? { self.field(CChar(truncatingIfNeeded: letter.value)) }
    return ServerError(
      sqlState: field("C") ?? "", message: field("M") ?? message, detail: field("D"), hint: field("H"),
      constraint: field("n"), table: field("t"), column: field("c"), position: field("P").flatMap { Int($0) })
  }

  /// Whether the server ends the session with this error.
  var isFatal: Bool {
    let severity = field(CChar(truncatingIfNeeded: ("V" as Unicode.Scalar).value))
    return severity == "FATAL" || severity == "PANIC"
  }

  private var message: String { PQresultErrorMessage(pointer).map { oneLine(String(cString: $0)) } ?? "" }
}

/// libpq ends its messages with line feeds and puts several on lines of their own.
func oneLine(_ message: String) -> String {
  var words: [Substring] = message.split(whereSeparator: { $0 == "\n" || $0 == "\t" })
  words.removeAll { $0.allSatisfy { $0 == " " } }
  return words.joined(separator: " ")
}
