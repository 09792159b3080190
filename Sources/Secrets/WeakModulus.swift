/// RSA moduli that a library for smart cards made for years (CVE-2017-15361), from which others find the private key.
///
/// Their primes are k·M + (65537ᵃ mod M), where M is the product of the first primes. Modulo each of those the modulus is
/// therefore a power of 65537, as chance makes it for one modulus in many millions (Nemec and others: The Return of
/// Coppersmith's Attack, 2017).
enum WeakModulus {
  private static let primes = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113,
    127, 131, 137, 139, 149, 151, 157, 163, 167,
  ]

  /// Whether a modulus, big-endian, is one of them.
  static func isOne(_ modulus: [UInt8]) -> Bool {
    primes.allSatisfy { prime in
      let rest = modulus.reduce(0) { ($0 << 8 | Int($1)) % prime }
      return isPower(rest, modulo: prime)
    }
  }

  private static func isPower(_ number: Int, modulo prime: Int) -> Bool {
    var power = 1
    repeat {
      if power == number { return true }
      power = power * 65_537 % prime
    } while power != 1
    return false
  }
}
