package import Accounts
import JSON

/// Tokens in the compact form of RFC 7515, made and checked under the rules of RFC 8725.
///
/// The algorithm belongs to the key that is found, so that a token cannot choose it; `none` belongs to no key. What is not
/// understood is refused.
package enum JSONWebToken {
  /// More characters than any token of ours, or of a provider, has.
  package static let bytesMax = 8192

  /// A token whose signature fits, and whose claims nobody has looked at yet.
  package struct Verified: Sendable {
    /// What it says.
    package let claims: TokenClaims
    /// The key that it names.
    package let keyID: String?
  }

  /// Finds the keys that a token may be signed with: by the name in its header, or all there are.
  package typealias KeyFinder = (_ keyID: String?, _ algorithm: String) -> [VerifyingKey]

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
    _ text: String, types: Set<String>?, keys: KeyFinder
  ) throws(TokenFault) -> Verified {
    guard text.utf8.count <= bytesMax else { throw .malformed }
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let headerBytes = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
      let signature = Base64URL.decode(parts[2])
    else { throw .malformed }
    let header = try self.header(headerBytes)
    if let types { guard let type = header.type, types.contains(type) else { throw .type } }
    // "none" and its spellings are no key's algorithm.
    guard ["EdDSA", "ES256", "HS256", "RS256"].contains(header.algorithm) else { throw .algorithm }
    let found = keys(header.keyID, header.algorithm)
    guard !found.isEmpty else { throw .key }
    let fitting = found.filter { $0.algorithm == header.algorithm }
    guard !fitting.isEmpty else { throw .algorithm }
    let message = Array(parts[0]) + [UInt8(ascii: ".")] + Array(parts[1])
    guard fitting.contains(where: { $0.accepts(signature, of: message) }) else { throw .signature }
    return Verified(claims: try claims(payload), keyID: header.keyID)
  }

  // MARK: Reading

  private struct Header {
    let algorithm: String
    let type: String?
    let keyID: String?
  }

  private static func header(_ bytes: [UInt8]) throws(TokenFault) -> Header {
    let root = try object(bytes)
    if root.find("/crit") != nil || root.find("/b64") != nil { throw .critical }
    guard let algorithm = try text(root, "alg") else { throw .algorithm }
    let type = try text(root, "typ")?.lowercased()
    let short = type.map { $0.hasPrefix("application/") ? String($0.dropFirst(12)) : $0 }
    return Header(algorithm: algorithm, type: short, keyID: try text(root, "kid"))
  }

  private static func claims(_ bytes: [UInt8]) throws(TokenFault) -> TokenClaims {
    let root = try object(bytes)
    guard let issuer = try text(root, "iss") else { throw .claim("iss") }
    guard let subject = try text(root, "sub") else { throw .claim("sub") }
    guard let expires = try number(root, "exp") else { throw .claim("exp") }
    guard let issued = try number(root, "iat") else { throw .claim("iat") }
    var claims = TokenClaims(
      issuer: issuer, audiences: try audiences(root), subject: subject, issuedAt: issued, expiresAt: expires)
    claims.notBefore = try number(root, "nbf")
    claims.identifier = try text(root, "jti")
    claims.session = try text(root, "sid")
    claims.nonce = try text(root, "nonce")
    claims.authorizedParty = try text(root, "azp")
    claims.email = try text(root, "email")
    claims.name = try text(root, "name")
    // Some write it as text; anything but true is no.
    claims.isEmailVerified =
      root.find("/email_verified").map { (try? $0.bool) == true || (try? $0.string) == "true" } ?? false
    return claims
  }

  private static func object(_ bytes: [UInt8]) throws(TokenFault) -> JSONNode {
    guard let document = try? JSONDocument(bytes: bytes, limits: JSONLimits(bytesMax: bytesMax, depthMax: 8)),
      document.root.kind == .object
    else { throw .malformed }
    return document.root
  }

  private static func text(_ root: JSONNode, _ name: String) throws(TokenFault) -> String? {
    guard let node = root.find("/" + name) else { return nil }
    guard let text = try? node.string else { throw .claim(name) }
    return text
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
