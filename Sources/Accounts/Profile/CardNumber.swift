/// What looks like the number of a payment card, which must never be stored here.
package enum CardNumber {
  /// Whether a text has thirteen to nineteen digits in a row, spaces and dashes aside, that pass Luhn's check.
  package static func occurs(in text: String) -> Bool {
    var run: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 48...57: run.append(byte - 48)
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."): continue
      default:
        if hasNumber(run) { return true }
        run = []
      }
    }
    return hasNumber(run)
  }

  /// Whether a text is a long number and nothing else, whatever its check digit says; the database refuses it too.
  package static func isNumberAlone(_ text: String) -> Bool {
    text.utf8.count >= 13
      && text.utf8.allSatisfy { (48...57).contains($0) || [UInt8(ascii: " "), 45, UInt8(ascii: ".")].contains($0) }
  }

  private static func hasNumber(_ digits: [UInt8]) -> Bool {
    (13...19).contains(digits.count) && digits[0] != 0 && passes(digits)
  }

  private static func passes(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() {
      let value = index % 2 == 1 ? Int(digit) * 2 : Int(digit)
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 == 0
  }
}
