package import Kernel

/// What is known of a ride just now beside its times, which are those that are expected.
package struct LiveRide: Sendable {
  package enum Status: String, Sendable {
    /// Its times or stops are those of a message.
    case updated
    /// The timetable has no such trip.
    case added
    /// It runs in place of a trip of the timetable.
    case replacement
    /// A trip of the timetable, once more.
    case duplicated
  }

  package let status: Status
  /// As the timetable has it; nil for a trip that it does not have.
  package let plannedDeparture: Instant?
  package let plannedArrival: Instant?
  /// Where the vehicle was last seen, and when.
  package let vehicle: Coordinate?
  package let seenAt: Instant?

  /// Seconds of delay at the start of the ride; negative for early, nil where there is no plan.
  package func departureDelay(_ expected: Instant) -> Int? {
    plannedDeparture.map { Int($0.seconds(until: expected)) }
  }

  /// The same at its end.
  package func arrivalDelay(_ expected: Instant) -> Int? { plannedArrival.map { Int($0.seconds(until: expected)) } }
}

/// What an operator tells the riders of a leg.
package struct LegAlert: Hashable, Sendable {
  /// The entity's id in the message.
  package let id: String
  package let header: String?
  package let details: String?
  package let url: String?
  /// What it means: `no service`, `detour` and so on.
  package let effect: String?

  init(_ alert: ServiceAlert) {
    id = alert.entity
    header = ServiceAlert.best(alert.header)
    details = ServiceAlert.best(alert.details)
    url = ServiceAlert.best(alert.url)
    effect = alert.effectText
  }
}

/// Tells of rides what an overlay knows of them.
struct LiveRides {
  private let slice: DaySlice

  init(_ slice: DaySlice) {
    self.slice = slice
  }

  /// A trip of the slice as it runs in fact; nil if nothing is said of it.
  func trip(_ number: Int32) -> LiveTrip? {
    let live = slice.tripLives[Int(number)]
    return live < 0 ? nil : slice.overlay?.trips[Int(live)]
  }

  /// What is known of a ride from one position to another.
  func ride(_ number: Int32, from start: Int, to end: Int) -> LiveRide? {
    guard let overlay = slice.overlay else { return nil }
    let run = RunDay(
      slice.tripRuns[Int(number)], LocalDate(daysSinceEpoch: slice.tripDays[Int(number)]))
    let trip = trip(number)
    let vehicle = trip.map(\.isRun) ?? true ? overlay.vehicles[run] : nil
    if trip == nil && vehicle == nil { return nil }
    func moment(_ seconds: Int64?) -> Instant? { seconds.map { Instant(secondsSinceEpoch: $0) } }
    let hasPlan = trip.map { !$0.plannedArrivals.isEmpty } ?? false
    let point = vehicle.flatMap { vehicle -> Coordinate? in
      guard let latitude = vehicle.latitude, let longitude = vehicle.longitude else { return nil }
      return Coordinate(latitude, longitude)
    }
    return LiveRide(
      status: trip.flatMap { LiveRide.Status(rawValue: $0.kind.rawValue) } ?? .updated,
      plannedDeparture: hasPlan ? moment(trip?.plannedDepartures[start]) : trip == nil ? departure(number, start) : nil,
      plannedArrival: hasPlan ? moment(trip?.plannedArrivals[end]) : trip == nil ? arrival(number, end) : nil,
      vehicle: point, seenAt: vehicle?.timestamp)
  }

  /// The times of a trip that runs as planned, by position in the direction of travel.
  private func departure(_ trip: Int32, _ position: Int) -> Instant {
    let before = slice.boardingSeconds(slice.pattern(of: trip)).before
    return slice.isReversed
      ? slice.instant(slice.arrival(of: trip, at: last(trip) - position) - before)
      : slice.instant(slice.departure(of: trip, at: position) + before)
  }

  private func arrival(_ trip: Int32, _ position: Int) -> Instant {
    let after = slice.boardingSeconds(slice.pattern(of: trip)).after
    return slice.isReversed
      ? slice.instant(slice.departure(of: trip, at: last(trip) - position) + after)
      : slice.instant(slice.arrival(of: trip, at: position) - after)
  }

  private func last(_ trip: Int32) -> Int {
    let pattern = slice.pattern(of: trip)
    return Int(slice.positionStarts[pattern + 1] - slice.positionStarts[pattern]) - 1
  }

  /// What the operators tell riders between two moments.
  func alerts(
    _ trip: TransitNames.Trip, from: LegEnd, to: LegEnd, stations: [String], leaving: Instant, reaching: Instant
  ) -> [LegAlert] {
    guard let alerts = slice.overlay?.alerts, !alerts.isEmpty, let colon = trip.id.firstIndex(of: ":") else {
      return []
    }
    let feed = String(trip.id[..<colon])
    func own(_ id: String) -> String { id.hasPrefix(feed + ":") ? String(id.dropFirst(feed.count + 1)) : id }
    let stops = [from.stop, to.stop].compactMap { $0 } + stations
    return alerts.alerts(
      for: AlertTable.Ride(
        feed: feed, agency: trip.agencyID, route: own(trip.route), trip: own(trip.id), routeType: trip.routeType,
        direction: trip.direction, stops: Set(stops.map(own)), start: leaving, end: reaching)
    ).map { LegAlert($0) }
  }
}
