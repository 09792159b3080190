import Kernel
import Testing

@testable import Transport

@Suite("Flights")
struct FlightTests {
  /// A bus to the airport, two flights, and a train from where they land; Hub and Port are airports.
  ///
  ///     A ──bus── Hub ══flight══ Port ──rail── B
  ///       07:00 07:30  F 08:20 to 09:20; G 10:20 to 11:20;  rail 09:30, 09:50 and 12:00, 20 minutes each
  private static var text: FeedText {
    FeedText([
      "stops.txt": """
      stop_id,stop_name,stop_lat,stop_lon
      A,Alpha,50.0,10.0
      H,Hub,50.2,10.0
      P,Port,52.0,10.0
      B,Beta,52.2,10.0

      """,
      "routes.txt": "route_id,agency_id,route_short_name,route_type\nB,X,7,3\nF,X,LX1,1100\nR,X,RE,2\n",
      "trips.txt": "route_id,service_id,trip_id\nB,W,BUS\nF,W,F\nF,W,G\nR,W,R1\nR,W,R2\nR,W,R3\n",
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence
      BUS,07:00:00,07:00:00,A,1
      BUS,07:30:00,07:30:00,H,2
      F,08:20:00,08:20:00,H,1
      F,09:20:00,09:20:00,P,2
      G,10:20:00,10:20:00,H,1
      G,11:20:00,11:20:00,P,2
      R1,09:30:00,09:30:00,P,1
      R1,09:50:00,09:50:00,B,2
      R2,09:50:00,09:50:00,P,1
      R2,10:10:00,10:10:00,B,2
      R3,12:00:00,12:00:00,P,1
      R3,12:20:00,12:20:00,B,2

      """,
    ])
  }

  private func journeys(_ from: String, _ to: String, _ time: RouteRequest.Time) throws -> [Journey] {
    let world = try RealtimeWorld(Self.text)
    return try Router(world.transit).route(RouteRequest(from: "stop:f:\(from)", to: "stop:f:\(to)", time: time))
      .journeys
  }

  private func at(_ clock: String) throws -> Instant { try Instant("2026-06-01T\(clock):00+02:00") }

  @Test("an hour before it leaves one must be there, half an hour after it has landed one is out")
  func times() throws {
    // The bus is at Hub at 7:30, ten minutes too late for F; from 11:20 one is out at 11:50, in time for 12:00.
    let found = try journeys("A", "B", .departAt(try at("06:50")))
    #expect(found.map(\.told) == ["07:00 12:20 BUS G R3"])
    let flight = try #require(found.first?.legs[1])
    #expect(try [flight.departure, flight.arrival] == [at("10:20"), at("11:20")])
    #expect(try [flight.start, flight.end] == [at("09:20"), at("11:50")])
    // Who is at Hub at 7:20 catches F, and is out at 9:50, in time for the second train.
    #expect(try journeys("H", "B", .departAt(try at("07:20"))).map(\.told) == ["07:20 10:10 F R2"])
    #expect(try journeys("H", "B", .departAt(try at("07:21"))).map(\.told) == ["09:20 12:20 G R3"])
  }

  @Test("backwards it is the same")
  func mirror() throws {
    #expect(try journeys("A", "B", .arriveBy(try at("13:00"))).map(\.told) == ["07:00 12:20 BUS G R3"])
    #expect(try journeys("H", "B", .arriveBy(try at("10:10"))).map(\.told) == ["07:20 10:10 F R2"])
    #expect(try journeys("H", "B", .arriveBy(try at("10:09"))).isEmpty)
    #expect(try journeys("H", "P", .arriveBy(try at("11:50"))).map(\.told) == ["09:20 11:50 G"])
  }
}
