/// Chance that can be replayed: xoshiro256** (Blackman and Vigna, 2018), its state filled by SplitMix64.
///
/// It passes statistical tests and is fast, but is no source of secrets.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The generator whose whole sequence follows from a seed; every seed is as good as any other.
  public init(seed: UInt64) {
    var mixer = seed
    func mixed() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var word = mixer
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    state = (mixed(), mixed(), mixed(), mixed())
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let result = rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  /// A duration spread evenly between `(1 - share)` and `(1 + share)` times the given one, so that many who wait for
  /// the same thing do not all return at once.
  ///
  /// - Precondition: the share lies between 0 and 1.
  public mutating func jitter(_ duration: Duration, share: Double) -> Duration {
    precondition((0...1).contains(share), "a share of \(share) is not between 0 and 1")
    return duration * Double.random(in: 1 - share...1 + share, using: &self)
  }
}

@inline(__always)
private func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 {
  word << bits | word >> (64 - bits)
}
