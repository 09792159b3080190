import Kernel

// What a field must be is said once, here: a required one costs its row, an optional one counts as empty.

extension FeedTable {
  // MARK: Texts

  func text(_ column: FeedColumn) -> String? {
    let bytes = bytes(column)
    return bytes.isEmpty ? nil : checkedText(bytes, column)
  }

  func requiredText(_ column: FeedColumn) throws(RowDropped) -> String {
    checkedText(try requiredBytes(column), column)
  }

  /// An id: any text; control characters in one are a sign of a damaged file.
  @inline(__always)
  func requiredBytes(_ column: FeedColumn) throws(RowDropped) -> FieldBytes {
    let bytes = bytes(column)
    if bytes.isEmpty { throw drop(.missingRequiredField, column) }
    return bytes
  }

  private func checkedText(_ bytes: FieldBytes, _ column: FeedColumn) -> String {
    var isPlain = true
    for index in 0..<bytes.count where bytes.start[index] < 0x20 || bytes.start[index] >= 0x80 { isPlain = false }
    let text = bytes.text
    if isPlain { return text }
    // Line breaks and tabs are text; U+FFFD stands for bytes that were not, unless it was there itself.
    let isSound = text.unicodeScalars.allSatisfy { scalar in
      scalar != "\u{FFFD}" && (scalar.value >= 0x20 || [9, 10, 13].contains(scalar.value))
    }
    if !isSound { notice(.invalidCharacter, .repaired, column) }
    return isSound ? text : String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 }))
  }

  // MARK: Numbers

  func integer(_ column: FeedColumn, in range: ClosedRange<Int>) -> Int? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    if let value = bytes.integer, range.contains(value) { return value }
    notice(bytes.integer == nil ? .invalidInteger : .numberOutOfRange, .fieldIgnored, column)
    return nil
  }

  func requiredInteger(_ column: FeedColumn, in range: ClosedRange<Int>) throws(RowDropped) -> Int {
    let bytes = try requiredBytes(column)
    guard let value = bytes.integer else { throw drop(.invalidInteger, column) }
    guard range.contains(value) else { throw drop(.numberOutOfRange, column) }
    return value
  }

  func real(_ column: FeedColumn, in range: ClosedRange<Double>) -> Double? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    if let value = bytes.real, range.contains(value) { return value }
    notice(bytes.real == nil ? .invalidNumber : .numberOutOfRange, .fieldIgnored, column)
    return nil
  }

  func requiredReal(_ column: FeedColumn, in range: ClosedRange<Double>) throws(RowDropped) -> Double {
    let bytes = try requiredBytes(column)
    guard let value = bytes.real else { throw drop(.invalidNumber, column) }
    guard range.contains(value) else { throw drop(.numberOutOfRange, column) }
    return value
  }

  /// 0 or 1.
  func requiredFlag(_ column: FeedColumn) throws(RowDropped) -> Bool {
    let bytes = try requiredBytes(column)
    if bytes.equals("1") { return true }
    if bytes.equals("0") { return false }
    throw drop(.unexpectedValue, column)
  }

  func flag(_ column: FeedColumn) -> Bool {
    let bytes = bytes(column)
    if !bytes.isEmpty, !bytes.equals("0"), !bytes.equals("1") { notice(.unexpectedValue, .fieldIgnored, column) }
    return bytes.equals("1")
  }

  /// One of the values that GTFS lists; another one counts as empty, and empty as the default.
  @inline(__always)
  func value<Choice: RawRepresentable<Int32>>(_ column: FeedColumn, default fallback: Choice) -> Choice {
    choice(column) ?? fallback
  }

  @inline(__always)
  func choice<Choice: RawRepresentable<Int32>>(_ column: FeedColumn) -> Choice? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    if let number = bytes.integer, let choice = Choice(rawValue: Int32(truncatingIfNeeded: number)) { return choice }
    notice(bytes.integer == nil ? .invalidInteger : .unexpectedValue, .fieldIgnored, column)
    return nil
  }

  func requiredValue<Choice: RawRepresentable<Int32>>(
    _ column: FeedColumn, _ type: Choice.Type
  ) throws(RowDropped) -> Choice {
    let bytes = try requiredBytes(column)
    guard let number = bytes.integer else { throw drop(.invalidInteger, column) }
    guard let choice = Choice(rawValue: Int32(truncatingIfNeeded: number)) else { throw drop(.unexpectedValue, column) }
    return choice
  }

  // MARK: Times and days

  func time(_ column: FeedColumn) -> ServiceTime? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    if let seconds = bytes.time ?? timeWithoutSeconds(column) { return ServiceTime(seconds: seconds) }
    notice(.invalidTime, .fieldIgnored, column)
    return nil
  }

  func requiredTime(_ column: FeedColumn) throws(RowDropped) -> ServiceTime {
    let bytes = try requiredBytes(column)
    guard let seconds = bytes.time ?? timeWithoutSeconds(column) else { throw drop(.invalidTime, column) }
    return ServiceTime(seconds: seconds)
  }

  private func timeWithoutSeconds(_ column: FeedColumn) -> Int32? {
    let seconds = bytes(column).timeWithoutSeconds
    if seconds != nil { notice(.timeWithoutSeconds, .repaired, column) }
    return seconds
  }

  func date(_ column: FeedColumn) -> LocalDate? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    if let date = day(bytes) { return date }
    notice(.invalidDate, .fieldIgnored, column)
    return nil
  }

  func requiredDate(_ column: FeedColumn) throws(RowDropped) -> LocalDate {
    guard let date = day(try requiredBytes(column)) else { throw drop(.invalidDate, column) }
    return date
  }

  private func day(_ bytes: FieldBytes) -> LocalDate? {
    guard let (year, month, day) = bytes.dateNumbers else { return nil }
    // A day that no calendar has is no date; the caller says so.
    return try? LocalDate(year: year, month: month, day: day)
  }

  func zone(_ column: FeedColumn) -> ZoneName? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    if let name = knownZone(bytes) { return name }
    notice(.invalidTimezone, .fieldIgnored, column)
    return nil
  }

  func knownZone(_ bytes: FieldBytes) -> ZoneName? {
    // A name that no file has is no zone; the caller says so.
    guard let name = ZoneName(bytes.text), (try? ZoneFiles.system.rules(of: name)) != nil else { return nil }
    return name
  }

  // MARK: Other

  func color(_ column: FeedColumn) -> String? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    let text = bytes.text
    if text.utf8.count == 6, text.utf8.allSatisfy({ $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 6 }) {
      return text.uppercased()
    }
    notice(.invalidColor, .fieldIgnored, column)
    return nil
  }

  func currency(_ column: FeedColumn) throws(RowDropped) -> String {
    let text = try requiredBytes(column).text
    guard text.utf8.count == 3, text.utf8.allSatisfy({ $0 &- 65 < 26 }) else { throw drop(.invalidCurrency, column) }
    return text
  }

  /// An amount in the smallest unit of its currency.
  func amount(_ column: FeedColumn, in currency: String) throws(RowDropped) -> Int {
    let bytes = try requiredBytes(column)
    guard let amount = CurrencyDigits.minorUnits(bytes, in: currency) else { throw drop(.invalidAmount, column) }
    return amount
  }

  /// The row that an id means; nil for an empty one.
  @inline(__always)
  func reference<Row>(_ column: FeedColumn, in table: borrowing IdentifierTable<Row>) -> GraphKey<Row>? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    if let key = table.find(bytes) { return key }
    notice(.unknownReference, .fieldIgnored, column)
    return nil
  }

  /// The row that an id means; nil for an empty one.
  ///
  /// An id without its row costs this row, as its meaning would change.
  func strictReference<Row>(
    _ column: FeedColumn, in table: borrowing IdentifierTable<Row>
  ) throws(RowDropped) -> GraphKey<Row>? {
    let bytes = bytes(column)
    if bytes.isEmpty { return nil }
    guard let key = table.find(bytes) else { throw drop(.unknownReference, column) }
    return key
  }

  @inline(__always)
  func requiredReference<Row>(
    _ column: FeedColumn, in table: borrowing IdentifierTable<Row>
  ) throws(RowDropped) -> GraphKey<Row> {
    guard let key = table.find(try requiredBytes(column)) else { throw drop(.unknownReference, column) }
    return key
  }
}
