/// A moment, to the second, in UTC without leap seconds, as POSIX counts; years 0000 to 9999.
public struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0000-01-01T00:00:00Z.
  public static let first = Instant(checkedSeconds: -62_167_219_200)
  /// 9999-12-31T23:59:59Z.
  public static let last = Instant(checkedSeconds: 253_402_300_799)

  /// Seconds since 1970-01-01T00:00:00Z, negative before.
  public let secondsSinceEpoch: Int64

  private init(checkedSeconds: Int64) {
    secondsSinceEpoch = checkedSeconds
  }

  /// The moment some seconds after 1970-01-01T00:00:00Z.
  ///
  /// - Precondition: it lies between ``first`` and ``last``.
  public init(secondsSinceEpoch: Int64) {
    precondition(
      (Self.first.secondsSinceEpoch...Self.last.secondsSinceEpoch).contains(secondsSinceEpoch),
      "second \(secondsSinceEpoch) lies outside of the years 0000 to 9999")
    self.secondsSinceEpoch = secondsSinceEpoch
  }

  /// Reads RFC 3339: `2026-06-01T08:03:00+02:00` or `2026-06-01T06:03:00Z`, with capital letters.
  ///
  /// A fraction of a second is allowed and dropped, as browsers always send one. A leap second (`:60`) is refused:
  /// there is no such moment in this count.
  public init(_ text: some StringProtocol) throws(CivilTextError) {
    var reader = CivilReader(Array(text.utf8))
    guard let (year, month, day) = reader.date(), reader.take("T"), let time = reader.time(),
      let offset = reader.offset(), reader.isAtEnd
    else { throw .notAnInstant(String(text)) }
    guard (1...12).contains(month), day >= 1, day <= daysInMonth(month, ofYear: year), time.hour < 24,
      time.minute < 60, time.second < 60, offset.hour < 24, offset.minute < 60
    else { throw .noSuchTime(String(text)) }
    let days = daysFromCivil(year: year, month: month, day: day)
    let local = Int64(days) * 86_400 + Int64(time.hour * 3600 + time.minute * 60 + time.second)
    let seconds = local - Int64(offset.sign * (offset.hour * 3600 + offset.minute * 60))
    guard (Self.first.secondsSinceEpoch...Self.last.secondsSinceEpoch).contains(seconds) else {
      throw .noSuchTime(String(text))
    }
    secondsSinceEpoch = seconds
  }

  /// The moment some seconds later, or earlier.
  ///
  /// - Precondition: it lies between ``first`` and ``last``.
  public func adding(seconds: Int64) -> Instant {
    Instant(secondsSinceEpoch: secondsSinceEpoch + seconds)
  }

  /// How many seconds another moment lies later than this one.
  public func seconds(until other: Instant) -> Int64 {
    other.secondsSinceEpoch - secondsSinceEpoch
  }

  /// As RFC 3339 writes it in UTC: `2026-06-01T06:03:00Z`.
  public var description: String {
    let (days, second) = dividedDown(Int(secondsSinceEpoch), by: 86_400)
    let (year, month, day) = civilFromDays(days)
    let date = "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    return "\(date)T\(padded(second / 3600, to: 2)):\(padded(second / 60 % 60, to: 2)):\(padded(second % 60, to: 2))Z"
  }

  /// Whether one moment comes before another.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }
}
