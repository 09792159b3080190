import HTTP
import JSON
import Kernel
import Postgres
import Store
import Testing

@testable import API
@testable import Trips

/// Trips as a whole, and edit by edit.
@Suite("Trips over HTTP")
struct TripRoutesTests {
  private static let owner = TripFixture.owner
  private static let full = #"""
    {"title":"Rome","timeZone":"Europe/Rome","days":[
      {"date":"2026-06-01","items":[{"kind":"visit","title":"Forum"},{"kind":"meal","title":"Lunch"}]},
      {"date":"2026-06-02","items":[]}],
     "ideas":[{"kind":"note","title":"Gelato"}]}
    """#

  @Test("a trip is made once for each key, and listed newest first, page by page")
  func making() async throws {
    try await TripFixture.run { fixture in
      let key: HTTPFields = ["Idempotency-Key": "k1"]
      let first = try await fixture.ask(Self.owner, .post, "/trips", Self.full, key)
      let again = try await fixture.ask(Self.owner, .post, "/trips", Self.full, key)
      #expect(first.status == 201 && again.status == 201)
      #expect(try first.string("/id") == again.string("/id"))
      #expect(try await fixture.ask(Self.owner, .post, "/trips", #"{"title":"Oslo"}"#, key).status == 422)
      #expect(try first.string("/days/0/items/1/title") == "Lunch" && first.string("/ideas/0/kind") == "note")
      for number in 1...4 { _ = try await fixture.ask(Self.owner, .post, "/trips", #"{"title":"T\#(number)"}"#) }
      let page = try await fixture.ask(Self.owner, .get, "/trips?limit=3")
      #expect(try page.count("/trips") == 3 && page.string("/trips/0/fields/title") == "T4")
      let next = try #require(try page.string("/next"))
      let rest = try await fixture.ask(Self.owner, .get, "/trips?limit=3&cursor=\(next)")
      #expect(try rest.count("/trips") == 2 && rest.string("/trips/1/fields/title") == "Rome")
      #expect(try await fixture.ask(TripFixture.stranger, .get, "/trips").count("/trips") == 0)
    }
  }

  @Test("what is wrong is told with its place and the nearest name")
  func faults() async throws {
    try await TripFixture.run { fixture in
      let body = #"{"title":"Rome","days":[{"date":"2026-06-31","items":[{"kind":"vist"}]}],"timezone":"Rome"}"#
      let answer = try await fixture.ask(Self.owner, .post, "/trips", body)
      #expect(answer.status == 422)
      #expect(answer.text.contains("did you mean") && answer.text.contains("/timezone"))
      let empty = try await fixture.ask(Self.owner, .post, "/trips", "{}")
      #expect(empty.status == 422 && empty.text.contains("title"))
    }
  }

  @Test("a whole document replaces the fields, and the schedule only where it is sent")
  func replacing() async throws {
    try await TripFixture.run { fixture in
      let made = try await fixture.ask(Self.owner, .post, "/trips", Self.full)
      let path = "/trips/\(try #require(try made.string("/id")))"
      #expect(try await fixture.ask(Self.owner, .put, path, #"{"title":"Roma"}"#).status == 428)
      #expect(try await fixture.ask(Self.owner, .put, path, #"{"title":"x"}"#, ["If-Match": "\"v9\""]).status == 412)
      let tag: HTTPFields = ["If-Match": made.tag]
      // A rename never wipes the schedule.
      let renamed = try await fixture.ask(Self.owner, .put, path, #"{"title":"Roma"}"#, tag)
      #expect(renamed.status == 200)
      #expect(try renamed.string("/title") == "Roma" && renamed.count("/days") == 2)
      #expect(try renamed.string("/timeZone") == nil)
      // What was read can be sent back, and changes nothing.
      let same = try await fixture.ask(Self.owner, .put, path, renamed.text, ["If-Match": renamed.tag])
      #expect(same.status == 200 && same.tag == renamed.tag)
      #expect(try await fixture.ask(Self.owner, .get, path, nil, ["If-None-Match": renamed.tag]).status == 304)
    }
  }

  @Test("a merge patch changes what it names; of the schedule only with the version")
  func merging() async throws {
    try await TripFixture.run { fixture in
      let made = try await fixture.ask(Self.owner, .post, "/trips", Self.full)
      let path = "/trips/\(try #require(try made.string("/id")))"
      let type = "application/merge-patch+json"
      let patch = #"{"title":"Roma","timeZone":null}"#
      let one = try await fixture.ask(Self.owner, .patch, path, patch, ["Content-Type": type])
      #expect(try one.status == 200 && one.string("/title") == "Roma" && one.count("/days") == 2)
      let wipe = #"{"days":[]}"#
      #expect(try await fixture.ask(Self.owner, .patch, path, wipe, ["Content-Type": type]).status == 428)
      let wiped = try await fixture.ask(
        Self.owner, .patch, path, wipe, ["Content-Type": type, "If-Match": one.tag])
      #expect(try wiped.status == 200 && wiped.count("/days") == 0 && wiped.count("/ideas") == 1)
      #expect(try await fixture.ask(Self.owner, .patch, path, patch, ["Content-Type": "text/plain"]).status == 415)
    }
  }

  @Test("a JSON patch moves an item to another day and it stays the same item; a failed test changes nothing")
  func patching() async throws {
    try await TripFixture.run { fixture in
      let made = try await fixture.ask(Self.owner, .post, "/trips", Self.full)
      let path = "/trips/\(try #require(try made.string("/id")))"
      let forum = try #require(try made.string("/days/0/items/0/id"))
      let fields: HTTPFields = ["Content-Type": "application/json-patch+json", "If-Match": made.tag]
      let move = #"""
        [{"op":"test","path":"/days/0/items/0/title","value":"Forum"},
         {"op":"move","from":"/days/0/items/0","path":"/days/1/items/0"},
         {"op":"add","path":"/days/1/items/-","value":{"kind":"task","title":"Tickets","done":false}},
         {"op":"replace","path":"/title","value":"Roma"}]
        """#
      let moved = try await fixture.ask(Self.owner, .patch, path, move, fields)
      #expect(moved.status == 200, "\(moved.text)")
      #expect(try moved.string("/days/1/items/0/id") == forum && moved.count("/days/0/items") == 1)
      #expect(try moved.string("/days/1/items/1/title") == "Tickets")
      let seq = try moved.int("/seq")
      let failing = #"[{"op":"replace","path":"/title","value":"x"},{"op":"test","path":"/title","value":"y"}]"#
      let now: HTTPFields = ["Content-Type": "application/json-patch+json", "If-Match": moved.tag]
      #expect(try await fixture.ask(Self.owner, .patch, path, failing, now).status == 409)
      let lost = #"[{"op":"remove","path":"/days/7"}]"#
      #expect(try await fixture.ask(Self.owner, .patch, path, lost, now).status == 422)
      let forged = #"[{"op":"replace","path":"/revision","value":1}]"#
      #expect(try await fixture.ask(Self.owner, .patch, path, forged, now).status == 422)
      #expect(try await fixture.ask(Self.owner, .get, path).int("/seq") == seq)
    }
  }

  @Test("items come, move, change, go and come back; a key makes each of that once")
  func items() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip(Self.full)
      let path = "/trips/\(trip)"
      let day = try #require(try await fixture.ask(Self.owner, .get, path).string("/days/1/id"))
      let body = #"{"kind":"visit","day":"\#(day)","fields":{"title":"Colosseum","startTime":"09:30"}}"#
      let key: HTTPFields = ["Idempotency-Key": "i1"]
      let added = try await fixture.ask(Self.owner, .post, "\(path)/items", body, key)
      let again = try await fixture.ask(Self.owner, .post, "\(path)/items", body, key)
      #expect(added.status == 201 && added.text == again.text)
      let item = try #require(try added.string("/id"))
      let at = "\(path)/items/\(item)"
      #expect(try await fixture.ask(TripFixture.viewer, .get, at).string("/title") == "Colosseum")
      #expect(try await fixture.ask(Self.owner, .patch, at, #"{"startTime":null,"note":"hot"}"#).status == 200)
      #expect(try await fixture.ask(Self.owner, .patch, at, #"{"startTime":"25:00"}"#).status == 422)
      #expect(try await fixture.ask(Self.owner, .patch, "\(path)/days/\(item)", #"{"note":"x"}"#).status == 404)
      #expect(try await fixture.ask(Self.owner, .post, "\(at)/move", #"{"day":null,"position":"first"}"#).status == 200)
      #expect(try await fixture.ask(Self.owner, .get, path).string("/ideas/0/id") == item)
      let gone = try await fixture.ask(Self.owner, .delete, at)
      #expect(gone.status == 200)
      // Deleting wins over editing.
      #expect(try await fixture.ask(TripFixture.editor, .patch, at, #"{"note":"late"}"#).status == 409)
      #expect(try await fixture.ask(Self.owner, .post, "\(at)/restore").status == 200)
      #expect(try await fixture.ask(Self.owner, .get, at).string("/note") == "hot")
    }
  }

  @Test("a queue is carried out in order; what is sent again gets the same answer, refusals too")
  func queues() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let id = "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55"
      let queue = #"""
        {"clientId":"phone","operations":[
          {"mutationId":"1","op":"add","id":"\#(id)","kind":"task","fields":{"title":"Pack"}},
          {"mutationId":"2","op":"set","id":"\#(id)","fields":{"done":true}},
          {"mutationId":"3","op":"set","id":"1b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55","fields":{"title":"?"}},
          {"mutationId":"4","op":"set","fields":{"title":"Roma"}}]}
        """#
      let first = try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/operations", queue)
      #expect(first.status == 200, "\(first.text)")
      #expect(try first.string("/results/0/result/status") == "applied")
      #expect(try first.string("/results/2/result/status") == "refused")
      let seqs = try (0...3).map { try first.int("/results/\($0)/result/seq") }
      // Two in one millisecond keep their order.
      #expect(seqs[1] == (seqs[0] ?? 0) + 1 && seqs[3] == (seqs[1] ?? 0) + 1)
      let again = try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/operations", queue)
      #expect(again.text == first.text)
      let other = queue.replacing("Roma", with: "Oslo")
      let reused = try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/operations", other)
      #expect(try reused.string("/results/3/result/status") == "refused")
      let stolen = try await fixture.ask(Self.owner, .post, "/trips/\(trip)/operations", queue)
      #expect(try stolen.string("/results/0/result/status") == "refused")
      let strict = #"""
        {"clientId":"p","operations":[{"mutationId":"s","op":"set","fields":{"title":"x"},"strictSince":1}]}
        """#
      let refused = try await fixture.ask(Self.owner, .post, "/trips/\(trip)/operations", strict)
      #expect(refused.text.contains(#""conflict":true"#))
    }
  }

  @Test("the feed says who did what and whose value was replaced; undo takes one's own back")
  func feed() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let item = try await fixture.addItem(trip)
      let at = "/trips/\(trip)/items/\(item)"
      _ = try await fixture.ask(TripFixture.editor, .patch, at, #"{"title":"Foro"}"#)
      let feed = try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)/activity-feed?limit=2")
      #expect(try feed.string("/entries/0/by") == TripFixture.editor.description)
      #expect(try feed.string("/entries/0/body/effects/0/over/by") == Self.owner.description)
      #expect(try feed.string("/entries/0/body/effects/0/over/value") == "Forum")
      let seq = try #require(try feed.int("/entries/0/seq"))
      let undo = #"{"seq":\#(seq)}"#
      #expect(try await fixture.ask(Self.owner, .post, "/trips/\(trip)/undo", undo).status == 403)
      #expect(try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/undo", undo).status == 200)
      #expect(try await fixture.ask(Self.owner, .get, at).string("/title") == "Forum")
      #expect(try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/undo", undo).status == 409)
      let next = try #require(try feed.int("/next"))
      let older = try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)/activity-feed?before=\(next)")
      #expect(try older.int("/entries/0/seq") == next - 1)
    }
  }

  @Test("comments have answers and mentions, are changed by their author and taken away by owners too")
  func comments() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let path = "/trips/\(trip)/comments"
      let text = #"{"text":"Look, @Anna","mentions":["\#(TripFixture.owner)"]}"#
      let made = try await fixture.ask(TripFixture.commenter, .post, path, text)
      let id = try #require(try made.string("/id"))
      let reply = try await fixture.ask(TripFixture.editor, .post, path, #"{"text":"Yes","parent":"\#(id)"}"#)
      #expect(reply.status == 201)
      let bad = #"{"text":"Hi","mentions":["\#(TripFixture.stranger)"]}"#
      let refused = try await fixture.ask(TripFixture.editor, .post, path, bad)
      #expect(refused.status == 422 && refused.text.contains("/mentions/0"))
      #expect(try await fixture.ask(TripFixture.editor, .patch, "\(path)/\(id)", #"{"text":"x"}"#).status == 403)
      #expect(try await fixture.ask(TripFixture.commenter, .patch, "\(path)/\(id)", #"{"text":"y"}"#).status == 200)
      #expect(try await fixture.ask(TripFixture.editor, .delete, "\(path)/\(id)").status == 403)
      #expect(try await fixture.ask(TripFixture.owner, .delete, "\(path)/\(id)").status == 204)
      let all = try await fixture.ask(TripFixture.viewer, .get, path)
      #expect(try all.count("/comments") == 2 && all.string("/comments/1/parent") == id)
      let long = #"{"text":"\#(String(repeating: "a", count: 4001))"}"#
      #expect(try await fixture.ask(TripFixture.editor, .post, path, long).status == 422)
    }
  }

  @Test("votes are counted, one for each person, and can be taken back")
  func votes() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let item = try await fixture.addItem(trip)
      let path = "/trips/\(trip)/votes"
      for user in [TripFixture.owner, TripFixture.editor, TripFixture.editor] {
        #expect(try await fixture.ask(user, .put, "\(path)/\(item)", #"{"value":1}"#).status == 204)
      }
      _ = try await fixture.ask(TripFixture.commenter, .put, "\(path)/\(item)", #"{"value":-1}"#)
      let seen = try await fixture.ask(TripFixture.editor, .get, path)
      #expect(try seen.int("/votes/0/up") == 2 && seen.int("/votes/0/down") == 1 && seen.int("/votes/0/own") == 1)
      _ = try await fixture.ask(TripFixture.owner, .put, "\(path)/\(item)", #"{"value":0}"#)
      #expect(try await fixture.ask(TripFixture.editor, .get, path).int("/votes/0/up") == 1)
      #expect(try await fixture.ask(TripFixture.editor, .put, "\(path)/nonsense", #"{"value":1}"#).status == 400)
    }
  }

  @Test("the trash hides a trip from all but its owners, who restore it or delete it for good")
  func trash() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let path = "/trips/\(trip)"
      #expect(try await fixture.ask(Self.owner, .delete, path + "?forever=true").status == 409)
      #expect(try await fixture.ask(Self.owner, .delete, path).status == 204)
      #expect(try await fixture.ask(TripFixture.editor, .get, path).status == 404)
      #expect(try await fixture.ask(Self.owner, .post, path + "/items", #"{"kind":"note"}"#).status == 409)
      #expect(try await fixture.ask(Self.owner, .get, "/trips").count("/trips") == 0)
      #expect(try await fixture.ask(Self.owner, .get, "/trips?trash=true").count("/trips") == 1)
      #expect(try await fixture.ask(TripFixture.editor, .get, "/trips?trash=true").count("/trips") == 0)
      #expect(try await fixture.ask(Self.owner, .post, path + "/restore").status == 200)
      #expect(try await fixture.ask(TripFixture.editor, .get, path).status == 200)
      _ = try await fixture.ask(Self.owner, .delete, path)
      #expect(try await fixture.ask(Self.owner, .delete, path + "?forever=true").status == 204)
      #expect(try await fixture.ask(Self.owner, .get, path).status == 404)
    }
  }

  @Test("the trash is emptied of what has been there for a month")
  func emptied() async throws {
    try await TripFixture.run { fixture in
      let (old, fresh) = (try await fixture.makeTrip(), try await fixture.makeTrip())
      for trip in [old, fresh] { _ = try await fixture.ask(Self.owner, .delete, "/trips/\(trip)") }
      try await fixture.client.execute(
        "update trip_state set trashed_at = now() - interval '31 days' where trip_id = \(old)::text::uuid")
      let removed = try await fixture.database.trips.clearAway().trash
      #expect(removed == 1)
      let left = try await fixture.ask(Self.owner, .get, "/trips?trash=true")
      let ids = (try left.count("/trips"), try left.string("/trips/0/id"))
      #expect(ids.0 == 1 && ids.1 == "\(fresh)")
      let rows = try await fixture.client.query("select count(*) from trip where id = \(old)::text::uuid")
      let trips = try rows.decodeOnly(Int64.self)
      #expect(trips == 0)
    }
  }
}
