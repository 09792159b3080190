import COpenSSL
import CSodium

/// What checks signatures; which algorithm that is belongs to the key, never to the token (RFC 8725, section 3.1).
package enum VerifyingKey: Sendable, Hashable {
  /// 32 bytes of Ed25519: `EdDSA`.
  case ed25519([UInt8])
  /// A point of the curve P-256: `ES256`.
  case p256(x: [UInt8], y: [UInt8])
  /// A secret that both sides have: `HS256`; only where somebody configured it.
  case shared([UInt8])

  /// The name of its algorithm in headers.
  package var algorithm: String {
    switch self {
    case .ed25519: "EdDSA"
    case .p256: "ES256"
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
    case .shared(let secret):
      // A short secret could be guessed from one token (RFC 7518, section 3.2).
      return secret.count >= 32 && areEqual(Digest.hmacSHA256(message, key: secret), signature)
    }
  }
}

/// ECDSA on P-256 with SHA-256, checked by OpenSSL.
private enum P256 {
  static func accepts(_ signature: [UInt8], of message: [UInt8], x: [UInt8], y: [UInt8]) -> Bool {
    guard signature.count == 64, x.count == 32, y.count == 32, let key = key([4] + x + y) else { return false }
    defer { EVP_PKEY_free(key) }
    guard let der = der(signature), let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestVerify(context, der, der.count, message, message.count) == 1
  }

  /// The key of a point; nil when it is not on the curve.
  private static func key(_ point: [UInt8]) -> OpaquePointer? {
    guard let builder = OSSL_PARAM_BLD_new() else { return nil }
    defer { OSSL_PARAM_BLD_free(builder) }
    guard OSSL_PARAM_BLD_push_utf8_string(builder, "group", "prime256v1", 0) == 1,
      OSSL_PARAM_BLD_push_octet_string(builder, "pub", point, point.count) == 1,
      let parameters = OSSL_PARAM_BLD_to_param(builder)
    else { return nil }
    defer { OSSL_PARAM_free(parameters) }
    guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard EVP_PKEY_fromdata_init(context) == 1,
      EVP_PKEY_fromdata(context, &key, wayfare_public_key_selection(), parameters) == 1
    else { return nil }
    return key
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
