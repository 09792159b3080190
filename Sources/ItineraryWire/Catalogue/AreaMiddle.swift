import Kernel

/// Where the middle of an area is, and how large it is against others.
struct AreaMiddle {
  let point: Coordinate
  /// In square degrees, narrower to the north.
  let size: Double

  /// The middle of what a closed ring encloses; nil for a ring that is not closed or encloses nothing that could be said.
  ///
  /// An area is small enough to be flat. Of a ring without width the middle is that of its corners.
  init?(of ring: [Coordinate]) {
    guard let first = ring.first, ring.count >= 4, ring.last == first else { return nil }
    var (doubled, east, north) = (0.0, 0.0, 0.0)
    for (one, other) in zip(ring, ring.dropFirst()) {
      // From the first corner, so that large numbers do not eat small differences.
      let (x1, y1) = (one.longitude - first.longitude, one.latitude - first.latitude)
      let (x2, y2) = (other.longitude - first.longitude, other.latitude - first.latitude)
      let cross = x1 * y2 - x2 * y1
      doubled += cross
      east += (x1 + x2) * cross
      north += (y1 + y2) * cross
    }
    if abs(doubled) > 1e-12 {
      point = Coordinate(first.latitude + north / (3 * doubled), first.longitude + east / (3 * doubled))
    } else {
      point = AreaMiddle.average(ring.dropLast())
    }
    size = abs(doubled) / 2
  }

  /// The middle of some corners.
  static func average(_ corners: some Collection<Coordinate>) -> Coordinate {
    let count = Double(max(1, corners.count))
    return Coordinate(
      corners.reduce(0) { $0 + $1.latitude } / count, corners.reduce(0) { $0 + $1.longitude } / count)
  }
}
