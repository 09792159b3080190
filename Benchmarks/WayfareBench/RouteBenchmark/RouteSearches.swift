import Kernel
import Transport

/// The searches over one day, for one thread.
struct RouteSearches {
  private let options: RouteOptions
  private let rounds: RoundSearch
  private let weighing: CriteriaSearch?
  private let neighbours: StopNeighbours
  private let fares: FareModel?

  init(
    _ timetable: Timetable, _ date: LocalDate, _ walks: SliceWalks, _ bounds: TravelBounds?, _ options: RouteOptions,
    _ fares: FareModel?
  ) {
    let slice = DaySlice(timetable, on: date, walks: walks)
    (self.options, self.fares) = (options, fares)
    rounds = RoundSearch(slice, bounds: bounds)
    neighbours = StopNeighbours(slice)
    if options.criteria == [.arrival, .transfers] {
      weighing = nil
    } else {
      let mirror =
        options.isPruned
        ? SliceMirror(slice, DaySlice(timetable, on: date, walks: walks, isReversed: true)) : nil
      weighing = CriteriaSearch(slice, options.criteria.weighed, bounds: bounds, mirror: mirror, fares: fares)
    }
  }

  var work: SearchWork { weighing?.work ?? rounds.work }

  func front(of query: RouteBenchmark.Query) -> [RoutePoint] {
    var request = StopQuery(
      sources: neighbours.from(query.from), targets: neighbours.to(query.to), departure: query.second)
    let walk = neighbours.seconds(from: query.from, to: query.to)
    if options.isEverywhere {
      let arrivals = rounds.arrivals(request)
      return arrivals.contains { $0 < .max } ? [RoutePoint(arrival: arrivals.min() ?? .max, transfers: 0)] : []
    }
    if let minutes = options.windowMinutes {
      let window = query.second...query.second + Int32(minutes * 60)
      return rounds.journeys(request, leaving: window, directWalk: walk).map {
        RoutePoint(departure: $0.departure, arrival: $0.journey.arrival, transfers: $0.journey.boardings - 1)
      }
    }
    guard let weighing else { return fewest(&request, query, walk) }
    var found: [WeighedJourney] = []
    let known = rounds.journeys(request)
    if options.isFull {
      found = weighing.journeys(request, directWalk: walk, known: known)
    } else if let restricted = SearchSlack().restricted(request, to: known) {
      found = weighing.journeys(restricted, directWalk: walk, known: known)
    }
    if let walk {
      let alone = FoundJourney(arrival: query.second + walk, boardings: 0, rides: [])
      found.insert(
        WeighedJourney(journey: alone, walk: options.criteria.contains(.walk) ? walk : 0, co2: 0, price: 0), at: 0)
    }
    return found.best(by: options.criteria).map(point)
  }

  private func fewest(_ request: inout StopQuery, _ query: RouteBenchmark.Query, _ walk: Int32?) -> [RoutePoint] {
    var points: [RoutePoint] = []
    if let walk {
      points.append(RoutePoint(arrival: query.second + walk, transfers: -1))
      request.before = min(request.before, query.second + walk)
    }
    for journey in rounds.journeys(request) {
      points.append(RoutePoint(arrival: journey.arrival, transfers: journey.boardings - 1))
    }
    return points
  }

  private func point(_ found: WeighedJourney) -> RoutePoint {
    RoutePoint(
      arrival: found.journey.arrival, transfers: found.journey.boardings - 1,
      priceMinor: found.isPriced ? fares?.minorUnits(found.price) : nil,
      walk: options.criteria.contains(.walk) ? found.walk : nil,
      co2: options.criteria.contains(.co2) ? found.co2 : nil)
  }
}
