extension TravelBounds {
  /// The same bounds for days on which trips run otherwise: still never more than what is possible.
  ///
  /// A trip that makes up time is faster than any of the timetable, one that is added goes where none goes. Ways that
  /// become shorter are made shorter, cell by cell, beginning with the hops that are faster now; rides are counted anew
  /// only if some trip calls where none of its pattern does.
  ///
  /// - Parameters:
  ///   - overlay: what runs otherwise.
  ///   - timetable: what these are the bounds of.
  ///   - walks: how riders walk.
  /// - Returns: these, if they hold; nil if there can be none, as a stop is served that no trip of the timetable serves.
  /// - Complexity: O(runs), and for each cell as much as becomes shorter.
  func holding(for overlay: RealtimeOverlay, _ timetable: Timetable, walks: SliceWalks) -> TravelBounds? {
    if overlay.trips.isEmpty { return self }
    var isServed = [Bool](repeating: false, count: timetable.stopCount)
    for stop in timetable.positionStops { isServed[Int(stop)] = true }
    guard overlay.trips.allSatisfy({ $0.stops.allSatisfy { isServed[Int($0)] } }) else { return nil }
    let elsewhere = overlay.trips.filter { $0.callsElsewhere(than: timetable) }
    let faster =
      Self.fasterHops(overlay, timetable) + (elsewhere.isEmpty ? [] : SeatedHops(timetable, live: elsewhere).edges)
    if faster.isEmpty && elsewhere.isEmpty { return self }
    let stopCount = timetable.stopCount
    let seconds = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: stopCount * cellCount)
    _ = seconds.initialize(from: self.seconds)
    let edges = Self.edges(timetable, walks, adding: faster)
    var paths = ShortestPaths(edges)
    for cell in 0..<(faster.isEmpty ? 0 : cellCount) {
      let row = cell * stopCount..<(cell + 1) * stopCount
      let shorter = faster.compactMap { hop -> (stop: Int32, seconds: Int32)? in
        let rest = seconds[row.lowerBound + Int(hop.to)]
        let way = Int32(rest) + hop.seconds
        return rest != Self.unreachable && way < Int32(seconds[row.lowerBound + Int(hop.from)])
          ? (hop.from, way) : nil
      }
      if shorter.isEmpty { continue }
      paths.take(UnsafeBufferPointer(rebasing: seconds[row]))
      paths.improve(shorter)
      for stop in 0..<stopCount {
        seconds[row.lowerBound + stop] = UInt16(min(Int32(Self.unreachable), paths.seconds[stop]))
      }
    }
    let rides =
      elsewhere.isEmpty
      ? Array(self.rides)
      : RideBounds(PatternStops(timetable, live: elsewhere), footpaths: walks.footpaths, isReversed: false)
        .table(cells: Array(cells), cellCount: cellCount)
    return TravelBounds(
      cellCount: cellCount, cells: Self.copy(Array(cells)), seconds: UnsafeBufferPointer(seconds),
      rides: Self.copy(rides))
  }

  /// Hops that some trip makes faster now than any of the timetable does, or where none makes them.
  private static func fasterHops(_ overlay: RealtimeOverlay, _ timetable: Timetable) -> [Footpath] {
    var least: [UInt64: Int32] = [:]
    for trip in overlay.trips {
      for index in 1..<trip.stops.count {
        let key = Self.key(trip.stops[index - 1], trip.stops[index])
        let seconds = Int32(clamping: trip.arrivals[index] - trip.departures[index - 1])
        least[key] = min(least[key] ?? .max, max(0, seconds))
      }
    }
    for hop in HopTable(timetable).edges {
      let key = Self.key(hop.from, hop.to)
      if let own = least[key], own >= hop.seconds { least[key] = nil }
    }
    return least.sorted { $0.key < $1.key }.map { key, seconds in
      Footpath(from: Int32(truncatingIfNeeded: key >> 32), to: Int32(truncatingIfNeeded: key), seconds: seconds)
    }
  }

  private static func key(_ from: Int32, _ to: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: from)) << 32 | UInt64(UInt32(bitPattern: to))
  }

  /// All ways, walked from their ends to their beginnings.
  private static func edges(_ timetable: Timetable, _ walks: SliceWalks, adding hops: [Footpath]) -> FootpathTable {
    let known = edges(timetable, walks, against: true)
    if hops.isEmpty { return known }
    var all = hops.map { Footpath(from: $0.to, to: $0.from, seconds: $0.seconds) }
    for from in 0..<known.stopCount {
      for path in known.paths(from: from) {
        all.append(Footpath(from: Int32(from), to: known.stops[path], seconds: known.seconds[path]))
      }
    }
    return FootpathTable(all, stopCount: known.stopCount)
  }
}

extension LiveTrip {
  /// Whether riders can get somewhere with it that they cannot get to with its pattern.
  fileprivate func callsElsewhere(than timetable: Timetable) -> Bool {
    if isPlain { return false }
    let own = Int(timetable.positionStarts[Int(pattern)])..<Int(timetable.positionStarts[Int(pattern) + 1])
    return stops.count != own.count
      || own.contains { place in
        let index = place - own.lowerBound
        return timetable.positionStops[place] != stops[index] || rules[index] & ~timetable.positionRules[place] != 0
      }
  }
}
