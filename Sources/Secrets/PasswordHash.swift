import CSodium

/// A password's argon2id hash, with its salt and its cost, as libsodium writes it: `$argon2id$v=19$m=19456,t=2,p=1$…`.
///
/// Making or checking one takes nineteen mebibytes and about twenty milliseconds: never on an event loop.
package struct PasswordHash: Sendable, Hashable {
  /// What a hash costs to make, and so to guess.
  package struct Cost: Sendable, Hashable {
    /// Bytes of memory.
    package var memoryBytes: Int
    /// Passes over it.
    package var passes: UInt64

    /// A cost.
    package init(memoryBytes: Int, passes: UInt64) {
      self.memoryBytes = memoryBytes
      self.passes = passes
    }

    /// OWASP's: 19 MiB, two passes, one lane.
    package static let standard = Cost(memoryBytes: 19 << 20, passes: 2)
  }

  /// There was no memory for it.
  package struct OutOfMemory: Error, Sendable {}

  /// As it is kept.
  package let text: String

  /// Takes a hash that was kept.
  package init(text: String) { self.text = text }

  /// Hashes a password.
  ///
  /// - Throws: `OutOfMemory`.
  package init(of password: String, cost: Cost = .standard) throws(OutOfMemory) {
    _ = Sodium.isReady
    let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
    var hash = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
    let isMade = crypto_pwhash_str_alg(
      &hash, bytes, UInt64(bytes.count), cost.passes, cost.memoryBytes, crypto_pwhash_ALG_ARGON2ID13)
    guard isMade == 0 else { throw OutOfMemory() }
    text = String(decoding: hash.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a password is the one that was hashed.
  package func matches(_ password: String) -> Bool {
    _ = Sodium.isReady
    let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
    return crypto_pwhash_str_verify(text, bytes, UInt64(bytes.count)) == 0
  }

  /// Whether it was made at another cost than is wanted now.
  package func needsRenewal(for cost: Cost = .standard) -> Bool {
    _ = Sodium.isReady
    return crypto_pwhash_str_needs_rehash(text, cost.passes, cost.memoryBytes) != 0
  }
}
