import Accounts
import Kernel
import Secrets
import Store
import Synchronization

/// The keys that access tokens are signed and checked with, as this process knows them now.
///
/// They are read anew every few minutes, and when a token names a key that is not known, which another process may just
/// have made; not more than every few seconds, since anybody can write any name into a token.
final class KeyRing: Sendable {
  private static let keepSeconds: Int64 = 300
  private static let askSeconds: Int64 = 5
  private static let verifiedBytesMax = 8 << 20

  private struct Ring {
    let signer: (id: String, key: SigningKey)
    let verifying: [(id: String, key: VerifyingKey)]
    let readAt: Int64
  }

  private let store: AccountStore
  private let settings: AccountSettings
  private let ring = Mutex<Ring?>(nil)
  /// Tokens whose signature was found good, and with the keys of which reading; their claims are looked at each time.
  private let verified = Mutex(RecentValues<String, Verified>(weightMax: verifiedBytesMax))

  private struct Verified: Sendable {
    let claims: TokenClaims
    let readAt: Int64
  }

  init(_ store: AccountStore, _ settings: AccountSettings) {
    self.store = store
    self.settings = settings
  }

  /// Makes an access token.
  func issue(to user: String, session: String) async throws -> String {
    let ring = try await current(maxAge: Self.keepSeconds)
    let now = settings.now()
    var claims = TokenClaims(
      issuer: settings.issuer, audiences: [settings.audience], subject: user, issuedAt: now,
      expiresAt: now + settings.limits.accessSeconds)
    claims.session = session
    claims.identifier = Base64URL.encode(RandomBytes.make(16))
    return JSONWebToken.sign(claims, keyID: ring.signer.id, key: ring.signer.key)
  }

  /// What an access token says, once its signature, type and claims have been found good.
  ///
  /// - Throws: `TokenFault`; what reading keys throws.
  func verify(_ token: String) async throws -> TokenClaims {
    let claims: TokenClaims
    do {
      claims = try signed(token, try await current(maxAge: Self.keepSeconds))
    } catch TokenFault.key {
      claims = try signed(token, try await current(maxAge: Self.askSeconds))
    }
    var rules = ClaimRules(
      issuer: settings.issuer, audience: settings.audience, lifeSecondsMax: settings.limits.accessSeconds)
    rules.leewaySeconds = 5
    try rules.check(claims, atSecond: settings.now())
    return claims
  }

  /// The keys that check, for whoever checks tokens elsewhere.
  func published() async throws -> [JSONWebKey] {
    try await current(maxAge: Self.keepSeconds).verifying.map { JSONWebKey(keyID: $0.id, key: $0.key) }
  }

  /// What a token says whose signature is good: a signature is worked out once for each reading of the keys.
  private func signed(_ token: String, _ ring: Ring) throws(TokenFault) -> TokenClaims {
    if let known = verified.withLock({ $0.value(of: token) }), known.readAt == ring.readAt { return known.claims }
    let claims = try JSONWebToken.verify(token, types: ["at+jwt"]) { id, _ in
      ring.verifying.filter { $0.id == id }.map(\.key)
    }.claims
    verified.withLock {
      // What the claims take is about what the token takes.
      $0.keep(Verified(claims: claims, readAt: ring.readAt), weight: 2 * token.utf8.count, for: token)
    }
    return claims
  }

  private func current(maxAge seconds: Int64) async throws -> Ring {
    let now = settings.now()
    if let known = ring.withLock({ $0 }), now - known.readAt < seconds, now >= known.readAt { return known }
    let sealing = settings.masterKey.key(for: .signing)
    let keys = try await store.signingKeys(
      rotateSeconds: settings.rotateSeconds, lifeSeconds: settings.limits.accessSeconds
    ) {
      let key = SigningKey.random()
      let bytes = key.publicBytes
      return StoredSigningKey(
        id: JSONWebKey.thumbprint(ed25519: bytes), publicKey: bytes, sealedSeed: SealedBox.seal(key.seed, key: sealing))
    }
    // The newest signs; whether its seed can be opened is the test of the master key.
    guard let newest = keys.first, let seed = SealedBox.open(newest.sealedSeed, key: sealing),
      let signer = SigningKey(seed: seed)
    else { throw MasterKeyMismatch() }
    let made = Ring(
      signer: (newest.id, signer), verifying: keys.map { ($0.id, .ed25519($0.publicKey)) }, readAt: now)
    ring.withLock { $0 = made }
    return made
  }
}
