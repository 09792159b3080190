/// A column of the file being read; one that the file does not have is always empty.
struct FeedColumn: Sendable {
  let name: StaticString
  let index: Int
  var isThere: Bool { index < Int.max }
}

/// Says that a row cannot be used; the notice that says why was added before.
struct RowDropped: Error {}

/// One CSV file of a feed: its header, and one row after the other, with its fields typed and checked.
final class FeedTable {
  let file: String
  let notices: NoticeLog
  private var scanner: CSVScanner
  private let names: [String]
  private var asked: Set<String> = []
  /// Whether all columns are there without which no row can be used.
  private(set) var isUsable = true
  private(set) var rowCount = 0

  /// Reads the header; nil if the file has none.
  init?(file: String, stream: any ByteStream, notices: NoticeLog) throws(FeedError) {
    self.file = file
    self.notices = notices
    let text = try TextStream(stream)
    switch text.encoding {
    case .utf8, .utf8WithMark: break
    case .utf16LittleEndian, .utf16BigEndian:
      notices.add(.wrongEncoding, .usedAsItIs, file: file, value: "UTF-16")
    }
    scanner = CSVScanner(text)
    var names: [String] = []
    // An empty line before the header is nobody's column.
    while try scanner.advance() {
      if scanner.isBlank { continue }
      for index in 0..<scanner.fieldCount { names.append(scanner.field(index).text) }
      break
    }
    self.names = names
    guard !names.isEmpty else {
      notices.add(.emptyFile, .usedAsItIs, file: file)
      return nil
    }
    for (index, name) in names.enumerated() {
      if name.isEmpty { notices.add(.emptyColumnName, .usedAsItIs, file: file, line: scanner.line) }
      guard !name.isEmpty, names[..<index].contains(name) else { continue }
      notices.add(.duplicatedColumn, .repaired, file: file, line: scanner.line, field: name)
    }
  }

  var line: Int { scanner.line }

  // MARK: Columns

  func column(_ name: StaticString) -> FeedColumn {
    let text = name.description
    asked.insert(text)
    return FeedColumn(name: name, index: names.firstIndex(of: text) ?? Int.max)
  }

  func requiredColumn(_ name: StaticString) -> FeedColumn {
    let column = column(name)
    if !column.isThere {
      notices.add(.missingRequiredColumn, .fileLeftOut, file: file, line: 1, field: name.description)
      isUsable = false
    }
    return column
  }

  /// Names the columns that nobody has asked for.
  func endColumns() {
    for name in names where !name.isEmpty && !asked.contains(name) {
      notices.add(.unknownColumn, .usedAsItIs, file: file, line: 1, field: name)
    }
  }

  // MARK: Rows

  /// Goes to the next row that has something in it; false at the end.
  func next() throws(FeedError) -> Bool {
    while try scanner.advance() {
      switch scanner.oddity {
      case .none: break
      case .unclosedQuote:
        notice(.unclosedQuote, .rowLeftOut)
        continue
      case .tooLong:
        notice(.recordTooLong, .rowLeftOut)
        continue
      case .textAfterQuote: notice(.textAfterQuote, .usedAsItIs)
      case .tooManyFields: notice(.tooManyFields, .repaired)
      }
      if scanner.isBlank && names.count > 1 {
        notice(.emptyRow, .usedAsItIs)
        continue
      }
      if scanner.fieldCount != names.count { checkLength() }
      rowCount += 1
      return true
    }
    return false
  }

  private func checkLength() {
    if scanner.fieldCount < names.count {
      notice(.rowTooShort, .fieldIgnored, value: "\(scanner.fieldCount) instead of \(names.count)")
      return
    }
    // Commas at the end are harmless and frequent.
    let rest = (names.count..<scanner.fieldCount).map { scanner.field($0) }
    if rest.contains(where: { !$0.isEmpty }) {
      notice(.rowTooLong, .repaired, value: "\(scanner.fieldCount) instead of \(names.count)")
    }
  }

  @inline(__always)
  func bytes(_ column: FeedColumn) -> FieldBytes { scanner.field(column.index) }

  func isEmpty(_ column: FeedColumn) -> Bool { bytes(column).isEmpty }

  // MARK: Notices

  func notice(_ code: NoticeCode, _ consequence: NoticeConsequence, value: String? = nil) {
    notices.add(code, consequence, file: file, line: scanner.line, value: value)
  }

  func notice(_ code: NoticeCode, _ consequence: NoticeConsequence, _ column: FeedColumn) {
    let bytes = bytes(column)
    notices.add(
      code, consequence, file: file, line: scanner.line, field: column.name.description,
      value: bytes.isEmpty ? nil : bytes.text)
  }

  /// Says why the row cannot be used; throw what it returns.
  func drop(_ code: NoticeCode, _ column: FeedColumn) -> RowDropped {
    notice(code, .rowLeftOut, column)
    return RowDropped()
  }
}
