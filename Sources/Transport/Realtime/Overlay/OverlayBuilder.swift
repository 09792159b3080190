import Kernel

/// Puts an overlay together, message by message.
struct OverlayBuilder {
  typealias Mismatch = TripMatcher.Mismatch

  let timetable: Timetable
  let graph: GraphTrips
  let matcher: TripMatcher
  private(set) var trips: [LiveTrip] = []
  private(set) var absent: [RunDay: RealtimeOverlay.Absence] = [:]
  private(set) var vehicles: [RunDay: VehiclePosition] = [:]
  private(set) var alerts = AlertTable()
  private(set) var report = RealtimeReport()
  private var known: Set<RunDay> = []

  init(_ timetable: Timetable, _ graph: GraphTrips) {
    (self.timetable, self.graph) = (timetable, graph)
    matcher = TripMatcher(timetable: timetable, runs: RunIndex(timetable))
  }

  mutating func add(_ source: RealtimeSource) throws(GraphError) {
    let feeds = graph.feeds.filter { source.feedName == nil || $0.name == source.feedName }
    if source.feed.isDifferential { note(.message, .differential, "", "") }
    for update in source.feed.tripUpdates {
      let mismatch = try add(update, feeds, source.feed.timestamp)
      report.count(.tripUpdate, isMatched: mismatch == nil)
      if let mismatch { note(.tripUpdate, mismatch.reason, update.entity, mismatch.value) }
    }
    for vehicle in source.feed.vehicles {
      let mismatch = try add(vehicle, feeds, source.feed.timestamp)
      report.count(.vehicle, isMatched: mismatch == nil)
      if let mismatch { note(.vehicle, mismatch.reason, vehicle.entity, mismatch.value) }
    }
    for alert in source.feed.alerts {
      let mismatches = try alerts.add(alert, feeds, graph)
      report.count(.alert, isMatched: mismatches.isEmpty)
      for mismatch in mismatches { note(.alert, mismatch.reason, alert.entity, mismatch.value) }
    }
  }

  private mutating func note(
    _ kind: RealtimeReport.Kind, _ reason: RealtimeReport.Reason, _ entity: String, _ value: String
  ) {
    report.add(RealtimeReport.Mismatch(kind: kind, reason: reason, entity: entity, value: value))
  }

  mutating func noteCall(_ entity: String, _ stop: String) { note(.call, .unknownStop, entity, stop) }

  mutating func append(_ trip: LiveTrip) {
    trips.append(trip)
    if trip.isRun { report.updated += 1 } else { report.added += 1 }
  }

  // MARK: Vehicles

  private mutating func add(
    _ vehicle: VehiclePosition, _ feeds: Feeds, _ stamp: Instant?
  ) throws(GraphError) -> Mismatch? {
    guard let trip = vehicle.trip else { return Mismatch(.noTrip, vehicle.vehicle ?? "") }
    let found = try find(trip, feeds)
    if let mismatch = found.mismatch { return mismatch }
    do throws(Mismatch) {
      let match = try matcher.match(
        found.trips, startDate: trip.startDate, startTime: trip.startTime,
        near: (vehicle.timestamp ?? stamp).map { ($0.secondsSinceEpoch, nil) }, isExact: trip.tripID == nil)
      vehicles[RunDay(match.run, match.date)] = vehicle
      return nil
    } catch {
      return error
    }
  }

  // MARK: Trips

  private typealias Feeds = [(number: Int32, name: String)]

  /// - Returns: why it could not be used.
  private mutating func add(
    _ update: TripUpdate, _ feeds: Feeds, _ stamp: Instant?
  ) throws(GraphError) -> Mismatch? {
    if let number = update.trip.unknownRelationship { return Mismatch(.unknownRelationship, String(number)) }
    let found = try find(update.trip, feeds)
    switch update.trip.relationship {
    case .cancelled, .deleted:
      return match(update, found, stamp) { builder, match, _ in
        if builder.absent.updateValue(.cancelled, forKey: RunDay(match.run, match.date)) == nil {
          builder.report.cancelled += 1
        }
        return nil
      }
    case .scheduled, .unscheduled:
      let calls = try found.trips.first.map { (trip) throws(GraphError) in try graph.calls(of: trip) }
      let platforms = try self.platforms(update, found.feed)
      return match(update, found, stamp, calls) { $0.change(update, $1, calls ?? .init(), platforms, stamp, $2) }
    case .replacement:
      let ownCalls = try addedCalls(update, found.feed)
      return match(update, found, stamp) { builder, match, feed in
        if let mismatch = builder.addTrip(update, match, ownCalls, feed, .replacement) { return mismatch }
        builder.absent[RunDay(match.run, match.date)] = .replaced
        return nil
      }
    case .duplicated:
      return try duplicate(update, found)
    case .added, .new:
      return try addNew(update, found, feeds)
    }
  }

  /// The trips that a descriptor can mean, and the feed that they are of.
  private func find(
    _ descriptor: TripDescriptor, _ feeds: Feeds
  ) throws(GraphError) -> (trips: [Int32], feed: (number: Int32, name: String)?, mismatch: Mismatch?) {
    var found: (trips: [Int32], feed: (number: Int32, name: String)?, mismatch: Mismatch?) = ([], nil, nil)
    for feed in feeds {
      var trips: [Int32] = []
      if let id = descriptor.tripID {
        if let trip = try graph.trip(id, feed: feed.number) { trips = [trip] }
      } else if let route = descriptor.routeID, descriptor.startTime != nil {
        trips = try graph.trips(ofRoute: route, direction: descriptor.direction, feed: feed.number)
      }
      if trips.isEmpty { continue }
      if found.feed != nil { return ([], nil, Mismatch(.ambiguousTrip, descriptor.tripID ?? "")) }
      found = (trips, feed, nil)
    }
    if found.feed == nil {
      let reason: RealtimeReport.Reason =
        descriptor.tripID != nil
        ? .unknownTrip : descriptor.routeID != nil && descriptor.startTime != nil ? .unknownRoute : .noTrip
      found.mismatch = Mismatch(reason, descriptor.tripID ?? descriptor.routeID ?? "")
    }
    return found
  }

  /// Finds the run and does something with it.
  private mutating func match(
    _ update: TripUpdate,
    _ found: (trips: [Int32], feed: (number: Int32, name: String)?, mismatch: Mismatch?), _ stamp: Instant?,
    _ calls: GraphTrips.Calls? = nil,
    _ use: (inout OverlayBuilder, TripMatcher.Match, String) -> Mismatch?
  ) -> Mismatch? {
    if let mismatch = found.mismatch { return mismatch }
    do throws(Mismatch) {
      let match = try matcher.match(
        found.trips, startDate: update.trip.startDate, startTime: update.trip.startTime,
        near: near(update, calls, stamp), isExact: update.trip.tripID == nil)
      guard known.insert(RunDay(match.run, match.date)).inserted else {
        return Mismatch(.ambiguousTrip, update.trip.tripID ?? "")
      }
      return use(&self, match, found.feed?.name ?? "")
    } catch {
      return error
    }
  }

  /// The first moment that an update names, or else when it was made.
  private func near(
    _ update: TripUpdate, _ calls: GraphTrips.Calls?, _ stamp: Instant?
  ) -> (moment: Int64, position: Int?)? {
    if let calls {
      let updates = CallMatch(update.calls, calls).updates
      for position in updates.keys.sorted() {
        if let time = updates[position]?.arrival?.time ?? updates[position]?.departure?.time { return (time, position) }
      }
    }
    return (update.timestamp ?? stamp).map { ($0.secondsSinceEpoch, nil) }
  }

  // MARK: What becomes of a trip

  /// The platforms that an update names instead of the planned ones, by id.
  private func platforms(
    _ update: TripUpdate, _ feed: (number: Int32, name: String)?
  ) throws(GraphError) -> [String: Int32] {
    var found: [String: Int32] = [:]
    guard let feed else { return found }
    for id in update.calls.compactMap(\.assignedStopID) { found[id] = try graph.stop(id, feed: feed.number) }
    return found
  }

  private mutating func change(
    _ update: TripUpdate, _ match: TripMatcher.Match, _ calls: GraphTrips.Calls, _ platforms: [String: Int32],
    _ stamp: Instant?, _ feed: String
  ) -> Mismatch? {
    let found = CallMatch(update.calls, calls)
    for call in found.unmatched {
      note(.call, .unknownStop, update.entity, call.stopID ?? call.sequence.map(String.init) ?? "")
    }
    if found.updates.isEmpty && !update.calls.isEmpty { return Mismatch(.unknownStop, update.trip.tripID ?? "") }
    var plan = matcher.plan(of: match.run, on: match.date)
    shift(&plan, match, update.trip.startTime)
    let times = DelayPropagation(
      arrivals: plan.arrivals, departures: plan.departures, updates: found.updates, delay: update.delay)
    if times.isImplausible { return Mismatch(.implausibleTime, update.trip.tripID ?? "") }
    let pattern = matcher.runs.pattern(of: match.run)
    let first = Int(timetable.positionStarts[Int(pattern)])
    let own = first..<Int(timetable.positionStarts[Int(pattern) + 1])
    var (stops, rules) = (own.map { timetable.positionStops[$0] }, own.map { timetable.positionRules[$0] })
    for (position, call) in found.updates {
      rules[position] = rules[position] & call.rules
      if let id = call.assignedStopID {
        if let stop = platforms[id] { stops[position] = stop } else { note(.call, .unknownStop, update.entity, id) }
      }
    }
    for position in rules.indices where times.isSkipped[position] { rules[position] = 0 }
    let isPlain = own.indices.allSatisfy {
      timetable.positionStops[$0] == stops[$0 - first] && timetable.positionRules[$0] == rules[$0 - first]
    }
    append(
      LiveTrip(
        kind: .updated, run: match.run, date: match.date, pattern: pattern, id: nil,
        headsign: update.properties.headsign, stops: stops, rules: rules, arrivals: times.arrivals,
        departures: times.departures, plannedArrivals: plan.arrivals, plannedDepartures: plan.departures,
        isPlain: isPlain))
    return nil
  }

  /// A run at a headway is planned for when it is said to start.
  private func shift(
    _ plan: inout (arrivals: [Int64], departures: [Int64]), _ match: TripMatcher.Match, _ startTime: String?
  ) {
    let run = Int(match.run)
    guard timetable.runHeadways[run] != 0, let startTime, let start = try? TripMatcher.seconds(startTime) else {
      return
    }
    let later = Int64(start - timetable.departures[Int(timetable.runTimes[run])] - timetable.runShifts[run])
    for index in plan.arrivals.indices {
      plan.arrivals[index] += later
      plan.departures[index] += later
    }
  }

  private mutating func duplicate(
    _ update: TripUpdate, _ found: (trips: [Int32], feed: (number: Int32, name: String)?, mismatch: Mismatch?)
  ) throws(GraphError) -> Mismatch? {
    if let mismatch = found.mismatch { return mismatch }
    guard let trip = found.trips.first, let run = matcher.runs.ofTrip[trip]?.first, let feed = found.feed else {
      return Mismatch(.unknownTrip, update.trip.tripID ?? "")
    }
    guard let dateText = update.properties.startDate ?? update.trip.startDate,
      let timeText = update.properties.startTime
    else { return Mismatch(.noDate, update.trip.tripID ?? "") }
    let calls = try graph.calls(of: trip)
    do throws(Mismatch) {
      let (date, start) = (try TripMatcher.date(dateText), try TripMatcher.seconds(timeText))
      var plan = matcher.plan(of: run, on: date)
      let own = timetable.departures[Int(timetable.runTimes[Int(run)])] + timetable.runShifts[Int(run)]
      for index in plan.arrivals.indices {
        plan.arrivals[index] += Int64(start - own)
        plan.departures[index] += Int64(start - own)
      }
      let times = DelayPropagation(
        arrivals: plan.arrivals, departures: plan.departures, updates: CallMatch(update.calls, calls).updates,
        delay: update.delay)
      if times.isImplausible { return Mismatch(.implausibleTime, update.trip.tripID ?? "") }
      let pattern = matcher.runs.pattern(of: run)
      let positions = Int(timetable.positionStarts[Int(pattern)])..<Int(timetable.positionStarts[Int(pattern) + 1])
      var rules = positions.map { timetable.positionRules[$0] }
      for position in rules.indices where times.isSkipped[position] { rules[position] = 0 }
      append(
        LiveTrip(
          kind: .duplicated, run: run, date: date, pattern: pattern,
          id: update.properties.tripID.map { "\(feed.name):\($0)" }, headsign: update.properties.headsign,
          stops: positions.map { timetable.positionStops[$0] }, rules: rules, arrivals: times.arrivals,
          departures: times.departures, plannedArrivals: plan.arrivals, plannedDepartures: plan.departures,
          isPlain: !times.isSkipped.contains(true)))
      return nil
    } catch {
      return error
    }
  }
}
