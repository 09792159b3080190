import CSodium

/// A pair of Ed25519 keys (RFC 8032): one signs, the other checks.
package struct SigningKey: Sendable {
  /// What the pair is made of.
  package let seed: [UInt8]
  /// The 32 bytes of the half that checks.
  package let publicBytes: [UInt8]
  private let secret: [UInt8]

  /// The half that checks.
  package var verifying: VerifyingKey { .ed25519(publicBytes) }

  /// A new pair.
  package static func random() -> SigningKey {
    guard let key = SigningKey(seed: RandomBytes.make(Int(crypto_sign_SEEDBYTES))) else {
      preconditionFailure("a seed has 32 bytes")
    }
    return key
  }

  /// The pair of a seed of 32 bytes; nil for another length.
  package init?(seed: [UInt8]) {
    _ = Sodium.isReady
    guard seed.count == Int(crypto_sign_SEEDBYTES) else { return nil }
    var publicKey = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
    var secret = [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
    crypto_sign_seed_keypair(&publicKey, &secret, seed)
    self.seed = seed
    self.secret = secret
    publicBytes = publicKey
  }

  /// Signs a message.
  package func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
    crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
    return signature
  }
}
