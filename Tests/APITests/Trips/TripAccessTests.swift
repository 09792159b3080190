import HTTP
import JSON
import Kernel
import Postgres
import Store
import Testing

@testable import API
@testable import Trips

/// Who may do what: every route there is, by everybody there is.
@Suite("Access to trips")
struct TripAccessTests {
  private enum Person: String, CaseIterable {
    case stranger, anonymous, revoked, otherOrganisation, linked, viewer, commenter, editor, owner

    var user: UserID? {
      switch self {
      case .stranger, .linked: TripFixture.stranger
      case .anonymous, .otherOrganisation: nil
      case .revoked: TripFixture.revoked
      case .viewer: TripFixture.viewer
      case .commenter: TripFixture.commenter
      case .editor: TripFixture.editor
      case .owner: TripFixture.owner
      }
    }
  }

  /// What each route lets pass, written down apart from the code: o, e, c, v, and l for who has a link.
  private static let rows: [String: (who: String, body: String?)] = [
    "GET /v1/trips/{trip}": ("oecvl", nil),
    "PUT /v1/trips/{trip}": ("oe", #"{"title":"x"}"#),
    "PATCH /v1/trips/{trip}": ("oe", #"{"title":"x"}"#),
    "DELETE /v1/trips/{trip}": ("o", nil),
    "POST /v1/trips/{trip}/restore": ("o", nil),
    "PUT /v1/trips/{trip}/sharing": ("o", #"{"template":true}"#),
    "POST /v1/trips/{trip}/copy": ("oecvl", "{}"),
    "GET /v1/trips/{trip}/today": ("oecvl", nil),
    "POST /v1/trips/{trip}/operations": (
      "oe", #"{"clientId":"c","operations":[{"mutationId":"m","op":"set","fields":{"title":"y"}}]}"#
    ),
    "POST /v1/trips/{trip}/undo": ("oe", #"{"seq":1}"#),
    "POST /v1/trips/{trip}/items": ("oe", #"{"kind":"note"}"#),
    "GET /v1/trips/{trip}/items/{entry}": ("oecvl", nil),
    "PATCH /v1/trips/{trip}/items/{entry}": ("oe", #"{"title":"x"}"#),
    "DELETE /v1/trips/{trip}/items/{entry}": ("oe", nil),
    "POST /v1/trips/{trip}/items/{entry}/move": ("oe", #"{"position":"first"}"#),
    "POST /v1/trips/{trip}/items/{entry}/restore": ("oe", nil),
    "POST /v1/trips/{trip}/days": ("oe", "{}"),
    "GET /v1/trips/{trip}/days/{entry}": ("oecvl", nil),
    "PATCH /v1/trips/{trip}/days/{entry}": ("oe", #"{"title":"x"}"#),
    "DELETE /v1/trips/{trip}/days/{entry}": ("oe", nil),
    "POST /v1/trips/{trip}/days/{entry}/move": ("oe", #"{"position":"first"}"#),
    "POST /v1/trips/{trip}/days/{entry}/restore": ("oe", nil),
    "GET /v1/trips/{trip}/collaborators": ("oecv", nil),
    "POST /v1/trips/{trip}/collaborators": ("o", #"{"email":"new@example.org","role":"viewer"}"#),
    "PATCH /v1/trips/{trip}/collaborators/{user}": ("o", #"{"role":"viewer"}"#),
    "DELETE /v1/trips/{trip}/collaborators/{user}": ("o", nil),
    "POST /v1/trips/{trip}/leave": ("oecv", nil),
    "GET /v1/trips/{trip}/invites": ("o", nil),
    "POST /v1/trips/{trip}/invites": ("o", #"{"role":"viewer"}"#),
    "DELETE /v1/trips/{trip}/invites/{pass}": ("o", nil),
    "GET /v1/trips/{trip}/links": ("o", nil),
    "POST /v1/trips/{trip}/links": ("o", "{}"),
    "DELETE /v1/trips/{trip}/links/{pass}": ("o", nil),
    "GET /v1/trips/{trip}/activity-feed": ("oecv", nil),
    "GET /v1/trips/{trip}/comments": ("oecv", nil),
    "POST /v1/trips/{trip}/comments": ("oec", #"{"text":"hello"}"#),
    "PATCH /v1/trips/{trip}/comments/{comment}": ("oec", #"{"text":"hello"}"#),
    "DELETE /v1/trips/{trip}/comments/{comment}": ("oec", nil),
    "GET /v1/trips/{trip}/votes": ("oecv", nil),
    "PUT /v1/trips/{trip}/votes/{subject}": ("oec", #"{"value":1}"#),
    "GET /v1/trips/{trip}/presence": ("oecv", nil),
    "PUT /v1/trips/{trip}/presence": ("oecv", #"{"clientId":"c"}"#),
    "GET /v1/trips/{trip}/events": ("oecvl", nil),
    "GET /v1/trips/{trip}/expenses": ("oecv", nil),
    "POST /v1/trips/{trip}/expenses": ("oe", "{}"),
    "DELETE /v1/trips/{trip}/expenses/{expense}": ("oe", nil),
    "GET /v1/trips/{trip}/settlement": ("oecv", nil),
    "GET /v1/trips/{trip}/attachments": ("oecv", nil),
    "POST /v1/trips/{trip}/attachments": ("oe", "{}"),
    "GET /v1/trips/{trip}/attachments/{attachment}": ("oecv", nil),
    "DELETE /v1/trips/{trip}/attachments/{attachment}": ("oe", nil),
    "POST /v1/trips/{trip}/generate": (
      "oe", #"{"itinerary":"0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55","option":1}"#
    ),
    "POST /v1/planner/{trip_id}/generate": ("oe", "{}"),
    "GET /v1/planner/{trip_id}/itinerary": ("oecv", nil),
    "PUT /v1/planner/{trip_id}/day/{day}": ("oe", #"{"activities":[]}"#),
    "POST /v1/planner/{trip_id}/activity/add": ("oe", #"{"sight":"x"}"#),
    "DELETE /v1/planner/{trip_id}/activity/{id}": ("oe", nil),
    "GET /v1/planner/{trip_id}/bookings": ("oecv", nil),
    "PUT /v1/planner/{trip_id}/bookings": ("oe", "{}"),
    "GET /v1/itineraries/{id}": ("oecv", nil),
    "GET /v1/itineraries/{id}/options/{n}": ("oecv", nil),
    "POST /v1/itineraries/{id}/options/{n}/select": ("oe", nil),
  ]

  /// Routes of no trip in particular, and one's own list: for everybody with an account.
  private static let general: Set<String> = [
    "POST /v1/trips", "GET /v1/trips", "GET /v1/trips/templates", "POST /v1/trips/join",
    "GET /v1/users/{id}/saved-trips", "PUT /v1/users/{id}/saved-trips/{trip}",
    "DELETE /v1/users/{id}/saved-trips/{trip}",
  ]

  private func mayPass(_ person: Person, _ who: String) -> Bool {
    switch person {
    case .owner: who.contains("o")
    case .editor: who.contains("e")
    case .commenter: who.contains("c")
    case .viewer: who.contains("v")
    case .linked: who.contains("l")
    case .stranger, .anonymous, .revoked, .otherOrganisation: false
    }
  }

  @Test("every route lets pass whom it should, tells others nothing, and changes nothing for them")
  func matrix() async throws {
    try await TripFixture.run { fixture in
      let unknown = "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55"
      for route in fixture.tree.routes {
        let name = "\(route.method.rawValue) \(route.pattern)"
        if Self.general.contains(name) { continue }
        let row = try #require(Self.rows[name], "\(name) has no row in the matrix")
        let trip = try await fixture.makeTrip()
        let item = try await fixture.addItem(trip)
        let day = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/days", "{}").string("/id") ?? ""
        let link = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/links", "{}").string("/token") ?? ""
        let entry = route.pattern.contains("/days/") ? day : item
        var path = String(route.pattern.dropFirst(3)).replacing("{trip}", with: trip).replacing("{entry}", with: entry)
        path = path.replacing("{subject}", with: item).replacing("{trip_id}", with: trip)
        path = path.replacing("{n}", with: "1").replacing("{day}", with: "1")
        path = path.replacing("activity/{id}", with: "activity/a1")
        if path.contains("{id}") { path = path.replacing("{id}", with: try await fixture.addItinerary(trip)) }
        for word in ["{user}", "{pass}", "{comment}", "{expense}", "{attachment}"] {
          path = path.replacing(word, with: unknown)
        }
        for person in Person.allCases {
          try await check(person, route.method, path, link, row, name, trip, fixture)
        }
      }
    }
  }

  private func check(
    _ person: Person, _ method: HTTPMethod, _ path: String, _ link: String, _ row: (who: String, body: String?),
    _ name: String, _ trip: String, _ fixture: TripFixture
  ) async throws {
    guard let id = TripID(trip) else { return }
    let before = try await fixture.database.trips.access(id, TripVisitor(user: nil))?.seq
    var fields: HTTPFields = [:]
    if person == .otherOrganisation { fields.set("Test-Partner", TripFixture.owner.description) }
    if name == "PATCH /v1/trips/{trip}" { fields.set("Content-Type", "application/merge-patch+json") }
    if name.hasPrefix("PUT /v1/trips/{trip}") || name.contains("/planner/") { fields.set("If-Match", "*") }
    let shown = path + (person == .linked ? "?link=\(link)" : "")
    let answer = try await fixture.ask(person.user, method, shown, row.body, fields)
    let isHidden = answer.text.contains("no such trip")
    if mayPass(person, row.who) {
      #expect(answer.status != 401 && !isHidden, "\(name) by \(person.rawValue): \(answer.status) \(answer.text)")
      #expect(!answer.text.contains("role does not allow"), "\(name) by \(person.rawValue): \(answer.text)")
      // Nothing is watched here, and nothing planned.
      let isServed = !name.hasSuffix("/events") && !name.contains("/planner/")
      #expect(answer.status < 500 || !isServed, "\(name) by \(person.rawValue): \(answer.text)")
      return
    }
    let expected =
      switch person {
      case .anonymous: 401
      case .stranger, .revoked, .otherOrganisation: 404
      default: 403
      }
    #expect(answer.status == expected, "\(name) by \(person.rawValue): \(answer.text)")
    if expected == 404 { #expect(isHidden, "\(name) by \(person.rawValue): \(answer.text)") }
    let after = try await fixture.database.trips.access(id, TripVisitor(user: nil))?.seq
    #expect(before == after, "\(name) by \(person.rawValue) changed the trip")
  }

  @Test("the matrix has no rows of routes that are gone, and general routes want an account")
  func rows() async throws {
    try await TripFixture.run { fixture in
      let names = Set(fixture.tree.routes.map { "\($0.method.rawValue) \($0.pattern)" })
      #expect(Set(Self.rows.keys).union(Self.general) == names)
      for (method, path) in [(HTTPMethod.post, "/trips"), (.get, "/trips"), (.get, "/trips/templates")] {
        let nobody = try await fixture.ask(nil, method, path, "{}")
        let partner = try await fixture.ask(nil, method, path, "{}", ["Test-Partner": TripFixture.owner.description])
        #expect(nobody.status == 401 && partner.status == 403)
      }
    }
  }

  @Test("a trip that is not there is told as one that is not one's own")
  func hiding() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let own = try await fixture.ask(TripFixture.stranger, .get, "/trips/\(trip)")
      let none = try await fixture.ask(TripFixture.stranger, .get, "/trips/0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55")
      #expect(own.status == 404 && none.status == 404)
      #expect(try own.string("/detail") == none.string("/detail"))
    }
  }

  @Test("the last owner stays; another owner may go")
  func lastOwner() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      #expect(try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/leave").status == 409)
      let down = #"{"role":"editor"}"#
      let path = "/trips/\(trip)/collaborators/"
      #expect(try await fixture.ask(TripFixture.owner, .patch, path + "\(TripFixture.owner)", down).status == 409)
      let up = #"{"role":"owner"}"#
      #expect(try await fixture.ask(TripFixture.owner, .patch, path + "\(TripFixture.editor)", up).status == 200)
      #expect(try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/leave").status == 204)
      #expect(try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)").status == 404)
    }
  }

  @Test("an invite by address is for that account, once; one without for whoever has it; revoked ones for nobody")
  func invites() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      func invite(_ body: String) async throws -> (token: String, id: String) {
        let made = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/invites", body)
        return (try made.string("/token") ?? made.text, try made.string("/id") ?? "")
      }
      func join(_ user: UserID, _ token: String) async throws -> Int {
        try await fixture.ask(user, .post, "/trips/join", #"{"token":"\#(token)"}"#).status
      }
      let personal = try await invite(#"{"role":"commenter","email":"P4@example.org"}"#)
      #expect(try await join(TripFixture.revoked, personal.token) == 404)
      #expect(try await join(TripFixture.stranger, personal.token) == 200)
      let found = try await fixture.ask(TripFixture.stranger, .get, "/trips/\(trip)")
      #expect(try found.string("/role") == "commenter")
      let open = try await invite(#"{"role":"editor"}"#)
      // Who takes part already keeps the role they have.
      #expect(try await join(TripFixture.viewer, open.token) == 200)
      #expect(try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)").string("/role") == "viewer")
      #expect(try await fixture.ask(TripFixture.owner, .delete, "/trips/\(trip)/invites/\(open.id)").status == 204)
      #expect(try await join(TripFixture.revoked, open.token) == 404)
      let old = try await invite(#"{"role":"editor"}"#)
      try await fixture.client.execute("update trip_invite set expires_at = now() - interval '1 second'")
      #expect(try await join(TripFixture.revoked, old.token) == 404)
    }
  }

  @Test("who has a link or comes to a public trip reads it without money, references and names, and nothing else")
  func links() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let body = #"{"kind":"stay","fields":{"title":"Hotel","amount":"90.00","reference":"SECRET"}}"#
      _ = try await fixture.addItem(trip, body)
      let made = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/links", "{}")
      let token = try #require(try made.string("/token"))
      let seen = try await fixture.ask(nil, .get, "/trips/\(trip)?link=\(token)")
      #expect(seen.status == 200 && seen.text.contains("Hotel"))
      #expect(!seen.text.contains("SECRET") && !seen.text.contains("90.00"))
      let id = try #require(try made.string("/id"))
      #expect(try await fixture.ask(TripFixture.owner, .delete, "/trips/\(trip)/links/\(id)").status == 204)
      #expect(try await fixture.ask(nil, .get, "/trips/\(trip)?link=\(token)").status == 401)
      let open = #"{"public":true,"template":true}"#
      #expect(try await fixture.ask(TripFixture.owner, .put, "/trips/\(trip)/sharing", open).status == 200)
      #expect(try await fixture.ask(nil, .get, "/trips/\(trip)").status == 200)
      #expect(try await fixture.ask(nil, .get, "/trips/\(trip)/comments").status == 401)
      #expect(try await fixture.ask(TripFixture.stranger, .get, "/trips/\(trip)/comments").status == 403)
      let templates = try await fixture.ask(TripFixture.stranger, .get, "/trips/templates")
      #expect(try templates.string("/trips/0/fields/title") == "Rome")
      let copy = try await fixture.ask(TripFixture.stranger, .post, "/trips/\(trip)/copy", #"{"title":"Mine"}"#)
      #expect(copy.status == 201 && copy.text.contains("Hotel") && !copy.text.contains("SECRET"))
      #expect(try copy.string("/role") == "owner" && copy.string("/title") == "Mine")
    }
  }
}
