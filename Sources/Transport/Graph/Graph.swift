import Glibc

/// All feeds, checked and joined: one SQLite file, read only.
///
/// An import never changes a file that is being read; it puts a new one in its place. Whoever has this one open keeps
/// reading it until the last reader closes it. `docs/graph.md` explains the tables to people.
final class Graph {
  /// What `pragma user_version` says: a file of another version is made anew, never migrated.
  static let version = 1
  /// What `pragma application_id` says: "WFGR".
  static let application = 0x5746_4752
  static let fileName = "graph.sqlite"

  private let database: SQLiteDatabase

  /// Opens a graph.
  ///
  /// - Throws: `GraphError` that names the file and the mend.
  init(_ path: String) throws(GraphError) {
    guard access(path, F_OK) == 0 else { throw .missing(path: path) }
    database = try SQLiteDatabase(path, .reading)
    guard try database.number("pragma application_id") == Graph.application else {
      throw .notAGraph(path: path, reason: "it is another program's")
    }
    let found = try database.number("pragma user_version") ?? 0
    guard found == Graph.version else { throw .otherVersion(path: path, found: found, wanted: Graph.version) }
  }

  /// All rows of a table in order; if rows have numbers, each stands at the index that is its number.
  ///
  /// - Complexity: O(*n*), and as much memory: for `StopTimeRow` and `ShapePointRow` use ``forEach(_:_:)``.
  func all<Row: GraphRow>(_ type: Row.Type) throws(GraphError) -> [Row] {
    var rows: [Row] = []
    rows.reserveCapacity(try count(type))
    try forEach(type) { rows.append($0) }
    return rows
  }

  /// Hands over the rows of a table one by one, in order.
  func forEach<Row: GraphRow>(_ type: Row.Type, _ body: (Row) -> Void) throws(GraphError) {
    let statement = try database.prepare(Row.table.selection)
    while try statement.step() {
      var reader = statement.row
      let row = Row(&reader)
      if let fault = reader.fault {
        let column = Row.table.columns[Int(fault)].name
        throw .strangeValue(path: database.path, table: Row.table.name, column: column)
      }
      body(row)
    }
  }

  /// How many rows a table has.
  func count<Row: GraphRow>(_ type: Row.Type) throws(GraphError) -> Int {
    try database.number("select count(*) from \(Row.table.name)") ?? 0
  }
}
