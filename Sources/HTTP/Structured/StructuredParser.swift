/// Reads the parts of a structured field, one after the other (RFC 9651, section 4.2).
struct StructuredParser {
  typealias Fault = StructuredFieldError

  private let bytes: [UInt8]
  private var position = 0

  /// The values of a field's lines count as one value with commas between them.
  init(_ lines: [String]) { bytes = Array(lines.joined(separator: ", ").utf8) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ expectation: String) -> Fault { Fault(offset: position, expectation: expectation) }

  /// Passes over a sign if it is there.
  mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpaces(_ alsoTabs: Bool = false) {
    while let byte = next, byte == UInt8(ascii: " ") || alsoTabs && byte == UInt8(ascii: "\t") { position += 1 }
  }

  // MARK: The whole

  /// Reads all of the field, but for spaces around it.
  mutating func whole<Value>(_ read: (inout Self) throws(Fault) -> Value) throws(Fault) -> Value {
    skipSpaces()
    let value = try read(&self)
    skipSpaces()
    guard position == bytes.count else { throw fault("the end of the field") }
    return value
  }

  /// Reads what stands between commas; nothing at all is no members.
  mutating func separated(_ read: (inout Self) throws(Fault) -> Void) throws(Fault) {
    guard next != nil else { return }
    while true {
      try read(&self)
      skipSpaces(true)
      guard next != nil else { return }
      guard skip(",") else { throw fault("a comma") }
      skipSpaces(true)
      guard next != nil else { throw fault("a member after the comma") }
    }
  }

  mutating func member() throws(Fault) -> StructuredMember {
    guard skip("(") else { return .item(try item()) }
    var items: [StructuredItem] = []
    while true {
      skipSpaces()
      if skip(")") { return .innerList(items, try parameters()) }
      items.append(try item())
      guard next == UInt8(ascii: " ") || next == UInt8(ascii: ")") else { throw fault("a space or \")\"") }
    }
  }

  mutating func item() throws(Fault) -> StructuredItem {
    let value = try self.value()
    return StructuredItem(value, try parameters())
  }

  mutating func parameters() throws(Fault) -> StructuredParameters {
    var parameters = StructuredParameters()
    while skip(";") {
      skipSpaces()
      let key = try key()
      parameters.set(key, skip("=") ? try value() : .boolean(true))
    }
    return parameters
  }

  mutating func key() throws(Fault) -> String {
    guard let first = next, Self.isLower(first) || first == UInt8(ascii: "*") else {
      throw fault("a key, which begins with a lower-case letter or \"*\"")
    }
    return text { Self.isLower($0) || Self.isDigit($0) || "_-.*".utf8.contains($0) }
  }

  /// As much as there is of some bytes.
  private mutating func text(_ isPart: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = next, isPart(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  // MARK: Values

  private mutating func value() throws(Fault) -> StructuredValue {
    guard let byte = next else { throw fault("a value") }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: ":"): return try binary()
    case UInt8(ascii: "?"): return try boolean()
    case UInt8(ascii: "@"): return try date()
    case UInt8(ascii: "%"): return try displayString()
    case _ where Self.isLower(byte) || Self.isUpper(byte) || byte == UInt8(ascii: "*"):
      return .token(text { ByteSet.token.contains($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") })
    default: throw fault("a value")
    }
  }

  private mutating func number() throws(Fault) -> StructuredValue {
    let sign: Int64 = skip("-") ? -1 : 1
    let whole = text(Self.isDigit)
    guard !whole.isEmpty, whole.utf8.count <= 15, let units = Int64(whole) else { throw fault("1 to 15 digits") }
    guard skip(".") else { return .integer(sign * units) }
    guard whole.utf8.count <= 12 else { throw fault("12 digits before a point at most") }
    let part = text(Self.isDigit)
    guard (1...3).contains(part.utf8.count), let rest = Int64(part) else {
      throw fault("1 to 3 digits after the point")
    }
    let thousandths = rest * [100, 10, 1][part.utf8.count - 1]
    return .decimal(thousandths: sign * (units * 1000 + thousandths))
  }

  private mutating func string() throws(Fault) -> StructuredValue {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return .string(String(decoding: text, as: UTF8.self))
      case UInt8(ascii: "\\"):
        guard let escaped = next, escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") else {
          throw fault("a quote or a backslash after a backslash")
        }
        position += 1
        text.append(escaped)
      case 0x20...0x7E: text.append(byte)
      default: throw fault("printable ASCII in a string")
      }
    }
    throw fault("the quote that ends a string")
  }

  private mutating func binary() throws(Fault) -> StructuredValue {
    position += 1
    let digits = text { $0 != UInt8(ascii: ":") }
    guard let decoded = Base64.decode(digits.utf8) else { throw fault("base 64") }
    guard skip(":") else { throw fault("the colon that ends a byte sequence") }
    return .bytes(decoded)
  }

  private mutating func boolean() throws(Fault) -> StructuredValue {
    position += 1
    if skip("1") { return .boolean(true) }
    if skip("0") { return .boolean(false) }
    throw fault("1 or 0 after a question mark")
  }

  private mutating func date() throws(Fault) -> StructuredValue {
    position += 1
    guard case .integer(let seconds) = try number() else { throw fault("whole seconds") }
    return .date(seconds)
  }

  private mutating func displayString() throws(Fault) -> StructuredValue {
    position += 1
    guard skip("\"") else { throw fault("a quote after the percent sign") }
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: text, as: UTF8.self) else { throw fault("UTF-8") }
        return .displayString(text)
      case UInt8(ascii: "%"): text.append(try hexadecimal() << 4 | hexadecimal())
      case 0x20...0x7E: text.append(byte)
      default: throw fault("printable ASCII in a display string")
      }
    }
    throw fault("the quote that ends a display string")
  }

  /// One digit of two; upper case is not allowed here.
  private mutating func hexadecimal() throws(Fault) -> UInt8 {
    guard let byte = next else { throw fault("a hexadecimal digit") }
    position += 1
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
    default: throw fault("a hexadecimal digit in lower case")
    }
  }
}

/// RFC 4648's base 64 as others write it: padding may be missing, and bits that mean nothing may be set.
private enum Base64 {
  /// Nil for other characters, for padding before the end, and for a length that cannot be.
  static func decode(_ text: String.UTF8View) -> [UInt8]? {
    let digits = text.prefix { $0 != UInt8(ascii: "=") }
    let padding = text.dropFirst(digits.count)
    guard padding.count <= 2, padding.allSatisfy({ $0 == UInt8(ascii: "=") }), digits.count % 4 != 1,
      padding.isEmpty || text.count % 4 == 0
    else { return nil }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for digit in digits {
      guard let value = value(digit) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
