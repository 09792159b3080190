import Kernel

/// One rule of opening hours: on which days, from when to when, and what then.
struct OpeningRule: Hashable, Sendable {
  /// How it stands to the rules before it.
  enum Joining: Hashable, Sendable { case replacing, adding, filling }
  enum Status: Hashable, Sendable { case open, closed, unknown }

  struct WeekRange: Hashable, Sendable {
    var weeks: ClosedRange<Int>
    var step: Int
  }

  /// Weekdays, from Monday as 1, in a row that may pass Sunday; or which ones of their month, the last being -1.
  ///
  /// A shift means so many days after them.
  enum Days: Hashable, Sendable {
    case weekdays(first: Int, last: Int, occurrences: [Int], shift: Int)
    case publicHolidays(shift: Int)
    case schoolHolidays(shift: Int)
  }

  enum Moment: Hashable, Sendable {
    case clock(Int)
    case sun(SunEvent, offset: Int)
  }

  struct Times: Hashable, Sendable {
    var start: Moment
    var end: Moment
  }

  var joining = Joining.replacing
  var status = Status.open
  var years: [OpeningYears] = []
  var dates: [OpeningDateRange] = []
  var weeks: [WeekRange] = []
  var days: [Days] = []
  /// Of those days, only these.
  var daysAmong: [Days] = []
  var times: [Times] = []
  var comment: String?

  func matches(_ date: LocalDate, in context: OpeningContext) -> Bool {
    if dates.isEmpty {
      let year = date.civil.year
      if !years.isEmpty, !years.contains(where: { $0.contains(year) }) { return false }
    } else if !dates.contains(where: { $0.contains(date, years: years) }) {
      return false
    }
    if !weeks.isEmpty {
      let week = date.isoWeek
      guard weeks.contains(where: { $0.weeks.contains(week) && (week - $0.weeks.lowerBound) % $0.step == 0 }) else {
        return false
      }
    }
    return [days, daysAmong].allSatisfy { entries in
      entries.isEmpty || entries.contains { $0.contains(date, in: context) }
    }
  }

  func intervals(on date: LocalDate, in context: OpeningContext) -> [OpeningHours.Interval] {
    let isUncertain = status == .unknown
    if times.isEmpty {
      return [OpeningHours.Interval(start: 0, end: 1440, isUncertain: isUncertain, comment: comment)]
    }
    return times.compactMap { range in
      guard let start = range.start.minute(on: date, in: context), var end = range.end.minute(on: date, in: context)
      else { return nil }
      if end <= start { end += 1440 }
      return OpeningHours.Interval(start: start, end: end, isUncertain: isUncertain, comment: comment)
    }
  }
}

extension OpeningRule.Days {
  var isHoliday: Bool {
    switch self {
    case .weekdays: false
    case .publicHolidays, .schoolHolidays: true
    }
  }

  func contains(_ date: LocalDate, in context: OpeningContext) -> Bool {
    switch self {
    case .publicHolidays(let shift): return context.isPublicHoliday(date.adding(days: -shift))
    case .schoolHolidays(let shift): return context.isSchoolHoliday(date.adding(days: -shift))
    case .weekdays(let first, let last, let occurrences, let shift):
      let date = date.adding(days: -shift)
      let weekday = date.weekday
      guard first <= last ? (first...last).contains(weekday) : weekday >= first || weekday <= last else { return false }
      if occurrences.isEmpty { return true }
      let day = date.civil.day
      let remaining = (date.daysInMonth - day) / 7 + 1
      return occurrences.contains((day - 1) / 7 + 1) || occurrences.contains(-remaining)
    }
  }
}

extension OpeningRule.Moment {
  /// Minutes after midnight; nil if the sun does not do that on that day.
  func minute(on date: LocalDate, in context: OpeningContext) -> Int? {
    switch self {
    case .clock(let minute): return minute
    case .sun(let event, let offset):
      guard let sun = context.sun else { return event.usualMinute + offset }
      return sun.minute(of: event, on: date).map { $0 + offset }
    }
  }
}

extension LocalDate {
  /// The week of ISO 8601: the one that has the year's first Thursday is the first.
  var isoWeek: Int {
    let thursday = adding(days: 4 - weekday)
    let year = thursday.civil.year
    // 1 January is in every year of the calendar.
    guard let first = try? LocalDate(year: year, month: 1, day: 1) else { return 1 }
    return first.days(until: thursday) / 7 + 1
  }

  var daysInMonth: Int {
    let (_, month, day) = civil
    var last = day
    while last < 31, adding(days: last + 1 - day).civil.month == month { last += 1 }
    return last
  }
}
