/// Copies a feed from an older graph and numbers its rows anew.
struct FeedCopy {
  private struct Span {
    let first: Int
    let count: Int
    /// What is added to a number to make it one of the new graph.
    let shift: Int
  }

  private let writer: GraphWriter
  /// The feed's number in the old graph.
  private let feed: Int
  /// Where its rows of a table with numbers are.
  private var spans: [String: Span] = [:]

  /// - Parameters:
  ///   - writer: the new graph, which copies from the old one.
  ///   - feed: the feed's number in the old one.
  /// - Throws: `GraphError` if the old graph cannot be read.
  init(_ writer: GraphWriter, of feed: GraphKey<FeedRow>) throws(GraphError) {
    self.writer = writer
    self.feed = feed.index
    for table in GraphTable.ofFeeds {
      guard let number = table.number else { continue }
      let from = "from old.\(table.name) where feed = \(feed.index)"
      let first = try writer.database.number("select coalesce(min(\(number)), 0) \(from)") ?? 0
      let count = try writer.database.number("select count(*) \(from)") ?? 0
      spans[table.name] = Span(first: first, count: count, shift: writer.count(of: table) - first)
    }
  }

  func run() throws(GraphError) {
    try writer.beginFeed()
    let number = writer.count(FeedRow.self)
    for table in GraphTable.ofFeeds {
      try copy(table, as: number)
      if let span = spans[table.name] { writer.noteCopied(span.count, to: table) }
    }
  }

  private func copy(_ table: GraphTable, as number: Int) throws(GraphError) {
    func shifted(_ column: String, _ table: String) -> String { "\(column) + \(spans[table]?.shift ?? 0)" }
    var values = table.number.map { [shifted($0, table.name)] } ?? []
    for column in table.columns {
      switch column {
      case .value(let name): values.append(name)
      case .number(let name, let target): values.append(shifted(name, target))
      case .feed: values.append("\(number)")
      }
    }
    let condition: String
    switch table.scope {
    case .feed: condition = "feed = \(feed)"
    case .parent(let parent):
      guard let span = spans[parent], span.count > 0, let column = table.columns.first?.name else { return }
      condition = "\(column) between \(span.first) and \(span.first + span.count - 1)"
    case .derived: return
    }
    try writer.database.execute(
      """
      insert into main.\(table.name)
      select \(values.joined(separator: ", ")) from old.\(table.name) where \(condition) order by \(table.order)
      """)
  }
}
