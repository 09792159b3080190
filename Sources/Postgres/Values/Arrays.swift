extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  /// The type of the wrapped value.
  public static var postgresType: PostgresType { Wrapped.postgresType }

  /// Whether there is no value.
  public var isPostgresNull: Bool { self == nil || self?.isPostgresNull == true }

  /// Appends the value.
  public func encode(into bytes: inout [UInt8]) { self?.encode(into: &bytes) }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  /// What the wrapped type expects.
  public static var postgresExpectation: String { "\(Wrapped.postgresExpectation) or NULL" }

  /// Reads what the wrapped type reads.
  public static func accepts(_ type: PostgresType) -> Bool { Wrapped.accepts(type) }

  /// NULL reads as nil.
  public static var postgresNull: Wrapped?? { .some(nil) }

  /// Reads the wrapped value.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self = .some(try Wrapped(postgres: bytes, type: type))
  }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresValue {
  /// The array type of the wrapped value.
  public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  /// The array type of the element; `bytea` for bytes.
  public static var postgresType: PostgresType { Element.postgresArrayType }

  /// Appends the array.
  public func encode(into bytes: inout [UInt8]) { Element.encodeArray(self, into: &bytes) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  /// What the element expects of its array.
  public static var postgresExpectation: String { Element.postgresArrayExpectation }

  /// Reads what the element accepts as its array.
  public static func accepts(_ type: PostgresType) -> Bool { Element.acceptsArray(type) }

  /// Reads the array.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self = try Element.decodeArray(bytes, type: type)
  }
}

/// Bytes may be elements themselves: an array of them is `bytea[]`.
extension Array: PostgresArrayElement where Element == UInt8 {}

/// An array of `UInt8` is `bytea`, not an array to the server.
extension UInt8: PostgresArrayElement {
  /// The type `bytea`.
  public static var postgresArrayType: PostgresType { .bytea }
  /// The type `bytea`.
  public static var postgresArrayExpectation: String { "bytea" }
  /// Reads `bytea` alone.
  public static func acceptsArray(_ type: PostgresType) -> Bool { type == .bytea }
  /// Appends the bytes.
  public static func encodeArray(_ elements: [UInt8], into bytes: inout [UInt8]) { bytes += elements }

  /// Reads the bytes.
  public static func decodeArray(_ bytes: RawSpan, type: PostgresType) throws(MalformedValue) -> [UInt8] {
    bytes.bytes
  }
}

/// The binary form of one-dimensional arrays: dimensions, whether NULL occurs, the element type, the
/// length and the lower bound of the dimension, then each element behind its own length.
extension PostgresArrayElement where Self: PostgresEncodable & PostgresDecodable {
  /// The array type of the element's own type, or one for the server to infer.
  public static var postgresArrayType: PostgresType { postgresType.array ?? .inferred }

  /// The element's type, with brackets.
  public static var postgresArrayExpectation: String { "an array of \(postgresExpectation)" }

  /// Reads an array whose elements this reads.
  public static func acceptsArray(_ type: PostgresType) -> Bool {
    guard let element = type.element else { return false }
    return accepts(element)
  }

  /// Appends the array.
  public static func encodeArray(_ elements: [Self], into bytes: inout [UInt8]) {
    let element = postgresArrayType.element ?? postgresType
    bytes.append(bigEndian: Int32(elements.isEmpty ? 0 : 1))
    bytes.append(bigEndian: Int32(elements.contains(where: \.isPostgresNull) ? 1 : 0))
    bytes.append(bigEndian: element.oid)
    if elements.isEmpty { return }
    bytes.append(bigEndian: Int32(clamping: elements.count))
    bytes.append(bigEndian: Int32(1))
    for value in elements {
      let start = bytes.count
      bytes.append(bigEndian: Int32(-1))
      if value.isPostgresNull { continue }
      value.encode(into: &bytes)
      let length = UInt32(truncatingIfNeeded: bytes.count - start - 4)
      for offset in 0..<4 { bytes[start + offset] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * offset)) }
    }
  }

  /// Reads the array.
  public static func decodeArray(_ bytes: RawSpan, type: PostgresType) throws(MalformedValue) -> [Self] {
    guard bytes.byteCount >= 12 else { throw MalformedValue("its array header is cut short") }
    let dimensions = bytes.bigEndian(Int32.self)
    if dimensions == 0 { return [] }
    guard dimensions == 1 else { throw MalformedValue("its array has \(dimensions) dimensions instead of one") }
    let element = PostgresType(oid: bytes.bigEndian(UInt32.self, at: 8))
    guard accepts(element) else { throw MalformedValue("its elements are \(element)") }
    guard bytes.byteCount >= 20 else { throw MalformedValue("its array header is cut short") }
    let count = Int(bytes.bigEndian(Int32.self, at: 12))
    guard count >= 0, count <= (bytes.byteCount - 20) / 4 else { throw MalformedValue("its array is cut short") }
    var values: [Self] = []
    values.reserveCapacity(count)
    var offset = 20
    for _ in 0..<count { values.append(try decodeElement(of: bytes, at: &offset, element)) }
    return values
  }

  private static func decodeElement(
    of bytes: RawSpan, at offset: inout Int, _ element: PostgresType
  ) throws(MalformedValue) -> Self {
    guard offset + 4 <= bytes.byteCount else { throw MalformedValue("its array is cut short") }
    let length = Int(bytes.bigEndian(Int32.self, at: offset))
    offset += 4
    if length < 0 {
      guard let value = postgresNull else { throw MalformedValue("its array has a NULL element") }
      return value
    }
    guard offset + length <= bytes.byteCount else { throw MalformedValue("its array is cut short") }
    defer { offset += length }
    return try Self(postgres: bytes.extracting(offset..<(offset + length)), type: element)
  }
}
