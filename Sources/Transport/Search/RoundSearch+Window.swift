/// A journey that leaves at some moment of a window.
package struct WindowJourney: Hashable, Sendable {
  package let departure: Int32
  package let journey: FoundJourney
}

extension RoundSearch {
  /// All journeys that leave within a window of which none is better than another that leaves no earlier.
  ///
  /// The latest departure is searched first. What is found for it makes the search of those before it small: most of
  /// them lead to nothing that is earlier, or to the same vehicles.
  ///
  /// - Parameters:
  ///   - query: its departure is not looked at.
  ///   - window: the seconds at which one may leave.
  ///   - directWalk: seconds of walking all the way; what is no better is left out.
  /// - Returns: the journeys, those that leave last first.
  package func journeys(
    _ query: StopQuery, leaving window: ClosedRange<Int32>, directWalk: Int32?
  ) -> [WindowJourney] {
    var next = query
    var (result, best): ([WindowJourney], [FoundJourney]) = ([], [])
    var work = SearchWork()
    for departure in slice.departures(from: query.sources, within: window).reversed() {
      next.departure = departure
      next.before = min(query.before, directWalk.map { departure + $0 } ?? .max)
      for found in journeys(next, betterThan: best) {
        best.removeAll { $0.boardings >= found.boardings && $0.arrival >= found.arrival }
        best.append(found)
        result.append(WindowJourney(departure: departure, journey: found))
      }
      work.add(self.work)
    }
    self.work = work
    return result
  }
}
