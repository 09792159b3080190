import Catalogue
import Kernel
import Transport

/// How long it takes from place to place within a city: by what runs there at the hour, on foot, or by taxi where neither
/// leads.
struct LocalTravel {
  let points: [Coordinate]
  /// Seconds, row by row.
  let seconds: [Int]

  /// Added to every way: finding the stop, the door and the end of the queue.
  private static let marginSeconds = 300

  /// - Parameters:
  ///   - points: the places.
  ///   - moment: when people are on their way.
  ///   - ground: where the timetables are.
  ///   - walkMetresMax: metres on foot to and from stops.
  /// - Throws: ``TripError`` when the timetables cannot be read.
  init(_ points: [Coordinate], at moment: Instant, _ ground: TripGround, walkMetresMax: Int) throws(TripError) {
    self.points = points
    let texts = points.map { "\($0.latitude),\($0.longitude)" }
    var found: [[Int?]]?
    do throws(RouteError) {
      found = try ground.router.matrix(from: texts, to: texts, at: moment, walkMetresMax: walkMetresMax)
    } catch {
      switch error {
      // No stop near one of the places, or nothing known of the day: on foot or by taxi, then.
      case .nothingNear, .outsideDays: found = nil
      default: throw .route(error)
      }
    }
    var seconds: [Int] = []
    seconds.reserveCapacity(points.count * points.count)
    for (row, from) in points.enumerated() {
      for (column, to) in points.enumerated() {
        if row == column {
          seconds.append(0)
          continue
        }
        let own = LocalTravel.alone(from.flatMetres(to: to))
        seconds.append(min(found?[row][column] ?? .max, own) + Self.marginSeconds)
      }
    }
    self.seconds = seconds
  }

  /// On foot (4.5 km/h, a third longer than the crow flies), or by taxi (22 km/h and eight minutes of waiting) where that
  /// takes longer than half an hour.
  private static func alone(_ metres: Double) -> Int {
    let way = metres * 1.3
    let walk = Int(way / 1.25)
    return walk <= 1800 ? walk : 480 + Int(way / 6.1)
  }
}
