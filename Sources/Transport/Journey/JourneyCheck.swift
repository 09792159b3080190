import Kernel

/// Holds a saved journey against what runs in fact.
struct JourneyCheck {
  /// A leg with the times that are to be expected.
  struct ExpectedLeg {
    let leg: SavedJourney.Leg
    let departure: Instant
    let arrival: Instant
    /// The run, its day and the positions where riders board and alight; nil for walks, and for rides that are lost.
    let ride: (run: Int32, date: LocalDate, board: Int, alight: Int)?
  }

  /// A trip that leaves this many seconds from when it did is another one.
  private static let secondsMax: Int64 = 6 * 3600

  private let timetable: Timetable
  private let overlay: RealtimeOverlay?
  private let graph: GraphTrips
  private let matcher: TripMatcher

  init(_ transit: Transit, _ overlay: RealtimeOverlay?) throws(GraphError) {
    (timetable, self.overlay) = (transit.timetable, overlay)
    graph = try GraphTrips(transit.graphPath)
    matcher = TripMatcher(timetable: transit.timetable, runs: RunIndex(transit.timetable))
  }

  /// The legs as they are to be expected, and what is wrong with them; legs after the first that is lost keep their plan.
  func check(_ journey: SavedJourney) throws(GraphError) -> (legs: [ExpectedLeg], disruptions: [Disruption]) {
    var legs: [ExpectedLeg] = []
    var disruptions: [Disruption] = []
    var ready: Instant?
    for (index, leg) in journey.legs.enumerated() {
      guard let trip = leg.trip else {
        let seconds = leg.departure.seconds(until: leg.arrival)
        // Whoever has not left yet leaves in time.
        let start = ready ?? leg.departure
        legs.append(ExpectedLeg(leg: leg, departure: start, arrival: start.adding(seconds: seconds), ride: nil))
        if ready != nil { ready = start.adding(seconds: seconds) }
        continue
      }
      let (expected, reason) = try ride(leg, trip)
      legs.append(expected)
      if let reason { disruptions.append(Disruption(leg: index, trip: trip, reason: reason)) }
      guard expected.ride != nil else {
        ready = nil
        continue
      }
      if let ready, let late = late(ready, expected, leg, journey.legs[index - 1]) {
        disruptions.append(Disruption(leg: index, trip: trip, reason: .missed(late)))
      }
      ready = expected.arrival.adding(seconds: Int64(boarding(expected).after))
    }
    return (legs, disruptions)
  }

  private func boarding(_ leg: ExpectedLeg) -> (before: Int32, after: Int32) {
    guard let ride = leg.ride else { return (0, 0) }
    return BoardingTimes.table.seconds(mode: timetable.patternModes[Int(matcher.runs.pattern(of: ride.run))])
  }

  /// By how many seconds riders come too late for a ride; nil if they are in time.
  private func late(
    _ ready: Instant, _ expected: ExpectedLeg, _ leg: SavedJourney.Leg, _ before: SavedJourney.Leg
  ) -> Int? {
    var change: Int64 = 0
    if before.trip != nil, !leg.isSeated, let ride = expected.ride {
      let pattern = Int(matcher.runs.pattern(of: ride.run))
      let stop = timetable.positionStops[Int(timetable.positionStarts[pattern]) + ride.board]
      // What was planned with less time to change was found so by somebody who knew.
      change = min(
        Int64(max(0, timetable.stopChanges[Int(stop)])), before.arrival.seconds(until: leg.departure))
    }
    let checkIn = leg.isSeated ? 0 : Int64(boarding(expected).before)
    let late = expected.departure.seconds(until: ready.adding(seconds: max(0, change) + checkIn))
    return late > 0 ? Int(late) : nil
  }

  private func ride(
    _ leg: SavedJourney.Leg, _ trip: String
  ) throws(GraphError) -> (ExpectedLeg, Disruption.Reason?) {
    func lost(_ reason: Disruption.Reason) -> (ExpectedLeg, Disruption.Reason?) {
      (ExpectedLeg(leg: leg, departure: leg.departure, arrival: leg.arrival, ride: nil), reason)
    }
    guard let found = try find(leg, trip) else { return lost(.notInTimetable) }
    let day = RunDay(found.run, found.date)
    switch overlay?.absent[day] {
    case .cancelled: return lost(.cancelled)
    case .replaced: return lost(.replaced)
    case nil: break
    }
    let plan = matcher.plan(of: found.run, on: found.date)
    var (departure, arrival) = (plan.departures[found.board], plan.arrivals[found.alight])
    if let live = overlay?.live(found.run, on: found.date) {
      for (position, bit) in [(found.board, 1), (found.alight, 2)] as [(Int, UInt8)]
      where live.rules[position] & bit == 0 {
        return lost(.stopSkipped(position == found.board ? leg.from : leg.to))
      }
      (departure, arrival) = (live.departures[found.board], live.arrivals[found.alight])
    }
    let expected = ExpectedLeg(
      leg: leg, departure: Instant(secondsSinceEpoch: departure), arrival: Instant(secondsSinceEpoch: arrival),
      ride: found)
    return (expected, nil)
  }

  /// The run that a leg was planned with: the one that leaves nearest to when it was to leave.
  private func find(
    _ leg: SavedJourney.Leg, _ trip: String
  ) throws(GraphError) -> (run: Int32, date: LocalDate, board: Int, alight: Int)? {
    guard let number = try self.trip(trip), let from = try stop(leg.from), let to = try stop(leg.to) else { return nil }
    var best: (distance: Int64, run: Int32, date: LocalDate, board: Int, alight: Int)?
    for run in matcher.runs.ofTrip[number] ?? [] {
      let pattern = Int(matcher.runs.pattern(of: run))
      let calls = timetable.positionStops[
        Int(timetable.positionStarts[pattern])..<Int(timetable.positionStarts[pattern + 1])]
      let zone = timetable.zones[Int(timetable.patternZones[pattern])]
      let today = zone.local(at: leg.departure).date
      for day in (-2...1).map({ today.adding(days: $0) })
      where timetable.runs(service: Int(timetable.runServices[Int(run)]), on: day) {
        let plan = matcher.plan(of: run, on: day)
        for (board, stop) in calls.enumerated() where stop == from {
          let distance = abs(plan.departures[board] - leg.departure.secondsSinceEpoch)
          guard distance <= Self.secondsMax, distance < best?.distance ?? .max else { continue }
          let rest = calls.dropFirst(board + 1).firstIndex(of: to)
          if let rest { best = (distance, run, day, board, rest - calls.startIndex) }
        }
      }
    }
    return best.map { ($0.run, $0.date, $0.board, $0.alight) }
  }

  private func trip(_ id: String) throws(GraphError) -> Int32? {
    guard let (feed, own) = parts(id) else { return nil }
    return try graph.trip(own, feed: feed)
  }

  private func stop(_ place: String) throws(GraphError) -> Int32? {
    guard place.hasPrefix("stop:"), let (feed, own) = parts(String(place.dropFirst(5))) else { return nil }
    return try graph.stop(own, feed: feed)
  }

  private func parts(_ id: String) -> (feed: Int32, id: String)? {
    guard let colon = id.firstIndex(of: ":"), let feed = graph.feeds.first(where: { $0.name == id[..<colon] })
    else { return nil }
    return (feed.number, String(id[id.index(after: colon)...]))
  }
}
