import CSQLite
import Kernel

/// The columns of one row of a result, taken from left to right.
struct ColumnReader {
  private let statement: OpaquePointer
  private var index: Int32 = -1
  /// The first column whose value is not one of its type, as only a foreign hand can have written it.
  private(set) var fault: Int32?

  init(_ statement: OpaquePointer) {
    self.statement = statement
  }

  mutating func next<Value: ColumnValue>() -> Value {
    index += 1
    if let value = Value(Column(statement: statement, index: index)) { return value }
    fault = fault ?? index
    return .placeholder
  }

  mutating func next<Value: ColumnValue>() -> Value? {
    index += 1
    let column = Column(statement: statement, index: index)
    if column.isNull { return nil }
    let value = Value(column)
    if value == nil { fault = fault ?? index }
    return value
  }
}

/// A value in a row of a result.
struct Column {
  fileprivate let statement: OpaquePointer
  fileprivate let index: Int32

  var isNull: Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }
  var integer: Int64 { sqlite3_column_int64(statement, index) }
  var real: Double { sqlite3_column_double(statement, index) }

  var text: String {
    guard let bytes = sqlite3_column_text(statement, index) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, index))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}

/// The values of a row about to be written, given from left to right.
struct ColumnBinder {
  private let statement: OpaquePointer
  private var index: Int32 = 0

  init(_ statement: OpaquePointer) {
    self.statement = statement
  }

  mutating func bind(_ value: some ColumnValue) {
    index += 1
    value.bind(to: statement, at: index)
  }

  mutating func bind(_ value: (some ColumnValue)?) {
    index += 1
    if let value { value.bind(to: statement, at: index) } else { sqlite3_bind_null(statement, index) }
  }
}

/// What a column can hold.
protocol ColumnValue {
  /// Nil for what is not of this type.
  init?(_ column: Column)
  /// Stands where a row could not be read until the reader is told.
  static var placeholder: Self { get }
  func bind(to statement: OpaquePointer, at index: Int32)
}

extension ColumnValue where Self: RawRepresentable & CaseIterable, RawValue: ColumnValue {
  init?(_ column: Column) {
    guard let raw = RawValue(column) else { return nil }
    self.init(rawValue: raw)
  }

  static var placeholder: Self { allCases[allCases.startIndex] }

  func bind(to statement: OpaquePointer, at index: Int32) { rawValue.bind(to: statement, at: index) }
}

extension LocationType: ColumnValue {}
extension Accessibility: ColumnValue {}
extension BoardingRule: ColumnValue {}
extension Continuous: ColumnValue {}
extension ServiceException: ColumnValue {}
extension TransferType: ColumnValue {}
extension PathwayMode: ColumnValue {}
extension RouteMode: ColumnValue {}
extension Severity: ColumnValue {}

extension String: ColumnValue {
  init?(_ column: Column) { self = column.text }
  static var placeholder: String { "" }

  func bind(to statement: OpaquePointer, at index: Int32) {
    var text = self
    text.withUTF8 { bytes in
      _ = bytes.withMemoryRebound(to: CChar.self) { bytes in
        // A buffer without bytes has no address, which SQLite would take for null.
        if let start = bytes.baseAddress {
          wayfare_bind_copied_text(statement, index, start, Int32(bytes.count))
        } else {
          wayfare_bind_copied_text(statement, index, "", 0)
        }
      }
    }
  }
}

extension Int: ColumnValue {
  init?(_ column: Column) { self = Int(column.integer) }
  static var placeholder: Int { 0 }
  func bind(to statement: OpaquePointer, at index: Int32) { sqlite3_bind_int64(statement, index, Int64(self)) }
}

extension Int32: ColumnValue {
  init?(_ column: Column) { self.init(exactly: column.integer) }
  static var placeholder: Int32 { 0 }
  func bind(to statement: OpaquePointer, at index: Int32) { sqlite3_bind_int(statement, index, self) }
}

extension Double: ColumnValue {
  init?(_ column: Column) { self = column.real }
  static var placeholder: Double { 0 }
  func bind(to statement: OpaquePointer, at index: Int32) { sqlite3_bind_double(statement, index, self) }
}

extension Bool: ColumnValue {
  init?(_ column: Column) { self = column.integer != 0 }
  static var placeholder: Bool { false }
  func bind(to statement: OpaquePointer, at index: Int32) { sqlite3_bind_int(statement, index, self ? 1 : 0) }
}

extension GraphKey: ColumnValue {
  init?(_ column: Column) {
    guard let number = Int32(exactly: column.integer), number >= 0 else { return nil }
    self.init(number)
  }
  static var placeholder: GraphKey { GraphKey(Int32(0)) }
  func bind(to statement: OpaquePointer, at index: Int32) { sqlite3_bind_int(statement, index, number) }
}

extension ServiceTime: ColumnValue {
  init?(_ column: Column) {
    guard let seconds = Int32(exactly: column.integer) else { return nil }
    self.init(seconds: seconds)
  }
  static var placeholder: ServiceTime { ServiceTime(seconds: 0) }
  func bind(to statement: OpaquePointer, at index: Int32) { sqlite3_bind_int(statement, index, seconds) }
}

extension LocalDate: ColumnValue {
  init?(_ column: Column) {
    // Text that is no date: the reader says which column it was.
    guard let date = try? LocalDate(column.text) else { return nil }
    self = date
  }
  static var placeholder: LocalDate { LocalDate(daysSinceEpoch: 0) }
  func bind(to statement: OpaquePointer, at index: Int32) { description.bind(to: statement, at: index) }
}

extension ZoneName: ColumnValue {
  init?(_ column: Column) { self.init(column.text) }
  static var placeholder: ZoneName { .utc }
  func bind(to statement: OpaquePointer, at index: Int32) { description.bind(to: statement, at: index) }
}
