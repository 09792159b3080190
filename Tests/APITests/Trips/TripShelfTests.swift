import HTTP
import Kernel
import Postgres
import Store
import TestSupport
import Testing

@testable import API

/// Servers keep what trips say; these tests have two of them on one database.
@Suite("Trips that servers keep")
struct TripShelfTests {
  private static let patch: HTTPFields = ["Content-Type": "application/merge-patch+json"]

  @Test("what another server has changed is told at once, and under its own version")
  func changedElsewhere() async throws {
    try await TripFixture.run { one in
      let other = one.anotherServer
      let trip = try await one.makeTrip()
      let item = try await one.addItem(trip)
      let before = try await one.ask(TripFixture.owner, .get, "/trips/\(trip)")
      #expect(try await other.ask(TripFixture.viewer, .get, "/trips/\(trip)").text.contains("Forum"))
      let path = "/trips/\(trip)/items/\(item)"
      let edit = try await other.ask(TripFixture.editor, .patch, path, #"{"title":"Palatine"}"#, Self.patch)
      #expect(edit.status == 200)
      for server in [one, other, one] {
        let now = try await server.ask(TripFixture.owner, .get, "/trips/\(trip)")
        #expect(now.text.contains("Palatine") && !now.text.contains("Forum"))
        #expect(now.tag == edit.tag && now.tag != before.tag)
      }
    }
  }

  @Test("edits on two servers in turn are all kept, whichever of them had read the trip last")
  func editsInTurn() async throws {
    try await TripFixture.run { one in
      let other = one.anotherServer
      let trip = try await one.makeTrip()
      let item = try await one.addItem(trip)
      let path = "/trips/\(trip)/items/\(item)"
      let edits = [
        (one, #"{"title":"Palatine"}"#), (other, #"{"note":"By the gate"}"#), (one, #"{"url":"https://example.org/"}"#),
        (one, #"{"place":"Hill"}"#), (other, #"{"title":"Palatine Hill"}"#),
      ]
      for (server, fields) in edits {
        let answer = try await server.ask(TripFixture.editor, .patch, path, fields, Self.patch)
        #expect(answer.status == 200, "\(answer.text)")
      }
      for server in [one, other] {
        let text = try await server.ask(TripFixture.owner, .get, "/trips/\(trip)").text
        for part in ["Palatine Hill", "By the gate", "https://example.org/", #""Hill""#] {
          #expect(text.contains(part), "\(part) is missing")
        }
      }
    }
  }

  @Test("an edit that is refused leaves nothing behind that would be told")
  func refused() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let item = try await fixture.addItem(trip)
      let before = try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)")
      let patches = #"[{"op":"replace","path":"/title","value":"Lost"},{"op":"test","path":"/title","value":"Rome"}]"#
      let fields: HTTPFields = ["Content-Type": "application/json-patch+json", "If-Match": before.tag]
      let refused = try await fixture.ask(TripFixture.owner, .patch, "/trips/\(trip)", patches, fields)
      #expect(refused.status >= 400)
      #expect(try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)").text == before.text)
      let edit = try await fixture.ask(
        TripFixture.owner, .patch, "/trips/\(trip)/items/\(item)", #"{"note":"Early"}"#, Self.patch)
      #expect(edit.status == 200)
      let after = try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)")
      #expect(try after.string("/title") == "Rome" && after.text.contains("Early"))
    }
  }

  @Test("an edit whose commit fails is never told, not even once another server has made that version")
  func uncommitted() async throws {
    try await TripFixture.run { one in
      let other = one.anotherServer
      let trip = try await one.makeTrip()
      let item = try await one.addItem(trip)
      // Asked for at the commit alone, when all that the transaction does has been done.
      try await one.client.execute(
        """
        create function refuse_title() returns trigger language plpgsql as $$ begin
          if new.document::text like '%Never%' then raise exception 'refused at the commit'; end if;
          return null;
        end $$
        """)
      try await one.client.execute(
        """
        create constraint trigger refuse_title after update on trip_state deferrable initially deferred
        for each row execute function refuse_title()
        """)
      let path = "/trips/\(trip)/items/\(item)"
      let lost = try await one.ask(TripFixture.editor, .patch, path, #"{"title":"Never"}"#, Self.patch)
      #expect(lost.status >= 500)
      #expect(try await one.ask(TripFixture.owner, .get, "/trips/\(trip)").text.contains("Forum"))
      let kept = try await other.ask(TripFixture.editor, .patch, path, #"{"title":"Palatine"}"#, Self.patch)
      #expect(kept.status == 200, "\(kept.text)")
      for server in [one, other] {
        let seen = try await server.ask(TripFixture.viewer, .get, "/trips/\(trip)")
        #expect(seen.text.contains("Palatine") && !seen.text.contains("Never"))
      }
      let next = try await one.ask(TripFixture.editor, .patch, path, #"{"note":"Early"}"#, Self.patch)
      #expect(next.status == 200, "\(next.text)")
      let seen = try await other.ask(TripFixture.viewer, .get, "/trips/\(trip)")
      #expect(seen.text.contains("Palatine") && seen.text.contains("Early") && !seen.text.contains("Never"))
    }
  }

  @Test("who takes no part any more is told nothing, though the server keeps it; strangers see no private fields")
  func standing() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      _ = try await fixture.addItem(trip, #"{"kind":"stay","fields":{"title":"Inn","reference":"SECRET-7"}}"#)
      #expect(try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)").text.contains("SECRET-7"))
      let removed = try await fixture.ask(
        TripFixture.owner, .delete, "/trips/\(trip)/collaborators/\(TripFixture.viewer)")
      #expect(removed.status == 204)
      #expect(try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)").status == 404)
      let shared = try await fixture.ask(TripFixture.owner, .put, "/trips/\(trip)/sharing", #"{"public":true}"#)
      #expect(shared.status == 200)
      let seen = try await fixture.ask(TripFixture.stranger, .get, "/trips/\(trip)")
      #expect(seen.status == 200 && seen.text.contains("Inn") && !seen.text.contains("SECRET-7"))
      #expect(try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)").text.contains("SECRET-7"))
    }
  }

  @Test("a list shows title, dates and cover as they are now, and nothing else of what trips say")
  func headlines() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip(#"{"title":"Rome","startDate":"2027-05-01","endDate":"2027-05-04"}"#)
      _ = try await fixture.addItem(trip)
      let patch = #"{"title":"Roma","startDate":null,"cover":"https://example.org/rome.jpg","description":"Long"}"#
      let tag = try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)").tag
      let edit = try await fixture.ask(
        TripFixture.owner, .patch, "/trips/\(trip)", patch,
        ["Content-Type": "application/merge-patch+json", "If-Match": tag])
      #expect(edit.status == 200, "\(edit.text)")
      let list = try await fixture.ask(TripFixture.viewer, .get, "/trips")
      let fields = #"{"cover":"https://example.org/rome.jpg","endDate":"2027-05-04","title":"Roma"}"#
      #expect(list.text.contains(#""fields":"# + fields), "\(list.text)")
    }
  }

  @Test("trips from before there were headlines get theirs from their documents")
  func migrated() async throws {
    try await withTestClient { client, _ in
      let before = Schema.migrations.prefix { $0.name != "trip_headlines" }
      _ = try await Migrations(Array(before), on: client).apply()
      let id = TripID(high: 1, low: 2)
      try await client.execute("insert into trip (id) values (\(id))")
      let document = #"{"title":"Rome","startDate":"2027-05-01","days":[{"id":"x","items":[]}],"cover":null}"#
      try await client.execute(
        "insert into trip_state (trip_id, document, stored) values (\(id), \(document)::text::json, '{}')")
      _ = try await Migrations(Schema.migrations, on: client).apply()
      let headline = try await client.query("select headline::text from trip_state").decodeOnly(String.self)
      #expect(headline == #"{"title":"Rome","startDate":"2027-05-01"}"#)
    }
  }
}
