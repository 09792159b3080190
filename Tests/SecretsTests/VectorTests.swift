import Accounts
import Testing

@testable import Secrets

func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = Array(hexadecimal)
  return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0..<($0 + 2)]), radix: 16) }
}

/// Facts that the standards print.
@Suite("Vectors")
struct VectorTests {
  @Test(
    "the codes of RFC 6238, appendix B",
    arguments: [
      (Int64(59), "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
      (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
  func timeCodes(_ second: Int64, _ expected: String) {
    let secret = Array("12345678901234567890".utf8)
    let code = TimeCode.code(step: TimeCode.step(atSecond: second)) { Digest.hmacSHA1($0, key: secret) }
    #expect(code == expected)
  }

  @Test("SHA-256 of FIPS 180, HMAC of RFC 4231 and RFC 2202")
  func digests() {
    #expect(
      Digest.sha256(Array("abc".utf8))
        == bytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    #expect(Digest.sha256([]) == bytes("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
    #expect(
      Digest.hmacSHA256(Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20))
        == bytes("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"))
    #expect(
      Digest.hmacSHA1(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        == bytes("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"))
  }

  @Test("Ed25519 signs as RFC 8032, section 7.1 says")
  func ed25519() throws {
    let key = try #require(
      SigningKey(seed: bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")))
    #expect(key.publicBytes == bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
    let signature = bytes(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
    #expect(key.sign([]) == signature)
    #expect(key.verifying.accepts(signature, of: []))
  }

  @Test("the token of RFC 8037, appendix A.4, fits its key, and its thumbprint is A.3's")
  func rfc8037() throws {
    let seed = try #require(Base64URL.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A".utf8))
    let key = try #require(SigningKey(seed: seed))
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    #expect(
      Base64URL.encode(key.sign(Array(signed.utf8)))
        == "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
    #expect(JSONWebKey.thumbprint(ed25519: key.publicBytes) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
  }

  /// The key and signature of RFC 7515, appendix A.3.
  private static let p256 = VerifyingKey.p256(
    x: Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".utf8) ?? [],
    y: Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".utf8) ?? [])
  private static let p256Signed =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
  private static let p256Signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

  @Test("ECDSA on P-256 as in RFC 7515, appendix A.3; every changed bit is refused")
  func p256() throws {
    let signature = try #require(Base64URL.decode(Self.p256Signature.utf8))
    let message = Array(Self.p256Signed.utf8)
    #expect(Self.p256.accepts(signature, of: message))
    for index in signature.indices {
      var changed = signature
      changed[index] ^= 1
      #expect(!Self.p256.accepts(changed, of: message))
    }
    for wrong in [[], [UInt8](repeating: 0, count: 64), signature + [0], Array(signature.dropLast()), [0] + signature] {
      #expect(!Self.p256.accepts(wrong, of: message))
    }
    #expect(
      !VerifyingKey.p256(x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 1, count: 32)).accepts(
        signature, of: message), "a point that is not on the curve")
  }

  @Test("HMAC in tokens as in RFC 7515, appendix A.1; a short secret accepts nothing")
  func shared() throws {
    let secret = try #require(
      Base64URL.decode(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow".utf8))
    let message = Array(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        .utf8)
    let signature = try #require(Base64URL.decode("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".utf8))
    #expect(VerifyingKey.shared(secret).accepts(signature, of: message))
    let short = Array("secret".utf8)
    #expect(!VerifyingKey.shared(short).accepts(Digest.hmacSHA256(message, key: short), of: message))
  }

  @Test("base 64 has one way to write a value")
  func base64() {
    #expect(Base64URL.encode(Array("f".utf8)) == "Zg")
    #expect(Base64URL.decode("Zg".utf8) == Array("f".utf8))
    for wrong in ["Zh", "Zg==", "Z", "Zg ", "Z+==", "Zg\n", "Z/", "Zm9", "ZgA="] {
      #expect(Base64URL.decode(wrong.utf8) == nil, "\(wrong)")
    }
    for count in 0..<70 {
      let bytes = RandomBytes.make(count)
      #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
    }
  }
}
