/// The bytes of one field, without white space at its ends; valid until the scanner goes on.
struct FieldBytes {
  let start: UnsafePointer<UInt8>
  let count: Int

  /// Takes white space off both ends.
  init(trimming start: UnsafePointer<UInt8>, count: Int) {
    var (first, end) = (0, count)
    while first < end, Self.isWhite(start[first]) { first += 1 }
    while end > first, Self.isWhite(start[end - 1]) { end -= 1 }
    self.start = start + first
    self.count = end - first
  }

  /// A space, a tab or a line break; other control characters are not white but wrong.
  @inline(__always)
  private static func isWhite(_ byte: UInt8) -> Bool {
    byte <= 0x20 && (byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D)
  }

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  /// The text; bytes that are not UTF-8 are replaced.
  var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

  func equals(_ text: StaticString) -> Bool {
    guard text.utf8CodeUnitCount == count else { return false }
    for index in 0..<count where text.utf8Start[index] != start[index] { return false }
    return true
  }
}

extension FieldBytes {
  /// Digits, perhaps after a minus; nothing else, and not more than an `Int32` holds.
  @inline(__always)
  var integer: Int? {
    guard count > 0, count <= 10 else { return nil }
    var index = 0
    let isNegative = start[0] == UInt8(ascii: "-")
    if isNegative {
      guard count > 1 else { return nil }
      index = 1
    }
    var value = 0
    while index < count {
      let digit = start[index] &- 48
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int(digit)
      index += 1
    }
    guard value <= Int(Int32.max) else { return nil }
    return isNegative ? -value : value
  }

  /// A finite decimal number, with or without an exponent.
  var real: Double? {
    var (mantissa, digits, decimals, index) = (UInt64(0), 0, 0, 0)
    guard count > 0, count < 64 else { return nil }
    let isNegative = start[0] == UInt8(ascii: "-")
    if isNegative || start[0] == UInt8(ascii: "+") { index = 1 }
    var pointSeen = false
    while index < count {
      let byte = start[index]
      if byte &- 48 < 10 {
        // What a Double holds exactly; more digits go the slow way.
        guard mantissa < 900_000_000_000_000 else { return slowReal }
        mantissa = mantissa &* 10 &+ UInt64(byte &- 48)
        digits += 1
        if pointSeen { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !pointSeen {
        pointSeen = true
      } else {
        return slowReal
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    guard decimals <= 22 else { return slowReal }
    // Both are exact, so the quotient is the nearest Double.
    let value = Double(mantissa) / powersOfTen[decimals]
    return isNegative ? -value : value
  }

  private var slowReal: Double? {
    for index in 0..<count {
      let byte = start[index]
      let isAllowed = byte &- 48 < 10 || byte | 0x20 == 0x65 || byte == 43 || byte == 45 || byte == 46
      guard isAllowed else { return nil }
    }
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// `H:MM:SS` with up to three digits of hours, in seconds.
  @inline(__always)
  var time: Int32? {
    guard count >= 7, count <= 9 else { return nil }
    let colon = count - 6
    guard start[colon] == UInt8(ascii: ":"), start[colon + 3] == UInt8(ascii: ":") else { return nil }
    var hours = 0
    for index in 0..<colon {
      let digit = start[index] &- 48
      guard digit < 10 else { return nil }
      hours = hours &* 10 &+ Int(digit)
    }
    let (tens, ones) = (start[colon + 1] &- 48, start[colon + 2] &- 48)
    let (secondTens, secondOnes) = (start[colon + 4] &- 48, start[colon + 5] &- 48)
    guard tens < 6, ones < 10, secondTens < 6, secondOnes < 10 else { return nil }
    let minutes = Int(tens) * 10 + Int(ones)
    let seconds = Int(secondTens) * 10 + Int(secondOnes)
    return Int32(hours * 3600 + minutes * 60 + seconds)
  }

  /// `H:MM`, in seconds: not of GTFS, but nobody can take it for something else.
  var timeWithoutSeconds: Int32? {
    guard count >= 4, count <= 6, start[count - 3] == UInt8(ascii: ":") else { return nil }
    let hours = FieldBytes(trimming: start, count: count - 3)
    let minutes = FieldBytes(trimming: start + count - 2, count: 2)
    guard hours.count == count - 3, minutes.count == 2, let hour = hours.integer, let minute = minutes.integer,
      hour >= 0, (0..<60).contains(minute)
    else { return nil }
    return Int32(hour * 3600 + minute * 60)
  }

  /// `YYYYMMDD` as its three numbers; whether there is such a day is not known here.
  var dateNumbers: (year: Int, month: Int, day: Int)? {
    guard count == 8, let number = integer, number >= 0 else { return nil }
    return (number / 10_000, number / 100 % 100, number % 100)
  }
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
