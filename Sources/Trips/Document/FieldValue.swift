import Kernel

/// The value of a field.
package enum FieldValue: Hashable, Sendable {
  case text(String)
  case whole(Int)
  case number(Double)
  case flag(Bool)
}

/// What the value of a field must be.
package enum FieldRule: Hashable, Sendable {
  /// Text of so many letters at most, and not empty.
  case text(Int)
  case date, time, currency, zone, user, amount, flag
  case whole(ClosedRange<Int>)
  case number(Double, Double)

  /// What is wrong with a value, going on where its place stops; nil if nothing is.
  package func complaint(about value: FieldValue) -> String? {
    switch (self, value) {
    case (.text(let most), .text(let text)):
      let isPlain = !text.utf8.contains(0) && (1...most).contains(text.unicodeScalars.count)
      return isPlain ? nil : "must have 1 to \(most) letters and no NUL; null takes the field away"
    case (.whole(let range), .whole(let number)): return range.contains(number) ? nil : expectation
    case (.number(let least, let most), .number(let number)):
      return number >= least && number <= most ? nil : expectation
    case (.flag, .flag): return nil
    case (_, .text(let text)): return isGood(text) ? nil : expectation
    default: return expectation
    }
  }

  private func isGood(_ text: String) -> Bool {
    switch self {
    case .date: (try? LocalDate(text)) != nil
    case .time: FieldRule.isTime(text)
    case .currency: (try? Currency(text)) != nil
    case .zone: text.utf8.count <= 64 && ZoneName(text) != nil
    case .user: UserID(text) != nil
    case .amount: text.utf8.count <= 24 && (try? DecimalFraction(text)) != nil && !text.hasPrefix("-")
    case .text, .flag, .whole, .number: false
    }
  }

  private static func isTime(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return false }
    let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - 48 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return false }
    return digits[0] * 10 + digits[1] < 24 && digits[2] < 6
  }

  /// What it must be, in words.
  package var expectation: String {
    switch self {
    case .text(let most): "must be text of 1 to \(most) letters"
    case .date: "must be a date, as in \"2026-06-01\""
    case .time: "must be a local time, as in \"09:30\""
    case .currency: "must be a currency of ISO 4217, as in \"EUR\""
    case .zone: "must be the name of a time zone, as in \"Europe/Rome\""
    case .user: "must be the id of somebody with an account"
    case .amount: "must be an amount that is not negative, in quotes, as in \"12.50\""
    case .flag: "must be true or false"
    case .whole(let range): "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let least, let most): "must be a number from \(least) to \(most)"
    }
  }
}
