import Testing

@testable import Accounts

@Suite("Codes of authenticators")
struct TimeCodeTests {
  /// A keyed sum in place of HMAC: the codes' arithmetic is tested here, the vectors of RFC 6238 in SecretsTests.
  private func hmac(_ message: [UInt8]) -> [UInt8] {
    var state: UInt64 = 99
    return (0..<20).map { index in
      for byte in message { state = (state ^ UInt64(byte) &+ UInt64(index)) &* 1_099_511_628_211 }
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }

  @Test("a code is good one step early and one late, and only once")
  func replay() {
    let code = TimeCode.code(step: 100, hmac: hmac)
    for second in [Int64(2970), 3000, 3029, 3059] {
      #expect(TimeCode.acceptedStep(code, atSecond: second, after: nil, hmac: hmac) == 100)
    }
    #expect(TimeCode.acceptedStep(code, atSecond: 2969, after: nil, hmac: hmac) == nil)
    #expect(TimeCode.acceptedStep(code, atSecond: 3060, after: nil, hmac: hmac) == nil)
    #expect(TimeCode.acceptedStep(code, atSecond: 3000, after: 100, hmac: hmac) == nil)
    #expect(TimeCode.acceptedStep(code, atSecond: 3000, after: 99, hmac: hmac) == 100)
    #expect(TimeCode.acceptedStep(code, atSecond: 3000, after: 101, hmac: hmac) == nil)
  }

  @Test("spaces do not matter, anything else does", arguments: ["", "12345", "1234567", "12345a", "+12345", "１２３４５６"])
  func shapes(_ typed: String) {
    #expect(TimeCode.acceptedStep(typed, atSecond: 3000, after: nil, hmac: hmac) == nil)
    let code = TimeCode.code(step: 100, hmac: hmac)
    let spaced = code.prefix(3) + " " + code.suffix(3)
    #expect(TimeCode.acceptedStep(String(spaced), atSecond: 3000, after: nil, hmac: hmac) == 100)
  }

  @Test("secrets are written as authenticators read them")
  func uri() {
    // RFC 4648, section 10.
    let vectors = [
      "": "", "f": "MY", "fo": "MZXQ", "foo": "MZXW6", "foob": "MZXW6YQ", "fooba": "MZXW6YTB", "foobar": "MZXW6YTBOI",
    ]
    for (plain, encoded) in vectors { #expect(Base32.encode(Array(plain.utf8)) == encoded) }
    #expect(
      TimeCode.uri(secret: Array("foobar".utf8), account: "a@b.de", issuer: "Way fare")
        == "otpauth://totp/Way%20fare:a%40b.de?secret=MZXW6YTBOI&issuer=Way%20fare&algorithm=SHA1&digits=6&period=30")
  }

  @Test("recovery codes are read as people write them")
  func recovery() throws {
    let code = RecoveryCode(random: [0, 1, 2, 3, 250, 251, 252, 253, 254, 255])
    let printed = code.printed
    #expect(printed.count == 19)
    #expect(RecoveryCode(typed: printed) == code)
    #expect(RecoveryCode(typed: printed.lowercased().replacing("-", with: " ")) == code)
    #expect(RecoveryCode(typed: String(printed.dropLast())) == nil)
    #expect(RecoveryCode(typed: "oooo-iiii-llll-0123")?.text == "0000111111110123")
    #expect(RecoveryCode(typed: "UUUU-0000-0000-0000") == nil, "U is none of Crockford's digits")
  }
}
