/// A graph being made, in a file that nobody reads yet.
///
/// Rows of a table with numbers get them in the order in which they are added.
final class GraphWriter {
  let database: SQLiteDatabase
  private var insertions: [ObjectIdentifier: Insertion] = [:]
  /// Rows of one kind mostly follow one another.
  private var last: (identifier: ObjectIdentifier, insertion: Insertion)?

  /// Makes the tables in a new file; an empty path stands for one that has no name and goes when it is closed.
  ///
  /// - Parameters:
  ///   - path: the new file.
  ///   - sources: other graphs whose rows will be copied, by the names that statements know them by.
  /// - Throws: `GraphError` if the file cannot be written or a source cannot be read.
  init(_ path: String, attaching sources: [(name: String, path: String)] = []) throws(GraphError) {
    database = try SQLiteDatabase(path, .creating)
    for source in sources {
      let statement = try database.prepare("attach database ? as \(source.name)")
      var parameters = statement.parameters
      parameters.bind(source.path)
      try statement.run()
    }
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
    let insertion = try insertion(of: Row.self)
    let key = GraphKey<Row>(insertion.count)
    insertion.count += 1
    var binder = insertion.statement.parameters
    if insertion.isNumbered { binder.bind(key) }
    row.bind(to: &binder)
    try insertion.statement.run()
    return key
  }

  /// How many rows were added to a table, which is the number of the next one.
  func count<Row: GraphRow>(_ type: Row.Type) -> Int { Int(insertions[ObjectIdentifier(type)]?.count ?? 0) }

  /// Makes indexes and views and ends the writing.
  func finish() throws(GraphError) {
    try database.execute(String(decoding: PackageResources.indexes_sql, as: UTF8.self))
    try finishWithoutIndexes()
  }

  /// Ends the writing of a graph that will only be copied from.
  func finishWithoutIndexes() throws(GraphError) {
    insertions.removeAll()
    last = nil
    try database.execute("commit")
  }

  private func insertion<Row: GraphRow>(of type: Row.Type) throws(GraphError) -> Insertion {
    let identifier = ObjectIdentifier(type)
    if let last, last.identifier == identifier { return last.insertion }
    let found: Insertion
    if let known = insertions[identifier] {
      found = known
    } else {
      let statement = try database.prepare(Row.table.insertion)
      found = Insertion(statement, isNumbered: Row.table.number != nil)
      insertions[identifier] = found
    }
    last = (identifier, found)
    return found
  }
}

/// How rows get into one table.
private final class Insertion {
  let statement: SQLiteStatement
  let isNumbered: Bool
  var count: Int32 = 0

  init(_ statement: SQLiteStatement, isNumbered: Bool) {
    self.statement = statement
    self.isNumbered = isNumbered
  }
}
