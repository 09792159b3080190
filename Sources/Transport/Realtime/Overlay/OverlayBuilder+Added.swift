import Kernel

extension OverlayBuilder {
  /// The calls of a trip that is not in the timetable.
  struct AddedCalls {
    var stops: [Int32] = []
    var rules: [UInt8] = []
    var arrivals: [Int64] = []
    var departures: [Int64] = []
    var unknown: [String] = []
  }

  /// What an update says of a trip's calls when the timetable says nothing.
  func addedCalls(
    _ update: TripUpdate, _ feed: (number: Int32, name: String)?
  ) throws(GraphError) -> AddedCalls {
    var result = AddedCalls()
    guard let feed else { return result }
    for call in update.calls where call.relationship == .scheduled || call.relationship == .unscheduled {
      guard let arrival = call.arrival?.time ?? call.departure?.time,
        let departure = call.departure?.time ?? call.arrival?.time, Instant(feedSeconds: arrival) != nil,
        Instant(feedSeconds: departure) != nil
      else { continue }
      let id = call.assignedStopID ?? call.stopID ?? ""
      guard let stop = try graph.stop(id, feed: feed.number) else {
        result.unknown.append(id)
        continue
      }
      result.stops.append(stop)
      result.rules.append(3 & call.rules)
      let earliest = result.departures.last ?? .min
      result.arrivals.append(max(arrival, earliest))
      result.departures.append(max(arrival, departure, earliest))
    }
    return result
  }

  /// A trip that the timetable does not have: its mode and rules are those of a trip of its route.
  mutating func addNew(
    _ update: TripUpdate, _ found: (trips: [Int32], feed: (number: Int32, name: String)?, mismatch: Mismatch?),
    _ feeds: [(number: Int32, name: String)]
  ) throws(GraphError) -> Mismatch? {
    var (models, feed) = (found.trips, found.feed)
    if models.isEmpty, let route = update.trip.routeID {
      for candidate in feeds where models.isEmpty {
        models = try graph.trips(ofRoute: route, direction: nil, feed: candidate.number)
        feed = candidate
      }
    }
    let runs = matcher.runs
    guard let run = models.lazy.compactMap({ runs.ofTrip[$0]?.first }).first, let feed else {
      return Mismatch(.unknownRoute, update.trip.routeID ?? update.trip.tripID ?? "")
    }
    let calls = try addedCalls(update, feed)
    guard let start = calls.departures.first, let moment = Instant(feedSeconds: start) else {
      return Mismatch(calls.unknown.isEmpty ? .noTimes : .unknownStop, update.trip.tripID ?? "")
    }
    let zone = timetable.zones[Int(timetable.patternZones[Int(matcher.runs.pattern(of: run))])]
    return addTrip(update, (run, zone.local(at: moment).date), calls, feed.name, .added)
  }

  mutating func addTrip(
    _ update: TripUpdate, _ match: TripMatcher.Match, _ calls: AddedCalls, _ feed: String, _ kind: LiveTrip.Kind
  ) -> Mismatch? {
    for id in calls.unknown { noteCall(update.entity, id) }
    guard calls.stops.count > 1 else {
      return Mismatch(calls.unknown.isEmpty ? .noTimes : .unknownStop, update.trip.tripID ?? "")
    }
    let (first, last) = (calls.departures[0], calls.arrivals[calls.arrivals.count - 1])
    if last - first > DelayPropagation.secondsMax { return Mismatch(.implausibleTime, update.trip.tripID ?? "") }
    let id = kind == .added ? update.properties.tripID ?? update.trip.tripID : nil
    append(
      LiveTrip(
        kind: kind, run: match.run, date: match.date, pattern: matcher.runs.pattern(of: match.run),
        id: id.map { "\(feed):\($0)" }, headsign: update.properties.headsign, stops: calls.stops, rules: calls.rules,
        arrivals: calls.arrivals, departures: calls.departures, plannedArrivals: [], plannedDepartures: [],
        isPlain: false))
    return nil
  }
}

extension CallUpdate {
  /// What riders may still do there: 1 board, 2 alight.
  var rules: UInt8 { (pickup == 1 ? 0 : 1) | (dropOff == 1 ? 0 : 2) }
}
