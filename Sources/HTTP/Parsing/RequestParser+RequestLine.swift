extension RequestParser {
  /// Reads `method SP target SP version CRLF`; false if it is not all there.
  mutating func readRequestLine(_ base: UnsafePointer<UInt8>, count: Int) throws(HTTPParseError) -> Bool {
    let limit = min(limits.requestLineBytes, limits.headBytes)
    let wall = min(count, draft.origin + limit)
    var index = draft.line
    guard try readMethod(base, &index, wall), try readTarget(base, &index, wall),
      try readVersion(base, &index, wall), try readLineEnd(base, &index, wall)
    else {
      if count > wall {
        throw limit < limits.requestLineBytes ? .headTooLarge(limit: limit) : .requestLineTooLong(limit: limit)
      }
      draft.searched = count
      return false
    }
    draft.hasRequestLine = true
    draft.line = index
    draft.searched = index
    return true
  }

  /// Reads up to and with the space after the method.
  @inline(__always)
  private mutating func readMethod(
    _ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int
  ) throws(HTTPParseError) -> Bool {
    let start = index
    var low: UInt64 = 0
    var high: UInt64 = 0
    while index < wall {
      let byte = base[index]
      let length = index - start
      if byte == Byte.space, length > 0 {
        draft.method = HTTPMethod(low: low, high: high)
        index += 1
        return true
      }
      guard ByteSet.token.contains(byte) else { throw length == 0 ? .notARequest : Self.notAToken(byte) }
      guard length < HTTPMethod.nameLengthMax else { throw .methodTooLong }
      if length < 8 {
        low |= UInt64(byte) &<< UInt64(length &* 8)
      } else {
        high |= UInt64(byte) &<< UInt64(length &* 8 &- 64)
      }
      index += 1
    }
    return false
  }

  private static func notAToken(_ byte: UInt8) -> HTTPParseError {
    byte == Byte.lineFeed ? .bareLineFeed : .methodNotAToken
  }

  /// Reads up to and with the space after the target.
  @inline(__always)
  private mutating func readTarget(
    _ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int
  ) throws(HTTPParseError) -> Bool {
    let start = index
    var question = -1
    while index < wall, ByteSet.target.contains(base[index]) {
      if base[index] == Byte.question, question < 0 { question = index }
      index += 1
    }
    guard index < wall else { return false }
    guard base[index] == Byte.space else { throw Self.badTarget(base[index]) }
    guard index > start else { throw .targetMissing }
    let pathEnd = question < 0 ? index : question
    draft.query = question < 0 ? .empty : ByteRange(question + 1, index)
    if base[start] == Byte.slash {
      draft.path = ByteRange(start, pathEnd)
      if draft.method == .connect { throw .connectUnsupported }
    } else {
      try readOtherForm(base, start, pathEnd, index)
    }
    index += 1
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

  /// `*` for OPTIONS, `http://authority/path` for every method.
  private mutating func readOtherForm(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ pathEnd: Int, _ end: Int
  ) throws(HTTPParseError) {
    if draft.method == .connect { throw .connectUnsupported }
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

  /// Reads `HTTP/1.1` or `HTTP/1.0`.
  @inline(__always)
  private mutating func readVersion(
    _ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int
  ) throws(HTTPParseError) -> Bool {
    if index + 8 <= wall {
      let word = UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
      if word == 0x312E_312F_5054_5448 {
        index += 8
        return true
      }
    }
    return try readOldOrPartialVersion(base, &index, wall)
  }

  private mutating func readOldOrPartialVersion(
    _ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int
  ) throws(HTTPParseError) -> Bool {
    let expected: StaticString = "HTTP/1."
    for offset in 0..<8 {
      guard index + offset < wall else { return false }
      let byte = base[index + offset]
      let isRight = offset < 7 ? byte == expected.utf8Start[offset] : byte == Byte.zero || byte == Byte.zero + 1
      guard isRight else {
        if byte == Byte.lineFeed { throw .bareLineFeed }
        throw offset >= 5 && Byte.isDigit(byte) ? .versionUnsupported : .versionMalformed
      }
    }
    draft.version = base[index + 7] == Byte.zero ? .http10 : .http11
    index += 8
    return true
  }

  @inline(__always)
  private func readLineEnd(
    _ base: UnsafePointer<UInt8>, _ index: inout Int, _ wall: Int
  ) throws(HTTPParseError) -> Bool {
    guard index < wall else { return false }
    guard base[index] == Byte.carriageReturn else {
      throw base[index] == Byte.lineFeed ? .bareLineFeed : .versionMalformed
    }
    guard index + 1 < wall else { return false }
    guard base[index + 1] == Byte.lineFeed else { throw .bareCarriageReturn }
    index += 2
    return true
  }
}
