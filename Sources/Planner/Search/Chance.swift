import Kernel

/// The random draws of a search, cheap: whole numbers by multiplication, exponential variates from a table.
struct Chance {
  private var source: SeededRandom
  private var word: UInt64 = 0
  private let exponentials: [Float]

  init(seed: UInt64) {
    source = SeededRandom(seed: seed)
    exponentials = (0..<1024).map { Float(-Elementary.logarithm((Double($0) + 0.5) / 1024)) }
    mix()
  }

  /// A number from 0 to below the bound.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int {
    Int((UInt64(UInt32(truncatingIfNeeded: bits())) &* UInt64(bound)) >> 32)
  }

  /// A number from 0 to below 1.
  @inline(__always)
  mutating func unit() -> Float {
    Float(bits() >> 8) * (1 / 16_777_216)
  }

  /// A positive number, 1 in the mean.
  @inline(__always)
  mutating func exponential() -> Float {
    exponentials[Int(bits() & 1023)]
  }

  /// Xorshift, begun from the seeded source.
  @inline(__always)
  private mutating func bits() -> UInt32 {
    word ^= word << 13
    word ^= word >> 7
    word ^= word << 17
    return UInt32(truncatingIfNeeded: word >> 16)
  }

  /// Takes fresh state from the source.
  private mutating func mix() {
    word = source.next() | 1
  }
}
