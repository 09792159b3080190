/// What an access token says (RFC 9068).
package struct TokenClaims: Sendable, Hashable {
  /// Who made it.
  package var issuer: String
  /// For whom it was made.
  package var audiences: [String]
  /// Whose it is.
  package var subject: String
  /// Until when it is good, in seconds since 1970.
  package var expiresAt: Int64
  /// When it was made.
  package var issuedAt: Int64
  /// Before when it is not good, if it says so.
  package var notBefore: Int64?
  /// Its own name.
  package var identifier: String?
  /// The session it belongs to.
  package var session: String?
  /// What a sign-in was asked with, in tokens of others.
  package var nonce: String?
  /// For whom of several audiences it was made, in tokens of others.
  package var authorizedParty: String?
  /// An address of theirs, in tokens of others.
  package var email: String?
  /// Whether who made it says that the address is theirs.
  package var isEmailVerified = false
  /// What they are called, in tokens of others.
  package var name: String?

  /// Claims.
  package init(issuer: String, audiences: [String], subject: String, issuedAt: Int64, expiresAt: Int64) {
    self.issuer = issuer
    self.audiences = audiences
    self.subject = subject
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
  }
}

/// Why a token is refused.
package enum TokenFault: Error, Sendable, Hashable {
  /// It is not three parts of base 64 with JSON in them, or longer than any of ours.
  case malformed
  /// Its algorithm, if it names one, is not taken here.
  case algorithm
  /// It is of another type.
  case type
  /// Its header says something that must be understood, and is not.
  case critical
  /// Nobody here has the key it names.
  case key
  /// Its signature does not fit.
  case signature
  /// A claim is missing or of the wrong type.
  case claim(String)
  /// Somebody else made it.
  case issuer
  /// It was made for somebody else.
  case audience
  /// It is not good any more.
  case expired
  /// It is not good yet.
  case early
  /// It answers another sign-in.
  case nonce
}

/// What the claims of a token must say.
package struct ClaimRules: Sendable, Hashable {
  /// Who must have made it.
  package var issuer: String
  /// For whom it must have been made.
  package var audience: String
  /// How far clocks may differ.
  package var leewaySeconds: Int64 = 30
  /// How long a token may be good for at most.
  package var lifeSecondsMax: Int64
  /// What a sign-in was asked with; nil where nothing is asked.
  package var nonce: String?

  /// Rules.
  package init(issuer: String, audience: String, lifeSecondsMax: Int64 = 3600) {
    self.issuer = issuer
    self.audience = audience
    self.lifeSecondsMax = lifeSecondsMax
  }

  /// Looks at the claims of a token whose signature fits.
  ///
  /// - Throws: why it is refused.
  package func check(_ claims: TokenClaims, atSecond now: Int64) throws(TokenFault) {
    guard claims.issuer == issuer else { throw .issuer }
    guard claims.audiences.contains(audience) else { throw .audience }
    guard !claims.subject.isEmpty else { throw .claim("sub") }
    // No sum can overflow: times are held to what a calendar knows.
    let possible = 0...Int64(253_402_300_799)
    guard possible.contains(claims.expiresAt) else { throw .claim("exp") }
    guard possible.contains(claims.issuedAt) else { throw .claim("iat") }
    guard now < claims.expiresAt + leewaySeconds else { throw .expired }
    guard claims.issuedAt <= now + leewaySeconds else { throw .early }
    if let notBefore = claims.notBefore {
      guard possible.contains(notBefore) else { throw .claim("nbf") }
      guard notBefore <= now + leewaySeconds else { throw .early }
    }
    guard claims.expiresAt - claims.issuedAt <= lifeSecondsMax else { throw .claim("exp") }
    if let nonce { guard claims.nonce == nonce else { throw .nonce } }
  }
}
