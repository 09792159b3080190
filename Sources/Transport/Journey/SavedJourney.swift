package import Kernel

/// A journey as somebody has kept it: what was found some time ago and is being travelled, or will be.
package struct SavedJourney: Sendable {
  package struct Leg: Sendable {
    /// As a place is asked for: `stop:FEED:ID` or `lat,lon`.
    package let from: String
    package let to: String
    package let departure: Instant
    package let arrival: Instant
    /// `FEED:ID`; nil for a walk.
    package let trip: String?
    package let isSeated: Bool

    /// Departure and arrival as they were planned, not as they were expected.
    package init(
      from: String, to: String, departure: Instant, arrival: Instant, trip: String?, isSeated: Bool
    ) {
      (self.from, self.to, self.departure, self.arrival) = (from, to, departure, arrival)
      (self.trip, self.isSeated) = (trip, isSeated)
    }
  }

  package let legs: [Leg]

  package init(legs: [Leg]) {
    self.legs = legs
  }
}

/// Why a saved journey cannot be travelled as it was planned.
package struct Disruption: Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The trip does not run.
    case cancelled
    /// It runs elsewhere instead.
    case replaced
    /// The timetable has no such trip any more, or it does not call there.
    case notInTimetable
    /// It does not stop where one would board or alight.
    case stopSkipped(String)
    /// It leaves so many seconds before one can be there.
    case missed(Int)
  }

  /// Among those of the journey, from 0.
  package let leg: Int
  package let trip: String
  package let reason: Reason

  package var code: String {
    switch reason {
    case .cancelled: "cancelled"
    case .replaced: "replaced"
    case .notInTimetable: "not_in_timetable"
    case .stopSkipped: "stop_skipped"
    case .missed: "connection_missed"
    }
  }

  /// What has happened, in words.
  package var description: String {
    switch reason {
    case .cancelled: "the trip \(trip) is cancelled"
    case .replaced: "the trip \(trip) runs another way"
    case .notInTimetable: "the timetable has no trip \(trip) any more that runs so"
    case .stopSkipped(let stop): "the trip \(trip) does not stop at \(stop)"
    case .missed(let seconds):
      "the trip \(trip) leaves \((seconds + 59) / 60) min before one can be there"
    }
  }
}

/// What has become of a saved journey.
package struct ReplanAnswer: Sendable {
  package enum Status: String, Sendable {
    /// It can be travelled as planned, perhaps later.
    case intact
    /// It cannot: the journeys are what to do instead.
    case disrupted
    /// Its end has come.
    case over
  }

  package let status: Status
  package let disruptions: [Disruption]
  /// When the saved journey arrives, if it can be travelled.
  package let expectedArrival: Instant?
  /// Where the traveller is, in words.
  package let position: String
  package let journeys: [Journey]
  package let work: SearchWork
}
