import JSON
import Secrets

/// A sign-in by a provider that is under way: what was asked there, sealed, kept by whoever asked.
///
/// It binds the answer to the browser that began (`state`), to the token (`nonce`), to us (the verifier of PKCE) and to one
/// provider, so that the answer of another is no use (mix-up). The server keeps only which states were used.
struct SignInFlow: Sendable {
  /// How long somebody may take over signing in there.
  static let lifeSeconds: Int64 = 900

  let provider: String
  let redirect: String
  let state: String
  let nonce: String
  let verifier: String
  let expiresAt: Int64

  init(provider: String, redirect: String, now: Int64) {
    self.provider = provider
    self.redirect = redirect
    state = Base64URL.encode(RandomBytes.make(32))
    nonce = Base64URL.encode(RandomBytes.make(32))
    verifier = Base64URL.encode(RandomBytes.make(48))
    expiresAt = now + Self.lifeSeconds
  }

  /// What PKCE shows of the verifier first (RFC 7636, S256).
  var challenge: String { Base64URL.encode(Digest.sha256(Array(verifier.utf8))) }

  /// As whoever asked keeps it.
  func sealed(_ key: MasterKey) -> String {
    var writer = JSONWriter()
    writer.object {
      $0.field("p", provider)
      $0.field("r", redirect)
      $0.field("s", state)
      $0.field("n", nonce)
      $0.field("v", verifier)
      $0.field("e", expiresAt)
    }
    return Base64URL.encode(SealedBox.seal(writer.finish(), key: key.key(for: .signIn)))
  }

  /// Opens what `sealed` has made; nil for anything else, and for what has run out.
  init?(_ sealed: String, _ key: MasterKey, now: Int64) {
    guard let root = SignInFlow.open(sealed, key) else { return nil }
    guard let provider = root.text("p"), let redirect = root.text("r"), let state = root.text("s"),
      let nonce = root.text("n"),
      let verifier = root.text("v"), let end = root.count("e").map(Int64.init), now < end
    else { return nil }
    (self.provider, self.redirect, self.state, self.nonce) = (provider, redirect, state, nonce)
    (self.verifier, expiresAt) = (verifier, end)
  }

  fileprivate static func open(_ sealed: String, _ key: MasterKey) -> JSONNode? {
    guard let box = Base64URL.decode(sealed.utf8), let bytes = SealedBox.open(box, key: key.key(for: .signIn)) else {
      return nil
    }
    // What opens is ours, unless another program has sealed it under this key: then it is no flow.
    return try? JSONDocument(bytes: bytes).root
  }
}

/// Somebody whom a provider knows, and whose second factor is still to be shown.
///
/// It opens nothing without a code, and a code serves once.
struct SignInRest: Sendable {
  private static let lifeSeconds: Int64 = 300

  let account: String
  let expiresAt: Int64

  init(account: String, now: Int64) {
    self.account = account
    expiresAt = now + Self.lifeSeconds
  }

  func sealed(_ key: MasterKey) -> String {
    var writer = JSONWriter()
    writer.object {
      $0.field("a", account)
      $0.field("e", expiresAt)
    }
    return Base64URL.encode(SealedBox.seal(writer.finish(), key: key.key(for: .signIn)))
  }

  init?(_ sealed: String, _ key: MasterKey, now: Int64) {
    guard let root = SignInFlow.open(sealed, key), let account = root.text("a"),
      let end = root.count("e").map(Int64.init), now < end
    else { return nil }
    (self.account, expiresAt) = (account, end)
  }
}
