extension JSONWriter {
  /// Writes a whole number given as sign and magnitude.
  @usableFromInline
  mutating func integer(isNegative: Bool, magnitude: UInt64) {
    beginValue()
    needsComma = true
    reserve(21)
    if isNegative { put(UInt8(ascii: "-")) }
    digits(magnitude)
  }

  /// Writes the shortest number that reads back as this one.
  ///
  /// - Precondition: it is finite, as JSON has no other.
  public mutating func double(_ value: Double) {
    precondition(value.isFinite, "JSON has no number for \(value): write null or leave the field out")
    beginValue()
    needsComma = true
    reserve(32)
    if !shortDecimal(value) { longDecimal(value) }
  }

  /// Writes a number with at most fifteen digits, six of them decimals, as prices and coordinates are.
  ///
  /// If the decimal text v / 10^6 with v < 10^15 reads back as the value (one division of exact operands, so correctly
  /// rounded), then no other decimal of up to fifteen digits does, because doubles tell all of those apart: without its
  /// trailing zeros it is the shortest.
  @inline(__always)
  private mutating func shortDecimal(_ value: Double) -> Bool {
    let scaled = value.magnitude * 1e6
    guard scaled < 1e15, value != 0 || value.sign == .plus else { return false }
    let millionths = UInt64(scaled + 0.5)
    guard Double(millionths) / 1e6 == value.magnitude else { return false }
    if value < 0 { put(UInt8(ascii: "-")) }
    let (whole, fraction) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    digits(whole)
    if fraction > 0 {
      put(UInt8(ascii: "."))
      var rest = fraction
      var unit: UInt64 = 100_000
      while rest > 0 {
        put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / unit))
        rest %= unit
        unit /= 10
      }
    }
    return true
  }

  @inline(never)
  private mutating func longDecimal(_ value: Double) {
    for byte in value.description.utf8 { put(byte) }
    // A whole number needs no fraction, but "-0" would lose its sign in readers that see an integer.
    if value != 0, memory[count &- 1] == UInt8(ascii: "0"), memory[count &- 2] == UInt8(ascii: ".") { count &-= 2 }
  }

  /// Room for twenty digits must be there.
  @inline(__always)
  private mutating func digits(_ magnitude: UInt64) {
    var length = 1
    var bound = magnitude
    while bound >= 10 {
      bound /= 10
      length &+= 1
    }
    var place = count &+ length
    count = place
    var rest = magnitude
    repeat {
      place &-= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      memory[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest > 0
  }
}
