/// A point in time, in microseconds since 1970-01-01T00:00:00Z, as `timestamptz` keeps it.
public struct PostgresTimestamp: PostgresValue, Hashable, Comparable {
  /// Microseconds since the Unix epoch.
  public let microseconds: Int64

  /// Takes microseconds since the Unix epoch.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// After every other; `infinity` to the server.
  public static let infinity = PostgresTimestamp(microseconds: .max)
  /// Before every other; `-infinity` to the server.
  public static let minusInfinity = PostgresTimestamp(microseconds: .min)

  /// The server counts from 2000-01-01.
  private static let serverEpoch: Int64 = 946_684_800_000_000

  /// The type `timestamp with time zone`.
  public static var postgresType: PostgresType { .timestamptz }

  /// Reads `timestamptz`, and `timestamp` as if it were in UTC.
  public static func accepts(_ type: PostgresType) -> Bool { type == .timestamptz || type == .timestamp }

  /// Appends eight bytes; what lies before the server's range becomes `-infinity`.
  public func encode(into bytes: inout [UInt8]) {
    let (shifted, overflow) = microseconds.subtractingReportingOverflow(PostgresTimestamp.serverEpoch)
    bytes.append(bigEndian: self == .infinity ? .max : overflow ? .min : shifted)
  }

  /// Reads eight bytes.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    let value = try bytes.only(Int64.self)
    let (shifted, overflow) = value.addingReportingOverflow(PostgresTimestamp.serverEpoch)
    microseconds = value == .min ? .min : overflow ? .max : shifted
  }

  /// Whether one lies before the other.
  public static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
    left.microseconds < right.microseconds
  }
}

/// A day, counted from 1970-01-01.
public struct PostgresDate: PostgresValue, Hashable, Comparable {
  /// Days since 1970-01-01.
  public let days: Int32

  /// Takes days since 1970-01-01.
  public init(days: Int32) { self.days = days }

  /// After every other; `infinity` to the server.
  public static let infinity = PostgresDate(days: .max)
  /// Before every other; `-infinity` to the server.
  public static let minusInfinity = PostgresDate(days: .min)

  /// The server counts from 2000-01-01.
  private static let serverEpoch: Int32 = 10_957

  /// The type `date`.
  public static var postgresType: PostgresType { .date }

  /// Reads `date` alone.
  public static func accepts(_ type: PostgresType) -> Bool { type == .date }

  /// Appends four bytes; what lies before the server's range becomes `-infinity`.
  public func encode(into bytes: inout [UInt8]) {
    let (shifted, overflow) = days.subtractingReportingOverflow(PostgresDate.serverEpoch)
    bytes.append(bigEndian: self == .infinity ? .max : overflow ? .min : shifted)
  }

  /// Reads four bytes.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    let value = try bytes.only(Int32.self)
    let (shifted, overflow) = value.addingReportingOverflow(PostgresDate.serverEpoch)
    days = value == .min ? .min : overflow ? .max : shifted
  }

  /// Whether one lies before the other.
  public static func < (left: PostgresDate, right: PostgresDate) -> Bool { left.days < right.days }
}
