/// A graph being made, in a file that nobody reads yet.
///
/// Rows of a table with numbers get them in the order in which they are added.
final class GraphWriter {
  let database: SQLiteDatabase
  private var statements: [ObjectIdentifier: SQLiteStatement] = [:]
  private var counts: [String: Int32] = [:]

  /// Makes the tables in a new file.
  init(_ path: String) throws(GraphError) {
    database = try SQLiteDatabase(path, .creating)
    // Until it is complete nobody reads the file, and one that is not complete is thrown away: no journal is needed.
    try database.execute(
      """
      pragma page_size = 4096; pragma journal_mode = off; pragma synchronous = off;
      pragma cache_size = -32768; pragma temp_store = memory; pragma foreign_keys = off;
      pragma application_id = \(Graph.application); pragma user_version = \(Graph.version); begin
      """)
    try database.execute(String(decoding: PackageResources.graph_sql, as: UTF8.self))
  }

  /// Adds a row and returns its number; of a table without numbers, how many rows were added before.
  @discardableResult
  func add<Row: GraphRow>(_ row: Row) throws(GraphError) -> GraphKey<Row> {
    let statement = try insertion(of: Row.self)
    let key = GraphKey<Row>(counts[Row.table.name, default: 0])
    counts[Row.table.name] = key.number + 1
    var binder = statement.parameters
    if Row.table.number != nil { binder.bind(key) }
    row.bind(to: &binder)
    try statement.run()
    return key
  }

  /// Makes indexes and views and ends the writing.
  func finish() throws(GraphError) {
    try database.execute(String(decoding: PackageResources.indexes_sql, as: UTF8.self))
    statements.removeAll()
    try database.execute("commit")
  }

  private func insertion<Row: GraphRow>(of type: Row.Type) throws(GraphError) -> SQLiteStatement {
    if let statement = statements[ObjectIdentifier(type)] { return statement }
    let statement = try database.prepare(Row.table.insertion)
    statements[ObjectIdentifier(type)] = statement
    return statement
  }
}
