/// A request method: a token of up to 16 characters, packed into two machine words so that comparing and copying
/// one costs nothing and no method, known or not, needs memory.
///
/// It has a `rawValue` but is not `RawRepresentable`: that protocol brings an `==` that compares the strings.
public struct HTTPMethod: Hashable, Sendable, BitwiseCopyable {
  private let low: UInt64
  private let high: UInt64

  /// The longest method name that can be held; the parser answers longer ones with 501.
  static let nameLengthMax = 16

  /// Packed names: the first character is the lowest byte.
  @inline(__always)
  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The method of that name, or nil if it is not a token of 1 to 16 characters.
  ///
  /// Case matters, as in RFC 9110.
  public init?(rawValue: String) {
    let bytes = rawValue.utf8
    guard !bytes.isEmpty, bytes.count <= Self.nameLengthMax, bytes.allSatisfy(ByteSet.token.contains) else {
      return nil
    }
    var low: UInt64 = 0
    var high: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      if index < 8 { low |= UInt64(byte) << UInt64(index * 8) } else { high |= UInt64(byte) << UInt64(index * 8 - 64) }
    }
    self.init(low: low, high: high)
  }

  /// The name as it is written on the wire.
  public var rawValue: String {
    var bytes: [UInt8] = []
    for word in [low, high] {
      for index in 0..<8 {
        let byte = UInt8(truncatingIfNeeded: word >> UInt64(index * 8))
        if byte != 0 { bytes.append(byte) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The method `GET`.
  public static var get: HTTPMethod { HTTPMethod(low: 0x54_4547, high: 0) }
  /// The method `HEAD`.
  public static var head: HTTPMethod { HTTPMethod(low: 0x4441_4548, high: 0) }
  /// The method `POST`.
  public static var post: HTTPMethod { HTTPMethod(low: 0x5453_4F50, high: 0) }
  /// The method `PUT`.
  public static var put: HTTPMethod { HTTPMethod(low: 0x54_5550, high: 0) }
  /// The method `PATCH`.
  public static var patch: HTTPMethod { HTTPMethod(low: 0x48_4354_4150, high: 0) }
  /// The method `DELETE`.
  public static var delete: HTTPMethod { HTTPMethod(low: 0x4554_454C_4544, high: 0) }
  /// The method `OPTIONS`.
  public static var options: HTTPMethod { HTTPMethod(low: 0x53_4E4F_4954_504F, high: 0) }
  /// `CONNECT`, which this server answers with 501.
  public static var connect: HTTPMethod { HTTPMethod(low: 0x54_4345_4E4E_4F43, high: 0) }
}

extension HTTPMethod: CustomStringConvertible {
  /// The name as it is written on the wire.
  public var description: String { rawValue }
}
