extension RequestParser {
  /// Reads field lines up to and with the empty line; false if it is not there yet.
  mutating func readFields(_ base: UnsafePointer<UInt8>, count: Int) throws(HTTPParseError) -> Bool {
    let wall = min(count, draft.origin + limits.headBytes)
    let origin = UInt32(truncatingIfNeeded: draft.origin)
    while true {
      guard let line = try readLine(base, wall) else {
        if count > wall { throw .headTooLarge(limit: limits.headBytes) }
        return false
      }
      draft.line = draft.position
      draft.colon = 0
      guard !line.name.isEmpty else { return true }
      guard draft.fieldCount < limits.fieldCount else { throw .tooManyFields(limit: limits.fieldCount) }
      try note(line, base)
      keep(FieldRange(name: line.name.moved(back: origin), value: line.value.moved(back: origin)))
    }
  }

  @inline(__always)
  private mutating func keep(_ field: FieldRange) {
    if draft.fieldCount < fields.count { fields[draft.fieldCount] = field } else { fields.append(field) }
    draft.fieldCount += 1
  }

  /// Reads on in the line; an empty name means the empty line, nil that the line is not all there.
  @inline(__always)
  private mutating func readLine(
    _ base: UnsafePointer<UInt8>, _ wall: Int
  ) throws(HTTPParseError) -> FieldRange? {
    var index = draft.position
    if draft.colon == 0 {
      FieldName.skipToken(base, &index, wall)
      guard index < wall, base[index] == Byte.colon, index > draft.line else {
        return try readOtherLine(base, index, wall)
      }
      draft.colon = index
      index += 1
    }
    let isComplete = try FieldValue.findEnd(base, &index, wall)
    draft.position = isComplete ? index + 2 : index
    guard isComplete else { return nil }
    var valueStart = draft.colon + 1
    while valueStart < index, base[valueStart] == Byte.space || base[valueStart] == Byte.tab { valueStart += 1 }
    while index > valueStart, base[index - 1] == Byte.space || base[index - 1] == Byte.tab { index -= 1 }
    return FieldRange(name: ByteRange(draft.line, draft.colon), value: ByteRange(valueStart, index))
  }

  /// The token characters do not end in a colon: this is the empty line, an unfinished name, or an error.
  private mutating func readOtherLine(
    _ base: UnsafePointer<UInt8>, _ index: Int, _ wall: Int
  ) throws(HTTPParseError) -> FieldRange? {
    draft.position = index
    guard index < wall else { return nil }
    let isAtStart = index == draft.line
    switch base[index] {
    case Byte.lineFeed: throw .bareLineFeed
    case Byte.carriageReturn where isAtStart:
      guard index + 1 < wall else { return nil }
      guard base[index + 1] == Byte.lineFeed else { throw .bareCarriageReturn }
      draft.position = index + 2
      return FieldRange(name: .empty, value: .empty)
    case Byte.colon: throw .fieldNameEmpty
    case Byte.space, Byte.tab: throw isAtStart ? .foldedLine : .spaceBeforeColon
    default: throw .fieldNameNotAToken
    }
  }

  /// Reads the fields that decide where the request ends and what becomes of the connection.
  @inline(__always)
  private mutating func note(_ line: FieldRange, _ base: UnsafePointer<UInt8>) throws(HTTPParseError) {
    switch line.name.count {
    case 4, 6, 10, 14, 17: try noteKnownLength(line, base)
    default: return
    }
  }

  private mutating func noteKnownLength(_ line: FieldRange, _ base: UnsafePointer<UInt8>) throws(HTTPParseError) {
    let name = UnsafeBufferPointer(start: base + Int(line.name.start), count: line.name.count)
    let value = UnsafeBufferPointer(start: base + Int(line.value.start), count: line.value.count)
    switch line.name.count {
    case 4 where equalIgnoringCase(name, "host"):
      if draft.host != nil { throw .hostRepeated }
      guard HostField.isValid(value) else { throw .hostMalformed }
      draft.host = line.value
    case 6 where equalIgnoringCase(name, "expect"):
      guard equalIgnoringCase(value, "100-continue") else { throw .expectationUnsupported }
      draft.expectsContinue = true
    case 10 where equalIgnoringCase(name, "connection"):
      noteConnection(value)
    case 14 where equalIgnoringCase(name, "content-length"):
      if draft.contentLength != nil { throw .contentLengthRepeated }
      draft.contentLength = try Self.contentLength(value)
    case 17 where equalIgnoringCase(name, "transfer-encoding"):
      if draft.isChunked { throw .transferEncodingRepeated }
      guard equalIgnoringCase(value, "chunked") else { throw .transferEncodingUnsupported }
      draft.isChunked = true
    default: return
    }
  }

  private static func contentLength(_ value: UnsafeBufferPointer<UInt8>) throws(HTTPParseError) -> Int {
    guard !value.isEmpty else { throw .contentLengthMalformed }
    var length = 0
    var overflows = false
    for byte in value {
      guard Byte.isDigit(byte) else { throw .contentLengthMalformed }
      let (tens, tooLarge) = length.multipliedReportingOverflow(by: 10)
      let (sum, stillTooLarge) = tens.addingReportingOverflow(Int(byte &- Byte.zero))
      overflows = overflows || tooLarge || stillTooLarge
      length = sum
    }
    if overflows { throw .contentLengthTooLarge }
    return length
  }

  private mutating func noteConnection(_ value: UnsafeBufferPointer<UInt8>) {
    if equalIgnoringCase(value, "keep-alive") {
      draft.saysKeepAlive = true
      return
    }
    for item in value.split(separator: Byte.comma) {
      let option = trimmed(UnsafeBufferPointer(rebasing: item))
      if equalIgnoringCase(option, "close") { draft.saysClose = true }
      if equalIgnoringCase(option, "keep-alive") { draft.saysKeepAlive = true }
    }
  }
}

/// The bytes of a field name, looked at eight at a time.
enum FieldName {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Moves `index` to the next byte that no token has, or to the wall.
  @inline(__always)
  static func skipToken(_ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int) {
    while index &+ 8 <= wall {
      let word = UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
      let others = notLettersOrHyphens(word)
      if others != 0 {
        index &+= others.trailingZeroBitCount &>> 3
        break
      }
      index &+= 8
    }
    while index < wall, ByteSet.token.contains(base[index]) { index &+= 1 }
  }

  /// Bit 7 of each byte that is neither a letter nor a hyphen, which is all that most names have.
  ///
  /// Bit 7 of every byte is out of the way when something is added, so that no byte carries into the next.
  @inline(__always)
  static func notLettersOrHyphens(_ word: UInt64) -> UInt64 {
    let lower = (word | (ones &* 0x20)) & ~tops
    let isLetter = (lower &+ (ones &* (0x80 - 0x61))) & ~(lower &+ (ones &* (0x80 - 0x7B)))
    let crossed = (word ^ (ones &* 0x2D)) & ~tops
    let isHyphen = ~(crossed &+ (ones &* 0x7F))
    return (~(isLetter | isHyphen) | word) & tops
  }
}

/// The bytes of a field value, looked at eight at a time.
enum FieldValue {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Moves `index` to the CR of the CRLF that ends the value; false if it is not there yet.
  ///
  /// Bytes above 127 are let through (RFC 9110's `obs-text`), tabs too, no other control character.
  @inline(__always)
  static func findEnd(
    _ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int
  ) throws(HTTPParseError) -> Bool {
    while true {
      skipPlain(base, &index, wall)
      guard index < wall else { return false }
      switch base[index] {
      case Byte.tab: index += 1
      case Byte.carriageReturn:
        guard index + 1 < wall else { return false }
        guard base[index + 1] == Byte.lineFeed else { throw .bareCarriageReturn }
        return true
      case Byte.lineFeed: throw .bareLineFeed
      default: throw .fieldValueControl
      }
    }
  }

  /// Moves `index` to the next byte below 32 or equal to 127, or to the wall.
  ///
  /// In a word `w`, `(w - 0x20…) & ~w & 0x80…` marks bytes below 32, `x = w ^ 0x7F…; (x - 0x01…) & ~x & 0x80…`
  /// those equal to 127. A borrow can mark wrongly only above a right mark, so the lowest mark is always right.
  @inline(__always)
  static func skipPlain(_ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int) {
    while index &+ 8 <= wall {
      let word = UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
      let control = (word &- (ones &* 0x20)) & ~word
      let crossed = word ^ (ones &* 0x7F)
      let delete = (crossed &- ones) & ~crossed
      let marks = (control | delete) & tops
      if marks != 0 {
        index &+= marks.trailingZeroBitCount &>> 3
        return
      }
      index &+= 8
    }
    while index < wall, base[index] >= 0x20, base[index] != Byte.delete { index &+= 1 }
  }
}
