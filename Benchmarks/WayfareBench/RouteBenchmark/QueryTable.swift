import Glibc

/// A file of comma-separated values without quotes, by the names of its columns.
struct QueryTable {
  let path: String
  let columns: [String]
  let rows: [[String]]

  /// - Throws: `BenchmarkError.usage` that names the file, the line and the mend.
  init(_ path: String, wanting wanted: [String]) throws(BenchmarkError) {
    self.path = path
    guard let text = Self.text(of: path) else {
      throw .usage(
        "\(path) cannot be read (\(String(cString: strerror(errno)))): name a file of comma-separated values")
    }
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    columns = lines.first ?? []
    rows = Array(lines.dropFirst())
    for name in wanted where !columns.contains(name) { throw .usage("\(path):1 has no column \(name): add it") }
    for (index, row) in rows.enumerated() where row.count != columns.count {
      throw .usage("\(path):\(index + 2) has \(row.count) values and line 1 has \(columns.count): make them equal")
    }
  }

  /// The values of a column; nil if there is none of that name.
  func values(_ name: String) -> [String]? {
    guard let index = columns.firstIndex(of: name) else { return nil }
    return rows.map { $0[index] }
  }

  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
