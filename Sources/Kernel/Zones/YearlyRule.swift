/// An offset, and perhaps a second one for a part of each year: what POSIX's variable `TZ` can say.
///
/// The last line of a tz database file is such a rule, as in `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyRule: Hashable, Sendable {
  /// A day of every year, and a second counted from its midnight on the clock that is about to change.
  struct YearlyMoment: Hashable, Sendable {
    enum Day: Hashable, Sendable {
      /// `Mm.w.d`: the w-th weekday d (Sunday is 0) of month m; a fifth one is the last.
      case weekday(month: Int, week: Int, day: Int)
      /// `Jn`: the n-th day from 1, not counting 29 February.
      case dayWithoutLeapDays(Int)
      /// `n`: the n-th day from 0.
      case day(Int)
    }

    let day: Day
    let second: Int

    /// Seconds since 1970-01-01T00:00:00 on that clock.
    func clockSeconds(inYear year: Int) -> Int64 {
      Int64(dayNumber(inYear: year)) * 86_400 + Int64(second)
    }

    private func dayNumber(inYear year: Int) -> Int {
      let newYear = daysFromCivil(year: year, month: 1, day: 1)
      switch day {
      case .day(let index): return newYear + index
      case .dayWithoutLeapDays(let number):
        let isAfterLeapDay = number >= 60 && daysInMonth(2, ofYear: year) == 29
        return newYear + number - 1 + (isAfterLeapDay ? 1 : 0)
      case .weekday(let month, let week, let weekday):
        let first = daysFromCivil(year: year, month: month, day: 1)
        // 1970-01-01 was a Thursday, the fourth day after Sunday.
        let firstWeekday = dividedDown(first + 4, by: 7).remainder
        let day = dividedDown(weekday - firstWeekday, by: 7).remainder + 7 * (week - 1)
        return first + (day < daysInMonth(month, ofYear: year) ? day : day - 7)
      }
    }
  }

  struct Daylight: Hashable, Sendable {
    let offset: Int32
    let begins: YearlyMoment
    let ends: YearlyMoment
  }

  let standardOffset: Int32
  let daylight: Daylight?

  func offset(atSecond second: Int64) -> Int32 {
    guard let daylight else { return standardOffset }
    let around = changes(from: second - 366 * 86_400, through: second)
    // Daylight saving "all year" is written as rules whose changes fall together; the last one written then holds.
    return around.last?.after ?? daylight.offset
  }

  /// The changes of a range of seconds, both ends included, in order.
  func changes(from start: Int64, through end: Int64) -> [ZoneRules.Change] {
    guard let daylight else { return [] }
    var found: [ZoneRules.Change] = []
    let firstYear = civilFromDays(dividedDown(Int(start), by: 86_400).quotient).year - 1
    let lastYear = civilFromDays(dividedDown(Int(end), by: 86_400).quotient).year + 1
    for year in firstYear...lastYear {
      let begin = daylight.begins.clockSeconds(inYear: year) - Int64(standardOffset)
      let finish = daylight.ends.clockSeconds(inYear: year) - Int64(daylight.offset)
      found.append(ZoneRules.Change(at: begin, before: standardOffset, after: daylight.offset))
      found.append(ZoneRules.Change(at: finish, before: daylight.offset, after: standardOffset))
    }
    found.sort { ($0.at, $0.before == standardOffset ? 1 : 0) < ($1.at, $1.before == standardOffset ? 1 : 0) }
    return found.filter { $0.at >= start && $0.at <= end }
  }
}
