/// Angles in degrees, by series of our own: the same on every machine, and without a library of mathematics.
package enum Angle {
  /// The sine of an angle.
  package static func sine(_ degrees: Double) -> Double {
    var turned = degrees.truncatingRemainder(dividingBy: 360)
    if turned > 180 { turned -= 360 }
    if turned < -180 { turned += 360 }
    if turned > 90 { turned = 180 - turned }
    if turned < -90 { turned = -180 - turned }
    let x = turned * Double.pi / 180
    var (sum, term) = (x, x)
    for index in 1...10 {
      term *= -x * x / Double(2 * index * (2 * index + 1))
      sum += term
    }
    return sum
  }

  /// The cosine of an angle.
  package static func cosine(_ degrees: Double) -> Double { sine(degrees + 90) }

  /// The angle between 0 and 180 with a cosine; by halving, since it is asked for a few times a day of the calendar.
  package static func arcCosine(_ value: Double) -> Double {
    var (low, high) = (0.0, 180.0)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if cosine(middle) > value { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
