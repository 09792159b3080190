/// Moves waiting to the beginning of a journey: every ride but the last is taken as late as still reaches the next.
///
/// A search boards the first vehicle that comes, even where a later one would do. Only trips of the same pattern are
/// tried, so the journey stays the one that was found. Rides that riders stay seated after are left alone.
struct RideShift {
  private let slice: DaySlice

  init(_ slice: DaySlice) {
    self.slice = slice
  }

  func shifted(_ rides: [FoundJourney.Ride]) -> [FoundJourney.Ride] {
    var result = rides
    guard rides.count > 1 else { return rides }
    for index in stride(from: rides.count - 2, through: 0, by: -1) {
      let next = result[index + 1]
      if next.isSeated { continue }
      if result[index].isSeated { continue }
      result[index] = latest(result[index], before: next)
    }
    return result
  }

  private func latest(_ ride: FoundJourney.Ride, before next: FoundJourney.Ride) -> FoundJourney.Ride {
    let (from, to) = (slice.callStops[Int(ride.left)], slice.callStops[Int(next.boarded)])
    let gap = from == to ? max(0, slice.changes[Int(from)]) : slice.walkSeconds(from: from, to: to) ?? 0
    let pattern = Int(slice.positionPatterns[Int(ride.boarded)])
    let start = Int(slice.positionStarts[pattern])
    let nextPattern = Int(slice.positionPatterns[Int(next.boarded)])
    let departure = slice.departure(of: next.trip, at: Int(next.boarded) - Int(slice.positionStarts[nextPattern]))
    var trip = ride.trip
    while trip + 1 < slice.tripStarts[pattern + 1],
      slice.arrival(of: trip + 1, at: Int(ride.left) - start) + gap <= departure
    {
      trip += 1
    }
    return FoundJourney.Ride(trip: trip, boarded: ride.boarded, left: ride.left, isSeated: false)
  }
}

extension DaySlice {
  /// The pattern of a trip.
  func pattern(of trip: Int32) -> Int {
    var (low, high) = (0, patternCount)
    while high - low > 1 {
      let middle = (low + high) / 2
      if tripStarts[middle] <= trip { low = middle } else { high = middle }
    }
    return low
  }

  /// When a trip arrives at the position of its pattern with this number.
  func arrival(of trip: Int32, at position: Int) -> Int32 {
    let pattern = pattern(of: trip)
    let length = Int(positionStarts[pattern + 1] - positionStarts[pattern])
    return arrivals[Int(eventStarts[pattern]) + Int(trip - tripStarts[pattern]) * length + position]
  }

  /// When a trip departs from the position of its pattern with this number.
  func departure(of trip: Int32, at position: Int) -> Int32 {
    let pattern = pattern(of: trip)
    let trips = Int(tripStarts[pattern + 1] - tripStarts[pattern])
    return departures[Int(eventStarts[pattern]) + position * trips + Int(trip - tripStarts[pattern])]
  }

  /// The footpath from a stop to another, nil if there is none.
  func walkSeconds(from: Int32, to: Int32) -> Int32? {
    footpaths.paths(from: Int(from)).first { footpaths.stops[$0] == to }.map { footpaths.seconds[$0] }
  }

  /// The seconds at which one can leave to board something at once, ascending.
  func departures(from access: [StopAccess], within window: ClosedRange<Int32>) -> [Int32] {
    var seconds: Set<Int32> = []
    for source in access {
      for place in Int(placeStarts[Int(source.stop)])..<Int(placeStarts[Int(source.stop) + 1]) {
        let boarding = places[place]
        for trip in 0..<Int(boarding.tripCount) {
          let leaving = departures[Int(boarding.departures) + trip] - source.seconds
          if window.contains(leaving) { seconds.insert(leaving) }
        }
      }
    }
    return seconds.sorted()
  }
}
