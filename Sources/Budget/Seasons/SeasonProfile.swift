package import Kernel

/// A day of every year: 24 December.
package struct MonthDay: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 1 to 12.
  package let month: Int
  /// 1 to 31.
  package let day: Int

  /// A day; nil for one that no year has.
  package init?(month: Int, day: Int) {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
    self.month = month
    self.day = day
  }

  /// Reads `12-24`.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: "-") else { return nil }
    let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - Int(UInt8(ascii: "0")) }
    guard digits.allSatisfy((0...9).contains) else { return nil }
    self.init(month: digits[0] * 10 + digits[1], day: digits[2] * 10 + digits[3])
  }

  /// The day of a date.
  package init(_ date: LocalDate) {
    let (_, month, day) = date.civil
    self.month = month
    self.day = day
  }

  /// `12-24`.
  package var description: String { "\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)" }

  /// Whether one day comes before another in a year.
  package static func < (left: MonthDay, right: MonthDay) -> Bool {
    (left.month, left.day) < (right.month, right.day)
  }
}

/// Some days: of every year, which may span the new year, or of one year.
package enum SeasonDays: Hashable, Sendable {
  /// From a day to a day of every year, both included.
  case yearly(from: MonthDay, to: MonthDay)
  /// From a date to a date, both included.
  case dated(from: LocalDate, to: LocalDate)

  /// Whether a date is one of them.
  package func contains(_ date: LocalDate) -> Bool {
    switch self {
    case .dated(let from, let to): return from <= date && date <= to
    case .yearly(let from, let to):
      let day = MonthDay(date)
      return from <= to ? from <= day && day <= to : day >= from || day <= to
    }
  }

  func overlaps(_ other: SeasonDays) -> Bool {
    switch (self, other) {
    case (.dated(let from, let to), .dated(let otherFrom, let otherTo)): from <= otherTo && otherFrom <= to
    case (.yearly(let from, _), .yearly(let otherFrom, _)): other.hasYearly(from) || hasYearly(otherFrom)
    // A dated season goes before a yearly one, so they may meet.
    case (.dated, .yearly), (.yearly, .dated): false
    }
  }

  private func hasYearly(_ day: MonthDay) -> Bool {
    guard case .yearly(let from, let to) = self else { return false }
    return from <= to ? from <= day && day <= to : day >= from || day <= to
  }
}

/// A fair, a carnival, Christmas: days on which prices are multiplied once more.
package struct SeasonEvent: Hashable, Sendable {
  /// What it is called.
  package let name: String
  /// When it is.
  package let days: SeasonDays
  /// By how much, in millionths.
  package let factor: Int64

  /// An event.
  package init(name: String, days: SeasonDays, factor: Int64) {
    self.name = name
    self.days = days
    self.factor = factor
  }
}

/// How prices move through the year: a factor for every date.
///
/// Months (or weeks) are anchors in their middle, and dates between two anchors lie on the straight line between them;
/// the weekday and an event multiply on that. All factors are whole millionths, so that a price is the same on every
/// machine. On a date that two events claim, one that is dated goes before one of every year.
package struct SeasonProfile: Hashable, Sendable {
  /// Factor one.
  package static let one: Int64 = 1_000_000
  /// Factors lie between nothing and hundredfold.
  package static let factorMax: Int64 = 100 * one

  /// Twelve, or none.
  package private(set) var months: [Int64] = []
  /// Fifty-three from 1 January on, or none; they go before months.
  package private(set) var weeks: [Int64] = []
  /// Seven from Monday on, or none.
  package private(set) var weekdays: [Int64] = []
  /// No two of one kind meet.
  package private(set) var events: [SeasonEvent] = []

  /// Factor one on every day.
  package init() {}

  /// Why a profile is none.
  package enum Fault: Error, Hashable, Sendable {
    /// Another number of factors than wanted.
    case count(String, wanted: Int, found: Int)
    /// A factor out of bounds.
    case factor
    /// Two events on one day.
    case overlap(String, String)
  }

  /// Sets the months' factors.
  package mutating func setMonths(_ factors: [Int64]) throws(Fault) {
    months = try SeasonProfile.checked(factors, "months", 12)
  }

  /// Sets the weeks' factors; 52 are as good as 53.
  package mutating func setWeeks(_ factors: [Int64]) throws(Fault) {
    weeks = try SeasonProfile.checked(factors.count == 52 ? factors + factors.suffix(1) : factors, "weeks", 53)
  }

  /// Sets the weekdays' factors.
  package mutating func setWeekdays(_ factors: [Int64]) throws(Fault) {
    weekdays = try SeasonProfile.checked(factors, "weekdays", 7)
  }

  /// Adds an event.
  package mutating func add(_ event: SeasonEvent) throws(Fault) {
    _ = try SeasonProfile.checked([event.factor], "event", 1)
    if let other = events.first(where: { $0.days.overlaps(event.days) }) { throw .overlap(other.name, event.name) }
    events.append(event)
  }

  /// The factor of a date, in millionths.
  package func factor(on date: LocalDate) -> Int64 {
    var factor = anchored(date)
    if !weekdays.isEmpty { factor = (factor * weekdays[date.weekday - 1] + Self.one / 2) / Self.one }
    if let event = event(on: date) { factor = (factor * event.factor + Self.one / 2) / Self.one }
    return factor
  }

  /// The event of a date.
  package func event(on date: LocalDate) -> SeasonEvent? {
    var yearly: SeasonEvent?
    for event in events where event.days.contains(date) {
      if case .dated = event.days { return event }
      yearly = event
    }
    return yearly
  }

  private static func checked(_ factors: [Int64], _ name: String, _ count: Int) throws(Fault) -> [Int64] {
    guard factors.count == count else { throw .count(name, wanted: count, found: factors.count) }
    guard factors.allSatisfy((0...factorMax).contains) else { throw .factor }
    return factors
  }

  /// The straight line between the anchors before and after a date.
  private func anchored(_ date: LocalDate) -> Int64 {
    if !weeks.isEmpty { return betweenWeeks(date) }
    if months.isEmpty { return Self.one }
    let (year, month, day) = date.civil
    let middle = 15
    // The anchors lie on the 15th: so many days apart as the earlier of the two months has.
    let earlier = day >= middle ? month : (month + 10) % 12 + 1
    let later = earlier % 12 + 1
    let length = SeasonProfile.days(in: earlier, of: earlier > month ? year - 1 : year)
    let passed = day >= middle ? day - middle : day + length - middle
    return SeasonProfile.line(months[earlier - 1], months[later - 1], passed, length)
  }

  private func betweenWeeks(_ date: LocalDate) -> Int64 {
    let (year, month, day) = date.civil
    let day0 = SeasonProfile.dayOfYear(year, month, day)
    // The anchor of a week is its fourth day.
    let shifted = day0 - 3
    let earlier = shifted < 0 ? 52 : min(shifted / 7, 52)
    let passed = shifted < 0 ? shifted + 7 : shifted - earlier * 7
    return SeasonProfile.line(weeks[earlier], weeks[(earlier + 1) % 53], min(passed, 7), 7)
  }

  private static func line(_ from: Int64, _ to: Int64, _ passed: Int, _ length: Int) -> Int64 {
    (from * Int64(length - passed) + to * Int64(passed) + Int64(length) / 2) / Int64(length)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  private static func dayOfYear(_ year: Int, _ month: Int, _ day: Int) -> Int {
    (1..<month).reduce(day - 1) { $0 + days(in: $1, of: year) }
  }
}
