import Kernel

extension Router {
  /// The journeys that answer a request, and beside them those by bicycle, car or taxi all the way.
  ///
  /// These are told whatever else there is, and no ride is left out for them: who would drive does not need to be told
  /// that it is fast, and who will not has no use for an answer without rides.
  func routeBesideDirectWays(_ request: RouteRequest) throws(RouteError) -> RouteAnswer {
    var plain = request
    plain.directWays = []
    let direct = try direct(request)
    let answer: RouteAnswer
    do throws(RouteError) {
      answer = try route(plain)
    } catch .nothingNear where !direct.journeys.isEmpty {
      return direct
    }
    var journeys = answer.journeys + direct.journeys
    if case .arriveBy = request.time {
      journeys.sort { $0.departure > $1.departure }
    } else {
      journeys.sort { ($0.arrival, $0.transfers, $1.departure) < ($1.arrival, $1.transfers, $0.departure) }
    }
    return RouteAnswer(journeys: journeys, work: answer.work, from: answer.from, to: answer.to)
  }

  private func direct(_ request: RouteRequest) throws(RouteError) -> RouteAnswer {
    let (moment, isReversed): (Instant, Bool) =
      switch request.time {
      case .departAt(let moment), .between(let moment, _): (moment, false)
      case .arriveBy(let moment): (moment, true)
      }
    let names = try openNames()
    let slice = try slice(at: moment, changeSeconds: request.changeSeconds, isReversed: isReversed)
    var finder = finder(names, request.walkMetresMax)
    // Whoever goes all the way needs no stop near.
    finder.needsStops = false
    let (from, to) = (try finder.end(request.from, slice.footpaths), try finder.end(request.to, slice.footpaths))
    let builder = JourneyBuilder(slice, names, from: from, to: to)
    let metres = from.point.metres(to: to.point)
    var journeys: [Journey] = []
    for way in OwnWay.allCases where way != .walk && request.directWays.contains(way) {
      guard OwnWays.isDirect(way, metres: metres) else { continue }
      let seconds = OwnWays.seconds(way, metres: metres)
      let alone = try read { () throws(GraphError) in
        try builder.alone(
          by: way, leaving: isReversed ? moment.adding(seconds: -Int64(seconds)) : moment, seconds: seconds,
          metres: OwnWays.length(way, metres: metres))
      }
      journeys.append(try priced(alone, request))
    }
    return RouteAnswer(journeys: journeys, work: SearchWork(), from: from.name, to: to.name)
  }
}
