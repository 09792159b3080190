/// The front of journeys by arrival, rides and further criteria, over one slice, for one thread.
///
/// Walking alone is searched by ``WalkSearch``, all else by ``LabelSearch``.
package final class CriteriaSearch {
  private enum Engine {
    case walk(WalkSearch)
    case labels(LabelSearch)
  }

  package let criteria: RouteCriteria
  private let engine: Engine

  /// - Parameters:
  ///   - slice: what runs.
  ///   - criteria: what journeys are compared by besides arrival and rides.
  ///   - bounds: lower bounds of travel times; nil to do without.
  ///   - mirror: the same day seen backwards, for bounding queries that have an end; nil to do without.
  ///   - fares: for prices; without it nothing has a price.
  package init(
    _ slice: DaySlice, _ criteria: RouteCriteria, bounds: TravelBounds?, mirror: SliceMirror? = nil,
    fares: FareModel? = nil
  ) {
    self.criteria = criteria
    engine =
      criteria == .walk
      ? .walk(WalkSearch(slice, bounds: bounds, mirror: mirror))
      : .labels(LabelSearch(slice, criteria, bounds: bounds, mirror: mirror, fares: fares))
  }

  /// How much work the last search was.
  package var work: SearchWork {
    switch engine {
    case .walk(let search): search.work
    case .labels(let search): search.work
    }
  }

  /// The whole set, the fewest rides first, then by arrival.
  ///
  /// - Parameters:
  ///   - query: sources and targets count as walked to and from.
  ///   - directWalk: seconds of walking all the way; what is no better is left out.
  ///   - known: journeys of the same query, which need not be among the best: what is worse is left out sooner.
  /// - Returns: the journeys with all that they were compared by.
  package func journeys(
    _ query: StopQuery, directWalk: Int32? = nil, known: [FoundJourney] = []
  ) -> [WeighedJourney] {
    switch engine {
    case .walk(let search): search.journeys(query, directWalk: directWalk, known: known)
    case .labels(let search): search.journeys(query, directWalk: directWalk)
    }
  }
}
