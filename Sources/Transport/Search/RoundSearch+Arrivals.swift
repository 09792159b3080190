extension RoundSearch {
  /// When each stop is reached by a ride or on foot, `.max` for never.
  package func arrivals(_ query: StopQuery) -> [Int32] {
    let prefix = searchAll(query)
    return (0..<slice.stopCount).map { second(min(scratch.ride[$0], scratch.ready[$0]), prefix) }
  }

  /// When vehicles that riders can be on arrive at each stop, `.max` for never: from there they may walk on.
  ///
  /// Where a walk arrives earlier than any vehicle, and walking on from there is no worse, the vehicle may be left out.
  func rideArrivals(_ query: StopQuery) -> [Int32] {
    let prefix = searchAll(query)
    return (0..<slice.stopCount).map { second(scratch.ride[$0], prefix) }
  }

  /// When each stop is reached at the earliest with no rides, with at most one and so on, on foot or by a ride.
  ///
  /// - Parameters:
  ///   - query: its targets are not looked at.
  ///   - seconds: by stop: so long everything takes at least that leads on from there; it must end before the query does.
  ///   - rides: by stop: so many rides at least.
  ///   - table: by number of rides, up to those of the query, then by stop; what is not reached is after the horizon.
  /// - Returns: what the earliest trips on which positions were left are marked with.
  func fillArrivals(
    _ query: StopQuery, seconds: UnsafePointer<UInt16>, rides: UnsafePointer<UInt8>,
    into table: UnsafeMutablePointer<Int32>
  ) -> UInt32 {
    var query = query
    query.targets = []
    work = SearchWork()
    scratch.setEgress([])
    let (count, ride, ready) = (slice.stopCount, scratch.ride, scratch.ready)
    var (ends, last): ([RoundEnd], Int) = ([], 0)
    let prefix = search(query, LowerBounds(seconds: seconds, rides: rides), &ends) { round, prefix in
      let row = table + round * count
      let never = prefix &+ RoundScratch.timeMask
      for stop in 0..<count { row[stop] = Int32(bitPattern: min(min(ride[stop], ready[stop]), never) &- prefix) }
      last = round
    }
    while last < query.ridesMax {
      (table + (last + 1) * count).update(from: table + last * count, count: count)
      last += 1
    }
    return RoundScratch.tripPrefix(of: prefix)
  }

  private func searchAll(_ query: StopQuery) -> UInt32 {
    var query = query
    query.targets = []
    work = SearchWork()
    scratch.setEgress([])
    var ends: [RoundEnd] = []
    return search(query, lowerBounds(query), &ends)
  }

  private func second(_ key: UInt32, _ prefix: UInt32) -> Int32 {
    key &- prefix < RoundScratch.timeMask ? Int32(key &- prefix) : .max
  }
}
