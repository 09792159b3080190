/// A place on the earth, in degrees.
package struct Coordinate: Hashable, Sendable {
  /// North of the equator.
  package let latitude: Double
  /// East of Greenwich.
  package let longitude: Double

  /// A place.
  @inlinable
  package init(_ latitude: Double, _ longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }

  /// How far it is as the crow flies, as on a flat map: within a thousandth for what lies in one city.
  package func flatMetres(to other: Coordinate) -> Double {
    let degree = 111_195.0
    let north = (other.latitude - latitude) * degree
    let east = (other.longitude - longitude) * degree * Angle.cosine((latitude + other.latitude) / 2)
    return (north * north + east * east).squareRoot()
  }
}
