import Glibc
import Kernel

/// Stops in cells of a flat grid, to find those near a place.
struct StopGrid: Sendable {
  private struct Cell: Hashable {
    let row: Int32
    let column: Int32
  }

  private let height: Double
  private var cells: [Cell: [(stop: Int32, place: Coordinate)]] = [:]

  /// - Parameters:
  ///   - stops: what can be found.
  ///   - metres: about the distance that will be asked for; another only costs time.
  init(_ stops: [(stop: Int32, place: Coordinate)], metres: Double) {
    height = metres / 111_000
    for (stop, place) in stops { cells[cell(place), default: []].append((stop, place)) }
  }

  /// Hands over the stops within a distance, in no particular but always the same order.
  func forEach(near place: Coordinate, metres: Double, _ body: (_ stop: Int32, _ metres: Double) -> Void) {
    let rows = Int32((metres / 111_000 / height).rounded(.up))
    // Towards the poles a degree of longitude is shorter.
    let columns = Int32((Double(rows) / max(0.02, cos(place.latitude * .pi / 180))).rounded(.up))
    let home = cell(place)
    for row in home.row - rows...home.row + rows {
      for column in home.column - columns...home.column + columns {
        for (stop, other) in cells[Cell(row: row, column: column)] ?? [] {
          let distance = place.metres(to: other)
          if distance <= metres { body(stop, distance) }
        }
      }
    }
  }

  private func cell(_ place: Coordinate) -> Cell {
    Cell(row: Int32((place.latitude / height).rounded(.down)), column: Int32((place.longitude / height).rounded(.down)))
  }
}
