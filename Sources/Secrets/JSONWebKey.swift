package import JSON

/// A key that checks, as RFC 7517 writes it.
package struct JSONWebKey: Sendable, Hashable, JSONWritable {
  /// What it is called.
  package let keyID: String?
  /// The key.
  package let key: VerifyingKey

  /// A key with its name.
  package init(keyID: String?, key: VerifyingKey) {
    self.keyID = keyID
    self.key = key
  }

  /// Reads a key; nil for kinds that are not taken here, or for other uses than signatures.
  package init?(_ node: JSONNode) {
    func bytes(_ name: StaticString) -> [UInt8]? { node.text(name).flatMap { Base64URL.decode($0.utf8) } }
    if let use = node.text("use"), use != "sig" { return nil }
    switch (node.text("kty"), node.text("crv")) {
    case ("OKP", "Ed25519"):
      guard let x = bytes("x"), x.count == 32 else { return nil }
      key = .ed25519(x)
    case ("EC", "P-256"):
      guard let x = bytes("x"), let y = bytes("y"), x.count == 32, y.count == 32 else { return nil }
      key = .p256(x: x, y: y)
    case ("RSA", nil):
      guard let modulus = bytes("n"), let exponent = bytes("e"), modulus.first != 0, exponent.first != 0 else {
        return nil
      }
      key = .rsa(modulus: modulus, exponent: exponent)
    default: return nil
    }
    if let algorithm = node.text("alg"), algorithm != key.algorithm { return nil }
    keyID = node.text("kid")
  }

  /// Writes the key; a shared secret is never written.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      switch key {
      case .ed25519(let x):
        object.field("kty", "OKP")
        object.field("crv", "Ed25519")
        object.field("x", Base64URL.encode(x))
      case .p256(let x, let y):
        object.field("kty", "EC")
        object.field("crv", "P-256")
        object.field("x", Base64URL.encode(x))
        object.field("y", Base64URL.encode(y))
      case .rsa(let modulus, let exponent):
        object.field("kty", "RSA")
        object.field("n", Base64URL.encode(modulus))
        object.field("e", Base64URL.encode(exponent))
      case .shared: object.field("kty", "oct")
      }
      object.field("use", "sig")
      object.field("alg", key.algorithm)
      object.field("kid", ifPresent: keyID)
    }
  }

  /// The key's fingerprint (RFC 7638), which makes a good name for it.
  package static func thumbprint(ed25519 key: [UInt8]) -> String {
    let canonical = #"{"crv":"Ed25519","kty":"OKP","x":"\#(Base64URL.encode(key))"}"#
    return Base64URL.encode(Digest.sha256(Array(canonical.utf8)))
  }
}
