/// Says yes or no to a text in the plainest way, without sharing a line with the parser: recursive, on Unicode scalars.
struct ReferenceChecker {
  private var scalars: [Unicode.Scalar]
  private var place = 0

  static func accepts(_ bytes: [UInt8], depthMax: Int = 64) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    var checker = ReferenceChecker(scalars: Array(text.unicodeScalars))
    checker.skipSpace()
    guard checker.value(depthMax) else { return false }
    checker.skipSpace()
    return checker.place == checker.scalars.count
  }

  private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while let scalar = next, " \t\r\n".unicodeScalars.contains(scalar) { place += 1 }
  }

  private mutating func value(_ depth: Int) -> Bool {
    switch next {
    case "{": return object(depth)
    case "[": return array(depth)
    case "\"": return string() != nil
    case "t": return word("true")
    case "f": return word("false")
    case "n": return word("null")
    default: return number()
    }
  }

  private mutating func word(_ word: String) -> Bool {
    word.unicodeScalars.allSatisfy { take($0) }
  }

  private mutating func array(_ depth: Int) -> Bool {
    guard depth > 0, take("[") else { return false }
    skipSpace()
    if take("]") { return true }
    repeat {
      skipSpace()
      guard value(depth - 1) else { return false }
      skipSpace()
    } while take(",")
    return take("]")
  }

  private mutating func object(_ depth: Int) -> Bool {
    guard depth > 0, take("{") else { return false }
    skipSpace()
    if take("}") { return true }
    var names: Set<[UInt32]> = []
    repeat {
      skipSpace()
      guard let name = string(), names.insert(name).inserted else { return false }
      skipSpace()
      guard take(":") else { return false }
      skipSpace()
      guard value(depth - 1) else { return false }
      skipSpace()
    } while take(",")
    return take("}")
  }

  private mutating func number() -> Bool {
    _ = take("-")
    if !take("0") { guard digits() else { return false } }
    if take(".") { guard digits() else { return false } }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      return digits()
    }
    return true
  }

  private mutating func digits() -> Bool {
    let start = place
    while let scalar = next, ("0"..."9").contains(scalar) { place += 1 }
    return place > start
  }

  /// The scalars a string spells, or nil if it is none.
  private mutating func string() -> [UInt32]? {
    guard take("\"") else { return nil }
    var units: [UInt32] = []
    while let scalar = next {
      place += 1
      switch scalar {
      case "\"": return units
      case "\\":
        guard let unit = escape() else { return nil }
        units.append(unit)
      default:
        if scalar.value < 0x20 { return nil }
        units.append(scalar.value)
      }
    }
    return nil
  }

  private mutating func escape() -> UInt32? {
    guard let letter = next else { return nil }
    place += 1
    let plain: [Unicode.Scalar: UInt32] = ["\"": 34, "\\": 92, "/": 47, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9]
    if let unit = plain[letter] { return unit }
    guard letter == "u", let unit = hexadecimal() else { return nil }
    if (0xDC00...0xDFFF).contains(unit) { return nil }
    guard (0xD800...0xDBFF).contains(unit) else { return unit }
    guard take("\\"), take("u"), let low = hexadecimal(), (0xDC00...0xDFFF).contains(low) else { return nil }
    return 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00)
  }

  private mutating func hexadecimal() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let scalar = next, scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
      unit = unit * 16 + UInt32(digit)
      place += 1
    }
    return unit
  }
}
