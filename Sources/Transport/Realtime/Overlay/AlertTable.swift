import Kernel

/// Alerts by whom they are about.
struct AlertTable: Sendable {
  /// An alert with the feed that its ids are of.
  private struct Entry: Sendable {
    let alert: ServiceAlert
    let scope: ServiceAlert.Scope
    let feed: String
  }

  private var entries: [Entry] = []

  /// Adds an alert for each feed that has what it is about.
  ///
  /// - Returns: whom nobody knows.
  mutating func add(
    _ alert: ServiceAlert, _ feeds: [(number: Int32, name: String)], _ graph: GraphTrips
  ) throws(GraphError) -> [TripMatcher.Mismatch] {
    var mismatches: [TripMatcher.Mismatch] = []
    for scope in alert.scopes {
      var missing: TripMatcher.Mismatch?
      var isKnown = false
      for feed in feeds {
        if let mismatch = try Self.mismatch(scope, feed.number, graph) {
          missing = missing ?? mismatch
        } else {
          entries.append(Entry(alert: alert, scope: scope, feed: feed.name))
          isKnown = true
        }
      }
      if !isKnown, let missing { mismatches.append(missing) }
    }
    return mismatches
  }

  private static func mismatch(
    _ scope: ServiceAlert.Scope, _ feed: Int32, _ graph: GraphTrips
  ) throws(GraphError) -> TripMatcher.Mismatch? {
    if let id = scope.trip?.tripID, try graph.trip(id, feed: feed) == nil { return .init(.unknownTrip, id) }
    for id in [scope.routeID, scope.trip?.routeID].compactMap({ $0 })
    where try !graph.has("routes", "route_id", id, feed: feed) {
      return .init(.unknownRoute, id)
    }
    if let id = scope.stopID, try graph.stop(id, feed: feed) == nil { return .init(.unknownStop, id) }
    if let id = scope.agencyID, try !graph.has("agency", "agency_id", id, feed: feed) {
      return .init(.unknownAgency, id)
    }
    return nil
  }

  var isEmpty: Bool { entries.isEmpty }

  /// What is to be told about a ride.
  struct Ride {
    let feed: String
    let agency, route, trip: String
    let routeType: Int
    let direction: Int?
    /// The stops where riders board and alight, and the stations that these are of.
    let stops: Set<String>
    let start, end: Instant
  }

  /// The alerts that hold for a ride, each once.
  func alerts(for ride: Ride) -> [ServiceAlert] {
    var found: [ServiceAlert] = []
    for entry in entries where entry.feed == ride.feed && entry.alert.holds(from: ride.start, to: ride.end) {
      if found.contains(where: { $0.entity == entry.alert.entity }) || !entry.scope.covers(ride) { continue }
      found.append(entry.alert)
    }
    return found
  }
}

extension ServiceAlert.Scope {
  /// Whether everything that is said fits a ride.
  fileprivate func covers(_ ride: AlertTable.Ride) -> Bool {
    let isEmpty = agencyID == nil && routeID == nil && routeType == nil && trip == nil && stopID == nil
    return !isEmpty && fits(agencyID, ride.agency) && fits(routeID ?? trip?.routeID, ride.route)
      && fits(trip?.tripID, ride.trip) && (routeType == nil || routeType == ride.routeType)
      && (direction == nil || direction == ride.direction) && stopID.map { ride.stops.contains($0) } ?? true
  }

  private func fits(_ wanted: String?, _ own: String) -> Bool { wanted == nil || wanted == own }
}
