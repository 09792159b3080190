/// A row of a table of the graph; what is written and what is read are one type, mapped in one place.
protocol GraphRow: Sendable {
  static var table: GraphTable { get }

  /// Takes the columns of ``table`` in their order.
  init(_ row: inout ColumnReader)

  /// Gives the columns of ``table`` in their order.
  func bind(to row: inout ColumnBinder)
}

extension GraphRow {
  typealias Key = GraphKey<Self>
}

/// A table as `graph.sql` declares it, which a test holds it against.
struct GraphTable: Sendable {
  enum Column: Sendable {
    case value(String)
    /// Our number of a row of another table, or of this one.
    case number(String, of: String)
    /// Our number of the feed.
    case feed

    var name: String {
      switch self {
      case .value(let name), .number(let name, _): name
      case .feed: "feed"
      }
    }
  }

  /// How the rows of one feed are found.
  enum Scope: Sendable {
    /// By the column `feed`.
    case feed
    /// By the first column, a number of a table that has a column `feed`.
    case parent(String)
    /// Not at all: the table follows from the others.
    case derived
  }

  let name: String
  /// The column with our number of the row, which is not among ``columns``; nil if rows have none.
  let number: String?
  let scope: Scope
  let columns: [Column]

  init(_ name: String, number: String? = nil, scope: Scope, columns: [Column]) {
    self.name = name
    self.number = number
    self.scope = scope
    self.columns = columns
  }

  /// Reads all rows in order: by their number, or by their primary key, or as they were written.
  var selection: String {
    "select \(columns.map(\.name).joined(separator: ", ")) from \(name) order by \(order)"
  }

  /// Writes so many rows with one statement.
  func insertion(rows: Int) -> String {
    let names = (number.map { [$0] } ?? []) + columns.map(\.name)
    let marks = "(\(names.map { _ in "?" }.joined(separator: ", ")))"
    let all = repeatElement(marks, count: rows).joined(separator: ", ")
    return "insert into main.\(name) (\(names.joined(separator: ", "))) values \(all)"
  }

  var order: String {
    switch name {
    case "calendar_dates": "service, date"
    case "shape_points": "shape, position"
    case "stop_times": "trip, position"
    case "frequencies": "trip, start_time"
    case "stop_links": "from_stop, to_stop"
    default: "rowid"
    }
  }
}
