package import Kernel

/// A feed as it lies in the graph.
package struct FeedSummary: Hashable, Sendable {
  package let name: String
  package let source: String
  package let version: String?
  package let firstDate: LocalDate?
  package let lastDate: LocalDate?
  package let agencies: Int
  package let stops: Int
  package let routes: Int
  package let trips: Int
  package let errors: Int
  package let warnings: Int
}

extension FeedSummary {
  /// The feeds of a graph by their names.
  static func all(in path: String) throws(GraphError) -> [FeedSummary] {
    // Opening it as a graph makes sure that it is one, of this version.
    _ = try Graph(path)
    let database = try SQLiteDatabase(path, .reading)
    func count(_ table: String) -> String { "(select count(*) from \(table) where \(table).feed = feeds.feed)" }
    func notices(_ severity: Severity) -> String {
      """
      (select coalesce(sum(count), 0) from notice_counts
        where notice_counts.feed = feeds.feed and severity = '\(severity.rawValue)')
      """
    }
    let statement = try database.prepare(
      """
      select name, source, feed_version, first_date, last_date, \(count("agency")), \(count("stops")),
        \(count("routes")), \(count("trips")), \(notices(.error)), \(notices(.warning))
      from feeds left join feed_info using (feed) order by feed
      """)
    var summaries: [FeedSummary] = []
    while try statement.step() {
      var row = statement.row
      summaries.append(
        FeedSummary(
          name: row.next(), source: row.next(), version: row.next(), firstDate: row.next(), lastDate: row.next(),
          agencies: row.next(), stops: row.next(), routes: row.next(), trips: row.next(), errors: row.next(),
          warnings: row.next()))
    }
    return summaries
  }
}
