/// Reads the fields of a message in the wire format of Protocol Buffers, one by one.
///
/// Nothing is taken on trust: every number and length is held against the bytes that are left, so that no input makes
/// it read beyond its message, and a field that is not asked for is skipped, however it is nested.
package struct ProtobufReader {
  /// A field as it lies in the bytes; its value is read by what the field must be.
  package struct Field {
    package let number: Int
    fileprivate let kind: UInt8
    /// Where the field begins, for messages about it.
    let offset: Int
  }

  private enum Kind {
    static let number: UInt8 = 0
    static let eightBytes: UInt8 = 1
    static let bytes: UInt8 = 2
    static let groupStart: UInt8 = 3
    static let groupEnd: UInt8 = 4
    static let fourBytes: UInt8 = 5
  }

  /// Groups within groups; an honest message has none.
  private static let depthMax = 16
  private static let fieldNumberMax: UInt64 = 1 << 29 - 1

  private let bytes: [UInt8]
  private(set) var offset: Int
  private let end: Int

  /// A message that is all of some bytes.
  package init(_ bytes: [UInt8]) {
    self.init(bytes, from: 0, to: bytes.count)
  }

  /// A message that lies within some bytes.
  package init(_ bytes: [UInt8], from start: Int, to end: Int) {
    (self.bytes, offset, self.end) = (bytes, start, end)
  }

  /// The next field; nil at the end.
  ///
  /// Its value must be read or skipped before the next is asked for.
  package mutating func next() throws(ProtobufError) -> Field? {
    guard offset < end else { return nil }
    let start = offset
    let tag = try number()
    let kind = UInt8(tag & 7)
    guard kind <= Kind.fourBytes else { throw ProtobufError(.unknownKind(kind), at: start) }
    guard (1...Self.fieldNumberMax).contains(tag >> 3) else { throw ProtobufError(.badFieldNumber, at: start) }
    return Field(number: Int(tag >> 3), kind: kind, offset: start)
  }

  /// Goes past a field that nobody asks for.
  package mutating func skip(_ field: Field) throws(ProtobufError) {
    try skip(field, depth: 0)
  }

  private mutating func skip(_ field: Field, depth: Int) throws(ProtobufError) {
    switch field.kind {
    case Kind.number: _ = try number()
    case Kind.eightBytes: try advance(8)
    case Kind.fourBytes: try advance(4)
    case Kind.bytes: try advance(try length())
    case Kind.groupStart:
      guard depth < Self.depthMax else { throw ProtobufError(.badGroup, at: field.offset) }
      while let inner = try next() {
        if inner.kind == Kind.groupEnd {
          guard inner.number == field.number else { throw ProtobufError(.badGroup, at: inner.offset) }
          return
        }
        try skip(inner, depth: depth + 1)
      }
      throw ProtobufError(.badGroup, at: field.offset)
    default: throw ProtobufError(.badGroup, at: field.offset)
    }
  }

  // MARK: Values

  /// A whole number without sign.
  package mutating func unsigned(_ field: Field) throws(ProtobufError) -> UInt64 {
    try expect(Kind.number, field, "a whole number")
    return try number()
  }

  /// A whole number; of `int32` the lower half counts, as the format says.
  package mutating func signed(_ field: Field) throws(ProtobufError) -> Int64 {
    Int64(bitPattern: try unsigned(field))
  }

  package mutating func int32(_ field: Field) throws(ProtobufError) -> Int32 {
    Int32(truncatingIfNeeded: try unsigned(field))
  }

  package mutating func float(_ field: Field) throws(ProtobufError) -> Float {
    try expect(Kind.fourBytes, field, "a number of four bytes")
    let start = offset
    try advance(4)
    var bits: UInt32 = 0
    for index in (start..<start + 4).reversed() { bits = bits << 8 | UInt32(bytes[index]) }
    return Float(bitPattern: bits)
  }

  package mutating func text(_ field: Field) throws(ProtobufError) -> String {
    try expect(Kind.bytes, field, "a text")
    let length = try length()
    let start = offset
    try advance(length)
    guard let text = String(validating: bytes[start..<start + length], as: UTF8.self) else {
      throw ProtobufError(.notText, at: start)
    }
    return text
  }

  /// A message within this one.
  package mutating func message(_ field: Field) throws(ProtobufError) -> ProtobufReader {
    try expect(Kind.bytes, field, "a message")
    let length = try length()
    let start = offset
    try advance(length)
    return ProtobufReader(bytes, from: start, to: start + length)
  }

  /// Bytes as they are.
  package mutating func bytes(_ field: Field) throws(ProtobufError) -> ArraySlice<UInt8> {
    try expect(Kind.bytes, field, "bytes")
    let length = try length()
    let start = offset
    try advance(length)
    return bytes[start..<start + length]
  }

  /// Whole numbers without sign, packed one behind the other.
  package mutating func packed(_ field: Field) throws(ProtobufError) -> [UInt64] {
    var list = try message(field)
    var numbers: [UInt64] = []
    while list.offset < list.end { numbers.append(try list.number()) }
    return numbers
  }

  // MARK: Bytes

  private func expect(_ kind: UInt8, _ field: Field, _ wanted: String) throws(ProtobufError) {
    guard field.kind == kind else { throw ProtobufError(.otherKind(wanted: wanted), at: field.offset) }
  }

  private mutating func number() throws(ProtobufError) -> UInt64 {
    let start = offset
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while offset < end {
      let byte = bytes[offset]
      offset += 1
      // The tenth byte has room for one bit.
      guard shift < 63 || byte <= 1 else { throw ProtobufError(.longNumber, at: start) }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw ProtobufError(.cutOff, at: start)
  }

  private mutating func length() throws(ProtobufError) -> Int {
    let start = offset
    let length = try number()
    guard length <= UInt64(end - offset) else {
      throw ProtobufError(.tooLong(length: length, left: end - offset), at: start)
    }
    return Int(length)
  }

  private mutating func advance(_ count: Int) throws(ProtobufError) {
    guard count <= end - offset else { throw ProtobufError(.cutOff, at: offset) }
    offset += count
  }
}

extension UInt64 {
  /// A number whose sign is its last bit (`sint64`).
  package var unzigzagged: Int64 { Int64(bitPattern: self >> 1) ^ -Int64(bitPattern: self & 1) }
}
