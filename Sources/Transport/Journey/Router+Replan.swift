package import Kernel

extension Router {
  /// Looks whether a saved journey can still be travelled, and if not, how to go on from where the traveller is.
  ///
  /// Somebody who has not left leaves as planned, or now if that has passed; somebody on the way is in the vehicle, which
  /// can be left at any of its next stops, on foot to the end of the walk, or waits where the last leg has ended.
  ///
  /// - Parameters:
  ///   - saved: as it was found.
  ///   - request: what is wanted of the journeys instead; its ends and its time do not count.
  ///   - now: the moment.
  /// - Returns: what has become of it, and journeys instead if it is disrupted.
  /// - Throws: `RouteError` for places and days that are not in the data.
  package func replan(
    _ saved: SavedJourney, _ request: RouteRequest, at now: Instant
  ) throws(RouteError) -> ReplanAnswer {
    let found: (legs: [JourneyCheck.ExpectedLeg], disruptions: [Disruption])
    do throws(GraphError) {
      found = try JourneyCheck(transit, overlay).check(saved)
    } catch {
      throw .data(.graph(error))
    }
    let place = TravellerPlace(found.legs, found.disruptions, at: now)
    let ahead = found.disruptions.filter { $0.leg >= place.leg }
    guard let last = found.legs.last, place != .arrived else {
      return answer(.over, found.disruptions, found.legs.last?.arrival, place, RouteAnswer.none)
    }
    if ahead.isEmpty { return answer(.intact, [], last.arrival, place, RouteAnswer.none) }
    var next = request
    next.to = last.leg.to
    switch place {
    case .waiting(let from, let moment, _):
      (next.from, next.time) = (from, .departAt(moment))
      return answer(.disrupted, ahead, nil, place, try route(next))
    case .aboard(let leg):
      return answer(.disrupted, ahead, nil, place, try goOn(from: found.legs[leg], next, at: now))
    case .arrived: return answer(.over, [], last.arrival, place, RouteAnswer.none)
    }
  }

  private func answer(
    _ status: ReplanAnswer.Status, _ disruptions: [Disruption], _ arrival: Instant?, _ place: TravellerPlace,
    _ found: RouteAnswer
  ) -> ReplanAnswer {
    ReplanAnswer(
      status: status, disruptions: disruptions, expectedArrival: arrival, position: place.description,
      journeys: found.journeys, work: found.work)
  }

  // MARK: From within a vehicle

  /// Journeys that begin with the rest of a ride.
  private func goOn(
    from leg: JourneyCheck.ExpectedLeg, _ request: RouteRequest, at now: Instant
  ) throws(RouteError) -> RouteAnswer {
    guard let ride = leg.ride else { return RouteAnswer.none }
    let names = try openNames()
    let slice = try slice(
      at: now, changeSeconds: request.changeSeconds, isReversed: false, lines: request.lines)
    guard let trip = slice.trip(ofRun: ride.run, on: ride.date), let start = slice.second(now) else {
      return RouteAnswer.none
    }
    let target = try finder(names, request.walkMetresMax).end(request.to, slice.footpaths.reversed)
    let exits = VehicleExits(slice, trip: trip, from: ride.board, at: start)
    let end = JourneyEnd(name: "on board", point: target.point, stop: nil, members: [], access: exits.access)
    var query = StopQuery(sources: exits.access, targets: target.access, departure: start)
    apply(request, to: &query)
    let builder = JourneyBuilder(slice, names, from: end, to: target)
    var journeys: [Journey] = []
    if let direct = exits.direct(to: target) {
      query.before = direct.arrival
      journeys.append(
        try read { () throws(GraphError) in try builder.staying(on: trip, from: ride.board, to: direct.position) })
    }
    let search = RoundSearch(slice, bounds: bounds)
    for found in search.journeys(query) {
      let journey = try read { () throws(GraphError) in
        try builder.leaving(trip, from: ride.board, found) { exits.position(for: $0) }
      }
      journeys.append(journey)
    }
    journeys.sort { $0.arrival < $1.arrival }
    return RouteAnswer(journeys: journeys, work: search.work, from: end.name, to: target.name)
  }
}

extension RouteAnswer {
  static let none = RouteAnswer(journeys: [], work: SearchWork(), from: "", to: "")
}

/// Where a traveller is at a moment of a journey.
enum TravellerPlace: Equatable {
  /// At a place, free to go from a moment on, with the leg of this number before her.
  case waiting(String, Instant, leg: Int)
  /// In the vehicle of a leg.
  case aboard(leg: Int)
  case arrived

  init(_ legs: [JourneyCheck.ExpectedLeg], _ disruptions: [Disruption], at now: Instant) {
    let lost = disruptions.first?.leg ?? legs.count
    var place = legs.first.map { TravellerPlace.waiting($0.leg.from, max(now, $0.leg.departure), leg: 0) } ?? .arrived
    for (index, leg) in legs.enumerated() {
      // Nobody gets beyond a leg that cannot be ridden.
      if index == lost || leg.departure > now { break }
      if leg.arrival > now {
        place =
          leg.ride != nil
          ? .aboard(leg: index) : .waiting(leg.leg.to, leg.arrival, leg: index + 1)
        break
      }
      place = index + 1 == legs.count ? .arrived : .waiting(leg.leg.to, now, leg: index + 1)
    }
    self = place
  }

  /// The leg that is next, or is being ridden: what is lost before it does not matter any more.
  var leg: Int {
    switch self {
    case .waiting(_, _, let leg): leg
    case .aboard(let leg): leg
    case .arrived: .max
    }
  }

  var description: String {
    switch self {
    case .waiting(let place, _, _): "at \(place)"
    case .aboard(let leg): "on board, leg \(leg + 1)"
    case .arrived: "arrived"
    }
  }
}

/// Where riders of a trip can still leave it, and walk to.
private struct VehicleExits {
  private var ofStop: [Int32: (position: Int, seconds: Int32)] = [:]
  private let slice: DaySlice
  private let start: Int32
  private let arrivals: [(position: Int, stop: Int32, second: Int32)]

  init(_ slice: DaySlice, trip: Int32, from board: Int, at start: Int32) {
    (self.slice, self.start) = (slice, start)
    let pattern = slice.pattern(of: trip)
    let first = Int(slice.positionStarts[pattern])
    var arrivals: [(Int, Int32, Int32)] = []
    for position in board + 1..<Int(slice.positionStarts[pattern + 1]) - first {
      let stop = slice.alightStops[first + position]
      let second = slice.arrival(of: trip, at: position)
      if Int(stop) < slice.stopCount, second >= start { arrivals.append((position, stop, second)) }
    }
    self.arrivals = arrivals
    for (position, stop, second) in arrivals {
      if slice.changes[Int(stop)] >= 0 { offer(stop, position, second - start + slice.changes[Int(stop)]) }
      for path in slice.footpaths.paths(from: Int(stop)) {
        offer(slice.footpaths.stops[path], position, second - start + slice.footpaths.seconds[path])
      }
    }
  }

  private mutating func offer(_ stop: Int32, _ position: Int, _ seconds: Int32) {
    if seconds < ofStop[stop]?.seconds ?? .max { ofStop[stop] = (position, seconds) }
  }

  var access: [StopAccess] {
    ofStop.sorted { $0.key < $1.key }.map { StopAccess(stop: $0.key, seconds: $0.value.seconds) }
  }

  /// Where one has to alight to board at a stop.
  func position(for stop: Int32) -> Int? { ofStop[stop]?.position }

  /// Where one alights to be at the target the earliest without another ride.
  func direct(to target: JourneyEnd) -> (position: Int, arrival: Int32)? {
    var best: (position: Int, arrival: Int32)?
    for (position, stop, second) in arrivals {
      for access in target.access where access.stop == stop && second + access.seconds < best?.arrival ?? .max {
        best = (position, second + access.seconds)
      }
    }
    return best
  }
}

extension DaySlice {
  /// The trip that a run is on a day, nil if it does not run in this slice.
  func trip(ofRun run: Int32, on date: LocalDate) -> Int32? {
    (0..<Int32(tripCount)).first { trip in
      tripRuns[Int(trip)] == run && tripDays[Int(trip)] == date.daysSinceEpoch
        && (tripLives[Int(trip)] < 0 || overlay?.trips[Int(tripLives[Int(trip)])].isRun == true)
    }
  }
}
