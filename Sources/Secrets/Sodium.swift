import CSodium

/// The library, started.
enum Sodium {
  /// Starts it once; nothing else may be called before.
  static let isReady: Void = {
    precondition(sodium_init() >= 0, "libsodium cannot start: the system gives no randomness")
  }()
}

/// Bytes that nobody can guess.
package enum RandomBytes {
  /// Some of them.
  package static func make(_ count: Int) -> [UInt8] {
    _ = Sodium.isReady
    var bytes = [UInt8](repeating: 0, count: count)
    randombytes_buf(&bytes, count)
    return bytes
  }
}

/// Random numbers that nobody can guess, for identifiers that are secrets.
package struct SecretRandom: RandomNumberGenerator {
  /// A source.
  package init() {}

  /// The next number.
  package mutating func next() -> UInt64 {
    RandomBytes.make(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// Comparing in a time that does not tell how much was right.
package func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
  _ = Sodium.isReady
  return one.count == other.count && sodium_memcmp(one, other, one.count) == 0
}
