/// A graph being made, in a file that nobody reads yet.
///
/// Feed by feed, and for each table by table in the order of `GraphTable.ofFeeds`: so the bytes of the file follow from
/// the feeds alone, whether one was read just now or copied from an older graph. Rows of a table with numbers get them
/// in the order in which they are added.
final class GraphWriter {
  let database: SQLiteDatabase
  private var insertions: [String: any RowInsertion] = [:]
  /// The table that rows go to now; the rows of the one before are all written.
  private var current: (type: ObjectIdentifier, insertion: any RowInsertion)?
  private var currentRank = -1

  /// Makes the tables in a new file; an empty path stands for one that has no name and goes when it is closed.
  ///
  /// - Parameters:
  ///   - path: the new file.
  ///   - old: a graph whose feeds will be copied, known to statements as `old`.
  /// - Throws: `GraphError` if the file cannot be written or the old one cannot be read.
  init(_ path: String, copyingFrom old: String? = nil) throws(GraphError) {
    database = try SQLiteDatabase(path, .creating)
    if let old {
      let statement = try database.prepare("attach database ? as old")
      var parameters = statement.parameters
      parameters.bind(old)
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

  // MARK: Rows

  /// Adds a row; it may be written a little later, at the latest by ``flush()``.
  ///
  /// - Precondition: within a feed, tables come in the order of `GraphTable.ofFeeds`.
  func add<Row: GraphRow>(_ row: Row) throws(GraphError) {
    let type = ObjectIdentifier(Row.self)
    if current?.type != type { try turn(to: Row.self) }
    guard let current else { return }
    // Kept under the row's own type, so that nothing else can be meant; a checked cast would cost as much as the row.
    try unsafeDowncast(current.insertion, to: BufferedInsertion<Row>.self).add(row)
  }

  /// How many rows were added to a table, which is the number of the next one.
  func count<Row: GraphRow>(_ type: Row.Type) -> Int { count(of: Row.table) }

  func count(of table: GraphTable) -> Int { insertions[table.name]?.count ?? copied[table.name, default: 0] }

  /// Rows that came by copying, of tables that no row was added to yet.
  private var copied: [String: Int] = [:]

  func noteCopied(_ rows: Int, to table: GraphTable) {
    if let insertion = insertions[table.name] {
      insertion.count += rows
    } else {
      copied[table.name, default: 0] += rows
    }
  }

  /// Writes what waits, so that statements of others find it.
  func flush() throws(GraphError) {
    try current?.insertion.flush()
  }

  /// Says that the rows to come are another feed's.
  func beginFeed() throws(GraphError) {
    try flush()
    current = nil
    currentRank = -1
  }

  private func turn<Row: GraphRow>(to type: Row.Type) throws(GraphError) {
    try flush()
    if let rank = GraphTable.ranks[Row.table.name] {
      precondition(rank > currentRank, "rows of \(Row.table.name) come too late to keep the order of tables")
      currentRank = rank
    }
    let insertion: any RowInsertion
    if let known = insertions[Row.table.name] {
      insertion = known
    } else {
      insertion = try BufferedInsertion<Row>(database, count: copied[Row.table.name, default: 0])
      insertions[Row.table.name] = insertion
    }
    current = (ObjectIdentifier(type), insertion)
  }

  // MARK: The end

  /// Adds what follows from all feeds together, makes indexes and views, and ends the writing.
  func finish() throws(GraphError) {
    try beginFeed()
    try addDays()
    for link in try StopLinks(of: self).found() { try add(link) }
    try flush()
    try database.execute(String(decoding: PackageResources.indexes_sql, as: UTF8.self))
    insertions.removeAll()
    current = nil
    try database.execute("commit")
  }

  private func addDays() throws(GraphError) {
    try database.execute(
      """
      insert into main.days
      with recursive span (date, last) as (
        select min(first_date), max(last_date) from main.feeds where first_date is not null
        union all select date(date, '+1 day'), last from span where date < last)
      select date, (strftime('%w', date) + 6) % 7 + 1 from span where date is not null
      """)
  }
}
