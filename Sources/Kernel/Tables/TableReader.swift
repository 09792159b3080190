/// A table handed to an engine: its name, for messages, and its text.
package struct TableFile: Sendable {
  /// The file's name.
  package let name: String
  /// Its bytes, UTF-8.
  package let bytes: [UInt8]

  /// A table.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// What is wrong with a line of a table, and the mend.
package struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  package let file: String
  /// The line, counted from 1.
  package let line: Int
  /// The complaint, as it goes on after the place.
  package let complaint: String

  /// An error at a line.
  package init(file: String, line: Int, complaint: String) {
    self.file = file
    self.line = line
    self.complaint = complaint
  }

  /// One sentence.
  package var description: String { "\(file):\(line): \(complaint)" }
}

/// One line of a table, its fields by the names in the head.
package struct TableRow {
  /// The file.
  package let file: String
  /// The line, counted from 1.
  package let line: Int
  private let columns: [String: Int]
  private let fields: [String]

  fileprivate init(_ file: String, _ line: Int, _ columns: [String: Int], _ fields: [String]) {
    self.file = file
    self.line = line
    self.columns = columns
    self.fields = fields
  }

  /// A field by the name of its column; empty where there is none.
  package subscript(_ name: String) -> String { columns[name].map { fields[$0] } ?? "" }

  /// An error at this line.
  package func error(_ complaint: String) -> TableError { TableError(file: file, line: line, complaint: complaint) }

  /// A field that must not be empty.
  package func required(_ name: String) throws(TableError) -> String {
    let text = self[name]
    if text.isEmpty { throw error("\(name) is empty: it must be given") }
    return text
  }

  /// A decimal, nil for an empty field.
  package func decimal(_ name: String) throws(TableError) -> DecimalFraction? {
    let text = self[name]
    if text.isEmpty { return nil }
    do throws(DecimalTextError) {
      return try DecimalFraction(text)
    } catch {
      throw self.error("\(name) \(error)")
    }
  }

  /// A whole number, nil for an empty field.
  package func whole(_ name: String, in range: ClosedRange<Int>) throws(TableError) -> Int? {
    guard let number = try decimal(name) else { return nil }
    guard number.scale == 0, range.contains(Int(number.significand)) else {
      throw error("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), found \(number)")
    }
    return Int(number.significand)
  }

  /// A currency's code.
  package func currency(_ name: String) throws(TableError) -> Currency {
    do throws(CurrencyError) {
      return try Currency(try required(name, as: CurrencyError.self))
    } catch {
      throw self.error("\(name) \(error)")
    }
  }

  /// An amount, nil for an empty field.
  package func amount(_ name: String, _ currency: Currency) throws(TableError) -> Money? {
    let text = self[name]
    if text.isEmpty { return nil }
    do throws(MoneyError) {
      return try Money(text, currency)
    } catch {
      throw self.error("\(name) \(error)")
    }
  }

  /// An empty field reads as an empty code, which no currency has.
  private func required<Failure: Error>(_ name: String, as type: Failure.Type) throws(Failure) -> String { self[name] }
}

/// Reads comma-separated text (RFC 4180) whose first line names the columns; `#` begins a line that is skipped.
package enum TableReader {
  /// Lines of one table; more are refused.
  package static let linesMax = 200_000

  /// The rows of a table whose first line names just these columns.
  ///
  /// - Throws: ``TableError`` with file, line and mend.
  package static func rows(_ file: TableFile, columns expected: [String]) throws(TableError) -> [TableRow] {
    try rows(file, columns: expected) { error throws(TableError) in throw error }
  }

  /// The rows of a table of which single lines may be wrong.
  ///
  /// - Parameters:
  ///   - file: the table.
  ///   - expected: the columns that its first line must name.
  ///   - optional: columns that it may name after those.
  ///   - fault: told of each line that cannot be read, which is then left out; it may throw.
  /// - Returns: the lines that can be read.
  /// - Throws: ``TableError`` for what is wrong with the table as a whole, and what `fault` throws.
  package static func rows(
    _ file: TableFile, columns expected: [String], optional: [String] = [],
    fault: (TableError) throws(TableError) -> Void
  ) throws(TableError) -> [TableRow] {
    var reader = FieldReader(file.bytes)
    var columns: [String: Int] = [:]
    var rows: [TableRow] = []
    while let (line, fields) = reader.next() {
      func error(_ complaint: String) -> TableError {
        TableError(file: file.name, line: line, complaint: complaint)
      }
      if reader.isUnclosed { throw error("a quote is opened and never closed: close it") }
      if columns.isEmpty {
        let others = fields.dropFirst(expected.count)
        guard fields.starts(with: expected), Set(others).count == others.count, others.allSatisfy(optional.contains)
        else {
          let mayFollow = optional.isEmpty ? "" : ", after which may follow \(optional.joined(separator: ","))"
          throw error("the first line must name the columns \(expected.joined(separator: ","))\(mayFollow)")
        }
        for (index, name) in fields.enumerated() { columns[name] = index }
        continue
      }
      guard fields.count == columns.count else {
        try fault(
          error("there are \(fields.count) fields where the first line names \(columns.count): mend the commas"))
        continue
      }
      guard rows.count < linesMax else { throw error("there are more than \(linesMax) lines: split the file") }
      rows.append(TableRow(file.name, line, columns, fields))
    }
    if columns.isEmpty { throw TableError(file: file.name, line: 1, complaint: "the file is empty: restore it") }
    return rows
  }
}

/// Takes lines apart, byte by byte.
package struct FieldReader {
  private let bytes: [UInt8]
  private var place = 0
  private var line = 1
  /// Whether a quote was opened and never closed.
  package private(set) var isUnclosed = false

  /// A reader of text whose byte order mark, if it has one, is passed over.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  /// The next line that says something, with its number.
  package mutating func next() -> (line: Int, fields: [String])? {
    while place < bytes.count {
      let start = line
      if bytes[place] == UInt8(ascii: "#") {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        endLine()
        continue
      }
      let fields = fields()
      if fields.count > 1 || !fields[0].isEmpty { return (start, fields) }
    }
    return nil
  }

  private mutating func fields() -> [String] {
    var result: [String] = []
    while true {
      result.append(field())
      guard place < bytes.count, bytes[place] == UInt8(ascii: ",") else { break }
      place += 1
    }
    if place < bytes.count, bytes[place] == UInt8(ascii: "\r") { place += 1 }
    endLine()
    return result
  }

  private mutating func endLine() {
    if place < bytes.count { place += 1 }
    line += 1
  }

  private mutating func field() -> String {
    guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
      let start = place
      while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }
    var text: [UInt8] = []
    place += 1
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "\"") {
        place += 1
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
          while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
          return String(decoding: text, as: UTF8.self)
        }
      } else if bytes[place] == UInt8(ascii: "\n") {
        line += 1
      }
      text.append(bytes[place])
      place += 1
    }
    isUnclosed = true
    return String(decoding: text, as: UTF8.self)
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
