import Catalogue
import Kernel
import Planner
import Transport

/// How one gets from place to place within a city: by what runs there at the hour or on foot, for the day's ticket, or by
/// taxi, for a fare.
struct LocalTravel {
  let points: [Coordinate]
  /// Seconds by what runs or on foot, row by row.
  let seconds: [Int]
  /// Seconds by taxi, row by row; as long as without where a taxi saves little.
  let taxiSeconds: [Int]
  /// What the taxi costs the party, row by row.
  let taxiFares: [Int]

  /// Added to every way: finding the stop, the door and the end of the queue.
  private static let marginSeconds = 300
  /// A taxi that saves less is not worth calling.
  private static let savingMin = 600
  /// Until the taxi is there.
  private static let waitSeconds = 300
  /// 22 km/h, through the traffic of a city; what ``OwnWays`` goes by is a mean of longer ways.
  private static let taxiMetresPerSecond = 6.1

  /// - Parameters:
  ///   - points: the places.
  ///   - moment: when people are on their way.
  ///   - ground: where the timetables are.
  ///   - taxis: what taxis cost.
  ///   - walkMetresMax: metres on foot to and from stops.
  /// - Throws: ``TripError`` when the timetables cannot be read.
  init(
    _ points: [Coordinate], at moment: Instant, _ ground: TripGround, _ taxis: TaxiFares, walkMetresMax: Int
  ) throws(TripError) {
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
    var (seconds, taxiSeconds, fares): ([Int], [Int], [Int]) = ([], [], [])
    for (row, from) in points.enumerated() {
      for (column, to) in points.enumerated() {
        if row == column {
          seconds.append(0)
          taxiSeconds.append(0)
          fares.append(0)
          continue
        }
        let metres = from.flatMetres(to: to)
        let walked = Int(OwnWays.seconds(.walk, metres: metres))
        let own = min(found?[row][column] ?? .max, walked) + Self.marginSeconds
        let way = OwnWays.length(.taxi, metres: metres)
        let ridden = Self.waitSeconds + Int(Double(way) / Self.taxiMetresPerSecond) + Self.marginSeconds
        seconds.append(own)
        taxiSeconds.append(own - ridden >= Self.savingMin ? ridden : own)
        fares.append(taxis.fare(metres: way))
      }
    }
    (self.seconds, self.taxiSeconds, taxiFares) = (seconds, taxiSeconds, fares)
  }

  /// The number of the way by taxi among the planner's.
  private static let taxi = 1

  /// The ways as the planner chooses among them, and what bounds the choice.
  ///
  /// - Parameter taxisDayMax: what taxis may cost on a day; nothing for none.
  /// - Returns: the ways, and what taxis may cost as a limit.
  func ways(taxisDayMax: Int) -> (travel: Travel, limits: [Limit]) {
    var ways = [Travel.Option("", durations: seconds)]
    guard taxisDayMax > 0 else { return (Travel(placeCount: points.count, options: ways), []) }
    ways[0].fares = [Int](repeating: 0, count: seconds.count)
    ways.append(Travel.Option("taxi", durations: taxiSeconds, fares: taxiFares))
    return (
      Travel(placeCount: points.count, options: ways),
      [Limit("taxis", most: taxisDayMax, per: .day, of: .fares(sharedBy: 1))]
    )
  }

  /// How long it takes by one of these ways.
  func seconds(by way: Int, _ cell: Int) -> Int { way == Self.taxi ? taxiSeconds[cell] : seconds[cell] }

  /// What the taxi costs; nil where none is taken.
  ///
  /// Where it saves nothing its way is that of those who walk.
  func taxi(by way: Int, _ cell: Int, _ currency: Currency) -> Money? {
    guard way == Self.taxi, taxiSeconds[cell] < seconds[cell] else { return nil }
    return Money(minorUnits: Int64(taxiFares[cell]), currency)
  }
}
