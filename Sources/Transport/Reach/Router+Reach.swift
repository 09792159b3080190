package import Kernel

/// A stop, and how long it takes to be there.
package struct ReachedStop: Sendable {
  package let stop: LegEnd
  package let seconds: Int
}

/// Everything that can be reached from a place within some time.
package struct ReachAnswer: Sendable {
  package let from: Coordinate
  /// In the order of arrival.
  package let stops: [ReachedStop]

  /// The areas that can be reached within some times, the largest first.
  ///
  /// - Parameters:
  ///   - bands: seconds.
  ///   - walkMetresMax: metres on foot at most from the beginning and from each stop.
  /// - Returns: an area for each band.
  package func areas(within bands: [Int], walkMetresMax: Int) -> [ReachArea] {
    guard let discs = ReachDiscs() else { return [] }
    let places =
      [(from, 0)]
      + stops.map { ($0.stop.point, $0.seconds) }
    return bands.sorted(by: >).map { band in
      let own = places.compactMap { place, seconds -> ReachDiscs.Disc? in
        guard seconds < band else { return nil }
        let walked = min(Double(walkMetresMax), Double(band - seconds) * FootpathList.metresPerSecond)
        return ReachDiscs.Disc(place: place, metres: walked / FootpathList.detour)
      }
      return ReachArea(seconds: band, polygons: discs.area(own))
    }
  }
}

extension Router {
  /// When each stop is reached from a place, in the order of arrival.
  ///
  /// - Parameters:
  ///   - text: the place, as for ``RouteRequest``.
  ///   - moment: when one leaves.
  ///   - seconds: how long one travels at most.
  ///   - walkMetresMax: metres on foot at most to the first stop.
  /// - Returns: the stops, and where one has begun.
  /// - Throws: `RouteError` for places and days that are not in the data.
  package func reach(
    from text: String, at moment: Instant, within seconds: Int, walkMetresMax: Int = 1000
  ) throws(RouteError) -> ReachAnswer {
    let names = try openNames()
    let slice = try slice(at: moment, changeSeconds: 0, isReversed: false)
    let start = slice.second(moment) ?? 0
    let end = try finder(names, walkMetresMax).end(text, slice.footpaths)
    var query = StopQuery(sources: end.access, targets: [], departure: start)
    query.before = min(DaySlice.horizon, start + Int32(min(seconds, Int(DaySlice.horizon)))) + 1
    let arrivals = RoundSearch(slice, bounds: nil).arrivals(query)
    let ends = LegEnds(transit.timetable, names)
    var reached: [ReachedStop] = []
    for (stop, arrival) in arrivals.enumerated() where arrival < query.before && served[stop] {
      let found = try read { () throws(GraphError) in try ends.end(Int32(stop)) }
      reached.append(ReachedStop(stop: found, seconds: Int(arrival - start)))
    }
    return ReachAnswer(
      from: end.point, stops: reached.sorted { ($0.seconds, $0.stop.stop ?? "") < ($1.seconds, $1.stop.stop ?? "") })
  }
}
