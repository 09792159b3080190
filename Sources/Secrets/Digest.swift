import COpenSSL
import CSodium

/// Digests, with and without a key.
package enum Digest {
  /// SHA-256.
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    _ = Sodium.isReady
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    return digest
  }

  /// HMAC with SHA-256.
  package static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] { hmac(message, key, EVP_sha256()) }

  /// HMAC with SHA-1, which authenticators' codes are made with and nothing else is.
  package static func hmacSHA1(_ message: [UInt8], key: [UInt8]) -> [UInt8] { hmac(message, key, EVP_sha1()) }

  /// HMAC with SHA-512, which some authenticators' codes can be made with.
  package static func hmacSHA512(_ message: [UInt8], key: [UInt8]) -> [UInt8] { hmac(message, key, EVP_sha512()) }

  private static func hmac(_ message: [UInt8], _ key: [UInt8], _ digest: OpaquePointer?) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    let made = HMAC(digest, key, Int32(key.count), message, message.count, &code, &length)
    precondition(made != nil, "OpenSSL has no memory for a digest")
    return Array(code[..<Int(length)])
  }
}
