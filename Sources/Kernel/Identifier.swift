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
    var text = text
    guard let halves = text.withUTF8({ Identifier.halves(of: $0) }) else { return nil }
    self.init(high: halves.high, low: halves.low)
  }

  private static func halves(of text: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard text.count == 36 else { return nil }
    var (before, half) = (UInt64(0), UInt64(0))
    for index in 0..<36 {
      if index == 18 { (before, half) = (half, 0) }
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard text[index] == UInt8(ascii: "-") else { return nil }
      } else {
        guard let digit = value(ofHexadecimal: text[index]) else { return nil }
        half = half << 4 | digit
      }
    }
    return (before, half)
  }

  /// In the order of the bytes.
  public static func < (one: Identifier, other: Identifier) -> Bool {
    (one.high, one.low) < (other.high, other.low)
  }
}

extension Identifier: CustomStringConvertible {
  /// Lower-case hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { text in
      var place = 0
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          text[place] = UInt8(ascii: "-")
          place += 1
        }
        let half = index < 16 ? high : low
        let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (index % 16))) & 15
        text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        place += 1
      }
      return place
    }
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
