import COpenSSL
import CSodium

/// What checks signatures; which algorithm that is belongs to the key, never to the token (RFC 8725, section 3.1).
package enum VerifyingKey: Sendable, Hashable {
  /// 32 bytes of Ed25519: `EdDSA`.
  case ed25519([UInt8])
  /// A point of the curve P-256: `ES256`.
  case p256(x: [UInt8], y: [UInt8])
  /// An RSA modulus and exponent, big-endian without leading zeros: `RS256`. Only providers of sign-ins have such.
  case rsa(modulus: [UInt8], exponent: [UInt8])
  /// A secret that both sides have: `HS256`; only where somebody configured it.
  case shared([UInt8])

  /// The name of its algorithm in headers.
  package var algorithm: String {
    switch self {
    case .ed25519: "EdDSA"
    case .p256: "ES256"
    case .rsa: "RS256"
    case .shared: "HS256"
    }
  }

  /// Whether a signature is of a message.
  package func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    switch self {
    case .ed25519(let key):
      _ = Sodium.isReady
      // libsodium refuses malleable signatures (S not below the order) and keys and points of small order.
      return key.count == 32 && signature.count == 64
        && crypto_sign_verify_detached(signature, message, UInt64(message.count), key) == 0
    case .p256(let x, let y): return P256.accepts(signature, of: message, x: x, y: y)
    case .rsa(let modulus, let exponent):
      return RSA.accepts(signature, of: message, modulus: modulus, exponent: exponent)
    case .shared(let secret):
      // A short secret could be guessed from one token (RFC 7518, section 3.2).
      return secret.count >= 32 && areEqual(Digest.hmacSHA256(message, key: secret), signature)
    }
  }
}

/// ECDSA on P-256 with SHA-256, checked by OpenSSL.
private enum P256 {
  static func accepts(_ signature: [UInt8], of message: [UInt8], x: [UInt8], y: [UInt8]) -> Bool {
    guard signature.count == 64, x.count == 32, y.count == 32, let key = wayfare_p256_key([4] + x + y) else {
      return false
    }
    defer { EVP_PKEY_free(key) }
    guard let der = der(signature), let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestVerify(context, der, der.count, message, message.count) == 1
  }

  /// The two numbers of a signature in the form that OpenSSL takes; nil when either is zero.
  private static func der(_ signature: [UInt8]) -> [UInt8]? {
    guard let first = integer(Array(signature[..<32])), let second = integer(Array(signature[32...])) else {
      return nil
    }
    return [0x30, UInt8(first.count + second.count)] + first + second
  }

  private static func integer(_ bytes: [UInt8]) -> [UInt8]? {
    let digits = Array(bytes.drop { $0 == 0 })
    guard let top = digits.first else { return nil }
    let value = top >= 0x80 ? [0] + digits : digits
    return [0x02, UInt8(value.count)] + value
  }
}

/// RSASSA-PKCS1-v1_5 with SHA-256, checked by OpenSSL.
private enum RSA {
  /// Keys of 2048 to 8192 bits (RFC 7518, section 3.3; longer ones cost more than a sign-in may).
  private static let modulusBytes = 256...1024

  /// An odd number from 3 on, and no longer than any that is in use: with 1 a signature is what is signed.
  private static func isSound(_ exponent: [UInt8]) -> Bool {
    (1...8).contains(exponent.count) && exponent.last.map { $0 % 2 == 1 } == true && exponent != [1]
  }

  static func accepts(
    _ signature: [UInt8], of message: [UInt8], modulus: [UInt8], exponent: [UInt8]
  ) -> Bool {
    guard modulusBytes.contains(modulus.count), isSound(exponent), signature.count == modulus.count,
      !WeakModulus.isOne(modulus),
      let key = wayfare_rsa_key(modulus, Int32(modulus.count), exponent, Int32(exponent.count))
    else { return false }
    defer { EVP_PKEY_free(key) }
    guard let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
