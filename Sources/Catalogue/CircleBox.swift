package import Kernel

/// A part of the map between two parallels and two meridians.
package struct CircleBox: Hashable, Sendable {
  /// Its corner of the least degrees.
  package let southWest: Coordinate
  /// Its corner of the most degrees.
  package let northEast: Coordinate

  /// The boxes that hold all that is within a radius: one, or two where the circle crosses the date line.
  package static func around(_ middle: Coordinate, _ metres: Double) -> [CircleBox] {
    let up = metres / 111_000
    let (south, north) = (middle.latitude - up, middle.latitude + up)
    // Degrees are narrowest at the parallel that is nearest to a pole; around the pole every meridian is near.
    let widest = max(abs(south), abs(north))
    let across = widest >= 89 ? 180 : up / Angle.cosine(widest)
    let (west, east) = (middle.longitude - across, middle.longitude + across)
    func box(_ west: Double, _ east: Double) -> CircleBox {
      CircleBox(southWest: Coordinate(max(south, -90), west), northEast: Coordinate(min(north, 90), east))
    }
    if across >= 180 { return [box(-180, 180)] }
    if west < -180 { return [box(-180, east), box(west + 360, 180)] }
    if east > 180 { return [box(west, 180), box(-180, east - 360)] }
    return [box(west, east)]
  }
}
