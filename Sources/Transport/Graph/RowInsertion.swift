/// How rows get into one table.
protocol RowInsertion: AnyObject {
  /// How many rows the table has, those that wait included.
  var count: Int { get set }

  /// Writes the rows that wait.
  func flush() throws(GraphError)
}

/// Rows that wait until there are enough of them for one statement: half of a statement's cost is starting and ending it.
final class BufferedInsertion<Row: GraphRow>: RowInsertion {
  private static var rowsPerStatement: Int { 32 }

  var count: Int
  private var waiting: [Row] = []
  private let database: SQLiteDatabase
  private let single: SQLiteStatement
  private var many: SQLiteStatement?
  private let isNumbered = Row.table.number != nil

  init(_ database: SQLiteDatabase, count: Int) throws(GraphError) {
    self.database = database
    self.count = count
    single = try database.prepare(Row.table.insertion(rows: 1))
    waiting.reserveCapacity(Self.rowsPerStatement)
  }

  func add(_ row: Row) throws(GraphError) {
    waiting.append(row)
    count += 1
    if waiting.count == Self.rowsPerStatement { try flush() }
  }

  func flush() throws(GraphError) {
    if waiting.count == Self.rowsPerStatement {
      if many == nil { many = try database.prepare(Row.table.insertion(rows: Self.rowsPerStatement)) }
      if let many { try write(waiting[...], with: many) }
    } else {
      for index in waiting.indices { try write(waiting[index...index], with: single) }
    }
    waiting.removeAll(keepingCapacity: true)
  }

  private func write(_ rows: ArraySlice<Row>, with statement: SQLiteStatement) throws(GraphError) {
    var binder = statement.parameters
    var number = count - waiting.count + rows.startIndex
    for row in rows {
      if isNumbered { binder.bind(number) }
      row.bind(to: &binder)
      number += 1
    }
    try statement.run()
  }
}
