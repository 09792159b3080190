extension OpeningHoursReader {
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  private static let monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  // MARK: Years

  /// Years, unless it is one year of a date that follows.
  mutating func years(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    while true {
      let start = place
      guard let first = year() else { return }
      var range = OpeningYears(years: first...first)
      if take("+") {
        range.years = first...9999
      } else if take("-") {
        skipBlanks()
        guard let last = year(), last >= first else { throw unexpected("a later year") }
        range.years = first...last
        if take("/") {
          guard let step = number(digitsMax: 3), step > 0 else { throw unexpected("every how many years") }
          range.step = step
        }
      } else if rule.years.isEmpty, isDateNext {
        place = start
        return
      }
      rule.years.append(range)
      let back = place
      guard take(",") else { return }
      skipBlanks()
      if !isYear {
        place = back
        return
      }
    }
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

  /// Whether a month or Easter comes next.
  private var isDateNext: Bool {
    var copy = self
    return copy.takeWord("easter") || copy.name(of: Self.months) != nil
  }

  // MARK: Months and days

  mutating func dates(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    var year: Int?
    while true {
      let start = place
      if let own = self.year() {
        guard isDateNext else {
          place = start
          return
        }
        year = own
      }
      guard let range = try dateRange(year) else { return }
      rule.dates.append(range)
      try furtherDays(after: range, year, &rule)
      let comma = place
      guard take(",") else { return }
      var copy = self
      _ = copy.year()
      if copy.isDateNext { continue }
      place = comma
      return
    }
  }

  /// Days of the same month behind a comma: `Dec 24,26`.
  private mutating func furtherDays(
    after range: OpeningDateRange, _ year: Int?, _ rule: inout OpeningRule
  ) throws(OpeningHoursError) {
    guard case .day(let month, _) = (range.last ?? range.first).kind else { return }
    while true {
      let comma = place
      guard take(","), let day = try dayOfMonth(month) else {
        place = comma
        return
      }
      var range = OpeningDateRange(first: OpeningDate(.day(month: month, day: day), year: year), last: nil)
      let back = place
      if take("-"), let last = try dayOfMonth(month) {
        range.last = OpeningDate(.day(month: month, day: last), year: year)
      } else {
        place = back
      }
      rule.dates.append(range)
    }
  }

  private mutating func dateRange(_ year: Int?) throws(OpeningHoursError) -> OpeningDateRange? {
    if takeWord("easter") { return try range(from: OpeningDate(.easter, year: year), isWholeMonth: false) }
    guard let month = name(of: Self.months) else { return nil }
    if let day = try dayOfMonth(month) {
      return try range(from: OpeningDate(.day(month: month, day: day), year: year), isWholeMonth: false)
    }
    if let weekday = try weekdayDate(of: month, year, isLast: false) {
      return try range(from: weekday, isWholeMonth: false)
    }
    return try range(from: OpeningDate(.day(month: month, day: 1), year: year), isWholeMonth: true)
  }

  private mutating func range(
    from start: OpeningDate, isWholeMonth: Bool
  ) throws(OpeningHoursError) -> OpeningDateRange {
    var first = start
    if !isWholeMonth { try shift(&first) }
    var month: Int?
    if case .day(let named, _) = first.kind { month = named }
    let whole = isWholeMonth ? month.map { OpeningDate(.end(month: $0), year: first.year) } : nil
    if take("+") {
      // To the end of the year, whenever that is.
      return OpeningDateRange(first: first, last: OpeningDate(.end(month: 12), year: first.year))
    }
    guard take("-") else { return OpeningDateRange(first: first, last: whole) }
    guard var last = try lastDate(month: isWholeMonth ? nil : month, year: first.year) else {
      throw unexpected("a month or a day behind the -")
    }
    if case .end = last.kind {} else { try shift(&last) }
    return OpeningDateRange(first: first, last: last)
  }

  /// What a range ends with; a day alone belongs to the month it began in.
  private mutating func lastDate(month: Int?, year: Int?) throws(OpeningHoursError) -> OpeningDate? {
    if let month, let day = try dayOfMonth(month) { return OpeningDate(.day(month: month, day: day), year: year) }
    let own = self.year()
    if takeWord("easter") { return OpeningDate(.easter, year: own) }
    guard let month = name(of: Self.months) else { return nil }
    if let day = try dayOfMonth(month) { return OpeningDate(.day(month: month, day: day), year: own) }
    return try weekdayDate(of: month, own, isLast: true) ?? OpeningDate(.end(month: month), year: own)
  }

  /// `Su[-1]` behind a month where that is a date; it is no date where weekdays are only named within the month.
  private mutating func weekdayDate(
    of month: Int, _ year: Int?, isLast: Bool
  ) throws(OpeningHoursError) -> OpeningDate? {
    let back = place
    guard let weekday = name(of: Self.weekdays), take("[") else {
      place = back
      return nil
    }
    let which = try occurrences()
    var copy = self
    let isDate = isLast || copy.take("-") || copy.take("+")
    guard isDate, which.count == 1 else {
      place = back
      return nil
    }
    return OpeningDate(.weekday(month: month, weekday: weekday, occurrence: which[0]), year: year)
  }

  /// `+Su`, `-Su`, ` +1 day`, ` -2 days` behind a date.
  private mutating func shift(_ date: inout OpeningDate) throws(OpeningHoursError) {
    let back = place
    let isLater = take("+")
    if isLater || take("-"), let weekday = name(of: Self.weekdays) {
      date.weekdayShift = isLater ? weekday : -weekday
    } else {
      place = back
    }
    date.dayShift = try dayShift()
  }

  /// So many days later or earlier; nought where nothing is said of it.
  mutating func dayShift() throws(OpeningHoursError) -> Int {
    let back = place
    let isLater = take("+")
    guard isLater || take("-") else { return 0 }
    skipBlanks()
    let start = place
    guard let days = number(digitsMax: 3), takeWord("day") || takeWord("days") else {
      place = back
      return 0
    }
    guard (1...366).contains(days) else {
      throw .outOfRange(character: start + 1, what: "a day is moved by 1 to 366 days, not \(days)")
    }
    return isLater ? days : -days
  }

  /// A day of a month, unless it is the hour of a time.
  private mutating func dayOfMonth(_ month: Int) throws(OpeningHoursError) -> Int? {
    let back = place
    skipBlanks()
    let start = place
    guard !isYear, let day = number(digitsMax: 2), !isMinutesNext else {
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
}
