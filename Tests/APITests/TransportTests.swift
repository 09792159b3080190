import HTTP
import JSON
import Testing

@testable import API

/// Journeys, lines and stops over the tiny world.
@Suite("Transport over HTTP", .serialized)
struct TransportTests {
  private static let json: HTTPFields = ["Content-Type": "application/json"]
  private static let from = "stop:tiny:nord"
  private static let museum = "52.3590,4.8830"

  private func names(_ node: JSONNode?, _ name: String) throws -> [String] {
    try #require(try node?.array).compactMap { try $0.find("/\(name)")?.string }
  }

  @Test("journeys are what the command tells: leaving at, arriving by, within a window", arguments: ["", "/v1"])
  func options(_ version: String) async throws {
    try await TinyWorld.run(worker: false) { app in
      let path = "\(version)/transport/options?from=\(Self.from)&to=\(Self.museum)"
      let answer = try await app.send(.get, "\(path)&at=2026-06-05T06:30")
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try answer.string("/journeys/0/departure") == "2026-06-05T07:00:00+02:00")
      #expect(try answer.string("/journeys/0/legs/0/route") == "tiny:rail")
      #expect(try JSONDocument(bytes: answer.body).root.find("/stats/searchMicroseconds") != nil)
      let back = try await app.send(.get, "\(path)&arrive_by=2026-06-05T20:00%2B02:00")
      #expect(try back.string("/journeys/0/departure") == "2026-06-05T15:00:00+02:00")
      let driven = try await app.send(.get, "\(path)&at=2026-06-05T06:30&direct=car,taxi")
      let modes = try #require(try JSONDocument(bytes: driven.body).root.find("/journeys")?.array).map {
        try $0.find("/legs/0/mode")?.string
      }
      #expect(modes.contains("car"), "\(driven.text)")
      let window = try await app.send(.get, "\(path)&at=2026-06-05T06:00&window=12h&explain=true")
      let journeys = try #require(try JSONDocument(bytes: window.body).root.find("/journeys")?.array)
      #expect(journeys.count == 2)
      #expect(try window.string("/journeys/0/explanation/text") != nil)
    }
  }

  /// What is asked, and what is said against it.
  private static let bad: [(query: String, status: Int, pointer: String, hint: String)] = [
    ("to=\(museum)", 400, "from", "lat,lon"), ("from=nowhere&to=\(museum)&at=2026-06-05T06:30", 400, "from", "place"),
    ("from=\(from)&to=place:Damm&at=2026-06-05T06:30", 400, "to", "Dam"),
    ("from=\(from)&to=0,0&at=2026-06-05T06:30", 400, "to", "max_walk"),
    ("from=\(from)&to=\(museum)&at=soon", 400, "at", "2026-06-01T08:00"),
    ("from=\(from)&to=\(museum)&at=2040-06-05T06:30", 400, "at", "2027-12-31"),
    ("from=\(from)&to=\(museum)&at=2026-06-05T06:30&arrive_by=2026-06-05T06:30", 400, "arrive_by", "alone"),
    ("from=\(from)&to=\(museum)&at=2026-06-05T06:30&window=3d", 400, "window", "90m"),
    ("from=\(from)&to=\(museum)&modes=rails", 400, "modes", "did you mean rail?"),
    ("from=\(from)&to=\(museum)&criteria=beauty", 400, "criteria", "arrival"),
    ("from=\(from)&to=\(museum)&access=walk,horse", 400, "access", "walk,bike,car,taxi"),
    ("from=\(from)&to=\(museum)&max_walk=-1", 400, "max_walk", "between 0"),
    ("from=\(from)&to=\(museum)&departure=8", 400, "departure", "unknown"),
  ]

  @Test("bad questions are refused with the parameter and the mend")
  func refuses() async throws {
    try await TinyWorld.run(worker: false) { app in
      for (query, status, pointer, hint) in Self.bad {
        let answer = try await app.send(.get, "/transport/options?\(query)")
        #expect(answer.status == status, "\(query): \(answer.text)")
        #expect(try answer.string("/errors/0/pointer") == pointer, "\(query): \(answer.text)")
        #expect(answer.text.contains(hint), "\(query): \(answer.text)")
      }
    }
  }

  @Test("several legs follow one another, each at its time or after the stay")
  func multiLeg() async throws {
    try await TinyWorld.run(worker: false) { app in
      let body = """
        {"legs":[{"from":"\(Self.from)","to":"stop:tiny:ams","at":"2026-06-05T06:00"},
          {"to":"stop:tiny:museum","stayMinutes":60},
          {"to":"stop:tiny:nord","at":"2026-06-07T09:00"}]}
        """
      let answer = try await app.send(.post, "/transport/multi-leg", Self.json, body: body)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try answer.string("/legs/0/journeys/0/arrival") == "2026-06-05T10:00:00+02:00")
      #expect(try answer.string("/legs/1/from") == "Amsterdam Centraal")
      #expect(try answer.string("/legs/1/journeys/0/departure") == "2026-06-05T11:00:00+02:00")
      #expect(try answer.string("/legs/2/journeys/0/arrival")?.hasPrefix("2026-06-07T") == true)
      for (sent, pointer) in [
        (#"{"legs":[]}"#, "/legs"), (#"{"legs":[{"to":"0,0"}]}"#, "/legs/0/from"),
        (#"{"legs":[{"from":"a","to":"b","at":"noon"}]}"#, "/legs/0/at"),
        (#"{"legs":[{"from":"nowhere","to":"stop:tiny:ams","at":"2026-06-05T06:00"}]}"#, "/legs/0/from"),
        (#"{"legs":[{"from":"stop:tiny:ams","to":"stop:tiny:dm","at":"2026-06-05T06:00"}]}"#, "/legs/0/to"),
        (#"{"legs":[{"from":"a","to":"b"}],"modes":["rale"]}"#, "/modes"),
      ] {
        let refused = try await app.send(.post, "/v1/transport/multi-leg", Self.json, body: sent)
        #expect(refused.status == 422, "\(sent): \(refused.text)")
        #expect(try refused.string("/errors/0/pointer") == pointer, "\(sent): \(refused.text)")
      }
    }
  }

  @Test("a line tells its stops in both directions; one that is not there is 404")
  func line() async throws {
    try await TinyWorld.run(worker: false) { app in
      let answer = try await app.send(.get, "/transport/route/tiny:m1")
      #expect(answer.status == 200, "\(answer.text)")
      let root = try JSONDocument(bytes: answer.body).root
      #expect(try names(root.find("/directions/0/stops"), "name") == ["Amsterdam Centraal", "Dam", "Museumplein"])
      #expect(try names(root.find("/directions/1/stops"), "stop") == ["tiny:museum", "tiny:dam", "tiny:ams"])
      #expect(try answer.string("/directions/0/firstDeparture") == "06:00")
      #expect(try answer.string("/line") == "M1")
      for id in ["tiny:m2", "m1", "other:m1"] {
        let status = try await app.status(.get, "/v1/transport/route/\(id)")
        #expect(status == 404)
      }
    }
  }

  @Test("around a point are its stops, the nearest first, with their lines")
  func nearby() async throws {
    try await TinyWorld.run(worker: false) { app in
      let answer = try await app.send(.get, "/transport/local-transit?lat=52.3731&lon=4.8914&radius=1500")
      #expect(answer.status == 200, "\(answer.text)")
      let root = try JSONDocument(bytes: answer.body).root
      #expect(try names(root.find("/stops"), "name") == ["Dam", "Amsterdam Centraal"])
      #expect(try names(root.find("/stops/0/lines"), "headsign") == ["Centraal", "Museumplein"])
      #expect(try names(root.find("/stops/1/lines"), "line") == ["M1", "IC 1"])
      let cut = try await app.send(.get, "/transport/local-transit?lat=52.3731&lon=4.8914&radius=1500&limit=1")
      #expect(try JSONDocument(bytes: cut.body).root.find("/more")?.bool == true)
      let half = try await app.send(.get, "/v1/transport/local-transit?lat=52")
      #expect(half.status == 400 && half.text.contains("'lon'"))
    }
  }

  @Test("a server without timetables says so")
  func withoutTimetables() async throws {
    try await ApplicationFixture.run(.inProcess) { app in
      let answer = try await app.send(.get, "/transport/options?from=0,0&to=1,1")
      #expect(answer.status == 503)
      #expect(try answer.string("/type") == "/problems/no-timetables")
    }
  }
}
