/// A code for who has lost the authenticator: eighty bits, written so that they can be read off paper, good for once.
package struct RecoveryCode: Sendable, Hashable {
  /// How many are given out.
  package static let count = 10
  /// Random bytes behind each.
  package static let bytes = 10

  /// Crockford's digits: none looks like another.
  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// Sixteen of Crockford's digits, in upper case and without dashes.
  package let text: String

  /// Makes a code of random bytes.
  package init(random bytes: [UInt8]) {
    precondition(bytes.count == RecoveryCode.bytes, "a recovery code has ten random bytes")
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 5 {
        count -= 5
        text.append(RecoveryCode.digits[Int(bits >> UInt32(count) & 31)])
      }
    }
    self.text = String(decoding: text, as: UTF8.self)
  }

  /// Reads what somebody typed: case, dashes and spaces do not matter, and O is read as 0, I and L as 1.
  package init?(typed: String) {
    var text: [UInt8] = []
    for byte in typed.uppercased().utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
      switch byte {
      case UInt8(ascii: "O"): text.append(UInt8(ascii: "0"))
      case UInt8(ascii: "I"), UInt8(ascii: "L"): text.append(UInt8(ascii: "1"))
      case _ where RecoveryCode.digits.contains(byte): text.append(byte)
      default: return nil
      }
    }
    guard text.count == 16 else { return nil }
    self.text = String(decoding: text, as: UTF8.self)
  }

  /// In groups of four.
  package var printed: String {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: 16, by: 4).map { String(decoding: bytes[$0..<($0 + 4)], as: UTF8.self) }
      .joined(separator: "-")
  }
}
