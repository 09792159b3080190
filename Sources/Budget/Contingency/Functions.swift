/// The few functions of chance that the standard library leaves to the system's mathematics, written small.
///
/// They are exact to about twelve digits, far more than what is known about prices, and the same on every machine.
enum Functions {
  /// eˣ of one number; see the next.
  @inline(__always)
  static func exponential(_ x: Double) -> Double { exponential(SIMD4(repeating: x))[0] }

  /// eˣ of several numbers at once: the argument is reduced to |r| ≤ ln 2 / 2, where a polynomial of degree 11 is exact
  /// to a part in 10¹³.
  @inline(__always)
  static func exponential(_ x: SIMD4<Double>) -> SIMD4<Double> {
    let clamped = x.clamped(lowerBound: SIMD4(repeating: -700), upperBound: SIMD4(repeating: 700))
    // Adding 1.5 · 2⁵² leaves the nearest whole number in the lowest bits.
    let shifted = clamped * 1.442_695_040_888_963_4 + 6_755_399_441_055_744.0
    let count = shifted - 6_755_399_441_055_744.0
    let r = (clamped - count * 0.693_147_180_369_123_8) - count * 1.908_214_929_270_588e-10
    var sum = SIMD4(repeating: 1.0 / 39_916_800)
    sum = sum * r + 1.0 / 3_628_800
    sum = sum * r + 1.0 / 362_880
    sum = sum * r + 1.0 / 40_320
    sum = sum * r + 1.0 / 5_040
    sum = sum * r + 1.0 / 720
    sum = sum * r + 1.0 / 120
    sum = sum * r + 1.0 / 24
    sum = sum * r + 1.0 / 6
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    let powers = (unsafeBitCast(shifted, to: SIMD4<UInt64>.self) &+ 1023) &<< 52
    return sum * unsafeBitCast(powers, to: SIMD4<Double>.self)
  }

  /// The chance that a standard normal number is at most z (Hart's continued fraction by Marsaglia's series, 2004).
  static func normalChance(_ z: Double) -> Double {
    if z < -8 { return 0 }
    if z > 8 { return 1 }
    // Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …)
    var sum = z
    var term = z
    var odd = 3.0
    while abs(term) > 1e-17 * abs(sum), odd < 400 {
      term *= z * z / odd
      sum += term
      odd += 2
    }
    return 0.5 + sum * exponential(-z * z / 2) * 0.398_942_280_401_432_7
  }

  /// The standard normal number that another is below with this chance: bisection of ``normalChance(_:)``.
  static func normalQuantile(_ chance: Double) -> Double {
    precondition(chance > 0 && chance < 1, "a chance lies between 0 and 1")
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if normalChance(middle) < chance { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
