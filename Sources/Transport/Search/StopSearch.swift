/// What is asked of a search, in seconds of its slice.
package struct StopQuery: Sendable {
  package var sources: [StopAccess]
  /// Empty to search for all stops.
  package var targets: [StopAccess]
  package var departure: Int32
  /// Arrivals at this second or later are of no interest: that of walking all the way, or what is too long.
  package var before: Int32
  /// Vehicles boarded at most.
  package var ridesMax = 24
  /// By mode, as the timetable counts modes: 1 it may be used.
  package var modes: UInt32 = .max
  package var needsWheelchair = false
  package var needsBikes = false

  package init(sources: [StopAccess], targets: [StopAccess], departure: Int32, before: Int32 = DaySlice.horizon + 1) {
    (self.sources, self.targets, self.departure, self.before) = (sources, targets, departure, before)
  }

  /// Whether one may come to a first stop other than on foot.
  ///
  /// So far away rides can end as well, and who has come there by bicycle is no reason to leave out who has come by bus
  /// and is nearly there, or walks on.
  var hasOwnWays: Bool { sources.contains { $0.way != .walk } }

  var isFiltered: Bool { modes != .max || needsWheelchair || needsBikes }
}

/// One of the best journeys: none arrives as early with as few rides.
package struct FoundJourney: Hashable, Sendable {
  /// A ride of it, in the direction of the search.
  package struct Ride: Hashable, Sendable {
    package let trip: Int32
    /// Positions among those of all patterns of the slice.
    package let boarded: Int32
    package let left: Int32
    /// Riders stay seated from the ride before.
    package let isSeated: Bool
  }

  package let arrival: Int32
  /// Vehicles boarded; those in which riders stay seated count once.
  package let boardings: Int
  package let rides: [Ride]

  package init(arrival: Int32, boardings: Int, rides: [Ride]) {
    (self.arrival, self.boardings, self.rides) = (arrival, boardings, rides)
  }
}

/// How much work a search was.
package struct SearchWork: Hashable, Sendable {
  package var rounds = 0
  /// Stretches of trips that were ridden.
  package var segments = 0
  /// Stops that were reached earlier than before.
  package var labels = 0

  package init(rounds: Int = 0, segments: Int = 0, labels: Int = 0) {
    (self.rounds, self.segments, self.labels) = (rounds, segments, labels)
  }
}

extension SearchWork {
  /// Adds the work of another search.
  package mutating func add(_ other: SearchWork) {
    rounds += other.rounds
    segments += other.segments
    labels += other.labels
  }
}

/// How much worse than the fastest journey one may be to be worth telling.
package struct SearchSlack: Hashable, Sendable {
  /// Later arrivals: by so many seconds, or by this share of the fastest duration, whichever is more.
  package var seconds: Int32 = 3600
  package var share = 0.25
  /// More rides than the fastest journey has.
  package var rides = 2

  package init() {}

  /// The query for what lies within the slack of the fastest journeys; nil if there are none.
  package func restricted(_ query: StopQuery, to fastest: [FoundJourney]) -> StopQuery? {
    guard let best = fastest.last else { return nil }
    var result = query
    let later = max(seconds, Int32(Double(best.arrival - query.departure) * share))
    result.before = min(query.before, best.arrival + later + 1)
    result.ridesMax = min(query.ridesMax, best.boardings + rides)
    return result
  }
}

extension DaySlice {
  /// Whether what runs on a pattern may be used.
  func isAllowed(_ pattern: Int, _ query: StopQuery) -> Bool {
    let source = Int(sourcePatterns[pattern])
    let (wheelchair, bikes) = (timetable.patternAccess[source] % 3, timetable.patternAccess[source] / 3)
    return query.modes >> UInt32(timetable.patternModes[source]) & 1 == 1
      && (!query.needsWheelchair || wheelchair == 1) && (!query.needsBikes || bikes == 1)
  }
}
