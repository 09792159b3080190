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

  /// Reads `8-4-4-4-12` hexadecimal digits in either case; nil for anything else.
  public init?(_ text: String) {
    var digits = (high: UInt64(0), low: UInt64(0))
    var count = 0
    for (index, byte) in text.utf8.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard index < 36, let digit = PostgresUUID.value(ofHexadecimal: byte) else { return nil }
      if count < 16 { digits.high = digits.high << 4 | digit } else { digits.low = digits.low << 4 | digit }
      count += 1
    }
    guard count == 32 else { return nil }
    self.init(high: digits.high, low: digits.low)
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

  private static func value(ofHexadecimal byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension PostgresUUID: CustomStringConvertible {
  /// Lower-case hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  public var description: String {
    var text = ""
    text.reserveCapacity(36)
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 { text += "-" }
      let half = index < 16 ? high : low
      text += String((half >> UInt64(60 - 4 * (index % 16))) & 15, radix: 16)
    }
    return text
  }
}
