import Glibc
import Kernel

extension Coordinate {
  /// The distance on a sphere; within half a percent of that on the earth, however far it is.
  func metres(to other: Coordinate) -> Double {
    let toRadians = Double.pi / 180
    let (a, b) = (latitude * toRadians, other.latitude * toRadians)
    let (down, across) = (sin((b - a) / 2), sin((other.longitude - longitude) * toRadians / 2))
    let square = down * down + cos(a) * cos(b) * across * across
    return 2 * 6_371_009 * asin(min(1, square.squareRoot()))
  }
}
