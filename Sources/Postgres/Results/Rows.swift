/// What a statement gave back: its rows, and how many rows it touched.
///
/// Values are read from libpq's own memory when they are decoded; nothing is copied before.
public struct Rows: RandomAccessCollection, Sendable {
  let result: ResultHandle

  init(_ result: ResultHandle) { self.result = result }

  /// Zero.
  public var startIndex: Int { 0 }
  /// The number of rows.
  public var endIndex: Int { result.rowCount }
  /// The row at an index.
  public subscript(index: Int) -> Row {
    precondition(index >= 0 && index < endIndex, "there is no row \(index) of \(endIndex)")
    return Row(result: result, index: index)
  }

  /// How many rows the command inserted, updated, deleted, copied or selected.
  public var affectedRows: Int { result.affectedRows }

  /// The columns' names and types, in their order.
  public var columns: [(name: String, type: PostgresType)] {
    (0..<result.columnCount).map { (result.columnName($0), result.columnType($0)) }
  }

  /// All rows decoded: `try rows.decode(Int64.self, String.self)`.
  ///
  /// - Throws: `PostgresError.decoding`, which names the column.
  public func decode<each Value: PostgresDecodable>(
    _ types: repeat (each Value).Type
  ) throws(PostgresError) -> [(repeat each Value)] {
    var decoded: [(repeat each Value)] = []
    decoded.reserveCapacity(count)
    for row in self { decoded.append(try row.decode(repeat each types)) }
    return decoded
  }

  /// The first row decoded, or nil when there is none.
  ///
  /// - Throws: `PostgresError.decoding`, which names the column.
  public func decodeFirst<each Value: PostgresDecodable>(
    _ types: repeat (each Value).Type
  ) throws(PostgresError) -> (repeat each Value)? {
    isEmpty ? nil : try self[0].decode(repeat each types)
  }

  /// The only row decoded, where the statement gives exactly one.
  ///
  /// - Throws: `PostgresError.decoding` when a value does not fit, `.misuse` when there is not exactly one row.
  public func decodeOnly<each Value: PostgresDecodable>(
    _ types: repeat (each Value).Type
  ) throws(PostgresError) -> (repeat each Value) {
    guard count == 1 else { throw .misuse("the statement gave \(count) rows where exactly one was asked for") }
    return try self[0].decode(repeat each types)
  }
}

/// The same for one column, which spares the compiler and the reader a tuple of one.
extension Rows {
  /// The only column of all rows.
  ///
  /// - Throws: `PostgresError.decoding`, which names the column.
  public func decode<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> [Value] {
    var decoded: [Value] = []
    decoded.reserveCapacity(count)
    for row in self { decoded.append(try row.decode(type)) }
    return decoded
  }

  /// The only column of the first row, or nil when there is none.
  ///
  /// - Throws: `PostgresError.decoding`, which names the column.
  public func decodeFirst<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> Value? {
    isEmpty ? nil : try self[0].decode(type)
  }

  /// The only column of the only row.
  ///
  /// - Throws: `PostgresError.decoding` when a value does not fit, `.misuse` when there is not exactly one row.
  public func decodeOnly<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> Value {
    guard count == 1 else { throw .misuse("the statement gave \(count) rows where exactly one was asked for") }
    return try self[0].decode(type)
  }
}

/// One row.
public struct Row: Sendable {
  let result: ResultHandle
  let index: Int

  /// The row's values, as many as it has columns: `try row.decode(Int64.self, String.self, Bool?.self)`.
  ///
  /// - Throws: `PostgresError.decoding` when a column is of another type or NULL, `.misuse` when the number differs.
  public func decode<each Value: PostgresDecodable>(
    _ types: repeat (each Value).Type
  ) throws(PostgresError) -> (repeat each Value) {
    var asked = 0
    for _ in repeat each types { asked += 1 }
    guard asked == result.columnCount else {
      throw .misuse("the row has \(result.columnCount) columns where \(asked) were asked for")
    }
    var column = 0
    return (repeat try decodeNext(each types, &column))
  }

  /// The row's only value.
  ///
  /// - Throws: `PostgresError.decoding` when the column is of another type or NULL, `.misuse` when there are more.
  public func decode<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> Value {
    guard result.columnCount == 1 else {
      throw .misuse("the row has \(result.columnCount) columns where 1 was asked for")
    }
    return try result.decode(type, row: index, column: 0)
  }

  /// One value by its column's name: `try row["id", as: Int64.self]`.
  public subscript<Value: PostgresDecodable>(name: String, as type: Value.Type = Value.self) -> Value {
    get throws(PostgresError) {
      guard let column = result.findColumn(name) else {
        throw .decoding(
          DecodingFailure(column: name, expected: Value.postgresExpectation, found: "not among the row's columns"))
      }
      return try result.decode(type, row: index, column: column)
    }
  }

  private func decodeNext<Value: PostgresDecodable>(
    _ type: Value.Type, _ column: inout Int
  ) throws(PostgresError) -> Value {
    defer { column += 1 }
    return try result.decode(type, row: index, column: column)
  }
}
