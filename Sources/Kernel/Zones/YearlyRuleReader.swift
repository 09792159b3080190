/// Reads the last line of a tz database file, in the form of POSIX's `TZ` as RFC 9636 extends it.
struct YearlyRuleReader {
  private let bytes: [UInt8]
  private var place = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The rule that a line states, or nil if it states none.
  static func rule(_ line: [UInt8]) -> YearlyRule? {
    var reader = YearlyRuleReader(line)
    guard let rule = reader.rule(), reader.place == line.count else { return nil }
    return rule
  }

  private mutating func rule() -> YearlyRule? {
    guard skipName(), let west = clock() else { return nil }
    // POSIX counts westwards, everybody else eastwards.
    let standard = -west
    guard place < bytes.count else { return YearlyRule(standardOffset: Int32(standard), daylight: nil) }
    guard skipName() else { return nil }
    var offset = standard + 3600
    if place < bytes.count, bytes[place] != UInt8(ascii: ",") {
      guard let west = clock() else { return nil }
      offset = -west
    }
    guard take(","), let begins = moment(), take(","), let ends = moment() else { return nil }
    return YearlyRule(
      standardOffset: Int32(standard), daylight: .init(offset: Int32(offset), begins: begins, ends: ends))
  }

  /// `CET` or `<+0330>`.
  private mutating func skipName() -> Bool {
    let start = place
    if take("<") {
      while place < bytes.count, bytes[place] != UInt8(ascii: ">") { place += 1 }
      return place - start > 3 && take(">")
    }
    while place < bytes.count, (bytes[place] | 0x20) >= UInt8(ascii: "a"), (bytes[place] | 0x20) <= UInt8(ascii: "z") {
      place += 1
    }
    return place - start >= 3
  }

  /// `[+-]hh[:mm[:ss]]` in seconds, where the hours may be as many as a week has.
  private mutating func clock() -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = number(167) else { return nil }
    var seconds = hours * 3600
    for unit in [60, 1] where take(":") {
      guard let value = number(59) else { return nil }
      seconds += value * unit
    }
    return isNegative ? -seconds : seconds
  }

  private mutating func moment() -> YearlyRule.YearlyMoment? {
    guard let day = day() else { return nil }
    guard take("/") else { return .init(day: day, second: 7200) }
    return clock().map { .init(day: day, second: $0) }
  }

  private mutating func day() -> YearlyRule.YearlyMoment.Day? {
    if take("J") { return number(365).flatMap { $0 >= 1 ? .dayWithoutLeapDays($0) : nil } }
    guard take("M") else { return number(365).map { .day($0) } }
    guard let month = number(12), month >= 1, take("."), let week = number(5), week >= 1, take("."),
      let day = number(6)
    else { return nil }
    return .weekday(month: month, week: week, day: day)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, UInt32(bytes[place]) == character.value else { return false }
    place += 1
    return true
  }

  private mutating func number(_ largest: Int) -> Int? {
    let start = place
    var value = 0
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]), value <= largest {
      value = value * 10 + Int(bytes[place] - UInt8(ascii: "0"))
      place += 1
    }
    return place > start && value <= largest ? value : nil
  }
}
