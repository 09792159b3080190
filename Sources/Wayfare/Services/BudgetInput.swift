import Budget
import BudgetWire
import Glibc
import JSON
import Kernel

/// What budgets are reckoned with and about, read from files: faults name the file.
enum BudgetInput {
  /// Bytes of a request, and of a table.
  private static let bytesMax = 16 << 20

  /// The ground of a process that answers questions about budgets: loaded when the first one comes.
  static func library(_ settings: Settings) -> BudgetLibrary { BudgetLibrary { try ground(settings) } }

  /// The tables in the program, each replaced by a file of its name in the folder `budget` of the data directory.
  static func ground(_ settings: Settings) throws -> BudgetGround {
    var files: [String: TableFile] = [:]
    // Without HOME there is no data directory, and so nothing in it.
    if let home = try? settings.home() {
      for name in BudgetGround.fileNames {
        let path = "\(home)/budget/\(name)"
        guard access(path, F_OK) == 0 else { continue }
        files[name] = TableFile(name: path, bytes: Array(try text(path).utf8))
      }
    }
    do throws(TableError) {
      return try BudgetGround(replacing: files)
    } catch {
      throw UsageError("\(error)")
    }
  }

  /// A request, read by what knows it; each fault is told with the file.
  static func read<Value>(
    _ arguments: Arguments, _ body: (JSONNode) throws(JSONError) -> Value
  ) throws(UsageError) -> Value {
    let path = arguments.operand(0) ?? "-"
    let bytes = Array(try text(path == "-" ? "/dev/stdin" : path).utf8)
    do throws(JSONError) {
      return try body(JSONDocument(bytes: bytes).root)
    } catch {
      throw UsageError("\(path == "-" ? "standard input" : path): \(error)")
    }
  }

  private static func text(_ path: String) throws(UsageError) -> String {
    guard let text = readTextFile(path, limit: bytesMax) else {
      throw UsageError("\(path) cannot be read: \(String(cString: strerror(errno))); name a file that is there")
    }
    return text
  }
}

/// Rows of text in columns: the first ones to the left, numbers to the right.
struct AlignedTable {
  /// How many columns begin at the left.
  let leftColumns: Int
  private var rows: [[String]] = []

  init(leftColumns: Int) { self.leftColumns = leftColumns }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// A line under what is there.
  mutating func addRule() { rows.append([]) }

  var text: String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    let whole = widths.reduce(0, +) + 2 * max(0, count - 1)
    return rows.map { row in
      if row.isEmpty { return String(repeating: "─", count: whole) + "\n" }
      let cells = row.enumerated().map { column, cell in
        column < leftColumns
          ? cell.padded(to: widths[column]) : String(repeating: " ", count: widths[column] - cell.count) + cell
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
