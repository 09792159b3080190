extension RequestParser {
  /// Reads `method SP target SP version CRLF`; false if it is not all there.
  mutating func readRequestLine(_ base: UnsafePointer<UInt8>, count: Int) throws(HTTPParseError) -> Bool {
    let limit = min(limits.requestLineBytes, limits.headBytes)
    let wall = min(count, draft.origin + limit)
    guard try readMethod(base, wall), try readTarget(base, wall), try readVersion(base, wall) else {
      if count > wall {
        throw limit < limits.requestLineBytes ? .headTooLarge(limit: limit) : .requestLineTooLong(limit: limit)
      }
      return false
    }
    try checkTarget(base)
    draft.hasRequestLine = true
    draft.line = draft.position
    return true
  }

  /// Reads up to and with the space after the method.
  ///
  /// It is short, and is read from its start each time.
  @inline(__always)
  private mutating func readMethod(_ base: UnsafePointer<UInt8>, _ wall: Int) throws(HTTPParseError) -> Bool {
    if draft.target > 0 { return true }
    var low: UInt64 = 0
    var high: UInt64 = 0
    var length = 0
    while draft.line + length < wall {
      let byte = base[draft.line + length]
      if byte == Byte.space, length > 0 {
        draft.method = HTTPMethod(low: low, high: high)
        draft.target = draft.line + length + 1
        draft.position = draft.target
        return true
      }
      guard ByteSet.token.contains(byte) else { throw length == 0 ? .notARequest : Self.notAToken(byte) }
      guard length < HTTPMethod.nameLengthMax else { throw .methodTooLong }
      if length < 8 {
        low |= UInt64(byte) &<< UInt64(length &* 8)
      } else {
        high |= UInt64(byte) &<< UInt64(length &* 8 &- 64)
      }
      length += 1
    }
    return false
  }

  private static func notAToken(_ byte: UInt8) -> HTTPParseError {
    byte == Byte.lineFeed ? .bareLineFeed : .methodNotAToken
  }

  /// Reads up to and with the space after the target.
  @inline(__always)
  private mutating func readTarget(_ base: UnsafePointer<UInt8>, _ wall: Int) throws(HTTPParseError) -> Bool {
    if draft.versionStart > 0 { return true }
    var index = draft.position
    while index < wall, ByteSet.target.contains(base[index]) {
      if base[index] == Byte.question, draft.question == 0 { draft.question = index }
      index += 1
    }
    draft.position = index
    guard index < wall else { return false }
    guard base[index] == Byte.space else { throw Self.badTarget(base[index]) }
    guard index > draft.target else { throw .targetMissing }
    draft.versionStart = index + 1
    return true
  }

  private static func badTarget(_ byte: UInt8) -> HTTPParseError {
    switch byte {
    case Byte.hash: .targetHasFragment
    case Byte.lineFeed: .bareLineFeed
    case Byte.carriageReturn: .versionMalformed
    default: .targetCharacter
    }
  }

  /// Finds path and query, in whichever form the target is.
  @inline(__always)
  private mutating func checkTarget(_ base: UnsafePointer<UInt8>) throws(HTTPParseError) {
    let end = draft.versionStart - 1
    let pathEnd = draft.question == 0 ? end : draft.question
    draft.query = draft.question == 0 ? .empty : ByteRange(draft.question + 1, end)
    if draft.method == .connect { throw .connectUnsupported }
    if base[draft.target] == Byte.slash {
      draft.path = ByteRange(draft.target, pathEnd)
    } else {
      try checkOtherForm(base, draft.target, pathEnd, end)
    }
  }

  /// `*` for OPTIONS, `http://authority/path` for every method.
  private mutating func checkOtherForm(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ pathEnd: Int, _ end: Int
  ) throws(HTTPParseError) {
    if base[start] == Byte.asterisk, end == start + 1 {
      guard draft.method == .options else { throw .targetForm }
      draft.form = .asterisk
      draft.path = ByteRange(start, end)
      return
    }
    let scheme: StaticString = "http://"
    let secureScheme: StaticString = "https://"
    let target = UnsafeBufferPointer(start: base + start, count: pathEnd - start)
    let schemeLength: Int
    if equalIgnoringCase(UnsafeBufferPointer(rebasing: target.prefix(7)), scheme) {
      schemeLength = 7
    } else if equalIgnoringCase(UnsafeBufferPointer(rebasing: target.prefix(8)), secureScheme) {
      schemeLength = 8
    } else {
      throw .targetForm
    }
    let authorityStart = start + schemeLength
    var authorityEnd = authorityStart
    while authorityEnd < pathEnd, base[authorityEnd] != Byte.slash { authorityEnd += 1 }
    let authority = UnsafeBufferPointer(start: base + authorityStart, count: authorityEnd - authorityStart)
    guard HostField.isValid(authority) else { throw .hostMalformed }
    draft.form = .absolute
    draft.authority = ByteRange(authorityStart, authorityEnd)
    // An absent path means "/", and the scheme ends in a byte that says just that.
    draft.path =
      authorityEnd < pathEnd
      ? ByteRange(authorityEnd, pathEnd) : ByteRange(authorityStart - 1, authorityStart)
  }

  /// Reads `HTTP/1.1` or `HTTP/1.0` and the end of the line.
  ///
  /// It is short, and is read from its start each time.
  @inline(__always)
  private mutating func readVersion(_ base: UnsafePointer<UInt8>, _ wall: Int) throws(HTTPParseError) -> Bool {
    let start = draft.versionStart
    if !isCurrentVersion(base, start, wall) {
      guard try readOldOrPartialVersion(base, start, wall) else { return false }
    }
    let index = start + 8
    guard index < wall else { return false }
    guard base[index] == Byte.carriageReturn else {
      throw base[index] == Byte.lineFeed ? .bareLineFeed : .versionMalformed
    }
    guard index + 1 < wall else { return false }
    guard base[index + 1] == Byte.lineFeed else { throw .bareCarriageReturn }
    draft.position = index + 2
    return true
  }

  /// Compares with `HTTP/1.1` as one word.
  @inline(__always)
  private func isCurrentVersion(_ base: UnsafePointer<UInt8>, _ start: Int, _ wall: Int) -> Bool {
    guard start + 8 <= wall else { return false }
    let word = UInt64(littleEndian: UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self))
    return word == 0x312E_312F_5054_5448
  }

  private mutating func readOldOrPartialVersion(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ wall: Int
  ) throws(HTTPParseError) -> Bool {
    let expected: StaticString = "HTTP/1."
    for offset in 0..<8 {
      guard start + offset < wall else { return false }
      let byte = base[start + offset]
      let isRight = offset < 7 ? byte == expected.utf8Start[offset] : byte == Byte.zero || byte == Byte.zero + 1
      guard isRight else {
        if byte == Byte.lineFeed { throw .bareLineFeed }
        throw offset >= 5 && Byte.isDigit(byte) ? .versionUnsupported : .versionMalformed
      }
    }
    draft.version = base[start + 7] == Byte.zero ? .http10 : .http11
    return true
  }
}
