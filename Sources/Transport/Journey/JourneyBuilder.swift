import Kernel

/// Makes journeys of what a search has found: legs with names, times and ways.
struct JourneyBuilder {
  let slice: DaySlice
  private let names: TransitNames
  private let from: JourneyEnd
  private let to: JourneyEnd
  private let legEnds: LegEnds

  init(_ slice: DaySlice, _ names: TransitNames, from: JourneyEnd, to: JourneyEnd) {
    (self.slice, self.names, self.from, self.to) = (slice, names, from, to)
    legEnds = LegEnds(slice.timetable, names)
  }

  /// A ride in the direction of travel.
  private struct OrderedRide {
    let trip: Int32
    let start: Int
    let end: Int
    let departure: Instant
    let arrival: Instant
    let fromStop: Int32
    let toStop: Int32
    let isSeated: Bool
    var checkIn: Int32 = 0
    var exit: Int32 = 0

    /// When one must be there, and when one is out.
    var ready: Instant { departure.adding(seconds: -Int64(checkIn)) }
    var out: Instant { arrival.adding(seconds: Int64(exit)) }
  }

  /// - Parameters:
  ///   - found: what the search says.
  ///   - isShifted: whether waiting is moved to the beginning.
  ///   - access: how one comes to the first stop; nil for the fastest way.
  ///   - egress: how one goes on from the last; likewise.
  /// - Returns: the same in names, places and times.
  /// - Throws: `GraphError` if the graph cannot be read.
  func journey(
    _ found: FoundJourney, isShifted: Bool = true, access: StopAccess? = nil, egress: StopAccess? = nil
  ) throws(GraphError) -> Journey {
    let rides = ordered(isShifted ? RideShift(slice).shifted(found.rides) : found.rides)
    var legs: [Leg] = []
    guard let first = rides.first, let last = rides.last else { return Journey(legs: []) }
    if let way = try way(from, access, first.fromStop, leaving: nil, reaching: first.ready) { legs.append(way) }
    for (index, ride) in rides.enumerated() {
      if index > 0, rides[index - 1].toStop != ride.fromStop, !ride.isSeated {
        legs.append(try change(rides[index - 1], ride))
      }
      legs.append(try leg(ride))
    }
    if let way = try way(to, egress, last.toStop, leaving: last.out, reaching: nil) { legs.append(way) }
    return Journey(legs: legs)
  }

  /// The journey without a ride.
  func alone(by way: OwnWay = .walk, leaving start: Instant, seconds: Int32, metres: Int) throws(GraphError) -> Journey
  {
    var leg = Leg(
      from: try legEnd(from), to: try legEnd(to), departure: start, arrival: start.adding(seconds: Int64(seconds)),
      metres: metres, ride: nil, path: [from.point, to.point])
    leg.way = way
    return Journey(legs: [leg])
  }

  // MARK: Rides

  /// The rides as travellers take them, whichever way they were searched.
  private func ordered(_ rides: [FoundJourney.Ride]) -> [OrderedRide] {
    let result = rides.enumerated().map { index, ride in
      let pattern = Int(slice.positionPatterns[Int(ride.boarded)])
      let start = Int(slice.positionStarts[pattern])
      let length = Int(slice.positionStarts[pattern + 1]) - start
      let (board, leave) = (Int(ride.boarded) - start, Int(ride.left) - start)
      // The times of a slice have check-in and exit in them; riders want to know when the vehicle leaves.
      let extra = slice.boardingSeconds(pattern)
      let (first, last) = slice.isReversed ? (extra.after, extra.before) : (extra.before, extra.after)
      let boarding = slice.instant(slice.departure(of: ride.trip, at: board) + first)
      let leaving = slice.instant(slice.arrival(of: ride.trip, at: leave) - last)
      let (boardStop, leaveStop) = (slice.callStops[Int(ride.boarded)], slice.callStops[Int(ride.left)])
      if slice.isReversed {
        return OrderedRide(
          trip: ride.trip, start: length - 1 - leave, end: length - 1 - board, departure: leaving, arrival: boarding,
          fromStop: leaveStop, toStop: boardStop,
          isSeated: index + 1 < rides.count && rides[index + 1].isSeated, checkIn: extra.before, exit: extra.after)
      }
      return OrderedRide(
        trip: ride.trip, start: board, end: leave, departure: boarding, arrival: leaving, fromStop: boardStop,
        toStop: leaveStop, isSeated: ride.isSeated, checkIn: extra.before, exit: extra.after)
    }
    return slice.isReversed ? result.reversed() : result
  }

  private func leg(_ ride: OrderedRide) throws(GraphError) -> Leg {
    let run = Int(slice.tripRuns[Int(ride.trip)])
    let timetable = slice.timetable
    let number = timetable.runTrips[run]
    let trip = try names.trip(number, from: ride.start)
    let lives = LiveRides(slice)
    let live = lives.trip(ride.trip)
    let hasOwnCalls = live.map { $0.plannedArrivals.isEmpty } ?? false
    let path = try self.path(number, hasOwnCalls ? nil : trip.shape, ride)
    let (from, to) = (try end(ride.fromStop), try end(ride.toStop))
    let stations = slice.overlay == nil ? [] : try stations(ride)
    return Leg(
      from: from, to: to, departure: ride.departure, arrival: ride.arrival, metres: ShapeCut.metres(path),
      ride: Leg.Ride(
        mode: trip.mode, trip: live?.id ?? trip.id, route: trip.route, line: trip.line,
        headsign: live?.headsign ?? (hasOwnCalls ? nil : trip.headsign), agency: trip.agency,
        stops: ride.end - ride.start, isSeated: ride.isSeated, isApproximate: timetable.runHeadways[run] != 0,
        checkInSeconds: ride.isSeated ? 0 : Int(ride.checkIn), exitSeconds: Int(ride.exit),
        live: lives.ride(ride.trip, from: ride.start, to: ride.end)),
      path: path,
      alerts: lives.alerts(
        trip, from: from, to: to, stations: stations, leaving: ride.departure, reaching: ride.arrival))
  }

  private func stations(_ ride: OrderedRide) throws(GraphError) -> [String] {
    var ids: [String] = []
    for stop in [ride.fromStop, ride.toStop] {
      let station = slice.timetable.stopStations[Int(stop)]
      if station >= 0 { ids.append(try names.stop(station).id) }
    }
    return ids
  }

  /// A ride of a trip from one position to another, in a slice that is not reversed.
  func ride(_ trip: Int32, from start: Int, to end: Int) throws(GraphError) -> Leg {
    let extra = slice.boardingSeconds(slice.pattern(of: trip))
    return try leg(
      OrderedRide(
        trip: trip, start: start, end: end,
        departure: slice.instant(slice.departure(of: trip, at: start) + extra.before),
        arrival: slice.instant(slice.arrival(of: trip, at: end) - extra.after), fromStop: stop(of: trip, at: start),
        toStop: stop(of: trip, at: end), isSeated: false, checkIn: extra.before, exit: extra.after))
  }

  func stop(of trip: Int32, at position: Int) -> Int32 {
    slice.callStops[Int(slice.positionStarts[slice.pattern(of: trip)]) + position]
  }

  /// Where what was found is boarded first, in the direction of the search.
  func firstStop(of found: FoundJourney) -> Int32? {
    RideShift(slice).shifted(found.rides).first.map { slice.callStops[Int($0.boarded)] }
  }

  private func path(_ trip: Int32, _ shape: Int32?, _ ride: OrderedRide) throws(GraphError) -> [Coordinate] {
    let timetable = slice.timetable
    let pattern = slice.pattern(of: ride.trip)
    let (first, end) = (Int(slice.positionStarts[pattern]), Int(slice.positionStarts[pattern + 1]))
    let stops = (ride.start...ride.end).map { position in
      timetable.place(of: Int(slice.callStops[slice.isReversed ? end - 1 - position : first + position]))
    }
    guard let shape else { return stops }
    let points = try names.shape(shape)
    let distances = try names.distances(trip, ride.start, ride.end)
    return ShapeCut(points).cut(along: stops, distances: distances) ?? stops
  }

  // MARK: Walks

  /// The way between an end and a stop; the fastest unless one is named.
  private func way(
    _ end: JourneyEnd, _ named: StopAccess?, _ stop: Int32, leaving: Instant?, reaching: Instant?
  ) throws(GraphError) -> Leg? {
    let access = named ?? end.access.first { $0.stop == stop }
    let seconds = Int64(access?.seconds ?? 0)
    if seconds == 0 && end.stop != nil { return nil }
    let there = try self.end(stop)
    let way = access?.way ?? .walk
    if let reaching {
      return leg(by: way, try legEnd(end), there, reaching.adding(seconds: -seconds), reaching)
    }
    guard let leaving else { return nil }
    return leg(by: way, there, try legEnd(end), leaving, leaving.adding(seconds: seconds))
  }

  /// The walk from the last stop to the end.
  func lastWalk(from stop: Int32, leaving: Instant) throws(GraphError) -> Leg? {
    try way(to, nil, stop, leaving: leaving, reaching: nil)
  }

  /// The walk between two stops; nil if they are one.
  func walk(from first: Int32, to second: Int32, leaving: Instant) throws(GraphError) -> Leg? {
    guard first != second, let seconds = slice.walkSeconds(from: first, to: second) else { return nil }
    return walk(try end(first), try end(second), leaving, leaving.adding(seconds: Int64(seconds)))
  }

  /// The walk between two rides; it begins when the first arrives.
  private func change(_ before: OrderedRide, _ after: OrderedRide) throws(GraphError) -> Leg {
    let (first, second) = slice.isReversed ? (after.fromStop, before.toStop) : (before.toStop, after.fromStop)
    let seconds = slice.walkSeconds(from: first, to: second) ?? 0
    return walk(
      try end(before.toStop), try end(after.fromStop), before.out,
      before.out.adding(seconds: Int64(seconds)))
  }

  private func walk(_ start: LegEnd, _ end: LegEnd, _ leaving: Instant, _ reaching: Instant) -> Leg {
    leg(by: .walk, start, end, leaving, reaching)
  }

  private func leg(
    by way: OwnWay, _ start: LegEnd, _ end: LegEnd, _ leaving: Instant, _ reaching: Instant
  ) -> Leg {
    var leg = Leg(
      from: start, to: end, departure: leaving, arrival: reaching,
      metres: OwnWays.length(way, metres: start.point.metres(to: end.point)), ride: nil,
      path: [start.point, end.point])
    leg.way = way
    return leg
  }

  private func end(_ stop: Int32) throws(GraphError) -> LegEnd { try legEnds.end(stop) }

  private func legEnd(_ end: JourneyEnd) throws(GraphError) -> LegEnd {
    if let stop = end.stop { return try self.end(stop) }
    let nearest = end.access.min { $0.seconds < $1.seconds }
    let zone = try nearest.map { (near) throws(GraphError) in try self.end(near.stop).zone }
    return LegEnd(
      stop: nil, name: end.name, platform: nil, point: end.point, zone: zone ?? slice.timetable.mainZoneRules,
      code: nil)
  }
}
