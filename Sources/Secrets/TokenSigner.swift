import COpenSSL
package import JSON

/// A private key that others gave us to sign tokens with, for services that know its other half: `ES256` or `RS256`.
package struct TokenSigner: Sendable {
  /// What it signs by.
  package enum Algorithm: String, Sendable {
    case es256 = "ES256"
    case rs256 = "RS256"
  }

  /// What it signs by, which follows from the key.
  package let algorithm: Algorithm
  private let pem: [UInt8]

  /// Reads a key in PEM form, as Apple and Google hand them out; nil for any other.
  package init?(pem text: String) {
    pem = Array(text.utf8)
    guard let key = TokenSigner.key(pem) else { return nil }
    defer { EVP_PKEY_free(key) }
    switch (EVP_PKEY_get_base_id(key), EVP_PKEY_get_bits(key)) {
    case (EVP_PKEY_EC, 256): algorithm = .es256
    case (EVP_PKEY_RSA, 2048...8192): algorithm = .rs256
    default: return nil
    }
    // A curve of the same size is not the same curve.
    guard sign([1]) != nil else { return nil }
  }

  /// A token in the compact form of RFC 7515.
  ///
  /// - Parameters:
  ///   - keyID: what the other side knows the key by, if it does.
  ///   - claims: writes what it says.
  /// - Returns: the token.
  package func token(keyID: String?, claims: (inout JSONObjectWriter) -> Void) -> String {
    var header = JSONWriter()
    header.object {
      $0.field("alg", algorithm.rawValue)
      $0.field("typ", "JWT")
      $0.field("kid", ifPresent: keyID)
    }
    var payload = JSONWriter()
    payload.object(claims)
    let signed = Base64URL.encode(header.finish()) + "." + Base64URL.encode(payload.finish())
    guard let signature = sign(Array(signed.utf8)) else { preconditionFailure("a key that has signed signs no more") }
    return signed + "." + Base64URL.encode(signature)
  }

  private func sign(_ message: [UInt8]) -> [UInt8]? {
    guard let key = TokenSigner.key(pem) else { return nil }
    defer { EVP_PKEY_free(key) }
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    var count = Int(EVP_PKEY_get_size(key))
    var signature = [UInt8](repeating: 0, count: count)
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
      EVP_DigestSign(context, &signature, &count, message, message.count) == 1
    else { return nil }
    let made = Array(signature.prefix(count))
    return algorithm == .es256 ? TokenSigner.joined(made) : made
  }

  private static func key(_ pem: [UInt8]) -> OpaquePointer? {
    guard let memory = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
    defer { BIO_free(memory) }
    return PEM_read_bio_PrivateKey(memory, nil, nil, nil)
  }

  /// The two numbers of an ECDSA signature, 32 bytes each, from the DER that OpenSSL writes.
  private static func joined(_ der: [UInt8]) -> [UInt8]? {
    guard der.count >= 8, der[0] == 0x30, Int(der[1]) == der.count - 2 else { return nil }
    var rest = der[2...]
    var joined: [UInt8] = []
    for _ in 0..<2 {
      guard rest.count >= 2, rest.removeFirst() == 0x02 else { return nil }
      let count = Int(rest.removeFirst())
      guard count <= rest.count else { return nil }
      let digits = rest.prefix(count).drop { $0 == 0 }
      guard digits.count <= 32 else { return nil }
      joined += [UInt8](repeating: 0, count: 32 - digits.count) + digits
      rest = rest.dropFirst(count)
    }
    return joined
  }
}
