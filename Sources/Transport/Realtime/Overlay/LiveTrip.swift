import Kernel

/// A run of a service day.
struct RunDay: Hashable, Sendable {
  let run: Int32
  let day: Int32

  init(_ run: Int32, _ date: LocalDate) {
    (self.run, day) = (run, date.daysSinceEpoch)
  }
}

/// A trip as it runs in fact: a run of the timetable with other times or stops, or one more.
struct LiveTrip: Sendable {
  enum Kind: String, Sendable {
    /// Times, platforms or left out stops of a trip of the timetable.
    case updated
    /// Runs though the timetable has no such trip.
    case added
    /// Runs in place of a trip, elsewhere.
    case replacement
    /// Runs once more at another time.
    case duplicated
  }

  let kind: Kind
  /// The run it is, or one of the same route: mode and rules, and what riders see, are its.
  let run: Int32
  let date: LocalDate
  let pattern: Int32
  /// `FEED:ID` where it is not the run's, and what it shows.
  let id: String?
  let headsign: String?
  let stops: [Int32]
  /// 1 riders may board, 2 may alight.
  let rules: [UInt8]
  /// Seconds since 1970, by position.
  let arrivals, departures: [Int64]
  /// The same as the timetable has them; empty where it has no such trip.
  let plannedArrivals, plannedDepartures: [Int64]
  /// It calls where its pattern calls, under the same rules.
  let isPlain: Bool

  /// Whether it is a run of the timetable, whose riders may stay seated.
  var isRun: Bool { kind == .updated }
}
