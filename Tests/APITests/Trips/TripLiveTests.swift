import HTTP
import JSON
import Kernel
import Postgres
import Store
import TestSupport
import Testing

@testable import API
@testable import Trips

/// What those hear who watch a trip.
@Suite("Trips, live")
struct TripLiveTests {
  @Test("an edit is heard by everybody who watches, the author's other device included, and says which device it was")
  func echo() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let phone = try await fixture.watchTrip(TripFixture.editor, trip)
      let laptop = try await fixture.watchTrip(TripFixture.viewer, trip)
      #expect(await eventually { phone.events.first?.name == "snapshot" && laptop.events.count == 1 })
      let title = #"{"title":"Foro"}"#
      let fields: HTTPFields = ["Client-Id": "tablet", "Content-Type": "application/merge-patch+json"]
      let answer = try await fixture.ask(TripFixture.editor, .patch, "/trips/\(trip)", title, fields)
      let seq = try #require(try answer.int("/seq"))
      for stream in [phone, laptop] {
        #expect(await eventually { stream.events.last?.id == seq })
        #expect(stream.events.last?.name == "entry" && stream.events.last?.data.contains("tablet") == true)
        stream.cancel()
      }
    }
  }

  @Test("who comes back hears everything since, once and in order; who is too far behind gets the whole trip")
  func resuming() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let id = try #require(TripID(trip))
      let start = try #require(try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)").int("/seq"))
      for number in 0..<5 { _ = try await fixture.addItem(trip, #"{"kind":"note","fields":{"title":"\#(number)"}}"#) }
      let stream = try await fixture.watchTrip(TripFixture.viewer, trip, after: start)
      #expect(await eventually { stream.events.count == 5 })
      _ = try await fixture.addItem(trip)
      #expect(await eventually { stream.events.count == 6 })
      #expect(stream.events.map(\.id) == (1...6).map { start + $0 })
      stream.cancel()
      // A reconnect refreshes the open trip when the log no longer reaches back.
      try await fixture.client.execute("update trip_state set log_start = \(start + 3) where trip_id = \(id)")
      try await fixture.client.execute("delete from trip_op where trip_id = \(id) and seq <= \(start + 3)")
      let late = try await fixture.watchTrip(TripFixture.viewer, trip, after: start)
      #expect(await eventually { late.events.first?.name == "snapshot" && late.events.first?.id == start + 6 })
      late.cancel()
      // A number from the future is of another life of the database.
      let lost = try await fixture.watchTrip(TripFixture.viewer, trip, after: start + 1000)
      #expect(await eventually { lost.events.first?.name == "snapshot" })
      lost.cancel()
    }
  }

  @Test("the stream of somebody whose part has ended ends, and so does that of a link that is revoked")
  func revoking() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let made = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/links", "{}")
      let (token, link) = (try made.string("/token") ?? "", try made.string("/id") ?? "")
      let viewer = try await fixture.watchTrip(TripFixture.viewer, trip)
      let guest = try await fixture.watchTrip(nil, trip, link: "?link=\(token)")
      let editor = try await fixture.watchTrip(TripFixture.editor, trip)
      #expect(await eventually { [viewer, guest, editor].allSatisfy { $0.events.count == 1 } })
      let path = "/trips/\(trip)/collaborators/\(TripFixture.viewer)"
      #expect(try await fixture.ask(TripFixture.owner, .delete, path).status == 204)
      #expect(await eventually { viewer.isOver && viewer.events.last?.name == "end" })
      #expect(try await fixture.ask(TripFixture.owner, .delete, "/trips/\(trip)/links/\(link)").status == 204)
      #expect(await eventually { guest.isOver })
      // What follows is not heard by them, nor were names by the guest.
      _ = try await fixture.addItem(trip)
      #expect(await eventually { editor.events.last?.data.contains("Forum") == true })
      #expect(!viewer.text.contains("Forum") && !guest.text.contains("\(TripFixture.owner)"))
      editor.cancel()
    }
  }

  @Test("who looks where is heard by members, and forgotten when they go")
  func presence() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let stream = try await fixture.watchTrip(TripFixture.owner, trip)
      #expect(await eventually { stream.events.count == 1 })
      let path = "/trips/\(trip)/presence"
      let here = #"{"clientId":"phone"}"#
      #expect(try await fixture.ask(TripFixture.viewer, .put, path, here).status == 204)
      #expect(await eventually { stream.events.last?.data.contains("\(TripFixture.viewer)") == true })
      let gone = #"{"clientId":"phone","here":false}"#
      #expect(try await fixture.ask(TripFixture.viewer, .put, path, gone).status == 204)
      #expect(await eventually { stream.events.last?.data.contains(#""people":[]"#) == true })
      _ = try await fixture.ask(TripFixture.viewer, .put, path, here)
      try await fixture.client.execute("update trip_presence set seen_at = now() - interval '1 minute'")
      #expect(try await fixture.ask(TripFixture.owner, .get, path).count("/people") == 0)
      stream.cancel()
    }
  }

  @Test("an edit through another server process is heard here")
  func processes() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let stream = try await fixture.watchTrip(TripFixture.viewer, trip)
      #expect(await eventually { stream.events.count == 1 })
      // Another process is another pool and no watch of ours: only the database tells.
      let other = Database(fixture.client)
      let visitor = TripVisitor(user: TripFixture.owner)
      let id = try #require(TripID(trip))
      let seq = try await other.trips.write(id, visitor) { $0.append("trip.restored", by: nil, body: "{}") }
      #expect(await eventually { stream.events.last?.id == seq })
      stream.cancel()
    }
  }
}
