import Kernel

/// A day of the year as opening hours name it: `Dec 25`, `easter`, `Mar Su[-1]`, each perhaps some days before or after.
struct OpeningDate: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A day of a month.
    case day(month: Int, day: Int)
    /// The last day of a month.
    case end(month: Int)
    /// Easter Sunday of the western churches.
    case easter
    /// A weekday of a month, from Monday as 1: which one, the last being -1.
    case weekday(month: Int, weekday: Int, occurrence: Int)
  }

  var kind: Kind
  /// Only of this year.
  var year: Int?
  /// The next weekday after it, or the last before it where this is negative.
  var weekdayShift: Int?
  var dayShift = 0

  init(_ kind: Kind, year: Int? = nil) {
    self.kind = kind
    self.year = year
  }

  /// The day it is in a year; nil where that year has none such.
  func day(in year: Int) -> LocalDate? {
    guard self.year == nil || self.year == year, var day = unshifted(in: year) else { return nil }
    if let weekdayShift {
      let ahead = (abs(weekdayShift) - day.weekday + 7) % 7
      day = day.adding(days: weekdayShift > 0 ? ahead : ahead == 0 ? 0 : ahead - 7)
    }
    return day.adding(days: dayShift)
  }

  private func unshifted(in year: Int) -> LocalDate? {
    switch kind {
    case .day(let month, let day): return try? LocalDate(year: year, month: month, day: day)
    case .easter: return LocalDate.easter(of: year)
    case .end(let month):
      let first = try? LocalDate(year: year, month: month, day: 1)
      return first.map { $0.adding(days: $0.daysInMonth - 1) }
    case .weekday(let month, let weekday, let occurrence):
      guard let first = try? LocalDate(year: year, month: month, day: 1) else { return nil }
      let ahead = (weekday - first.weekday + 7) % 7
      let count = (first.daysInMonth - 1 - ahead) / 7 + 1
      let place = occurrence > 0 ? occurrence - 1 : count + occurrence
      return (0..<count).contains(place) ? first.adding(days: ahead + 7 * place) : nil
    }
  }
}

/// Days from one to another, both included; the second may lie in the next year.
struct OpeningDateRange: Hashable, Sendable {
  var first: OpeningDate
  /// Nil for one day.
  var last: OpeningDate?

  /// Whether it has a day; the years are those in which it may begin, all if there are none.
  func contains(_ date: LocalDate, years: [OpeningYears]) -> Bool {
    let year = date.civil.year
    // What is shifted may lie in the year before or after the one it is reckoned from.
    return (year - 1...year + 1).contains { beginning in
      guard years.isEmpty || years.contains(where: { $0.contains(beginning) }) else { return false }
      guard let last else { return first.day(in: beginning) == date }
      // The 29th of a February that has none: from then on means from the day after.
      guard let start = first.day(in: beginning) ?? first.following(in: beginning) else { return false }
      guard start <= date, let end = last.end(from: start, beginning) else { return false }
      return date <= end
    }
  }
}

/// Years from one to another, each or every so many.
struct OpeningYears: Hashable, Sendable {
  var years: ClosedRange<Int>
  var step = 1

  func contains(_ year: Int) -> Bool {
    years.contains(year) && (year - years.lowerBound) % step == 0
  }
}

extension OpeningDate {
  /// The day after a 29th of February that the year does not have.
  fileprivate func following(in year: Int) -> LocalDate? {
    guard case .day(2, 29) = kind, self.year == nil || self.year == year else { return nil }
    return try? LocalDate(year: year, month: 3, day: 1).adding(days: dayShift)
  }

  /// The first such day that is not before `start`, of the year in which it began or the next.
  fileprivate func end(from start: LocalDate, _ beginning: Int) -> LocalDate? {
    if let year { return day(in: year) ?? following(in: year)?.adding(days: -1) }
    for year in beginning...beginning + 1 {
      if let day = day(in: year) ?? following(in: year)?.adding(days: -1), day >= start { return day }
    }
    return nil
  }
}

extension LocalDate {
  /// Easter Sunday by the Gregorian calendar: the Sunday after the first full moon on or after 21 March, as the church
  /// reckons the moon.
  static func easter(of year: Int) -> LocalDate? {
    let (century, golden) = (year / 100, year % 19)
    // Days from 21 March to the full moon: nineteen years of moons, less the leap days that centuries lack.
    let correction = century - century / 4 - (8 * century + 13) / 25
    var moon = (19 * golden + correction + 15) % 30
    if moon == 29 || moon == 28 && golden > 10 { moon -= 1 }
    guard let equinox = try? LocalDate(year: year, month: 3, day: 21) else { return nil }
    let full = equinox.adding(days: moon)
    return full.adding(days: 7 - full.weekday % 7)
  }
}
