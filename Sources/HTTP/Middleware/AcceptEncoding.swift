/// What `Accept-Encoding` says about the two codings we have (RFC 9110, section 12.5.3).
struct AcceptEncoding: Hashable, Sendable {
  /// Whether gzip may be sent, and the caller does not prefer to have none.
  var prefersGzip: Bool
  /// Whether the bytes may be sent as they are.
  var allowsIdentity: Bool

  /// What holds if there is no such field: anything would do, but nothing was asked for.
  static let absent = AcceptEncoding(prefersGzip: false, allowsIdentity: true)

  /// Reads the field.
  ///
  /// What is malformed in it counts as not said.
  init(_ value: UnsafeBufferPointer<UInt8>) {
    var gzip: Int?
    var identity: Int?
    var other: Int?
    for item in value.split(separator: Byte.comma) {
      let parts = item.split(separator: Byte.semicolon, maxSplits: 1, omittingEmptySubsequences: false)
      let coding = trimmed(UnsafeBufferPointer(rebasing: parts[0]))
      let weight = parts.count == 1 ? 1000 : Self.weight(trimmed(UnsafeBufferPointer(rebasing: parts[1])))
      guard let weight else { continue }
      if equalIgnoringCase(coding, "gzip") || equalIgnoringCase(coding, "x-gzip") { gzip = weight }
      if equalIgnoringCase(coding, "identity") { identity = weight }
      if equalIgnoringCase(coding, "*") { other = weight }
    }
    let gzipWeight = gzip ?? other ?? 0
    prefersGzip = gzipWeight > 0 && gzipWeight >= identity ?? 0
    allowsIdentity = identity ?? other ?? 1 > 0
  }

  private init(prefersGzip: Bool, allowsIdentity: Bool) {
    self.prefersGzip = prefersGzip
    self.allowsIdentity = allowsIdentity
  }

  /// `q=0.5` in thousandths; nil if it is not of that form.
  private static func weight(_ parameter: UnsafeBufferPointer<UInt8>) -> Int? {
    guard parameter.count >= 3, parameter[0] | 0x20 == 0x71, parameter[1] == Byte.equals else { return nil }
    let digits = UnsafeBufferPointer(rebasing: parameter[2...])
    guard digits[0] == Byte.zero || digits[0] == Byte.zero + 1, digits.count <= 5 else { return nil }
    guard digits.count == 1 || digits[1] == Byte.dot else { return nil }
    var weight = Int(digits[0] - Byte.zero) * 1000
    var unit = 100
    for digit in digits.dropFirst(2) {
      guard Byte.isDigit(digit) else { return nil }
      weight += Int(digit - Byte.zero) * unit
      unit /= 10
    }
    return weight <= 1000 ? weight : nil
  }
}
