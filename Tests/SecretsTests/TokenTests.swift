import Accounts
import JSON
import Testing

@testable import Secrets

@Suite("Tokens")
struct TokenTests {
  private static let key = SigningKey.random()
  private static let secret = RandomBytes.make(32)

  private static func claims() -> TokenClaims {
    var claims = TokenClaims(issuer: "i", audiences: ["a"], subject: "s", issuedAt: 1, expiresAt: 2)
    claims.session = "x"
    claims.identifier = "j"
    return claims
  }

  private func verify(
    _ token: String, types: Set<String>? = ["at+jwt"], keys: [VerifyingKey] = [key.verifying]
  ) -> Result<TokenClaims, TokenFault> {
    do throws(TokenFault) {
      return .success(try JSONWebToken.verify(token, types: types) { _, _ in keys }.claims)
    } catch {
      return .failure(error)
    }
  }

  /// A token with any header and payload, rightly signed.
  private func token(
    _ header: String, _ payload: String = #"{"iss":"i","aud":"a","sub":"s","iat":1,"exp":2}"#
  ) -> String {
    let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
    return signed + "." + Base64URL.encode(Self.key.sign(Array(signed.utf8)))
  }

  private static let header = #"{"alg":"EdDSA","typ":"at+jwt","kid":"k"}"#

  @Test("what was signed is read back")
  func roundTrip() {
    let token = JSONWebToken.sign(Self.claims(), keyID: "k", key: Self.key)
    #expect(verify(token) == .success(Self.claims()))
  }

  @Test("no other bit string is the same token: every changed character is refused")
  func isNotMalleable() {
    let token = Array(JSONWebToken.sign(Self.claims(), keyID: "k", key: Self.key).utf8)
    for index in token.indices {
      for replacement in [UInt8(ascii: "A"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "=")]
      where replacement != token[index] {
        var changed = token
        changed[index] = replacement
        guard case .failure = verify(String(decoding: changed, as: UTF8.self)) else {
          Issue.record("changed at \(index)")
          return
        }
      }
    }
  }

  @Test("a signature with the group's order added, or zero, is refused")
  func malleableSignatures() {
    let message = Array("message".utf8)
    var signature = Self.key.sign(message)
    #expect(Self.key.verifying.accepts(signature, of: message))
    // S + L, which lax checks take: L = 2^252 + 27742317777372353535851937790883648493, little-endian.
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    var carry = 0
    for index in 0..<32 {
      let sum = Int(signature[32 + index]) + Int(order[index]) + carry
      signature[32 + index] = UInt8(sum & 255)
      carry = sum >> 8
    }
    #expect(!Self.key.verifying.accepts(signature, of: message))
    #expect(!Self.key.verifying.accepts([UInt8](repeating: 0, count: 64), of: message))
    // The neutral point as key, with the signature that would fit everything.
    let neutral = [1] + [UInt8](repeating: 0, count: 31)
    #expect(!VerifyingKey.ed25519(neutral).accepts(neutral + [UInt8](repeating: 0, count: 32), of: message))
  }

  @Test(
    "an algorithm that the key is not of is refused, and so is none",
    arguments: [
      #"{"alg":"none","typ":"at+jwt"}"#, #"{"alg":"None","typ":"at+jwt"}"#, #"{"alg":"","typ":"at+jwt"}"#,
      #"{"typ":"at+jwt"}"#, #"{"alg":"RS256","typ":"at+jwt"}"#, #"{"alg":"eddsa","typ":"at+jwt"}"#,
      #"{"alg":"HS256","typ":"at+jwt"}"#, #"{"alg":"ES256","typ":"at+jwt"}"#,
    ])
  func algorithms(_ header: String) {
    #expect(verify(token(header)) == .failure(.algorithm))
    let unsigned = token(header).split(separator: ".").prefix(2).joined(separator: ".") + "."
    #expect(verify(unsigned) == .failure(.algorithm))
  }

  @Test("a public key never serves as a shared secret")
  func confusion() {
    let header = #"{"alg":"HS256","typ":"at+jwt"}"#
    let signed = token(header).split(separator: ".").prefix(2).joined(separator: ".")
    let mac = Digest.hmacSHA256(Array(signed.utf8), key: Self.key.publicBytes)
    #expect(verify(signed + "." + Base64URL.encode(mac)) == .failure(.algorithm))
    // Where a shared secret is configured, it is taken.
    let right = Digest.hmacSHA256(Array(signed.utf8), key: Self.secret)
    guard case .success = verify(signed + "." + Base64URL.encode(right), keys: [.shared(Self.secret)]) else {
      Issue.record("a configured secret was not taken")
      return
    }
  }

  @Test("the type must be the one that is wanted")
  func types() {
    #expect(verify(token(#"{"alg":"EdDSA"}"#)) == .failure(.type))
    #expect(verify(token(#"{"alg":"EdDSA","typ":"JWT"}"#)) == .failure(.type))
    for type in ["at+jwt", "AT+JWT", "application/at+jwt"] {
      guard case .success = verify(token(#"{"alg":"EdDSA","typ":"\#(type)"}"#)) else {
        Issue.record("\(type)")
        return
      }
    }
  }

  @Test("what must be understood and is not, is refused")
  func critical() {
    #expect(verify(token(#"{"alg":"EdDSA","typ":"at+jwt","crit":["x"],"x":1}"#)) == .failure(.critical))
    #expect(verify(token(#"{"alg":"EdDSA","typ":"at+jwt","b64":false}"#)) == .failure(.critical))
  }

  @Test(
    "garbage is refused",
    arguments: [
      "", ".", "..", "...", "a.b", "a.b.c.d", "e30.e30.", "e30=.e30.AA", " e30.e30.AA", "bnVsbA.e30.AA", "W10.e30.AA",
      "eyJhIjox.e30.AA", String(repeating: "A", count: 9000),
    ])
  func garbage(_ token: String) {
    guard case .failure(let fault) = verify(token) else {
      Issue.record("taken")
      return
    }
    #expect(fault == .malformed || fault == .algorithm || fault == .type)
  }

  @Test(
    "claims of the wrong type, missing or twice are refused though the signature fits",
    arguments: [
      "{}", "[]", "1", #"{"iss":"i","aud":"a","sub":"s","iat":1}"#,
      #"{"iss":"i","aud":"a","sub":"s","iat":1,"exp":"2"}"#,
      #"{"iss":"i","aud":[],"sub":"s","iat":1,"exp":2}"#, #"{"iss":"i","aud":[1],"sub":"s","iat":1,"exp":2}"#,
      #"{"iss":1,"aud":"a","sub":"s","iat":1,"exp":2}"#, #"{"iss":"i","aud":"a","sub":"s","iat":1,"exp":1e300}"#,
      #"{"iss":"i","iss":"j","aud":"a","sub":"s","iat":1,"exp":2}"#,
    ])
  func wrongClaims(_ payload: String) {
    guard case .failure = verify(token(Self.header, payload)) else {
      Issue.record("taken")
      return
    }
  }

  @Test("a key is written and read back; others' kinds and uses are not taken")
  func keys() throws {
    let key = JSONWebKey(keyID: "k", key: Self.key.verifying)
    let text = String(decoding: key.jsonBytes(), as: UTF8.self)
    #expect(try JSONWebKey(JSONDocument(text: text).root) == key)
    for wrong in [#"{"kty":"RSA"}"#, #"{"kty":"oct","k":"AA"}"#, text.replacing("\"sig\"", with: "\"enc\""), "[]"] {
      #expect(try JSONWebKey(JSONDocument(text: wrong).root) == nil)
    }
  }
}
