/// What identifies something everywhere and for good: a UUID.
///
/// `Noun` keeps the ids of different things apart.
public struct Identifier<Noun>: Hashable, Sendable, Comparable {
  /// The first eight bytes, most significant first.
  public let high: UInt64
  /// The last eight bytes, most significant first.
  public let low: UInt64

  /// Takes the two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new one by chance (version 4 of RFC 9562); nobody can guess it if the generator is a source of secrets.
  public init(using generator: inout some RandomNumberGenerator) {
    let (first, second): (UInt64, UInt64) = (generator.next(), generator.next())
    self.init(high: first & ~0xF000 | 0x4000, low: second & ~(0b11 << 62) | 0b10 << 62)
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
      guard index < 36, let digit = value(ofHexadecimal: byte) else { return nil }
      if count < 16 { digits.high = digits.high << 4 | digit } else { digits.low = digits.low << 4 | digit }
      count += 1
    }
    guard count == 32 else { return nil }
    self.init(high: digits.high, low: digits.low)
  }

  /// In the order of the bytes.
  public static func < (one: Identifier, other: Identifier) -> Bool {
    (one.high, one.low) < (other.high, other.low)
  }
}

extension Identifier: CustomStringConvertible {
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

/// Somebody with an account.
public enum UserNoun {}
/// A company or group whose people have accounts.
public enum OrganisationNoun {}
/// A trip.
public enum TripNoun {}

/// The id of somebody with an account.
public typealias UserID = Identifier<UserNoun>
/// The id of an organisation.
public typealias OrganisationID = Identifier<OrganisationNoun>
/// The id of a trip.
public typealias TripID = Identifier<TripNoun>

private func value(ofHexadecimal byte: UInt8) -> UInt64? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
  default: nil
  }
}
