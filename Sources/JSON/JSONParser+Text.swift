extension JSONParser {
  /// Parses the string or name whose opening quote is at a place and returns the place after it, eight bytes at a time while they are plain ASCII.
  @inline(__always)
  mutating func parseString(at quote: Int) throws(JSONError) -> Int {
    let start = quote &+ 1
    var place = start
    var kind = JSONEntry.Kind.string
    while true {
      let special = specialBytes(loadWord(bytes + place))
      if special == 0 {
        place &+= 8
        continue
      }
      place &+= special.trailingZeroBitCount >> 3
      let byte = bytes[place]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        kind = .escapedString
        place = try checkEscape(at: place)
      } else if byte >= 0x80 {
        if kind == .string { kind = .wideString }
        place = try checkUTF8(at: place)
      } else {
        throw brokenString(at: place)
      }
    }
    push(kind, offset: start, payload: place &- start)
    return place &+ 1
  }

  /// Checks the escape at a backslash and returns the place after it.
  @inline(never)
  private mutating func checkEscape(at place: Int) throws(JSONError) -> Int {
    switch bytes[place + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return place + 2
    case UInt8(ascii: "u"):
      return try checkUnicodeEscape(at: place)
    default:
      throw syntax(at: place, "an unknown escape", mend: "write a backslash itself as \\\\")
    }
  }

  private mutating func checkUnicodeEscape(at place: Int) throws(JSONError) -> Int {
    guard let unit = hexadecimalUnit(bytes + place + 2) else {
      throw syntax(at: place, "an escape without four hexadecimal digits", mend: "write \\u and four of 0-9, a-f")
    }
    guard 0xD800...0xDFFF ~= unit else { return place + 6 }
    // A second escape may only be looked at if it cannot lie past the padding: the first was complete, so it cannot.
    if unit < 0xDC00, bytes[place + 6] == UInt8(ascii: "\\"), bytes[place + 7] == UInt8(ascii: "u"),
      let second = hexadecimalUnit(bytes + place + 8), 0xDC00...0xDFFF ~= second
    {
      return place + 12
    }
    let position = position(place)
    throw fault(
      .invalidUTF8(position), "holds half of a surrogate pair at \(position.words): write both halves, or the character"
    )
  }

  /// Checks one sequence of two to four bytes (Unicode table 3-7) and returns the place after it.
  @inline(__always)
  private mutating func checkUTF8(at start: Int) throws(JSONError) -> Int {
    let first = bytes[start]
    let second = bytes[start &+ 1]
    if first >= 0xC2, first < 0xE0 {
      if isContinuation(second) { return start &+ 2 }
    } else if first >= 0xE0, first < 0xF0 {
      let isShortest = first != 0xE0 || second >= 0xA0
      let isScalar = first != 0xED || second < 0xA0
      if isShortest, isScalar, isContinuation(second), isContinuation(bytes[start &+ 2]) { return start &+ 3 }
    } else if first >= 0xF0, first <= 0xF4 {
      let isShortest = first != 0xF0 || second >= 0x90
      let isScalar = first != 0xF4 || second < 0x90
      if isShortest, isScalar, isContinuation(second), isContinuation(bytes[start &+ 2]),
        isContinuation(bytes[start &+ 3])
      {
        return start &+ 4
      }
    }
    let position = position(start)
    throw fault(.invalidUTF8(position), "is not UTF-8 at \(position.words): encode the text as UTF-8")
  }

  @inline(__always)
  private mutating func isContinuation(_ byte: UInt8) -> Bool {
    byte & 0xC0 == 0x80
  }

  @inline(never)
  private mutating func brokenString(at place: Int) -> JSONError {
    if place >= count {
      return syntax(at: count, "a string is not closed", mend: "end it with a double quote")
    }
    let code = String(bytes[place], radix: 16)
    let escape = String(repeating: "0", count: 4 - code.utf8.count) + code
    return syntax(at: place, "a control character in a string", mend: "write it as \\u\(escape)")
  }

  /// A byte order mark, or text that looks like UTF-16 or UTF-32, gets a message of its own.
  mutating func checkEncodingMark() throws(JSONError) {
    let start = JSONPosition(offset: 0, line: 1, column: 1)
    if bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw JSONError("", .syntax(start), "starts with a byte order mark: send it without")
    }
    let isMarked = (bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes[0] == 0xFF && bytes[1] == 0xFE)
    if isMarked || (count >= 2 && (bytes[0] == 0) != (bytes[1] == 0)) {
      throw JSONError("", .invalidUTF8(start), "looks like UTF-16 or UTF-32: encode the text as UTF-8")
    }
  }
}

/// Bit 7 of each byte that ends a run of plain text: quote, backslash, control character or not ASCII.
///
/// Borrows can set bits above the lowest one wrongly; only the lowest is used.
@inline(__always)
func specialBytes(_ word: UInt64) -> UInt64 {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
  let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
  let found = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
  return (found | word) & (ones &* 0x80)
}

/// Four hexadecimal digits as a UTF-16 code unit.
@inline(__always)
func hexadecimalUnit(_ digits: UnsafePointer<UInt8>) -> UInt32? {
  var unit: UInt32 = 0
  for index in 0..<4 {
    let byte = digits[index]
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte &- 0x30)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte &- 0x57)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte &- 0x37)
    default: return nil
    }
  }
  return unit
}
