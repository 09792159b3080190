/// A set of ASCII bytes as two machine words: membership is a shift and a mask, with no table in memory and no lazily
/// initialised global.
///
/// The literals below are checked against their alphabets by a test.
struct ByteSet: Sendable {
  /// Bytes 0…63, one bit each.
  let low: UInt64
  /// Bytes 64…127, one bit each.
  let high: UInt64

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    let word = byte & 0x40 == 0 ? low : high
    return byte < 0x80 && (word &>> UInt64(byte & 0x3F)) & 1 == 1
  }

  /// RFC 9110 `tchar`: letters, digits and ``!#$%&'*+-.^_`|~``.
  @inline(__always)
  static var token: ByteSet { ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

  /// What may stand in a request target: every visible character except `"`, `#`, `<`, `>` and `\`.
  ///
  /// RFC 3986 would also exclude ``[]^`{|}`` from a query, but browsers send them there unescaped.
  @inline(__always)
  static var target: ByteSet { ByteSet(low: 0xAFFF_FFF2_0000_0000, high: 0x7FFF_FFFF_EFFF_FFFF) }

  /// RFC 3986 `reg-name` without the percent sign: letters, digits, `-._~` and `!$&'()*+,;=`.
  @inline(__always)
  static var hostName: ByteSet { ByteSet(low: 0x2BFF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }

  /// The inside of an IPv6 literal: hexadecimal digits, `:` and `.`.
  @inline(__always)
  static var ipv6Literal: ByteSet { ByteSet(low: 0x07FF_4000_0000_0000, high: 0x0000_007E_0000_007E) }

  /// What a caller's request id may be made of: letters, digits and `-._~+/=:@`.
  @inline(__always)
  static var requestID: ByteSet { ByteSet(low: 0x27FF_E800_0000_0000, high: 0x47FF_FFFE_87FF_FFFF) }
}

/// The few bytes that HTTP gives a meaning to, by name.
enum Byte {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let hash: UInt8 = 0x23
  static let percent: UInt8 = 0x25
  static let ampersand: UInt8 = 0x26
  static let asterisk: UInt8 = 0x2A
  static let plus: UInt8 = 0x2B
  static let comma: UInt8 = 0x2C
  static let dot: UInt8 = 0x2E
  static let slash: UInt8 = 0x2F
  static let zero: UInt8 = 0x30
  static let colon: UInt8 = 0x3A
  static let semicolon: UInt8 = 0x3B
  static let equals: UInt8 = 0x3D
  static let question: UInt8 = 0x3F
  static let at: UInt8 = 0x40
  static let openBracket: UInt8 = 0x5B
  static let closeBracket: UInt8 = 0x5D
  static let delete: UInt8 = 0x7F

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// The value of a hexadecimal digit, or nil.
  @inline(__always)
  static func hexValue(_ byte: UInt8) -> UInt8? {
    if byte &- 0x30 < 10 { return byte &- 0x30 }
    let lower = byte | 0x20
    return lower &- 0x61 < 6 ? lower &- 0x57 : nil
  }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

/// Whether two runs of ASCII are the same but for the case of letters.
@inline(__always)
func equalIgnoringCase(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, count: Int) -> Bool {
  for index in 0..<count {
    let difference = a[index] ^ b[index]
    if difference == 0 { continue }
    guard difference == 0x20, (a[index] | 0x20) &- 0x61 < 26 else { return false }
  }
  return true
}

/// Whether `bytes` spell `text`, which must be ASCII, but for the case of letters.
@inline(__always)
func equalIgnoringCase(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
  guard bytes.count == text.utf8CodeUnitCount, let base = bytes.baseAddress else {
    return bytes.isEmpty && text.utf8CodeUnitCount == 0
  }
  return equalIgnoringCase(base, text.utf8Start, count: bytes.count)
}

/// The same run without spaces and tabs at either end.
@inline(__always)
func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
  var start = 0
  var end = bytes.count
  while start < end, bytes[start] == Byte.space || bytes[start] == Byte.tab { start += 1 }
  while end > start, bytes[end - 1] == Byte.space || bytes[end - 1] == Byte.tab { end -= 1 }
  return UnsafeBufferPointer(rebasing: bytes[start..<end])
}
