/// A day on a wall calendar, of no particular place: proleptic Gregorian, years 0000 to 9999.
///
/// Kept as a count of days, so that comparing and adding are integer operations.
public struct LocalDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0000-01-01.
  public static let first = LocalDate(checkedDays: -719_528)
  /// 9999-12-31.
  public static let last = LocalDate(checkedDays: 2_932_896)

  /// Days since 1970-01-01, negative before.
  public let daysSinceEpoch: Int32

  private init(checkedDays: Int32) {
    daysSinceEpoch = checkedDays
  }

  /// The day a number of days after 1970-01-01.
  ///
  /// - Precondition: the day lies between ``first`` and ``last``.
  public init(daysSinceEpoch: Int32) {
    precondition(
      (Self.first.daysSinceEpoch...Self.last.daysSinceEpoch).contains(daysSinceEpoch),
      "day \(daysSinceEpoch) lies outside of the years 0000 to 9999")
    self.daysSinceEpoch = daysSinceEpoch
  }

  /// A day by its numbers, or ``CivilTextError/noSuchDay(_:)`` for one that does not exist.
  public init(year: Int, month: Int, day: Int) throws(CivilTextError) {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1, day <= daysInMonth(month, ofYear: year) else {
      throw .noSuchDay("\(year)-\(month)-\(day)")
    }
    daysSinceEpoch = Int32(daysFromCivil(year: year, month: month, day: day))
  }

  /// Reads `2026-06-01`, in exactly that form.
  public init(_ text: some StringProtocol) throws(CivilTextError) {
    let bytes = Array(text.utf8)
    var reader = CivilReader(bytes)
    guard let (year, month, day) = reader.date(), reader.isAtEnd else { throw .notADate(String(text)) }
    do throws(CivilTextError) {
      try self.init(year: year, month: month, day: day)
    } catch {
      throw .noSuchDay(String(text))
    }
  }

  /// Year, month and day of the month, the latter two from 1.
  public var civil: (year: Int, month: Int, day: Int) {
    civilFromDays(Int(daysSinceEpoch))
  }

  /// The weekday as ISO 8601 numbers it: Monday is 1, Sunday is 7.
  public var weekday: Int {
    let sinceMonday = (Int(daysSinceEpoch) + 3) % 7
    return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1
  }

  /// The day some days later, or earlier.
  ///
  /// - Precondition: that day lies between ``first`` and ``last``.
  public func adding(days: Int) -> LocalDate {
    LocalDate(daysSinceEpoch: Int32(Int(daysSinceEpoch) + days))
  }

  /// How many days another day lies later than this one.
  public func days(until other: LocalDate) -> Int {
    Int(other.daysSinceEpoch) - Int(daysSinceEpoch)
  }

  /// As ISO 8601 writes it: `2026-06-01`.
  public var description: String {
    let (year, month, day) = civil
    return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
  }

  /// Whether one day comes before another.
  public static func < (left: LocalDate, right: LocalDate) -> Bool {
    left.daysSinceEpoch < right.daysSinceEpoch
  }
}
