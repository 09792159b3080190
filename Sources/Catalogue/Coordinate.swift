/// A place on the earth, in degrees.
package struct Coordinate: Hashable, Sendable {
  /// North of the equator.
  package let latitude: Double
  /// East of Greenwich.
  package let longitude: Double

  /// A place.
  package init(_ latitude: Double, _ longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }

  /// How far it is as the crow flies, as on a flat map: within a thousandth for what lies in one city.
  package func metres(to other: Coordinate) -> Double {
    let degree = 111_195.0
    let north = (other.latitude - latitude) * degree
    let east = (other.longitude - longitude) * degree * Coordinate.cosine((latitude + other.latitude) / 2)
    return (north * north + east * east).squareRoot()
  }

  /// The cosine of an angle of up to ninety degrees, by its series: the same on every machine.
  static func cosine(_ degrees: Double) -> Double {
    let square = degrees * degrees * (Double.pi / 180) * (Double.pi / 180)
    var sum = 1.0
    for order in stride(from: 14.0, through: 2, by: -2) { sum = 1 - sum * square / (order * (order - 1)) }
    return sum
  }
}
