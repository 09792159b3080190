import Kernel
import Testing
import TransportOracle

@testable import Transport

/// A feed of a test, imported, with messages laid over it.
final class RealtimeWorld {
  let home = TemporaryFolder()
  let transit: Transit

  init(_ text: FeedText) throws {
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
    extendLifetime(text)
    transit = try Transit(home: home.path)
  }

  func overlay(_ fill: (inout RealtimeText) -> Void, timestamp: String? = nil) throws -> RealtimeOverlay {
    var text = RealtimeText(timestamp: try timestamp.map { try Instant($0).secondsSinceEpoch })
    fill(&text)
    return try RealtimeOverlay([RealtimeSource(try RealtimeFeed(text.bytes, name: "rt"))], transit)
  }

  func router(_ fill: (inout RealtimeText) -> Void) throws -> Router {
    Router(transit, overlay: try overlay(fill))
  }

  /// What could not be used: `kind reason value`.
  func mismatches(timestamp: String? = nil, _ fill: (inout RealtimeText) -> Void) throws -> [String] {
    try overlay(fill, timestamp: timestamp).report.mismatches.map {
      "\($0.kind.rawValue) \($0.reason.rawValue) \($0.value)"
    }
  }
}

/// Trips along one street, twice an hour apart, and a slow line beside it; on weekdays of June 2026.
///
///     A ──── B ──── C ──── D      line 1: T 08:00 08:10 08:20 08:30, U an hour later
///     A ──────────── C            line 2: V 08:05 to 08:40
///     C ──── E                    line 3: X 08:25 to 08:40, Y 08:55 to 09:10
func streetFeed() -> FeedText {
  FeedText([
    "stops.txt": """
    stop_id,stop_name,stop_lat,stop_lon
    A,Alpha,52.50,13.40
    B,Beta,52.60,13.40
    C,Gamma,52.70,13.40
    D,Delta,52.80,13.40
    E,Epsilon,52.70,13.60

    """,
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,X,1,3\nS,X,2,0\nQ,X,3,3\n",
    "trips.txt":
      "route_id,service_id,trip_id,direction_id\nR,W,T,0\nR,W,U,0\nS,W,V,0\nQ,W,X,0\nQ,W,Y,0\n",
    "stop_times.txt": """
    trip_id,arrival_time,departure_time,stop_id,stop_sequence
    T,08:00:00,08:00:00,A,1
    T,08:10:00,08:10:00,B,2
    T,08:20:00,08:20:00,C,3
    T,08:30:00,08:30:00,D,4
    U,09:00:00,09:00:00,A,1
    U,09:10:00,09:10:00,B,2
    U,09:20:00,09:20:00,C,3
    U,09:30:00,09:30:00,D,4
    V,08:05:00,08:05:00,A,1
    V,08:40:00,08:40:00,C,2
    X,08:25:00,08:25:00,C,1
    X,08:40:00,08:40:00,E,2
    Y,08:55:00,08:55:00,C,1
    Y,09:10:00,09:10:00,E,2

    """,
  ])
}

extension Router {
  /// Departure, arrival and trips of each journey: `08:00 08:30 T`, by the clock of Berlin in summer.
  func told(_ request: RouteRequest) throws -> [String] { try route(request).journeys.map(\.told) }

  func told(from: String, to: String, at time: String) throws -> [String] {
    try told(
      RouteRequest(
        from: "stop:f:\(from)", to: "stop:f:\(to)", time: .departAt(try Instant("2026-06-01T\(time):00+02:00"))))
  }
}

extension Journey {
  var told: String {
    func clock(_ moment: Instant) -> String {
      let second = Int(moment.secondsSinceEpoch + 7200) % 86_400
      return String(RandomFeed.clock(second).dropLast(3))
    }
    let trips = legs.map { $0.ride.map { String($0.trip.dropFirst(2)) } ?? "walk" }
    return "\(clock(departure)) \(clock(arrival)) \(trips.joined(separator: " "))"
  }
}
