import HTTP
import JSON
import Secrets
import Testing

@testable import API

/// Who asks comes before what they ask: strangers learn nothing from how their request is read.
@Suite("Who asks comes first")
struct WhoAsksTests {
  private static let someID = "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55"

  @Test("whoever shows nothing hears just that, whatever they send: nothing, no JSON, too much, the wrong type")
  func strangers() async throws {
    var routes: [Route] = []
    try await AccountsFixture.run(surroundings: { surroundings in
      routes = Application.responder(surroundings).routes.filter { $0.pattern.hasPrefix("/v1/") }
    }) { world in
      var count = 0
      for route in routes {
        guard let access = route.description?.access, access == .token || access == .operators else { continue }
        count += 1
        let path = KeyScopeTests.path(route, Self.someID)
        let sent: [(String, HTTPFields)] = [
          ("", HTTPFields()), ("{", ["Content-Type": "application/json"]), ("x", ["Content-Type": "text/plain"]),
          (String(repeating: " ", count: 300_000), ["Content-Type": "application/json"]),
        ]
        for (body, fields) in sent {
          let answer = try await world.app.send(route.method, path, fields, body: body)
          // To strangers a trip is not there.
          #expect(
            [401, 404].contains(answer.status),
            "\(route.method.rawValue) \(route.pattern) with \(body.prefix(3)): \(answer.text)")
        }
      }
      #expect(count > 50, "\(count)")
    }
  }

  @Test("a member who may not give roles or make keys hears that, whatever they send")
  func members() async throws {
    try await AccountsFixture.run { world in
      let owner = try await world.join("owner@example.org")
      let ours = try #require(
        try await world.send(.post, "/v1/organisations", #"{"name":"Ours"}"#, as: owner).string("/id"))
      let invitation = #"{"email":"member@example.org","role":"member"}"#
      #expect(
        try await world.send(.post, "/v1/organisations/\(ours)/invitations", invitation, as: owner).status == 202)
      let token = try #require(try await world.letters().last?.token)
      let member = try await world.join("member@example.org")
      let joining = #"{"token":"\#(token)"}"#
      #expect(
        try await world.send(.post, "/v1/organisations/invitations/accept", joining, as: member).status == 200)
      let path = "/v1/organisations/\(ours)/members/\(owner.user)"
      for body in ["{", #"{"role":"king"}"#, #"{"role":"member"}"#] {
        #expect(try await world.send(.put, path, body, as: member).status == 403, "\(body)")
      }
      let wish = #"{"organisation":"\#(ours)","name":"","scopes":["nothing"]}"#
      #expect(try await world.send(.post, "/v1/auth/keys", wish, as: member).status == 403)
      #expect(try await world.send(.post, "/v1/auth/keys", wish, as: owner).status == 422)
      // Who signed in and left out what the question needs is told so.
      #expect(try await world.send(.get, "/v1/auth/keys", as: member).status == 400)
      #expect(try await world.send(.put, path, #"{"role":"king"}"#, as: owner).status == 422)
      #expect(try await world.send(.delete, path.replacing(owner.user, with: member.user), as: member).status == 204)
    }
  }
}
