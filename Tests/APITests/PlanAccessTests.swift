import HTTP
import JSON
import Kernel
import Postgres
import Store
import TestSupport
import Testing

@testable import API

/// Whose it is what was planned.
@Suite("Access to plans", .serialized)
struct PlanAccessTests {
  private static let trip = TinyWorld.trip
  private static let ada: HTTPFields = fields(TripFixture.owner)
  private static let bob: HTTPFields = fields(TripFixture.stranger)
  private static let nobody: HTTPFields = ["Content-Type": "application/json"]

  private static func fields(_ user: UserID) -> HTTPFields {
    ["Content-Type": "application/json", "Test-User": user.description]
  }

  @Test("what somebody who is signed in has planned is theirs, its job included; to others it does not exist")
  func owned() async throws {
    try await TinyWorld.run(worker: false, callers: TestCallers()) { app in
      let ordered = try await app.send(.post, "/planner/\(Self.trip)/generate", Self.ada, body: TinyWorld.request)
      #expect(ordered.status == 202, "\(ordered.text)")
      let (job, itinerary) = (try #require(try ordered.string("/job")), try #require(try ordered.string("/itinerary")))
      for path in ["/planner/\(Self.trip)/itinerary", "/v1/itineraries/\(itinerary)", "/v1/jobs/\(job)"] {
        #expect(try await app.status(.get, path, Self.ada) == 200, "\(path)")
        #expect(try await app.status(.get, path, Self.bob) == 404, "\(path)")
        #expect(try await app.status(.get, path, Self.nobody) == (path.contains("/jobs/") ? 404 : 401), "\(path)")
      }
      #expect(try await app.status(.post, "/planner/\(Self.trip)/generate", Self.bob, body: TinyWorld.request) == 404)
      #expect(try await app.status(.delete, "/v1/jobs/\(job)", Self.bob) == 404)
      let all = try await app.send(.get, "/v1/jobs", Self.bob)
      let count = try JSONDocument(bytes: all.body).root.find("/jobs")?.array.count
      #expect(count == 0)
      #expect(try await app.status(.get, "/v1/jobs/\(job)", ApplicationFixture.operatorFields()) == 200)
      let partner: HTTPFields = ["Test-Partner": TripFixture.owner.description]
      #expect(try await app.status(.get, "/v1/itineraries/\(itinerary)", partner) == 404)
      #expect(try await app.status(.delete, "/v1/jobs/\(job)", Self.ada) == 200)
    }
  }

  @Test("what nobody in particular has planned is open to whoever knows its id, and stays so")
  func open() async throws {
    try await TinyWorld.run(worker: false, callers: TestCallers()) { app in
      let (ordering, looking) = ("/planner/\(Self.trip)/generate", "/planner/\(Self.trip)/itinerary")
      let begun = try await app.status(.post, ordering, Self.nobody, body: TinyWorld.request)
      #expect(begun == 202)
      let looked = try await app.status(.get, looking, Self.bob)
      #expect(looked == 200)
      let ordered = try await app.status(.post, ordering, Self.ada, body: TinyWorld.request)
      #expect(ordered == 202)
      let stillOpen = try await app.status(.get, looking, Self.nobody)
      #expect(stillOpen == 200)
    }
  }

  @Test("a plan that is asked for as a job belongs to who asks, and keys of one are not those of another")
  func jobs() async throws {
    try await TinyWorld.run(worker: false, callers: TestCallers()) { app in
      let body = #"{"kind":"itinerary.plan","payload":\#(TinyWorld.request)}"#
      func submit(_ who: HTTPFields) async throws -> String {
        var fields = who
        fields.set("Idempotency-Key", "k")
        let answer = try await app.send(.post, "/v1/jobs", fields, body: body)
        #expect(answer.status == 202, "\(answer.text)")
        return try #require(try answer.string("/id"))
      }
      let job = try await submit(Self.ada)
      #expect(try await submit(Self.ada) == job)
      #expect(try await submit(Self.bob) != job)
      #expect(try await app.status(.get, "/v1/jobs/\(job)", Self.ada) == 200)
      #expect(try await app.status(.get, "/v1/jobs/\(job)", Self.bob) == 404)
      let open = try await submit(Self.nobody)
      #expect(try await app.status(.get, "/v1/jobs/\(open)", Self.bob) == 200)
    }
  }

  @Test("a trip is filled from an option, once, and again after a day was changed; what people changed stays")
  func fills() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let itinerary = try await fixture.addItinerary(trip)
      let body = #"{"itinerary":"\#(itinerary)","option":1}"#
      let made = try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/generate", body)
      #expect(made.status == 200, "\(made.text)")
      #expect(try made.int("/added") == 6, "\(made.text)")
      let shown = try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)")
      #expect(try shown.string("/startDate") == "2026-06-05" && shown.string("/currency") == "EUR")
      let kinds = try (0..<3).map { try shown.string("/days/0/items/\($0)/kind") }
      #expect(kinds == ["leg", "stay", "visit"], "\(shown.text)")
      #expect(try shown.string("/days/0/items/2/startTime") == "13:00")
      #expect(try shown.string("/days/1/items/0/kind") == "leg")
      let again = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/generate", body)
      #expect(try again.int("/revision") == made.int("/revision") && again.int("/seq") == nil, "\(again.text)")
      let item = try #require(try shown.string("/days/0/items/2/id"))
      let touched = try await fixture.ask(
        TripFixture.owner, .patch, "/trips/\(trip)/items/\(item)", #"{"title":"Rijksmuseum"}"#)
      #expect(touched.status == 200)
      try await fixture.client.execute(
        "update itinerary_option set document = replace(replace(document::text, 'Museum', 'Park'), '90.00', '80.00')::json"
      )
      let next = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/generate", body)
      #expect(try next.int("/changed") == 1 && next.int("/kept") == 1, "\(next.text)")
      let after = try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)")
      #expect(after.text.contains("Rijksmuseum") && after.text.contains("80.00") && !after.text.contains("Park"))
      let seq = try #require(try made.int("/seq"))
      let back = try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/undo", #"{"seq":\#(seq)}"#)
      #expect(back.status == 200, "\(back.text)")
    }
  }

  @Test("nobody fills a trip from what somebody else had planned")
  func foreign() async throws {
    try await TripFixture.run { fixture in
      let (mine, theirs) = (try await fixture.makeTrip(), try await fixture.makeTrip())
      let itinerary = try await fixture.addItinerary(theirs)
      let path = "/trips/\(theirs)/collaborators/\(TripFixture.editor)"
      #expect(try await fixture.ask(TripFixture.owner, .delete, path).status == 204)
      let body = #"{"itinerary":"\#(itinerary)","option":1}"#
      #expect(try await fixture.ask(TripFixture.editor, .post, "/trips/\(mine)/generate", body).status == 404)
      #expect(try await fixture.ask(TripFixture.owner, .post, "/trips/\(mine)/generate", body).status == 200)
    }
  }
}
