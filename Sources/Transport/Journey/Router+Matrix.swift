package import Kernel

extension Router {
  /// How long it takes from each of some places to each of others, leaving all at one moment, in seconds.
  ///
  /// One search for each beginning. Waiting for the first vehicle counts, and so does a walk all the way.
  ///
  /// - Parameters:
  ///   - from: places as for ``RouteRequest``.
  ///   - to: the same.
  ///   - moment: when all leave.
  ///   - walkMetresMax: metres on foot at most to the first stop, and from the last.
  /// - Returns: by beginning, then end; nil where there is no way within the slice.
  /// - Throws: `RouteError` for places and days that are not in the data.
  /// - Complexity: a search of all stops for each beginning, 0.1 to 2 ms.
  package func matrix(
    from: [String], to: [String], at moment: Instant, walkMetresMax: Int = 1000
  ) throws(RouteError) -> [[Int?]] {
    let names = try openNames()
    let slice = try slice(at: moment, changeSeconds: 0, isReversed: false)
    let finder = finder(names, walkMetresMax)
    let reversed = slice.footpaths.reversed
    var (starts, ends): ([JourneyEnd], [JourneyEnd]) = ([], [])
    for text in from { starts.append(try finder.end(text, slice.footpaths)) }
    for text in to { ends.append(try finder.end(text, reversed)) }
    let search = RoundSearch(slice, bounds: nil)
    let departure = slice.second(moment) ?? 0
    return starts.map { start in
      let rides = search.rideArrivals(StopQuery(sources: start.access, targets: [], departure: departure))
      return ends.map { end in
        var best = directWalk(start, end).map { departure + $0.seconds } ?? .max
        for access in end.access where rides[Int(access.stop)] < .max {
          best = min(best, rides[Int(access.stop)] + access.seconds)
        }
        return best < .max ? Int(best - departure) : nil
      }
    }
  }
}
