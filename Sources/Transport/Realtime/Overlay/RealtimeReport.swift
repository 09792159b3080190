/// What of a message could be used, and what not and why.
package struct RealtimeReport: Sendable {
  /// Why something was not used.
  package enum Reason: String, CaseIterable, Sendable {
    case unknownTrip = "unknown_trip"
    case unknownRoute = "unknown_route"
    case unknownStop = "unknown_stop"
    case unknownAgency = "unknown_agency"
    case noTrip = "no_trip"
    case ambiguousTrip = "ambiguous_trip"
    case notRunning = "not_running"
    case noStartTime = "no_start_time"
    case noDate = "no_date"
    case badDate = "bad_date"
    case noTimes = "no_times"
    case implausibleTime = "implausible_time"
    case unknownRelationship = "unknown_relationship"
    case differential = "differential"

    /// What it means, and what to do about it.
    package var text: String {
      switch self {
      case .unknownTrip: "the feed has no such trip: it may be older or newer than the real-time data"
      case .unknownRoute: "the feed has no such route, or none of its trips runs"
      case .unknownStop: "the feed has no such stop, or the trip does not call there"
      case .unknownAgency: "the feed has no such agency"
      case .noTrip: "neither a trip nor a route with a start time is named"
      case .ambiguousTrip: "several trips fit: name the feed with --realtime FEED=FILE, or the trip by its id"
      case .notRunning: "the trip does not run on that day"
      case .noStartTime: "the trip is repeated, and no start_time says which run is meant"
      case .noDate: "neither a start_date nor a time says which day is meant"
      case .badDate: "the start_date is no day like 20260601, or the start_time no time"
      case .noTimes: "it lacks the times that it would need"
      case .implausibleTime: "a time differs from the timetable by more than a day"
      case .unknownRelationship: "its schedule_relationship is not known"
      case .differential: "it tells only changes, which nobody defines: it is taken for the whole"
      }
    }
  }

  package enum Kind: String, CaseIterable, Sendable {
    case tripUpdate = "trip_update"
    case vehicle
    case alert
    case call = "stop_time_update"
    case message
  }

  /// Something that was not used.
  package struct Mismatch: Sendable {
    package let kind: Kind
    package let reason: Reason
    /// The entity's id in the message.
    package let entity: String
    /// What is named there.
    package let value: String
  }

  /// Examples that are kept of each kind and reason; all are counted.
  private static let examplesMax = 20

  /// By kind: how many there are, and how many could be used.
  package private(set) var counts: [Kind: (all: Int, matched: Int)] = [:]
  package private(set) var mismatches: [Mismatch] = []
  package private(set) var mismatchCounts: [(kind: Kind, reason: Reason, count: Int)] = []
  /// Trips by what has become of them.
  package internal(set) var updated = 0
  package internal(set) var cancelled = 0
  package internal(set) var added = 0

  mutating func count(_ kind: Kind, isMatched: Bool) {
    let known = counts[kind] ?? (0, 0)
    counts[kind] = (known.all + 1, known.matched + (isMatched ? 1 : 0))
  }

  mutating func add(_ mismatch: Mismatch) {
    let place = mismatchCounts.firstIndex { $0.kind == mismatch.kind && $0.reason == mismatch.reason }
    if let place {
      mismatchCounts[place].count += 1
      if mismatchCounts[place].count > Self.examplesMax { return }
    } else {
      mismatchCounts.append((mismatch.kind, mismatch.reason, 1))
    }
    mismatches.append(mismatch)
  }
}
