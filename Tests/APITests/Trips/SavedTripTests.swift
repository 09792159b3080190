import HTTP
import Testing

@testable import API

/// Trips that somebody keeps an eye on.
@Suite("Saved trips")
struct SavedTripTests {
  @Test("a trip that one may read is saved, listed last first, and forgotten; nobody else's list is seen")
  func saving() async throws {
    try await TripFixture.run { fixture in
      let (viewer, stranger) = (TripFixture.viewer, TripFixture.stranger)
      let (one, two) = (try await fixture.makeTrip(), try await fixture.makeTrip())
      let path = "/users/\(viewer)/saved-trips"
      #expect(try await fixture.ask(viewer, .put, "\(path)/\(one)", #"{"note":"For spring"}"#).status == 204)
      #expect(try await fixture.ask(viewer, .put, "\(path)/\(two)", "{}").status == 204)
      // Once more changes the note, not the place.
      #expect(try await fixture.ask(viewer, .put, "\(path)/\(one)", #"{"note":"For autumn"}"#).status == 204)
      let page = try await fixture.ask(viewer, .get, path + "?limit=1")
      #expect(try page.string("/trips/0/trip") == two && page.string("/trips/0/title") == "Rome")
      let rest = try await fixture.ask(viewer, .get, path + "?cursor=\(two)")
      #expect(try rest.string("/trips/0/note") == "For autumn" && rest.count("/trips") == 1)
      #expect(try await fixture.ask(stranger, .get, path).status == 404)
      #expect(try await fixture.ask(stranger, .put, "/users/\(stranger)/saved-trips/\(one)", "{}").status == 404)
      #expect(try await fixture.ask(nil, .get, path).status == 401)
      #expect(try await fixture.ask(viewer, .delete, "\(path)/\(two)").status == 204)
      #expect(try await fixture.ask(viewer, .delete, "\(path)/\(two)").status == 404)
    }
  }

  @Test("what one may no longer read is not told")
  func losing() async throws {
    try await TripFixture.run { fixture in
      let viewer = TripFixture.viewer
      let trip = try await fixture.makeTrip()
      let path = "/users/\(viewer)/saved-trips"
      #expect(try await fixture.ask(viewer, .put, "\(path)/\(trip)", "{}").status == 204)
      let gone = try await fixture.ask(TripFixture.owner, .delete, "/trips/\(trip)/collaborators/\(viewer)")
      #expect(gone.status == 204)
      #expect(try await fixture.ask(viewer, .get, path).count("/trips") == 0)
    }
  }
}
