import HTTP
import JSON
import Testing

@testable import API

/// Requests that make something and are sent twice, and answers of which only some is wanted.
@Suite("Making parts of trips, and choosing fields")
struct TripMakingTests {
  @Test(
    "what is sent again with its key gets the first answer, without what is told once, and makes nothing more",
    arguments: [
      ("invites", #"{"role":"viewer"}"#), ("links", "{}"), ("comments", #"{"text":"hello"}"#),
      ("expenses", #"{"expense":{"what":"Dinner","paidBy":"OWNER","amount":"9.00","split":{"equal":["OWNER"]}}}"#),
      ("collaborators", #"{"role":"viewer","user":"STRANGER"}"#),
    ])
  func twice(_ path: String, _ text: String) async throws {
    let body = text.replacing("OWNER", with: "\(TripFixture.owner)").replacing(
      "STRANGER", with: "\(TripFixture.stranger)")
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let key: HTTPFields = ["Idempotency-Key": "one"]
      let first = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/\(path)", body, key)
      let again = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/\(path)", body, key)
      #expect(first.status == 201 && again.status == 201, "\(first.text) \(again.text)")
      let ids = (try first.string("/id"), try again.string("/id"))
      #expect(ids.0 == ids.1)
      let token = try again.string("/token")
      #expect(token == nil)
      let listed = try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)/\(path)")
      let count = try listed.count("/\(path)")
      #expect(count == (path == "collaborators" ? 5 : 1), "\(listed.text)")
      let other = try await fixture.ask(
        TripFixture.owner, .post, "/trips/\(trip)/\(path)", body.replacing("{", with: "{ ", maxReplacements: 1) + " ",
        key)
      #expect(other.status == 201, "the same but for its spaces: \(other.text)")
      let different = path == "links" ? #"{"days":3}"# : body.replacing("viewer", with: "editor")
      if different != body {
        let refused = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/\(path)", different, key)
        #expect(refused.status == 422, "\(refused.text)")
      }
    }
  }

  @Test("a trip and lists tell the fields that are named and the id; an unknown one is told with the nearest")
  func fields() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let some = try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)?fields=title,seq")
      let names = try JSONDocument(text: some.text).root.members.map(\.name)
      #expect(Set(names) == ["id", "title", "seq"], "\(some.text)")
      let list = try await fixture.ask(TripFixture.viewer, .get, "/trips?fields=role")
      let role = try list.string("/trips/0/role")
      #expect(role == "viewer" && !list.text.contains("createdAt"))
      for path in ["/trips/\(trip)?fields=titel", "/trips?fields=roll"] {
        let refused = try await fixture.ask(TripFixture.viewer, .get, path)
        #expect(refused.status == 400 && refused.text.contains("did you mean"), "\(refused.text)")
      }
    }
  }
}
