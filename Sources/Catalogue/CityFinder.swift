package import Kernel

/// Finds the city that a point belongs to: the nearest one, unless it is too far.
///
/// Cities lie in cells of one degree, so that only those around a point are measured.
package struct CityFinder: Sendable {
  /// Farther than this a place belongs to no city.
  package static let metresMax = 30_000.0

  private struct Cell: Hashable {
    let north: Int
    let east: Int
  }

  private var cells: [Cell: [(id: String, point: Coordinate)]] = [:]

  /// A finder of some cities, by id and place.
  package init(_ cities: some Sequence<(id: String, point: Coordinate)>) {
    for city in cities { cells[Self.cell(city.point), default: []].append(city) }
  }

  /// The id of the city that a point belongs to.
  ///
  /// - Complexity: O(cities in the cells around).
  package func city(at point: Coordinate) -> String? {
    let centre = Self.cell(point)
    var best: (metres: Double, id: String)?
    for north in centre.north - 1...centre.north + 1 {
      // Above 70 degrees a cell is narrower than the limit: one looks farther.
      let reach = abs(point.latitude) < 70 ? 1 : 4
      for east in centre.east - reach...centre.east + reach {
        for city in cells[Cell(north: north, east: (east + 540) % 360 - 180)] ?? [] {
          let metres = point.flatMetres(to: city.point)
          if metres <= Self.metresMax, best.map({ (metres, city.id) < $0 }) ?? true { best = (metres, city.id) }
        }
      }
    }
    return best?.id
  }

  private static func cell(_ point: Coordinate) -> Cell {
    let east = Int(point.longitude.rounded(.down))
    return Cell(north: Int(point.latitude.rounded(.down)), east: east == 180 ? -180 : east)
  }
}
