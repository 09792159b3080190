/// How many decimals amounts of a currency have, by ISO 4217.
enum CurrencyDigits {
  private static let none: Set = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
  ]
  private static let three: Set = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]

  static func digits(of currency: String) -> Int {
    if none.contains(currency) { return 0 }
    return three.contains(currency) ? 3 : 2
  }

  /// Reads a decimal exactly; further decimals must be zeros.
  static func minorUnits(_ bytes: FieldBytes, in currency: String) -> Int? {
    let digits = digits(of: currency)
    var (units, decimals, seen, index) = (0, 0, 0, 0)
    var pointSeen = false
    let isNegative = bytes.count > 0 && bytes.start[0] == UInt8(ascii: "-")
    if isNegative { index = 1 }
    while index < bytes.count {
      let digit = bytes.start[index] &- 48
      index += 1
      if bytes.start[index - 1] == UInt8(ascii: "."), !pointSeen {
        pointSeen = true
      } else if digit < 10, units < 1_000_000_000_000 {
        seen += 1
        if pointSeen && decimals == digits {
          guard digit == 0 else { return nil }
          continue
        }
        units = units * 10 + Int(digit)
        if pointSeen { decimals += 1 }
      } else {
        return nil
      }
    }
    guard seen > 0 else { return nil }
    while decimals < digits {
      units *= 10
      decimals += 1
    }
    return isNegative ? -units : units
  }
}
