extension OpeningHoursReader {
  mutating func times(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    while let range = try timeRange() {
      rule.times.append(range)
      let back = place
      guard take(",") else { return }
      skipBlanks()
      // Another time, or else another rule that adds to this one.
      let isTime = peek?.isNumber == true || peek == "(" || isSunNext
      if !isTime || isDateNext {
        place = back
        return
      }
    }
  }

  /// Four digits without a colon are a year: another rule.
  private var isDateNext: Bool {
    guard place + 4 <= characters.count else { return false }
    return characters[place..<place + 4].allSatisfy { $0.isASCII && $0.isNumber }
  }

  private var isSunNext: Bool {
    var copy = self
    return copy.sunEvent() != nil
  }

  private mutating func timeRange() throws(OpeningHoursError) -> OpeningRule.Times? {
    guard let start = try moment() else { return nil }
    skipBlanks()
    // Open end: nobody knows how long, so to the end of the day.
    if take("+") { return .init(start: start, end: .clock(1440)) }
    guard take("-") else { throw unexpected("- and the time when it closes") }
    guard let end = try moment() else { throw unexpected("the time when it closes") }
    if take("/") { throw .unsupported(character: place, what: "a step of times") }
    _ = take("+")
    return .init(start: start, end: end)
  }

  private mutating func moment() throws(OpeningHoursError) -> OpeningRule.Moment? {
    skipBlanks()
    if let event = sunEvent() { return .sun(event, offset: 0) }
    if take("(") {
      skipBlanks()
      guard let event = sunEvent() else { throw unexpected("sunrise, sunset, dawn or dusk") }
      skipBlanks()
      let isLater = take("+")
      guard isLater || take("-") else { throw unexpected("+ or - and a time") }
      skipBlanks()
      guard let minutes = try clock() else { throw unexpected("a time like 01:00") }
      guard take(")") else { throw unexpected(")") }
      return .sun(event, offset: isLater ? minutes : -minutes)
    }
    return try clock().map { .clock($0) }
  }

  private mutating func sunEvent() -> SunEvent? {
    if takeWord("sunrise") { return .sunrise }
    if takeWord("sunset") { return .sunset }
    if takeWord("dawn") { return .dawn }
    return takeWord("dusk") ? .dusk : nil
  }

  /// Hours and minutes; hours reach past midnight, to 48.
  private mutating func clock() throws(OpeningHoursError) -> Int? {
    let start = place
    guard let hour = number(digitsMax: 2) else { return nil }
    guard take(":") || take(".") else {
      throw .unexpected(
        character: place + 1, found: String(characters[place...].prefix(12)), expected: "a time like 09:00")
    }
    let minutePlace = place
    guard let minute = number(digitsMax: 2), place == minutePlace + 2 else { throw unexpected("two digits of minutes") }
    guard minute < 60, hour < 48 || hour == 48 && minute == 0 else {
      throw .outOfRange(character: start + 1, what: "there is no time \(hour):\(minute)")
    }
    return hour * 60 + minute
  }
}
