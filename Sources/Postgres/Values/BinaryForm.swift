/// Big-endian integers, as the protocol has them.
extension [UInt8] {
  mutating func append<Number: FixedWidthInteger>(bigEndian value: Number) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}

extension RawSpan {
  /// The big-endian integer at an offset; the caller has checked the length.
  func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int = 0) -> Number {
    Number(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  /// The integer that the bytes are, all of them.
  func only<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws(MalformedValue) -> Number {
    guard byteCount == MemoryLayout<Number>.size else {
      throw .length(byteCount, expected: MemoryLayout<Number>.size)
    }
    return bigEndian(type)
  }

  var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

  /// The bytes as text; the connection's encoding is UTF-8.
  func text() throws(MalformedValue) -> String {
    guard let text = withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
      throw MalformedValue("its bytes are not UTF-8; the connection's client_encoding must stay UTF8")
    }
    return text
  }
}
