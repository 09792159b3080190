package import Kernel

/// A way from here to there: walks and rides, one after the other.
package struct Journey: Sendable {
  package let legs: [Leg]
  /// What it costs; nil where nobody asked.
  package internal(set) var price: JourneyPrice?
  /// Grams of CO2 as a search reckons them: from stop to stop as the crow flies.
  var emitted: Int?
  /// It uses only what is preferred.
  package internal(set) var isPreferred = false

  /// When one must be at the beginning: of a flight, before its check-in ends.
  package var departure: Instant { legs.first.map(\.start) ?? .first }
  /// When one can go on from the end.
  package var arrival: Instant { legs.last.map(\.end) ?? .first }
  package var durationSeconds: Int { Int(departure.seconds(until: arrival)) }
  /// Vehicles boarded; staying seated between two trips is not boarding.
  package var boardings: Int { legs.filter { $0.ride.map { !$0.isSeated } ?? false }.count }
  package var transfers: Int { max(0, boardings - 1) }
  package var walkSeconds: Int { walks.reduce(0) { $0 + Int($1.departure.seconds(until: $1.arrival)) } }
  package var walkMetres: Int { walks.reduce(0) { $0 + $1.metres } }

  init(legs: [Leg]) { self.legs = legs }

  private var walks: [Leg] { legs.filter { $0.ride == nil && $0.way == .walk } }
}

/// A part of a journey without a change.
package struct Leg: Sendable {
  package let from: LegEnd
  package let to: LegEnd
  package let departure: Instant
  package let arrival: Instant
  /// About how far; of walks with their detours.
  package let metres: Int
  /// Nil where one goes by a way without a timetable.
  package let ride: Ride?
  /// How one goes where nothing is ridden.
  package internal(set) var way = OwnWay.walk
  /// The way it takes, from end to end.
  package let path: [Coordinate]
  /// What the operators tell its riders.
  package internal(set) var alerts: [LegAlert] = []

  /// By what: `walk`, `taxi`, `bus` and so on.
  package var mode: String { ride?.mode ?? way.rawValue }

  /// When one must be there to board, and when one is out.
  package var start: Instant { departure.adding(seconds: -Int64(ride?.checkInSeconds ?? 0)) }
  package var end: Instant { arrival.adding(seconds: Int64(ride?.exitSeconds ?? 0)) }

  /// What carries riders along.
  package struct Ride: Sendable {
    package let mode: String
    /// `FEED:ID`.
    package let trip: String
    package let route: String
    package let line: String?
    package let headsign: String?
    package let agency: String
    /// Stops until riders leave, that one included.
    package let stops: Int
    /// Riders stay on the vehicle of the leg before.
    package let isSeated: Bool
    /// The trip runs every so often, not by a timetable: its times are approximate.
    package let isApproximate: Bool
    /// How long before the departure one must be there, and after the arrival one is out; nought for most modes.
    package internal(set) var checkInSeconds = 0
    package internal(set) var exitSeconds = 0
    /// What is known of it just now; nil if nothing is.
    package internal(set) var live: LiveRide?
  }
}

/// Where a leg begins or ends.
package struct LegEnd: Sendable {
  /// `FEED:ID`; nil for a place that is no stop.
  package let stop: String?
  package let name: String
  package let platform: String?
  package let point: Coordinate
  /// Whose clocks its times are told in.
  package let zone: ZoneRules
  /// What the feed says that travellers know it by, such as an airport's three letters; nil where it says nothing.
  package let code: String?
}

extension [Coordinate] {
  /// As Google's polyline algorithm writes it, with five digits.
  package var polyline: String {
    var bytes: [UInt8] = []
    func put(_ value: Int) {
      var rest = value < 0 ? ~(value << 1) : value << 1
      while rest >= 0x20 {
        bytes.append(UInt8(0x20 | rest & 0x1F) + 63)
        rest >>= 5
      }
      bytes.append(UInt8(rest) + 63)
    }
    var (latitude, longitude) = (0, 0)
    for point in self {
      let (north, east) = (Int((point.latitude * 1e5).rounded()), Int((point.longitude * 1e5).rounded()))
      put(north - latitude)
      put(east - longitude)
      (latitude, longitude) = (north, east)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
