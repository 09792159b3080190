import Glibc

/// A point on the earth, in degrees.
struct Place: Hashable, Sendable {
  let latitude: Double
  let longitude: Double

  init(_ latitude: Double, _ longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }

  /// The distance on a sphere; within half a percent of that on the earth.
  func metres(to other: Place) -> Double {
    let toRadians = Double.pi / 180
    let (a, b) = (latitude * toRadians, other.latitude * toRadians)
    let (down, across) = (sin((b - a) / 2), sin((other.longitude - longitude) * toRadians / 2))
    let square = down * down + cos(a) * cos(b) * across * across
    return 2 * 6_371_009 * asin(min(1, square.squareRoot()))
  }
}
