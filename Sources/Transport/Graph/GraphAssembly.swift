import Kernel

/// Makes one graph of feeds that lie in other graphs, each copied whole and numbered anew.
///
/// Table by table, and within each by the order of the feeds: the bytes of the result follow from the feeds alone, not
/// from when each was imported, and what is read together lies together.
struct GraphAssembly {
  /// A feed and the attached graph that it is in.
  struct Part {
    let database: String
    let feed: GraphKey<FeedRow>
  }

  private struct Span {
    let first: Int
    let count: Int
    /// What is added to a number to make it one of the new graph.
    let shift: Int
  }

  private let writer: GraphWriter
  private let parts: [Part]
  /// For each part, where its rows of a table with numbers are.
  private var spans: [[String: Span]] = []

  /// - Parameters:
  ///   - writer: the new graph, to which the old ones are attached.
  ///   - parts: the feeds in the order of their names.
  /// - Throws: `GraphError` if an old graph cannot be read.
  init(_ writer: GraphWriter, of parts: [Part]) throws(GraphError) {
    self.writer = writer
    self.parts = parts
    var next: [String: Int] = [:]
    for part in parts {
      var found: [String: Span] = [:]
      for table in GraphTable.ofFeeds {
        guard let number = table.number else { continue }
        let from = "from \(part.database).\(table.name) where feed = \(part.feed.number)"
        let first = try writer.database.number("select coalesce(min(\(number)), 0) \(from)") ?? 0
        let count = try writer.database.number("select count(*) \(from)") ?? 0
        found[table.name] = Span(first: first, count: count, shift: next[table.name, default: 0] - first)
        next[table.name, default: 0] += count
      }
      spans.append(found)
    }
  }

  /// Copies all parts, then adds what follows from all of them together.
  func run() throws(GraphError) {
    for table in GraphTable.ofFeeds {
      for index in parts.indices { try copy(table, of: index) }
    }
    try addDays()
    for link in try StopLinks(of: writer).found() { try writer.add(link) }
    try writer.finish()
  }

  private func copy(_ table: GraphTable, of index: Int) throws(GraphError) {
    let (part, spans) = (parts[index], spans[index])
    func shifted(_ column: String, _ table: String) -> String { "\(column) + \(spans[table]?.shift ?? 0)" }
    var values = table.number.map { [shifted($0, table.name)] } ?? []
    for column in table.columns {
      switch column {
      case .value(let name): values.append(name)
      case .number(let name, let target): values.append(shifted(name, target))
      case .feed: values.append("\(index)")
      }
    }
    let condition: String
    switch table.scope {
    case .feed: condition = "feed = \(part.feed.number)"
    case .parent(let parent):
      guard let span = spans[parent], span.count > 0, let column = table.columns.first?.name else { return }
      condition = "\(column) between \(span.first) and \(span.first + span.count - 1)"
    case .derived: return
    }
    try writer.database.execute(
      """
      insert into main.\(table.name)
      select \(values.joined(separator: ", ")) from \(part.database).\(table.name)
      where \(condition) order by \(table.order)
      """)
  }

  private func addDays() throws(GraphError) {
    try writer.database.execute(
      """
      insert into main.days
      with recursive span (date, last) as (
        select min(first_date), max(last_date) from main.feeds where first_date is not null
        union all select date(date, '+1 day'), last from span where date < last)
      select date, (strftime('%w', date) + 6) % 7 + 1 from span where date is not null
      """)
  }
}
