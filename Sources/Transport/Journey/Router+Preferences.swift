extension Router {
  /// The journeys that answer a request, and those by nothing but what is preferred, within the slack of the fastest.
  func routePreferring(_ request: RouteRequest) throws(RouteError) -> RouteAnswer {
    var plain = request
    (plain.preferredModes, plain.preferredLines) = (nil, [])
    let all = try route(plain)
    var narrow = plain
    if let modes = request.preferredModes { narrow.modes = request.modes?.intersection(modes) ?? modes }
    if !request.preferredLines.isEmpty { narrow.lines.only = request.preferredLines }
    let preferred = try route(narrow)
    var journeys = all.journeys
    let least = all.journeys.filter { $0.boardings > 0 }.map(\.durationSeconds).min() ?? 0
    let fewest = all.journeys.map(\.boardings).min() ?? 0
    let slack = max(Int(request.slack.seconds), Int(Double(least) * request.slack.share))
    for var journey in preferred.journeys where journey.boardings > 0 {
      journey.isPreferred = true
      if let known = journeys.firstIndex(where: { $0.rides(as: journey) }) {
        journeys[known].isPreferred = true
      } else if journey.durationSeconds <= least + slack, journey.boardings <= fewest + 1 + request.slack.rides {
        journeys.append(journey)
      }
    }
    if case .arriveBy = request.time {
      journeys.sort { $0.departure > $1.departure }
    } else {
      journeys.sort { ($0.arrival, $0.departure) < ($1.arrival, $1.departure) }
    }
    var work = all.work
    work.add(preferred.work)
    return RouteAnswer(journeys: journeys, work: work, from: all.from, to: all.to)
  }
}

extension Journey {
  /// Whether the same trips are ridden between the same stops.
  fileprivate func rides(as other: Journey) -> Bool {
    legs.count == other.legs.count
      && zip(legs, other.legs).allSatisfy {
        $0.ride?.trip == $1.ride?.trip && $0.departure == $1.departure && $0.to.stop == $1.to.stop
      }
  }
}
