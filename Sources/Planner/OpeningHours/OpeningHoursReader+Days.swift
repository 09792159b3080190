extension OpeningHoursReader {
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  private static let weekdays = ["mo", "tu", "we", "th", "fr", "sa", "su"]
  private static let monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  // MARK: Years, months and days

  mutating func years(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    var ranges: [ClosedRange<Int>] = []
    while let first = year() {
      var last = first
      if take("+") {
        last = 9999
      } else if take("-") {
        skipBlanks()
        guard let end = year(), end >= first else { throw unexpected("a later year") }
        last = end
      }
      ranges.append(first...last)
      let back = place
      if !take(",") { break }
      skipBlanks()
      if !isYear { place = back }
      if place == back { break }
    }
    rule.years = ranges
  }

  /// Four digits that are no time of day.
  private var isYear: Bool {
    guard place + 4 <= characters.count else { return false }
    let isNumber = characters[place..<place + 4].allSatisfy { $0.isASCII && $0.isNumber }
    return isNumber && (place + 4 == characters.count || characters[place + 4] != ":")
  }

  private mutating func year() -> Int? {
    skipBlanks()
    return isYear ? number(digitsMax: 4) : nil
  }

  mutating func dates(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    skipBlanks()
    if takeWord("easter") { throw .unsupported(character: place - 5, what: "Easter") }
    while let month = name(of: Self.months) {
      rule.dates.append(try dateRange(from: month))
      let back = place
      guard take(",") else { return }
      skipBlanks()
      // Further days of the same month: Dec 24,26.
      while let day = try dayOfMonth(month) {
        rule.dates.append(.init(first: .init(month: month, day: day), last: .init(month: month, day: day)))
        if !take(",") { return }
        skipBlanks()
      }
      let start = place
      if name(of: Self.months) == nil {
        place = back
        return
      }
      place = start
    }
  }

  private mutating func dateRange(from month: Int) throws(OpeningHoursError) -> OpeningRule.DateRange {
    let day = try dayOfMonth(month)
    var range = OpeningRule.DateRange(
      first: .init(month: month, day: day ?? 1), last: .init(month: month, day: day ?? Self.monthLengths[month - 1]))
    let back = place
    guard take("-") else { return range }
    skipBlanks()
    if takeWord("easter") { throw .unsupported(character: place - 5, what: "Easter") }
    if let last = name(of: Self.months) {
      let end = try dayOfMonth(last)
      range.last = .init(month: last, day: end ?? Self.monthLengths[last - 1])
    } else if day != nil, let end = try dayOfMonth(month) {
      range.last = .init(month: month, day: end)
    } else {
      place = back
      throw unexpected("a month or a day behind the -")
    }
    return range
  }

  /// A day of a month, unless it is the hour of a time.
  private mutating func dayOfMonth(_ month: Int) throws(OpeningHoursError) -> Int? {
    let back = place
    skipBlanks()
    let start = place
    guard let day = number(digitsMax: 2), !isMinutesNext else {
      place = back
      return nil
    }
    guard (1...Self.monthLengths[month - 1]).contains(day) else {
      throw .outOfRange(character: start + 1, what: "the month has no day \(day)")
    }
    return day
  }

  /// A colon with a digit behind it: the number before was an hour.
  private var isMinutesNext: Bool {
    peek == ":" && place + 1 < characters.count && characters[place + 1].isNumber
  }

  /// The position, from 1, of a name that comes next.
  private mutating func name(of names: [String]) -> Int? {
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

  mutating func days(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    while let days = try dayEntry() {
      rule.days.append(days)
      let back = place
      guard take(",") else { return }
      let start = place
      if try dayEntry() == nil {
        place = back
        return
      }
      place = start
    }
  }

  private mutating func dayEntry() throws(OpeningHoursError) -> OpeningRule.Days? {
    skipBlanks()
    if takeWord("ph") { return .publicHolidays }
    if takeWord("sh") { return .schoolHolidays }
    guard let first = name(of: Self.weekdays) else { return nil }
    if take("[") { return .weekdays(first: first, last: first, occurrences: try occurrences()) }
    guard take("-") else { return .weekdays(first: first, last: first, occurrences: []) }
    skipBlanks()
    guard let last = name(of: Self.weekdays) else { throw unexpected("a weekday behind the -") }
    return .weekdays(first: first, last: last, occurrences: [])
  }

  private mutating func occurrences() throws(OpeningHoursError) -> [Int] {
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
