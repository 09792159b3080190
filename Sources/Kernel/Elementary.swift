/// Exponential and logarithm, which the standard library leaves to the system's mathematics, and the same on every
/// machine: what follows from a seed must follow from it alone.
///
/// They are exact to about thirteen digits, made of additions, multiplications and divisions in a fixed order.
package enum Elementary {
  /// The natural logarithm of two.
  package static let logarithmOfTwo = 0.693_147_180_559_945_3

  /// eˣ: the argument is reduced to |r| ≤ ln 2 / 2, where the series is short; beyond ±700 it stays as it is there.
  package static func exponential(_ x: Double) -> Double {
    let clamped = min(max(x, -700), 700)
    let count = (clamped / logarithmOfTwo).rounded()
    let rest = clamped - count * logarithmOfTwo
    var (sum, term) = (1.0, 1.0)
    for index in 1...14 {
      term *= rest / Double(index)
      sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(count), significand: 1)
  }

  /// ln x for x > 0, by ln m = 2 artanh((m − 1) / (m + 1)) of the significand.
  package static func logarithm(_ x: Double) -> Double {
    precondition(x > 0, "the logarithm of a number that is not above zero")
    var (significand, exponent) = (x.significand, Double(x.exponent))
    if significand > 1.414_213_562_373_095 {
      significand /= 2
      exponent += 1
    }
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    var sum = 0.0
    for odd in stride(from: 25.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
    return 2 * ratio * sum + exponent * logarithmOfTwo
  }

  /// xʸ for x ≥ 0.
  package static func power(_ x: Double, _ y: Double) -> Double {
    if y == 0 { return 1 }
    return x <= 0 ? 0 : exponential(y * logarithm(x))
  }
}
