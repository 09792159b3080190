/// Percent-encoding of RFC 3986, read strictly.
enum PercentCoding {
  /// Decodes into `output`; false if an escape is not `%` and two hexadecimal digits.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool, into output: inout [UInt8]) -> Bool {
    output.reserveCapacity(output.count + bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == Byte.percent {
        guard index + 2 < bytes.count, let high = Byte.hexValue(bytes[index + 1]),
          let low = Byte.hexValue(bytes[index + 2])
        else { return false }
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(byte == Byte.plus && plusIsSpace ? Byte.space : byte)
        index += 1
      }
    }
    return true
  }

  /// The decoded text, or nil if an escape is malformed or the result is not UTF-8.
  ///
  /// `bytes` are part of a request's target, which the parser has checked to be ASCII.
  static func decodedText(_ bytes: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool) -> String? {
    if !bytes.contains(where: { $0 == Byte.percent || ($0 == Byte.plus && plusIsSpace) }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var output: [UInt8] = []
    guard decode(bytes, plusIsSpace: plusIsSpace, into: &output) else { return nil }
    return String(validating: output, as: UTF8.self)
  }

  /// The decoded text for people to read: malformed escapes stay as they are, bad UTF-8 becomes U+FFFD.
  static func displayText(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var output: [UInt8] = []
    guard decode(bytes, plusIsSpace: false, into: &output) else { return String(decoding: bytes, as: UTF8.self) }
    return String(decoding: output, as: UTF8.self)
  }
}
