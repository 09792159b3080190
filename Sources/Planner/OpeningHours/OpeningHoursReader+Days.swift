extension OpeningHoursReader {
  static let weekdays = ["mo", "tu", "we", "th", "fr", "sa", "su"]

  /// The position, from 1, of a name that comes next.
  mutating func name(of names: [String]) -> Int? {
    for (index, name) in names.enumerated() where takeWord(name) { return index + 1 }
    return nil
  }

  // MARK: Weeks

  mutating func weeks(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    guard takeWord("week") else { return }
    repeat {
      skipBlanks()
      let first = try week()
      var range = OpeningRule.WeekRange(weeks: first...first, step: 1)
      if take("-") {
        skipBlanks()
        let last = try week()
        guard last >= first else { throw .outOfRange(character: place, what: "weeks must ascend") }
        range.weeks = first...last
        if take("/") {
          guard let step = number(digitsMax: 2), step > 0 else { throw unexpected("every how many weeks") }
          range.step = step
        }
      }
      rule.weeks.append(range)
    } while take(",")
  }

  private mutating func week() throws(OpeningHoursError) -> Int {
    let start = place
    guard let week = number(digitsMax: 2) else { throw unexpected("a week's number") }
    guard (1...53).contains(week) else {
      throw .outOfRange(character: start + 1, what: "weeks are 1 to 53, not \(week)")
    }
    return week
  }

  // MARK: Weekdays and holidays

  /// Weekdays and holidays; weekdays behind holidays without a comma are those of them that count: `PH Mo-Fr`.
  mutating func days(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    rule.days = try dayEntries()
    let areHolidays = !rule.days.isEmpty && rule.days.allSatisfy(\.isHoliday)
    if areHolidays { rule.daysAmong = try dayEntries() }
  }

  private mutating func dayEntries() throws(OpeningHoursError) -> [OpeningRule.Days] {
    var entries: [OpeningRule.Days] = []
    while true {
      let back = place
      if !entries.isEmpty, !take(",") { return entries }
      guard let entry = try dayEntry() else {
        place = back
        return entries
      }
      entries.append(entry)
    }
  }

  private mutating func dayEntry() throws(OpeningHoursError) -> OpeningRule.Days? {
    skipBlanks()
    if takeWord("ph") { return .publicHolidays(shift: try dayShift()) }
    if takeWord("sh") { return .schoolHolidays(shift: try dayShift()) }
    guard let first = name(of: Self.weekdays) else { return nil }
    if take("[") {
      let which = try occurrences()
      return .weekdays(first: first, last: first, occurrences: which, shift: try dayShift())
    }
    guard take("-") else { return .weekdays(first: first, last: first, occurrences: [], shift: 0) }
    skipBlanks()
    guard let last = name(of: Self.weekdays) else { throw unexpected("a weekday behind the -") }
    return .weekdays(first: first, last: last, occurrences: [], shift: 0)
  }

  mutating func occurrences() throws(OpeningHoursError) -> [Int] {
    var result: [Int] = []
    repeat {
      skipBlanks()
      let isFromEnd = take("-")
      let start = place
      guard let first = number(digitsMax: 1) else { throw unexpected("which one of the month") }
      guard (1...5).contains(first) else {
        throw .outOfRange(character: start + 1, what: "a month has a weekday 5 times at most")
      }
      result.append(isFromEnd ? -first : first)
      if !isFromEnd, take("-") {
        guard let last = number(digitsMax: 1), (first...5).contains(last) else { throw unexpected("a later one") }
        if last > first { result += first + 1...last }
      }
    } while take(",")
    guard take("]") else { throw unexpected("]") }
    return result
  }
}
