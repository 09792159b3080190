/// Sixteen bytes that identify something everywhere.
public struct PostgresUUID: PostgresValue, Hashable {
  /// The first eight bytes, most significant first.
  public let high: UInt64
  /// The last eight bytes, most significant first.
  public let low: UInt64

  /// Takes the two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The type `uuid`.
  public static var postgresType: PostgresType { .uuid }
  /// Reads `uuid` alone.
  public static func accepts(_ type: PostgresType) -> Bool { type == .uuid }

  /// Appends sixteen bytes.
  public func encode(into bytes: inout [UInt8]) {
    bytes.append(bigEndian: high)
    bytes.append(bigEndian: low)
  }

  /// Reads sixteen bytes.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    guard bytes.byteCount == 16 else { throw .length(bytes.byteCount, expected: 16) }
    self.init(high: bytes.bigEndian(UInt64.self), low: bytes.bigEndian(UInt64.self, at: 8))
  }
}
