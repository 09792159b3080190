import Accounts
import HTTP
import JSON
import Testing

@testable import API

/// Which routes a program's key opens: every route there is, with every scope there is.
@Suite("Scopes of keys")
struct KeyScopeTests {
  /// What opens each route, written down apart from the code; a route that is not here opens to no key.
  private static let rows: [String: [KeyScope]] = [
    "GET /v1/search": [.search], "GET /v1/search/suggest": [.search], "GET /v1/search/poi/{id*}": [.search],
    "GET /v1/transport/options": [.plan], "POST /v1/transport/multi-leg": [.plan],
    "GET /v1/transport/local-transit": [.plan], "GET /v1/transport/route/{id*}": [.plan],
    "POST /v1/budget/compute": [.plan], "POST /v1/budget/optimize": [.plan],
    "GET /v1/budget/categories/defaults": [.plan], "GET /v1/locations/{id}/season-profile": [.plan],
    "GET /v1/locations/{id}/{place}/season-profile": [.plan],
    "POST /v1/jobs": [.plan], "GET /v1/jobs": [.plan], "GET /v1/jobs/{id}": [.plan], "DELETE /v1/jobs/{id}": [.plan],
    "GET /v1/jobs/{id}/result": [.plan], "POST /v1/jobs/{id}/retry": [.plan], "GET /v1/jobs/{id}/events": [.plan],
    "POST /v1/planner/{trip_id}/generate": [.plan], "GET /v1/planner/{trip_id}/itinerary": [.plan, .readTrips],
    "PUT /v1/planner/{trip_id}/day/{day}": [.plan, .writeTrips],
    "POST /v1/planner/{trip_id}/activity/add": [.plan, .writeTrips],
    "DELETE /v1/planner/{trip_id}/activity/{id}": [.plan, .writeTrips],
    "GET /v1/planner/{trip_id}/bookings": [.plan, .readTrips], "PUT /v1/planner/{trip_id}/bookings": [.book],
    "GET /v1/itineraries/{id}": [.plan, .readTrips], "GET /v1/itineraries/{id}/options/{n}": [.plan, .readTrips],
    "POST /v1/itineraries/{id}/options/{n}/select": [.plan, .writeTrips],
    "GET /v1/trips/{trip}": [.readTrips], "GET /v1/trips/{trip}/today": [.readTrips],
    "GET /v1/trips/{trip}/items/{entry}": [.readTrips], "GET /v1/trips/{trip}/days/{entry}": [.readTrips],
    "GET /v1/trips/{trip}/events": [.readTrips],
    "GET /v1/prices/flights": [.search], "GET /v1/prices/rail": [.search], "GET /v1/prices/coaches": [.search],
    "GET /v1/prices/hotels": [.search], "GET /v1/prices/activities": [.search], "GET /v1/prices/packages": [.search],
    "GET /v1/prices/history/{id}": [.search], "GET /v1/prices/forecast/{id}": [.search],
    "POST /v1/prices/refresh": [.search], "POST /v1/prices/verify": [.search],
    "POST /v1/bookings": [.book], "GET /v1/bookings": [.book], "GET /v1/bookings/{id}": [.book],
    "PUT /v1/bookings/{id}/cancel": [.book], "PUT /v1/bookings/{id}/change": [.book],
    "POST /v1/bookings/{id}/consent": [.book], "POST /v1/bookings/{id}/check-in": [.book],
    "POST /v1/payments/intent": [.book], "POST /v1/payments/confirm": [.book], "GET /v1/payments/{id}": [.book],
    "GET /v1/payments/{id}/invoice": [.book],
    "GET /v1/organisations/{id}": [.readOrganisation], "GET /v1/organisations/{id}/members": [.readOrganisation],
  ]

  @Test("every route opens to the keys that have its scope, and refuses all others")
  func matrix() async throws {
    var described: [String: [String]] = [:]
    var closed: [Route] = []
    var routes: [Route] = []
    try await AccountsFixture.run(surroundings: { surroundings in
      routes = Application.responder(surroundings).routes.filter { $0.pattern.hasPrefix("/v1/") }
    }) { world in
      let ada = try await world.join("ada@example.org")
      let made = try await world.send(.post, "/v1/organisations", #"{"name":"Ours"}"#, as: ada)
      let organisation = try #require(try made.string("/id"))
      var keys: [KeyScope: String] = [:]
      for scope in KeyScope.allCases {
        let wish = #"{"organisation":"\#(organisation)","name":"one","scopes":["\#(scope.rawValue)"]}"#
        keys[scope] = try await world.send(.post, "/v1/auth/keys", wish, as: ada).string("/key")
      }
      for route in routes {
        guard let description = route.description else { continue }
        if !description.scopes.isEmpty { described["\(route.method.rawValue) \(route.pattern)"] = description.scopes }
        // What answers everybody, as signing in does, does not look at keys.
        if description.scopes.isEmpty, description.access == .everybody { continue }
        if description.scopes.isEmpty { closed.append(route) }
        for scope in KeyScope.allCases {
          let key = try #require(keys[scope])
          let answer = try await world.send(
            route.method, Self.path(route, organisation), Self.body(route), bearer: key,
            ["If-Match": "*", "Idempotency-Key": "k"])
          let name = "\(route.method.rawValue) \(route.pattern) with \(scope.rawValue)"
          if description.scopes.contains(scope.rawValue) {
            #expect(answer.status != 401 && !answer.text.contains("scope-needed"), "\(name): \(answer.text)")
            #expect(!answer.text.contains("not for programs"), "\(name): \(answer.text)")
          } else {
            #expect([401, 403].contains(answer.status), "\(name): \(answer.status) \(answer.text)")
          }
        }
      }
    }
    #expect(described == Self.rows.mapValues { $0.map(\.rawValue) })
    #expect(described.count >= 31 && closed.count >= 60, "\(described.count), \(closed.count)")
  }

  static func path(_ route: Route, _ organisation: String) -> String {
    let pieces = route.pattern.split(separator: "/").map { piece in
      switch piece {
      case "{n}", "{day}": "1"
      case "{id}" where route.pattern.contains("/jobs/"): "1"
      case _ where piece.hasPrefix("{"): organisation
      default: String(piece)
      }
    }
    return "/" + pieces.joined(separator: "/")
  }

  private static func body(_ route: Route) -> String { route.description?.body == nil ? "" : "{}" }

  @Test(
    "a key sees its own organisation and no other; one that is unknown or revoked opens nothing, not even what is open")
  func organisation() async throws {
    try await AccountsFixture.run { world in
      let ada = try await world.join("ada@example.org")
      func found(_ name: String) async throws -> String {
        try #require(try await world.send(.post, "/v1/organisations", #"{"name":"\#(name)"}"#, as: ada).string("/id"))
      }
      let (ours, theirs) = (try await found("Ours"), try await found("Theirs"))
      let wish = #"{"organisation":"\#(ours)","name":"one","scopes":["organisation:read","search"]}"#
      let made = try await world.send(.post, "/v1/auth/keys", wish, as: ada)
      let key = try #require(try made.string("/key"))
      let own = try await world.send(.get, "/v1/organisations/\(ours)", bearer: key)
      #expect(own.status == 200 && own.text.contains("Ours"), "\(own.text)")
      #expect(try await world.send(.get, "/v1/organisations/\(ours)/members", bearer: key).text.contains("ada@"))
      #expect(try await world.send(.get, "/v1/organisations/\(theirs)", bearer: key).status == 404)
      #expect(try await world.send(.get, "/v1/search?q=rome", bearer: key).status == 200)
      let strange = "wfk_" + String(repeating: "A", count: 43)
      #expect(try await world.send(.get, "/v1/search?q=rome", bearer: strange).status == 401)
      #expect(try await world.send(.get, "/v1/search?q=rome").status == 200, "without a key it is open")
      let id = try #require(try made.string("/id"))
      #expect(try await world.send(.delete, "/v1/auth/keys/\(id)", as: ada).status == 204)
      #expect(try await world.send(.get, "/v1/search?q=rome", bearer: key).status == 401)
    }
  }
}
