/// How one file of GTFS is read: its columns, and what its rows mean.
///
/// Adding a row to the graph gives it the next number, and an id goes with every number: so a row's fields are all read
/// before its id is taken, and nothing is thrown after that.
protocol FeedFile {
  static var name: String { get }

  /// Asks for the columns.
  init(_ table: FeedTable)

  /// Takes a row.
  ///
  /// - Throws: `RowDropped` after saying why in a notice.
  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped)

  /// Called after the last row.
  mutating func end(_ context: ImportContext)
}

extension FeedFile {
  mutating func end(_ context: ImportContext) {}
}
