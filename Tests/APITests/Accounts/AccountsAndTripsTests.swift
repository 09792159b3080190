import HTTP
import Testing

@testable import API

/// What accounts and the rest of the application owe one another.
@Suite("Accounts beside trips and jobs")
struct AccountsAndTripsTests {
  @Test("a trip belongs to who signed in and made it, and is nowhere for anybody else")
  func trips() async throws {
    try await AccountsFixture.run { fixture in
      let (ada, bob) = (try await fixture.join("ada@example.org"), try await fixture.join("bob@example.org"))
      let made = try await fixture.send(.post, "/v1/trips", #"{"title":"Rome","timeZone":"Europe/Rome"}"#, as: ada)
      #expect(made.status == 201, "\(made.text)")
      let path = "/v1/trips/" + (try #require(try made.string("/id")))
      #expect(try await fixture.send(.get, path, as: ada).status == 200)
      #expect(try await fixture.send(.get, path, as: bob).status == 404)
      #expect(try await fixture.send(.get, path).status == 401)
      #expect(try await fixture.send(.post, "/auth/logout", as: ada).status == 204)
      #expect(try await fixture.send(.get, path, as: ada).status == 401, "signed out")
    }
  }

  @Test("mails that wait are jobs that only operators see, and nobody else can cancel")
  func jobs() async throws {
    try await AccountsFixture.run { fixture in
      #expect(try await fixture.register("ada@example.org").status == 202)
      let all = try await fixture.send(.get, "/v1/jobs")
      #expect(all.status == 200 && !all.text.contains("notification.send"), "\(all.text)")
      let shown = try await fixture.app.send(.get, "/v1/jobs", ApplicationFixture.operatorFields())
      let id = try #require(try shown.string("/jobs/0/id"))
      #expect(shown.text.contains("notification.send"))
      for path in ["/v1/jobs/\(id)", "/v1/jobs/\(id)/result", "/v1/jobs/\(id)/events"] {
        #expect(try await fixture.send(.get, path).status == 404, "\(path)")
      }
      #expect(try await fixture.send(.delete, "/v1/jobs/\(id)").status == 404)
      #expect(try await fixture.app.status(.get, "/v1/jobs/\(id)", ApplicationFixture.operatorFields()) == 200)
      #expect(try await fixture.letters().count == 1)
    }
  }
}
