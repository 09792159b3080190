/// Journeys that begin in a vehicle.
extension JourneyBuilder {
  /// The rest of a ride, and the walk to the end.
  func staying(on trip: Int32, from board: Int, to alight: Int) throws(GraphError) -> Journey {
    let leg = try ride(trip, from: board, to: alight)
    guard let walk = try lastWalk(from: stop(of: trip, at: alight), leaving: leg.end) else {
      return Journey(legs: [leg])
    }
    return Journey(legs: [leg, walk])
  }

  /// What was found from the stops that the vehicle still comes to, behind the rest of the ride.
  ///
  /// - Parameters:
  ///   - trip: the vehicle's.
  ///   - board: where it was boarded.
  ///   - found: what the search has found.
  ///   - exit: where to alight for boarding at a stop.
  /// - Returns: the whole journey.
  /// - Throws: `GraphError` if names cannot be read.
  func leaving(
    _ trip: Int32, from board: Int, _ found: FoundJourney, _ exit: (Int32) -> Int?
  ) throws(GraphError) -> Journey {
    let rest = try journey(found)
    guard let next = firstStop(of: found), let alight = exit(next) else { return rest }
    let leg = try ride(trip, from: board, to: alight)
    // The journey from the vehicle to where one boards is not walked but ridden, up to the stop where one alights.
    var legs = Array(rest.legs.drop { $0.ride == nil })
    if let walk = try walk(from: stop(of: trip, at: alight), to: next, leaving: leg.end) {
      legs.insert(walk, at: 0)
    }
    return Journey(legs: [leg] + legs)
  }
}
