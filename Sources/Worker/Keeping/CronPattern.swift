public import Kernel

/// When something is to be done again and again: five fields, as cron has them.
///
/// ```
/// ┌ minute 0–59 ┌ hour 0–23 ┌ day of month 1–31 ┌ month 1–12 or jan–dec ┌ weekday 0–7 or sun–sat (0 and 7: Sunday)
/// 30            6           *                   *                       mon-fri
/// ```
///
/// A field is `*`, a number, a range `a-b`, any of them with a step `/n`, or several with commas. Where both days are
/// given, either will do, as in cron. Also `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
///
/// Where clocks are put forward, a time that is skipped is made up for as much later as they are put forward; where
/// they are put back, a time that comes twice counts once, unless the hour is `*`.
public struct CronPattern: Sendable, Hashable {
  private let minutes: UInt64
  private let hours: UInt64
  private let days: UInt64
  private let months: UInt64
  private let weekdays: UInt64
  private let isEveryHour: Bool
  private let isEveryDay: Bool
  private let isEveryWeekday: Bool

  /// Days that are looked through for the next time: the rarest, 29 February, comes within eight years.
  private static let daysAhead = 366 * 9

  /// Reads the five fields.
  ///
  /// - Throws: `CronError`, which names the field and the mend.
  public init(_ text: String) throws(CronError) {
    let fields = (CronPattern.names[text] ?? text).split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count == 5 else {
      throw CronError(field: "pattern", text: text, mend: "write five fields, such as 30 6 * * mon-fri")
    }
    minutes = try CronField.minute.bits(fields[0])
    hours = try CronField.hour.bits(fields[1])
    days = try CronField.day.bits(fields[2])
    months = try CronField.month.bits(fields[3])
    let week = try CronField.weekday.bits(fields[4])
    // Sunday is 0 and 7.
    weekdays = (week | (week >> 7)) & 0x7f
    isEveryHour = fields[1].hasPrefix("*")
    isEveryDay = fields[2].hasPrefix("*")
    isEveryWeekday = fields[4].hasPrefix("*")
    guard hasADay else {
      throw CronError(field: "day of month", text: text, mend: "no such day is in those months; choose another")
    }
  }

  private static let names = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]

  private var hasADay: Bool {
    if !isEveryWeekday || isEveryDay { return true }
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains { month in
      months >> UInt64(month) & 1 == 1 && (1...lengths[month - 1]).contains { days >> UInt64($0) & 1 == 1 }
    }
  }

  /// The first moment after another at which a clock in a zone shows a time of the pattern.
  public func next(after moment: Instant, in zone: ZoneRules) -> Instant? {
    if isEveryHour, let soon = nextSoon(after: moment, in: zone) { return soon }
    let today = zone.local(at: moment).date
    // Yesterday too: a time that was skipped by the clock may be made up for after midnight.
    for ahead in -1..<CronPattern.daysAhead {
      let date = today.adding(days: ahead)
      guard matches(date) else { continue }
      if let found = first(on: date, after: moment, in: zone) { return found }
    }
    return nil
  }

  /// Within the next hours, minute by minute as they pass, so that an hour that comes twice counts twice.
  private func nextSoon(after moment: Instant, in zone: ZoneRules) -> Instant? {
    var time = moment.secondsSinceEpoch - moment.secondsSinceEpoch.remainder(modulo: 60)
    for _ in 0..<240 {
      time += 60
      let candidate = Instant(secondsSinceEpoch: time)
      let local = zone.local(at: candidate)
      let minute = Int(local.secondOfDay) / 60
      if matches(local.date), has(hours, minute / 60), has(minutes, minute % 60) { return candidate }
    }
    return nil
  }

  private func first(on date: LocalDate, after moment: Instant, in zone: ZoneRules) -> Instant? {
    var best: Instant?
    for hour in 0..<24 where has(hours, hour) {
      for minute in 0..<60 where has(minutes, minute) {
        let moments = zone.moments(of: LocalDateTime(date, secondOfDay: hour * 3600 + minute * 60))
        let candidate = if case .never(_, let later) = moments { later } else { moments.earlier }
        if candidate > moment, best.map({ candidate < $0 }) ?? true { best = candidate }
      }
    }
    return best
  }

  private func matches(_ date: LocalDate) -> Bool {
    let civil = date.civil
    guard has(months, civil.month) else { return false }
    // `weekday` counts from Monday as 1 to Sunday as 7.
    let isDay = has(days, civil.day)
    let isWeekday = has(weekdays, date.weekday % 7)
    return isEveryDay || isEveryWeekday ? isDay && isWeekday : isDay || isWeekday
  }

  private func has(_ bits: UInt64, _ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }
}

/// What is wrong with a pattern.
public struct CronError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which field.
  public let field: String
  /// What stands there.
  public let text: String
  /// What to write.
  public let mend: String

  /// One sentence.
  public var description: String { "the \(field) \"\(text)\": \(mend)" }
}

extension Int64 {
  fileprivate func remainder(modulo divisor: Int64) -> Int64 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}

/// One of the five.
private struct CronField {
  let name: String
  let range: ClosedRange<Int>
  var names: [String] = []

  static let minute = CronField(name: "minute", range: 0...59)
  static let hour = CronField(name: "hour", range: 0...23)
  static let day = CronField(name: "day of month", range: 1...31)
  static let month = CronField(
    name: "month", range: 1...12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
  static let weekday = CronField(
    name: "weekday", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

  func bits(_ text: Substring) throws(CronError) -> UInt64 {
    var union: UInt64 = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) { union |= try bits(ofPart: part) }
    return union
  }

  private func bits(ofPart part: Substring) throws(CronError) -> UInt64 {
    let halves = part.split(separator: "/", omittingEmptySubsequences: false)
    guard let span = halves.first, halves.count <= 2 else { throw fault(part) }
    var step = 1
    if halves.count == 2 {
      guard let number = digits(halves[1]), (1...range.upperBound).contains(number) else { throw fault(part) }
      step = number
    }
    let ends = try self.ends(span, part, hasStep: halves.count == 2)
    return stride(from: ends.lowerBound, through: ends.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
  }

  private func ends(_ span: Substring, _ part: Substring, hasStep: Bool) throws(CronError) -> ClosedRange<Int> {
    // A weekday `*` is seven days, not eight.
    if span == "*" { return range.lowerBound...(names.count == 7 ? 6 : range.upperBound) }
    let numbers = span.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = numbers.first.flatMap({ value($0) }), numbers.count <= 2 else { throw fault(part) }
    if numbers.count == 1 { return first...(hasStep ? range.upperBound : first) }
    guard let last = value(numbers[1]), first <= last else { throw fault(part) }
    return first...last
  }

  private func value(_ text: Substring) -> Int? {
    if let place = names.firstIndex(of: text.lowercased()) { return place + (names.count == 12 ? 1 : 0) }
    return digits(text).flatMap { range.contains($0) ? $0 : nil }
  }

  private func digits(_ text: Substring) -> Int? {
    guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return text.utf8.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  private func fault(_ part: Substring) -> CronError {
    CronError(
      field: name, text: String(part),
      mend: "write *, a number from \(range.lowerBound) to \(range.upperBound), a range a-b, or one of them with /step")
  }
}
