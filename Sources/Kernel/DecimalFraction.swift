/// Why a text is no decimal number.
public enum DecimalTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not of the form of a plain decimal.
  case notADecimal(String)
  /// More digits than can be kept exactly.
  case tooManyDigits(String)

  /// What must be there instead: "must be …".
  public var description: String {
    switch self {
    case .notADecimal(let text):
      "must be a plain decimal like 12.50, without exponent or grouping, found \"\(text.prefix(40))\""
    case .tooManyDigits(let text): "must have at most 18 digits, found \"\(text.prefix(40))\""
    }
  }
}

/// A decimal number, exactly: a rate, a percentage, a factor.
///
/// It is what floating point must not be near money for: 0.1 is one tenth.
public struct DecimalFraction: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The digits as a whole number.
  public let significand: Int64
  /// How many of them stand behind the point, 0 to 18.
  public let scale: UInt8

  /// Zero.
  public static let zero = DecimalFraction(0)
  /// One.
  public static let one = DecimalFraction(1)

  /// `significand` divided by ten to the power of `scale`; trailing zeros are dropped, so that equal numbers are equal.
  ///
  /// - Precondition: the scale is at most 18.
  public init(_ significand: Int64, scale: UInt8 = 0) {
    precondition(scale <= 18, "a decimal fraction has at most 18 places")
    var digits = significand
    var places = scale
    while places > 0, digits % 10 == 0 {
      digits /= 10
      places -= 1
    }
    self.significand = digits
    self.scale = places
  }

  /// Reads `12.5`, `-0.035` or `7`: digits with at most one point, no exponent, at most 18 digits.
  public init(_ text: some StringProtocol) throws(DecimalTextError) {
    let bytes = Array(text.utf8)
    var place = bytes.first == UInt8(ascii: "-") ? 1 : 0
    let isNegative = place == 1
    var digits = 0
    var value: Int64 = 0
    var pointPlace: Int?
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "."), pointPlace == nil, digits > 0 {
        pointPlace = digits
      } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        digits += 1
        guard digits <= 18 else { throw .tooManyDigits(String(text)) }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      } else {
        throw .notADecimal(String(text))
      }
      place += 1
    }
    guard digits > 0, pointPlace != digits else { throw .notADecimal(String(text)) }
    self.init(isNegative ? -value : value, scale: UInt8(digits - (pointPlace ?? digits)))
  }

  /// The nearest double, for chance and for showing, never for money.
  public var approximate: Double { Double(significand) / Double(powerOfTen(Int(scale))) }

  /// `12.5`.
  public var description: String { decimalText(significand, scale: Int(scale)) }

  /// Whether one number is smaller than another.
  public static func < (left: DecimalFraction, right: DecimalFraction) -> Bool {
    Int128(left.significand) * Int128(powerOfTen(Int(right.scale)))
      < Int128(right.significand) * Int128(powerOfTen(Int(left.scale)))
  }

  /// The number in units of ten to the power of minus `scale`, or nil if it has more places or does not fit.
  public func units(scale wanted: UInt8) -> Int64? {
    guard wanted >= scale, wanted <= 18 else { return nil }
    let (value, overflow) = significand.multipliedReportingOverflow(by: powerOfTen(Int(wanted - scale)))
    return overflow ? nil : value
  }
}

/// Ten to a power of 0 to 18.
func powerOfTen(_ exponent: Int) -> Int64 {
  precondition((0...18).contains(exponent), "ten to the power of \(exponent) is not kept")
  var value: Int64 = 1
  for _ in 0..<exponent { value *= 10 }
  return value
}

/// `-1234` with scale 2 as `-12.34`.
func decimalText(_ value: Int64, scale: Int) -> String {
  let digits = padded(magnitude: value.magnitude, to: scale + 1)
  let whole = digits.prefix(digits.utf8.count - scale)
  let sign = value < 0 ? "-" : ""
  return scale == 0 ? sign + whole : "\(sign)\(whole).\(digits.suffix(scale))"
}

func padded(magnitude: UInt64, to width: Int) -> String {
  let text = String(magnitude)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
