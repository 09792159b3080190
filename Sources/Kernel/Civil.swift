/// Text that is no date or no moment.
public enum CivilTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not of the form of a date.
  case notADate(String)
  /// Of the form of a date, but no calendar has it.
  case noSuchDay(String)
  /// Not of the form of a moment.
  case notAnInstant(String)
  /// Of the form of a moment, but neither calendar nor clock has it.
  case noSuchTime(String)

  /// What must be there instead: "must be …".
  public var description: String {
    switch self {
    case .notADate(let text): "must be a date like 2026-06-01, found \"\(text.prefix(40))\""
    case .noSuchDay(let text): "must be a day that exists, found \"\(text.prefix(40))\""
    case .notAnInstant(let text): "must be a time like 2026-06-01T08:03:00+02:00, found \"\(text.prefix(40))\""
    case .noSuchTime(let text): "must be a time that exists, found \"\(text.prefix(40))\""
    }
  }
}

// Days and civil dates turn into one another through years that begin on 1 March: the leap day is then the last of its
// year, and the months before any month have (153 m + 2) / 5 days. Four centuries, an era, always have 146,097 days.

func daysFromCivil(year: Int, month: Int, day: Int) -> Int {
  let (marchYear, marchMonth) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
  let (era, yearOfEra) = dividedDown(marchYear, by: 400)
  let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  // 719,468 days lie between 0000-03-01 and 1970-01-01.
  return era * 146_097 + dayOfEra - 719_468
}

func civilFromDays(_ days: Int) -> (year: Int, month: Int, day: Int) {
  let (era, dayOfEra) = dividedDown(days + 719_468, by: 146_097)
  // Take away the leap days that have passed, then years are 365 days long.
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let marchMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
  let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
}

func daysInMonth(_ month: Int, ofYear year: Int) -> Int {
  switch month {
  case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: 30
  default: 31
  }
}

/// Division that rounds down, so that the remainder is never negative.
func dividedDown(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

func padded(_ value: Int, to width: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// Reads the parts of RFC 3339 byte by byte; what is not there leaves nil.
struct CivilReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { place == bytes.count }

  mutating func date() -> (year: Int, month: Int, day: Int)? {
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2) else { return nil }
    return (year, month, day)
  }

  /// The time of day; a fraction is read over.
  mutating func time() -> (hour: Int, minute: Int, second: Int)? {
    guard let hour = number(2), take(":"), let minute = number(2), take(":"), let second = number(2) else { return nil }
    if take(".") {
      guard number(1) != nil else { return nil }
      while number(1) != nil {}
    }
    return (hour, minute, second)
  }

  mutating func offset() -> (sign: Int, hour: Int, minute: Int)? {
    if take("Z") { return (1, 0, 0) }
    let isEast = take("+")
    guard isEast || take("-"), let hour = number(2), take(":"), let minute = number(2) else { return nil }
    return (isEast ? 1 : -1, hour, minute)
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, UInt32(bytes[place]) == character.value else { return false }
    place += 1
    return true
  }

  /// Exactly so many digits.
  private mutating func number(_ digits: Int) -> Int? {
    guard place + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[place..<place + digits] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    place += digits
    return value
  }
}
