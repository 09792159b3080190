import Booking
import HTTP
import JSON
import Kernel
import Store
import Testing

@testable import API

@Suite("What belongs to one person")
struct ProfileTests {
  private typealias Fixture = AccountsFixture

  @Test("profile and preferences are kept, by their owner alone, and never for an older version when one is named")
  func keeps() async throws {
    try await Fixture.run { fixture in
      let ada = try await fixture.join("ada@example.org")
      let eve = try await fixture.join("eve@example.org")
      let path = "/users/\(ada.user)/profile"
      let body = #"{"name":"Ada L.","homePlace":{"name":"London","lat":51.5,"lon":-0.12},"language":"en"}"#
      let first = try await fixture.send(.put, path, body, as: ada)
      #expect(first.status == 200, "\(first.text)")
      #expect(
        first.text == #"{"name":"Ada L.","language":"en","homePlace":{"name":"London","lat":51.5,"lon":-0.12}}"#)
      let tag = try #require(first.field("ETag"))
      let preferences =
        #"{"currency":"EUR","style":"comfort","interests":["art","food"],"notifications":{"push":false}}"#
      let second = try await fixture.send(.put, "/users/\(ada.user)/preferences", preferences, as: ada)
      #expect(second.status == 200, "\(second.text)")
      #expect(try await fixture.send(.put, path, #"{"name":"Late"}"#, as: ada, ["If-Match": tag]).status == 412)
      #expect(try await fixture.send(.get, "/auth/me", as: ada).string("/name") == "Ada L.")
      for method in [HTTPMethod.get, .put] {
        #expect(try await fixture.send(method, path, method == .put ? body : "", as: eve).status == 404)
        #expect(try await fixture.send(method, path, method == .put ? body : "").status == 401)
      }
    }
  }

  @Test(
    "what will not do is refused with its place",
    arguments: [
      ("profile", #"{"name":""}"#, "/name"),
      ("profile", #"{"name":"a","homePlace":{"name":"x","lat":91,"lon":0}}"#, "/homePlace/lat"),
      ("profile", #"{"name":"a","homePlace":{"name":"x","lat":1}}"#, "/homePlace"),
      ("profile", #"{"name":"a\u0000b"}"#, "/name"),
      ("profile", #"{"name":"a","bio":"pay 4111 1111 1111 1111"}"#, "/bio"),
      ("preferences", #"{"currency":"EURO"}"#, "/currency"), ("preferences", #"{"currency":"XQQ"}"#, "/currency"),
      ("preferences", #"{"style":"mid"}"#, "/style"), ("preferences", #"{"interests":["arts"]}"#, "/interests/0"),
      ("preferences", #"{"interest":[]}"#, "/interest"),
    ])
  func refuses(_ part: String, _ body: String, _ pointer: String) async throws {
    try await Fixture.run { fixture in
      let ada = try await fixture.join("ada@example.org")
      let answer = try await fixture.send(.put, "/users/\(ada.user)/\(part)", body, as: ada)
      #expect(answer.status == 422)
      #expect(try answer.string("/errors/0/pointer") == pointer, "\(answer.text)")
    }
  }

  @Test("a provider's token is kept, a card's number never")
  func payments() async throws {
    try await Fixture.run { fixture in
      let ada = try await fixture.join("ada@example.org")
      let path = "/users/\(ada.user)/payment-methods"
      let body = #"{"provider":"stripe","token":"pm_1MqLiJLkdIwHu7ix","label":"Visa 4242"}"#
      let made = try await fixture.send(.post, path, body, as: ada)
      #expect(made.status == 201, "\(made.text)")
      let again = try await fixture.send(.post, path, body, as: ada)
      #expect(try again.string("/id") == made.string("/id"))
      for card in ["4111111111111111", "4111 1111 1111 1111", "card 5555-5555-5555-4444"] {
        for (token, label) in [(card, "x"), ("tok", card)] {
          let refused = try await fixture.send(
            .post, path, #"{"provider":"stripe","token":"\#(token)","label":"\#(label)"}"#, as: ada)
          #expect(refused.status == 422)
          #expect(!refused.text.contains(card))
        }
      }
      let id = try #require(try made.string("/id"))
      #expect(try await fixture.send(.delete, path + "/" + id, as: ada).status == 204)
      #expect(try await fixture.send(.delete, path + "/" + id, as: ada).status == 404)
    }
  }

  @Test("everything is handed out, then taken away; the address is free again and no token works")
  func exportsAndRemoves() async throws {
    try await Fixture.run { fixture in
      let ada = try await fixture.join("ada@example.org")
      let eve = try await fixture.join("eve@example.org")
      _ = try await fixture.send(.put, "/users/\(ada.user)/preferences", #"{"interests":["architecture"]}"#, as: ada)
      let (own, others) = (BookingID(high: 1, low: 1), BookingID(high: 1, low: 2))
      for (id, user, family) in [(own, ada.user, "Lovelace"), (others, eve.user, "Noether")] {
        var random = SeededRandom(seed: id.low)
        let item = SagaItem(BookingReference(using: &random), offer: OfferKey(seller: "s", name: "o"), price: 100)
        let new = NewBooking(
          RepeatableRequest(caller: "account \(user)", key: "k", content: []), trip: nil, currency: .euro,
          policy: .allOrNothing, collector: "cards", items: [item],
          travellers: [SaleTraveller(givenName: "Ada", familyName: family)])
        _ = try await fixture.app.database.bookings.make(new, id, at: Instant(secondsSinceEpoch: 1_800_000_000))
      }
      let export = try await fixture.send(.get, "/users/\(ada.user)/export", as: ada)
      #expect(export.status == 200)
      for word in [
        "ada@example.org", "architecture", "session.began", "account.made", "signInsElsewhere", "savedTrips",
        "Lovelace", "\(own)",
      ] {
        #expect(export.text.contains(word), "\(word)")
      }
      #expect(!export.text.contains("eve@example.org"))
      #expect(!export.text.contains("argon2") && !export.text.contains("Noether"))
      #expect(try await fixture.send(.delete, "/users/\(ada.user)", as: eve).status == 404)
      #expect(try await fixture.send(.delete, "/users/\(ada.user)", as: ada).status == 204)
      #expect(try await fixture.me(ada) == 401)
      #expect(try await fixture.refresh(ada.refresh).status == 401)
      #expect(try await fixture.login("ada@example.org").status == 401)
      let anew = try await fixture.join("ada@example.org")
      #expect(anew.user != ada.user)
      let kept = try await fixture.app.database.bookings.find(own)
      #expect(kept != nil, "books keep what money was moved for")
    }
  }
}
