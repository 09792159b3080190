package import Accounts
import JSON

/// Tokens of RFC 7519, signed in the compact form, made and checked under the rules of RFC 8725.
package enum JSONWebToken {
  /// A token whose signature fits, and whose claims nobody has looked at yet.
  package struct Verified: Sendable {
    /// What it says.
    package let claims: TokenClaims
    /// The key that it names.
    package let keyID: String?
  }

  /// Makes an access token.
  package static func sign(_ claims: TokenClaims, type: String = "at+jwt", keyID: String, key: SigningKey) -> String {
    var header = JSONWriter()
    header.object {
      $0.field("alg", "EdDSA")
      $0.field("typ", type)
      $0.field("kid", keyID)
    }
    let signed = Base64URL.encode(header.finish()) + "." + Base64URL.encode(payload(claims))
    return signed + "." + Base64URL.encode(key.sign(Array(signed.utf8)))
  }

  private static func payload(_ claims: TokenClaims) -> [UInt8] {
    var payload = JSONWriter()
    payload.object { object in
      object.field("iss", claims.issuer)
      if claims.audiences.count == 1 {
        object.field("aud", claims.audiences[0])
      } else {
        object.field("aud", claims.audiences)
      }
      object.field("sub", claims.subject)
      object.field("iat", claims.issuedAt)
      object.field("exp", claims.expiresAt)
      object.field("nbf", ifPresent: claims.notBefore)
      object.field("jti", ifPresent: claims.identifier)
      object.field("sid", ifPresent: claims.session)
      object.field("nonce", ifPresent: claims.nonce)
      object.field("azp", ifPresent: claims.authorizedParty)
      object.field("email", ifPresent: claims.email)
      object.field("name", ifPresent: claims.name)
      if claims.isEmailVerified { object.field("email_verified", true) }
    }
    return payload.finish()
  }

  /// Checks a token's form, type and signature.
  ///
  /// - Parameters:
  ///   - text: the token.
  ///   - types: what its header may say that it is, in lower case; nil where it need not say anything.
  ///   - keys: finds the keys.
  /// - Returns: what it says, and by which key.
  /// - Throws: why it is refused.
  package static func verify(
    _ text: String, types: Set<String>?, keys: JSONWebSignature.KeyFinder
  ) throws(TokenFault) -> Verified {
    let opened = try JSONWebSignature.open(text, types: types, keys: keys)
    return Verified(claims: try claims(opened.payload), keyID: opened.keyID)
  }

  // MARK: Reading

  private static func claims(_ bytes: [UInt8]) throws(TokenFault) -> TokenClaims {
    let root = try JSONWebSignature.object(bytes)
    guard let issuer = try JSONWebSignature.text(root, "iss") else { throw .claim("iss") }
    guard let subject = try JSONWebSignature.text(root, "sub") else { throw .claim("sub") }
    guard let expires = try number(root, "exp") else { throw .claim("exp") }
    guard let issued = try number(root, "iat") else { throw .claim("iat") }
    var claims = TokenClaims(
      issuer: issuer, audiences: try audiences(root), subject: subject, issuedAt: issued, expiresAt: expires)
    claims.notBefore = try number(root, "nbf")
    claims.identifier = try JSONWebSignature.text(root, "jti")
    claims.session = try JSONWebSignature.text(root, "sid")
    claims.nonce = try JSONWebSignature.text(root, "nonce")
    claims.authorizedParty = try JSONWebSignature.text(root, "azp")
    claims.email = try JSONWebSignature.text(root, "email")
    claims.name = try JSONWebSignature.text(root, "name")
    // Some write it as text; anything but true is no.
    claims.isEmailVerified =
      root.find("/email_verified").map { (try? $0.bool) == true || (try? $0.string) == "true" } ?? false
    return claims
  }

  private static func number(_ root: JSONNode, _ name: String) throws(TokenFault) -> Int64? {
    guard let node = root.find("/" + name) else { return nil }
    // Fractions are allowed (RFC 7519's NumericDate) and are of no account.
    if let whole = try? node.integer(as: Int64.self) { return whole }
    guard node.kind == .number, let value = try? node.double, value.magnitude < 1e15 else { throw .claim(name) }
    return Int64(value.rounded(.down))
  }

  private static func audiences(_ root: JSONNode) throws(TokenFault) -> [String] {
    guard let node = root.find("/aud") else { throw .claim("aud") }
    if let text = try? node.string { return [text] }
    guard let texts = try? [String](json: node), !texts.isEmpty else { throw .claim("aud") }
    return texts
  }
}
