import HTTP
import Testing

@testable import API

/// What is counted together.
@Suite("Rates of requests")
struct RequestRatesTests {
  @Test(
    "each route counts under what it costs, with the version and without",
    arguments: [
      (HTTPMethod.get, "/trips/{trip}", RequestClass.read), (.patch, "/trips/{trip}", .write),
      (.post, "/auth/login", .signIn), (.post, "/auth/password/forgot", .signIn), (.post, "/auth/2fa/verify", .signIn),
      (.post, "/auth/refresh", .write), (.post, "/auth/logout", .write), (.get, "/auth/me", .read),
      (.delete, "/auth/sessions/{id}", .write), (.post, "/trips/{trip}/attachments", .upload),
      (.get, "/trips/{trip}/attachments", .read), (.post, "/planner/{trip_id}/generate", .plan),
      (.get, "/transport/options", .plan), (.post, "/budget/optimize", .plan), (.post, "/jobs", .plan),
      (.get, "/jobs/{id}", .read), (.head, "/search", .read), (.post, "/prices/refresh", .sellers),
      (.get, "/prices/flights", .read), (.post, "/prices/alerts", .write),
    ])
  func classes(_ method: HTTPMethod, _ route: String, _ expected: RequestClass) {
    #expect(RequestClass.of(method, route: route) == expected)
    #expect(RequestClass.of(method, route: "/v1" + route) == expected)
  }

  @Test("whoever has used up one quota has the others still, and is told of the one that counted")
  func apart() async throws {
    var rates = RequestRates()
    rates.signInsPerMinute = 2
    try await ApplicationFixture.run(.live, change: { $0.rates = rates }) { app in
      let body = #"{"email":"a@example.org","password":"x"}"#
      let fields: HTTPFields = ["Content-Type": "application/json"]
      // There are no accounts here, and so no such route: what is not there counts as a read.
      let none = try await app.send(.post, "/v1/auth/login", fields, body: body)
      #expect(none.status == 404 && none.field("RateLimit-Policy") == "\"reads\";q=3000;w=10")
    }
    try await AccountsFixture.run(.live, surroundings: { $0.rates = rates }) { accounts in
      for _ in 0..<2 { #expect(try await accounts.login("a@example.org").status == 401) }
      let refused = try await accounts.login("a@example.org")
      #expect(refused.status == 429)
      #expect(refused.field("RateLimit") == "\"sign-ins\";r=0;t=60")
      #expect(refused.field("RateLimit-Policy") == "\"sign-ins\";q=2;w=60")
      let read = try await accounts.send(.get, "/v1/trips")
      #expect(read.status == 401 && read.field("RateLimit-Policy") == "\"reads\";q=3000;w=10")
    }
  }
}
