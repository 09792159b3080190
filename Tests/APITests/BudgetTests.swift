import Kernel
import Budget
import BudgetWire
import HTTP
import JSON
import Store
import TestSupport
import Testing

@testable import API

/// One body per fact, run against the routes in process and against a live server.
@Suite("Budget routes")
struct BudgetTests {
  private typealias Fixture = ApplicationFixture
  private static let json: HTTPFields = ["Content-Type": "application/json"]
  private static let trip = #""start":"2026-06-01","place":"Lisbon","nights":3,"party":2"#
  private static let scenarios = "/v1/budget/scenarios/trip-1"
  private static let defaults = "/v1/budget/categories/defaults"

  @Test("a trip is reckoned as the command reckons it", arguments: ApplicationFixture.Way.allCases)
  func computes(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      let text = "{\(Self.trip),\"budget\":\"2000\"}"
      let answer = try await app.send(.post, "/v1/budget/compute", Self.json, body: text)
      #expect(answer.status == 200, "\(answer.text)")
      let same = try BudgetAnswer(json: JSONDocument(text: text).root, BudgetGround()).jsonBytes()
      #expect(answer.body == same)
      #expect(answer.field("Cache-Control") == "no-store")
    }
  }

  @Test("the best choice under a cap is found, and what is impossible says what would help")
  func optimizes() async throws {
    try await Fixture.run(.live) { app in
      let lines = """
        "lines":[{"name":"hotel","category":"lodging","alternatives":[
          {"name":"A","cost":"100.00","value":1},{"name":"B","cost":"180.00","value":9}]}]
        """
      let best = try await app.send(
        .post, "/v1/budget/optimize", Self.json, body: "{\"caps\":{\"total\":\"150\"},\(lines)}")
      #expect(best.status == 200, "\(best.text)")
      #expect(try best.string("/best/choice/0/alternative") == "A")
      #expect(try best.string("/next/costMore") == "80.00")
      let none = try await app.send(
        .post, "/v1/budget/optimize", Self.json, body: "{\"caps\":{\"total\":\"90\"},\(lines)}")
      #expect(none.status == 200)
      #expect(try none.string("/relaxations/0/0/raiseBy") == "10.00")
    }
  }

  /// What is sent where, and what is answered.
  private static let bad: [(path: String, body: String, status: Int, pointer: String, hint: String)] = [
    ("compute", #"{"start":"2026-06-01","place":"Lisbn","nights":3}"#, 422, "/place", "Lisbon"),
    ("compute", "{\(trip),\"currency\":\"EUX\"}", 422, "/currency", "EUR"),
    ("compute", "{\(trip),\"budget\":1e9999999999}", 422, "/budget", "12.50"),
    ("compute", "{\(trip),\"style\":\"luxus\"}", 422, "/style", "luxury"),
    ("compute", "{\(trip),\"outlook\":{\"draws\":99999999}}", 422, "/outlook/draws", "1000000"),
    (
      "compute", "{\(trip),\"rules\":[{\"id\":\"a\",\"kind\":\"percent\",\"value\":1,\"onTopOf\":[\"a\"]}]}", 422,
      "/rules/0", "itself"
    ),
    ("compute", #"{"start":"2026-06-01","place":"Lisbon","nights":3,"party":-2}"#, 422, "/party", "between"),
    ("compute", "{\(trip),", 400, "", "line 1"),
    ("optimize", #"{"lines":[]}"#, 422, "/lines", "1"),
    (
      "optimize", #"{"lines":[{"name":"h","category":"lodging","alternatives":[{"name":"A","cost":"-1","value":1}]}]}"#,
      422, "/lines/0/alternatives/0/cost", "below zero"
    ),
    (
      "optimize",
      #"{"caps":{"perPerson":{"Zoe":"1"}},"people":["Zoé"],"lines":[{"name":"h","category":"food","alternatives":[{"name":"A","cost":"1","value":1}]}]}"#,
      422, "/caps/perPerson/Zoe", "Zoé"
    ),
  ]

  @Test("bad questions are refused with place and mend", arguments: ApplicationFixture.Way.allCases)
  func refuses(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      for (path, body, status, pointer, hint) in Self.bad {
        let answer = try await app.send(.post, "/v1/budget/\(path)", Self.json, body: body)
        #expect(answer.status == status, "\(body.prefix(80)): \(answer.text)")
        #expect(answer.field("Content-Type") == "application/problem+json")
        #expect(try answer.string("/errors/0/pointer")?.hasPrefix(pointer) == true, "\(answer.text)")
        #expect(try answer.string("/detail")?.contains(hint) == true, "\(answer.text)")
      }
      let short = try await app.status(.post, "/budget/compute", ["Content-Type": "text/csv"], body: "a")
      #expect(short == 415, "the address without a version is the same")
      let wrongType = try await app.status(.post, "/v1/budget/compute", ["Content-Type": "text/csv"], body: "a")
      #expect(wrongType == 415)
      let long = "{\(Self.trip),\"tripId\":\"\(String(repeating: "x", count: 1 << 20))\"}"
      if way == .live {
        #expect(try await app.status(.post, "/v1/budget/compute", Self.json, body: long) == 413)
      }
    }
  }

  @Test("a place's season profile is told by its own id, by its name, and day by day")
  func seasons() async throws {
    try await Fixture.run(.live) { app in
      let own = try await app.send(.get, "/v1/locations/fr/paris/season-profile?from=2026-12-24&days=2")
      #expect(own.status == 200, "\(own.text)")
      #expect(try own.string("/profiles/0/days/1/date") == "2026-12-25")
      #expect(try await app.send(.get, "/v1/locations/fr%2Fparis/season-profile").text.contains("\"fr/paris\""))
      #expect(try await app.send(.get, "/v1/locations/paris/season-profile").text.contains("\"fr/paris\""))
      let unknown = try await app.send(.get, "/v1/locations/pariss/season-profile")
      #expect(unknown.status == 404)
      #expect(try unknown.string("/detail")?.contains("Paris") == true, "\(unknown.text)")
      #expect(try await app.status(.get, "/v1/locations/paris/season-profile?from=2026-13-01") == 400)
      #expect(try await app.status(.get, "/v1/locations/paris/season-profile?days=3") == 400)
      #expect(try await app.status(.get, "/v1/locations/paris/season-profile?from=2026-01-01&days=401") == 400)
      #expect(try await app.status(.get, "/v1/locations/paris/season-profile?form=2026-01-01") == 400)
    }
  }

  @Test("an own default holds from the next question on, once, until it is removed")
  func ownDefaults() async throws {
    try await Fixture.run(.live) { app in
      func food() async throws -> String? {
        let answer = try await app.send(.get, "\(Self.defaults)?place=Lisbon&category=food&style=comfort")
        return try answer.string("/categories/0/defaults/0/what")
      }
      #expect(try await food() == "meals")
      let body =
        #"{"place":"Lisbon","category":"food","style":"comfort","what":"tavern","amount":"31","currency":"EUR"}"#
      #expect(try await app.status(.post, Self.defaults, Self.json, body: body) == 401)
      let added = try await app.send(.post, Self.defaults, Fixture.operatorFields(), body: body)
      #expect(added.status == 201, "\(added.text)")
      let location = try #require(added.field("Location"))
      #expect(try await food() == "tavern")
      let trip = try await app.send(.post, "/v1/budget/compute", Self.json, body: "{\(Self.trip)}")
      #expect(trip.text.contains("tavern"))
      let again = try await app.send(.post, Self.defaults, Fixture.operatorFields(), body: body)
      #expect(again.status == 409)
      #expect(again.text.contains(location))
      let listed = try await app.send(.get, "\(Self.defaults)/own", Fixture.operatorFields())
      #expect(try listed.string("/defaults/0/place") == "pt/lisbon")
      #expect(try await app.status(.delete, location, Fixture.operatorFields()) == 204)
      #expect(try await app.status(.delete, location, Fixture.operatorFields()) == 404)
      #expect(try await food() == "meals")
    }
  }

  @Test("bad own defaults and bad questions about defaults are refused")
  func refusesDefaults() async throws {
    try await Fixture.run(.inProcess) { app in
      let bad = #"{"place":"Lisbon","category":"food","what":"x\u0000","amount":"1","currency":"EUR"}"#
      let refused = try await app.send(.post, Self.defaults, Fixture.operatorFields(), body: bad)
      #expect(refused.status == 422)
      #expect(try refused.string("/errors/0/pointer") == "/what")
      #expect(try await app.status(.get, "\(Self.defaults)?style=luxus") == 400)
      #expect(try await app.status(.get, "\(Self.defaults)?place=Lisbn") == 400)
      #expect(try await app.status(.get, "\(Self.defaults)?plaze=Lisbon") == 400)
      #expect(try await app.status(.get, Self.defaults) == 200)
    }
  }

  @Test("a trip's scenarios are kept, versioned, compared and removed", arguments: ApplicationFixture.Way.allCases)
  func keepsScenarios(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      let operators = Fixture.operatorFields()
      #expect(try await app.status(.get, Self.scenarios) == 401)
      #expect(try await app.status(.get, Self.scenarios, operators) == 404)
      let body = "{\(Self.trip),\"scenarios\":[{\"name\":\"longer\",\"place\":\"Lisbon\",\"nights\":5}]}"
      let created = try await app.send(.put, Self.scenarios, operators, body: body)
      #expect(created.status == 201, "\(created.text)")
      let first = try #require(created.field("ETag"))
      #expect(try await app.status(.put, Self.scenarios, operators, body: body) == 428)
      let read = try await app.send(.get, Self.scenarios, operators)
      #expect(read.field("ETag") == first)
      #expect(try read.string("/budget/scenarios/0/name") == "longer")
      #expect(try read.string("/request/scenarios/0/name") == "longer")

      let added = try await app.send(
        .post, Self.scenarios, operators, body: #"{"name":"in style","style":"luxury"}"#)
      #expect(added.status == 201, "\(added.text)")
      #expect(try added.string("/budget/scenarios/1/name") == "in style")
      #expect(added.field("ETag") != first)
      let stale = Fixture.operatorFields(ifMatch: first)
      #expect(try await app.status(.put, Self.scenarios, stale, body: body) == 412)
      #expect(try await app.status(.post, Self.scenarios, stale, body: #"{"name":"third"}"#) == 412)
      #expect(try await app.status(.delete, Self.scenarios, stale) == 412)

      let less = try await app.send(.delete, Self.scenarios + "/in%20style", operators)
      #expect(less.status == 200, "\(less.text)")
      #expect(!less.text.contains("in style"))
      #expect(try await app.status(.delete, Self.scenarios + "/in%20style", operators) == 404)
      let newest = try #require(less.field("ETag"))
      #expect(try await app.status(.delete, Self.scenarios, operators) == 428)
      #expect(try await app.status(.delete, Self.scenarios, Fixture.operatorFields(ifMatch: newest)) == 204)
      #expect(try await app.status(.get, Self.scenarios, operators) == 404)
    }
  }

  @Test("a bad scenario points into what was sent, and nothing is kept of it")
  func refusesScenarios() async throws {
    try await Fixture.run(.inProcess) { app in
      let operators = Fixture.operatorFields()
      #expect(try await app.status(.put, Self.scenarios, operators, body: "{\(Self.trip)}") == 201)
      let bad = [
        (#"{"name":"x","style":"luxus"}"#, "/style"), (#"{"style":"luxury"}"#, "/name"), (#"["x"]"#, ""),
        (#"{"name":"x","plaze":"Lisbon"}"#, "/plaze"),
      ]
      for (body, pointer) in bad {
        let answer = try await app.send(.post, Self.scenarios, operators, body: body)
        #expect(answer.status == 422, "\(answer.text)")
        #expect(try answer.string("/errors/0/pointer") == pointer, "\(answer.text)")
        #expect(try answer.string("/detail")?.contains("/scenarios/") == false, "\(answer.text)")
      }
      let other = try await app.send(
        .put, "/v1/budget/scenarios/trip-2", operators, body: "{\(Self.trip),\"tripId\":\"trip-1\"}")
      #expect(try other.string("/errors/0/pointer") == "/tripId")
      #expect(try await app.status(.get, "/v1/budget/scenarios/trip-2", operators) == 404)
      #expect(try await app.status(.get, "/v1/budget/scenarios/trip%20two", operators) == 400)
      let kept = try #require(try await app.database.tripBudgets.find("trip-1"))
      #expect(kept.revision == 1)
    }
  }

  @Test("scenarios that are added at once are all kept")
  func addsAtOnce() async throws {
    try await Fixture.run(.live) { app in
      let operators = Fixture.operatorFields()
      #expect(try await app.status(.put, Self.scenarios, operators, body: "{\(Self.trip)}") == 201)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<4 {
          group.addTask { try await app.status(.post, Self.scenarios, operators, body: #"{"name":"n\#(number)"}"#) }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses == [201, 201, 201, 201])
      let kept = try #require(try await app.database.tripBudgets.find("trip-1"))
      #expect(try JSONDocument(text: kept.request).root.find("/scenarios")?.array.count == 4)
    }
  }

  @Test("a kept budget that the tables do not fit any more is a conflict, not the caller's fault")
  func outlivesTables() async throws {
    try await Fixture.run(.inProcess) { app in
      _ = try await app.database.tripBudgets.create(
        "trip-1", request: #"{"start":"2026-06-01","place":"Atlantis-by-the-Sea","nights":1}"#)
      let answer = try await app.send(.get, Self.scenarios, Fixture.operatorFields())
      #expect(answer.status == 409)
      #expect(try answer.string("/errors/0/pointer") == "/place")
    }
  }

  @Test("tables that are broken are our fault: 500 without a word about files, and the rest goes on")
  func brokenTables() async throws {
    let library = BudgetLibrary {
      try BudgetGround(replacing: ["taxes.csv": TableFile(name: "/secret/taxes.csv", bytes: Array("id\n".utf8))])
    }
    try await Fixture.run(.inProcess, change: { $0.budget = library }) { app in
      let answer = try await app.send(.post, "/v1/budget/compute", Self.json, body: "{\(Self.trip)}")
      #expect(answer.status == 500)
      #expect(!answer.text.contains("secret"))
      #expect(try await app.status(.get, "/health/live") == 200)
    }
  }
}
