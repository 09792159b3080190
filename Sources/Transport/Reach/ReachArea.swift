import Glibc
package import Kernel

/// The area that can be reached within some time.
package struct ReachArea: Sendable {
  package let seconds: Int
  /// Each the outer ring and then the holes, as GeoJSON wants them.
  package let polygons: [[[Coordinate]]]
}

/// Makes areas of what is reached: around every stop a disc as far as one can walk in the time that is left.
///
/// Discs are polygons in degrees, each with the length that a degree has at its place, so that areas of any size are
/// right; only across the 180th meridian they are cut. A disc within another is left out before they are joined.
struct ReachDiscs {
  struct Disc {
    let place: Coordinate
    let metres: Double
  }

  private static let corners = 20
  private static let metresPerDegree = 111_195.0
  /// Less is not worth an edge.
  private static let metresMin = 15.0
  private static let simplificationMetres = 12.0

  private let context: GeometryContext

  /// Nil if memory is exhausted.
  init?() {
    guard let context = GeometryContext() else { return nil }
    self.context = context
  }

  /// What lies within any of these discs.
  func area(_ discs: [Disc]) -> [[[Coordinate]]] { shape(discs)?.polygons ?? [] }

  func shape(_ discs: [Disc]) -> Geometry? {
    let parts = Self.outer(discs.filter { $0.metres >= Self.metresMin }).compactMap {
      context.polygon(Self.corners(of: $0))
    }
    let whole = context.union(parts)
    return whole?.simplified(degrees: Self.simplificationMetres / Self.metresPerDegree) ?? whole
  }

  /// Those that do not lie within another.
  ///
  /// - Complexity: O(*n* log *n*) and as many comparisons as there are larger discs near each.
  private static func outer(_ discs: [Disc]) -> [Disc] {
    guard let largest = discs.map(\.metres).max() else { return [] }
    var kept: [Disc] = []
    var cells: [Cell: [Int]] = [:]
    let height = max(50, largest) / metresPerDegree
    for disc in discs.sorted(by: { $0.metres > $1.metres }) {
      let home = Cell(disc.place, height)
      let isWithin = home.around.contains { cell in
        (cells[cell] ?? []).contains { kept[$0].place.metres(to: disc.place) + disc.metres <= kept[$0].metres }
      }
      if isWithin { continue }
      cells[home, default: []].append(kept.count)
      kept.append(disc)
    }
    return kept
  }

  private struct Cell: Hashable {
    let row: Int
    let column: Int

    init(_ place: Coordinate, _ height: Double) {
      row = Int((place.latitude / height).rounded(.down))
      // Rows share a width, so that neighbours in one are neighbours in the next.
      column = Int((place.longitude * max(0.05, cos(place.latitude * .pi / 180)) / height).rounded(.down))
    }

    private init(row: Int, column: Int) { (self.row, self.column) = (row, column) }

    var around: [Cell] {
      (row - 1...row + 1).flatMap { row in (column - 2...column + 2).map { Cell(row: row, column: $0) } }
    }
  }

  static func corners(of disc: Disc) -> [Coordinate] {
    let height = disc.metres / metresPerDegree
    let width = height / max(0.01, cos(disc.place.latitude * .pi / 180))
    return (0..<corners).map { corner in
      let angle = 2 * Double.pi * Double(corner) / Double(corners)
      return Coordinate(
        min(90, max(-90, disc.place.latitude + height * sin(angle))),
        min(180, max(-180, disc.place.longitude + width * cos(angle))))
    }
  }
}
