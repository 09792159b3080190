/// A table for people: the first column to the left, the others to the right.
struct TextTable {
  private let title: String
  private var rows: [[String]]

  init(_ title: String, columns: [String]) {
    self.title = title
    rows = [[title] + columns]
  }

  mutating func add(_ name: String, _ cells: [String]) { rows.append(["  " + name] + cells) }

  mutating func add(_ name: String, _ spread: Spread, decimals: Int) {
    add(name, [spread.median, spread.minimum, spread.maximum].map { $0.text(decimals: decimals) })
  }

  /// The lines, each column as wide as its widest cell.
  var text: String {
    let columnCount = rows.map(\.count).max() ?? 0
    let widths = (0..<columnCount).map { column in
      rows.map { column < $0.count ? $0[column].utf8.count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.utf8.count)
        // Nothing follows the only cell of a row, so that no line ends in spaces.
        return column > 0 ? padding + cell : row.count > 1 ? cell + padding : cell
      }.joined(separator: "  ")
    }.joined(separator: "\n") + "\n"
  }
}
