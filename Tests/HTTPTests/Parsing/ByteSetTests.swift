import Testing

@testable import HTTP

@Suite("Byte sets")
struct ByteSetTests {
  private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
  private static let digits = "0123456789"
  private static let visible = String(decoding: Array(UInt8(0x21)...0x7E), as: UTF8.self)

  @Test(
    "hold exactly their alphabets",
    arguments: [
      (ByteSet.token, letters + digits + "!#$%&'*+-.^_`|~"),
      (ByteSet.target, visible.filter { !"\"#<>\\".contains($0) }),
      (ByteSet.hostName, letters + digits + "-._~!$&'()*+,;="),
      (ByteSet.ipv6Literal, digits + "abcdefABCDEF:."),
      (ByteSet.requestID, letters + digits + "-._~+/=:@"),
    ])
  func alphabets(_ set: ByteSet, _ alphabet: String) {
    for byte in UInt8.min...UInt8.max {
      #expect(set.contains(byte) == alphabet.utf8.contains(byte), "byte \(byte)")
    }
  }

  @Test("letters and hyphens are told from all other bytes, eight at a time", arguments: 0..<8)
  func lettersAndHyphens(place: Int) {
    for neighbour in [UInt8(ascii: "a"), 0x00, 0x7F, 0x80, 0xFF] {
      for byte in UInt8.min...UInt8.max {
        var bytes = [UInt8](repeating: neighbour, count: 8)
        bytes[place] = byte
        let word = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        let isOther = FieldName.notLettersOrHyphens(word) >> UInt64(place * 8 + 7) & 1 == 1
        #expect(isOther != (Self.letters + "-").utf8.contains(byte), "byte \(byte) beside \(neighbour)")
      }
    }
  }

  @Test("fold the case of letters and of nothing else")
  func caseFolding() {
    for a in UInt8.min...UInt8.max {
      for b in UInt8.min...UInt8.max {
        let expected = a == b || (Byte.lowercased(a) == Byte.lowercased(b))
        #expect(equalIgnoringCase([a], [b], count: 1) == expected)
      }
    }
  }
}
