/// What a number's text is as a whole number.
enum JSONInteger {
  case whole(isNegative: Bool, magnitude: UInt64)
  case tooLarge
  case fractional
}

extension JSONTape {
  /// The exact whole number a text spells; `2.0` and `1e3` are whole numbers too, as JSON Schema has it.
  @inline(__always)
  func integer(_ entry: JSONEntry) -> JSONInteger {
    guard entry.kind == .integer else { return wholeDecimal(entry) }
    var place = entry.offset
    let end = place &+ entry.payload
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative { place &+= 1 }
    // Nineteen digits always fit; a twentieth may not.
    guard end &- place <= 19 else { return longInteger(from: place, to: end, isNegative: isNegative) }
    var magnitude: UInt64 = 0
    while place < end {
      magnitude = magnitude &* 10 &+ UInt64(bytes[place] &- UInt8(ascii: "0"))
      place &+= 1
    }
    return .whole(isNegative: isNegative, magnitude: magnitude)
  }

  @inline(never)
  private func longInteger(from start: Int, to end: Int, isNegative: Bool) -> JSONInteger {
    var magnitude: UInt64 = 0
    for place in start..<end {
      let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(bytes[place] - UInt8(ascii: "0")))
      if overflow || carry { return .tooLarge }
      magnitude = sum
    }
    return .whole(isNegative: isNegative, magnitude: magnitude)
  }

  @inline(never)
  private func wholeDecimal(_ entry: JSONEntry) -> JSONInteger {
    let parts = decimalParts(entry)
    guard let last = parts.digits.lastIndex(where: { $0 != 0 }) else {
      return .whole(isNegative: parts.isNegative, magnitude: 0)
    }
    let digits = parts.digits[...last]
    let zeros = parts.exponent.addingReportingOverflow(parts.digits.count - 1 - last).partialValue
    if zeros < 0 { return .fractional }
    if digits.count + min(zeros, 100) > 20 { return .tooLarge }
    var magnitude: UInt64 = 0
    for digit in digits + ArraySlice(repeating: 0, count: zeros) {
      let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return .tooLarge }
      magnitude = sum
    }
    return .whole(isNegative: parts.isNegative, magnitude: magnitude)
  }

  /// A number as digits without leading zeros and a power of ten, which is cut to ±2^31 as no digits could make up for
  /// more.
  private func decimalParts(_ entry: JSONEntry) -> (isNegative: Bool, digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var fractionDigits = 0
    var exponent = 0
    var isNegativeExponent = false
    var part = UInt8(ascii: "i")
    for byte in text(entry) {
      switch byte {
      case UInt8(ascii: "."): part = byte
      case UInt8(ascii: "e"), UInt8(ascii: "E"): part = UInt8(ascii: "e")
      case UInt8(ascii: "-"): isNegativeExponent = part == UInt8(ascii: "e")
      case UInt8(ascii: "+"): break
      default:
        let digit = byte - UInt8(ascii: "0")
        if part == UInt8(ascii: "e") {
          exponent = min(exponent * 10 + Int(digit), 1 << 31)
          continue
        }
        if part == UInt8(ascii: ".") { fractionDigits += 1 }
        if !digits.isEmpty || digit != 0 { digits.append(digit) }
      }
    }
    let isNegative = bytes[entry.offset] == UInt8(ascii: "-")
    return (isNegative, digits, (isNegativeExponent ? -exponent : exponent) - fractionDigits)
  }

  /// The nearest double, or nil if that would be infinite.
  ///
  /// A mantissa below 2^53 times or divided by a power of ten up to 10^22 is one operation on exact operands and so
  /// correctly rounded (Clinger 1990); everything else goes to the standard library.
  @inline(__always)
  func double(_ entry: JSONEntry) -> Double? {
    let start = bytes + entry.offset
    let length = entry.payload
    guard length <= 19 else { return slowDouble(entry) }
    let isNegative = start[0] == UInt8(ascii: "-")
    var place = isNegative ? 1 : 0
    var mantissa: UInt64 = 0
    var point = length
    while place < length {
      let byte = start[place]
      if isDigit(byte) {
        mantissa = mantissa &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
      } else if byte == UInt8(ascii: ".") {
        point = place &+ 1
      } else {
        return slowDouble(entry)
      }
      place &+= 1
    }
    guard mantissa <= 1 << 53 else { return slowDouble(entry) }
    // At most eighteen digits follow the point.
    let value = Double(mantissa) / powersOfTen[length &- point]
    return isNegative ? -value : value
  }

  @inline(never)
  private func slowDouble(_ entry: JSONEntry) -> Double? {
    let text = String(decoding: self.text(entry), as: UTF8.self)
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }
}

/// 10^0 to 10^22, each exact as a double.
let powersOfTen: InlineArray<23, Double> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
