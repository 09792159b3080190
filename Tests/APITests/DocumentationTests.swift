import Accounts
import HTTP
import JSON
import Secrets
import Testing

@testable import API

/// The routes as they describe themselves.
@Suite("Documentation of routes")
struct DocumentationTests {
  @Test("every route of the application is described, and told once, with the version where it has one")
  func complete() async throws {
    try await ApplicationFixture.run(
      .inProcess,
      change: { surroundings in
        surroundings.accounts = AccountSettings(masterKey: MasterKey.random())
        for route in Application.responder(surroundings).routes {
          #expect(route.description != nil, "\(route.method) \(route.pattern) is not described")
        }
      }
    ) { app in
      let answer = try await app.send(.get, "/openapi.json")
      #expect(answer.status == 200 && answer.field("Content-Type") == "application/json")
      let root = try JSONDocument(bytes: answer.body).root
      let paths = try #require(root.find("/paths")).members.map(\.name)
      #expect(paths.count > 80 && Set(paths).count == paths.count)
      #expect(paths.contains("/v1/trips/{trip}") && !paths.contains("/trips/{trip}"))
      #expect(paths.contains("/health/live") && paths.contains("/v1/search/poi/{id}"))
      let names = try operationNames(root)
      #expect(Set(names).count == names.count && names.count > 110)
    }
  }

  private func operationNames(_ root: JSONNode) throws -> [String] {
    var names: [String] = []
    for (_, path) in try #require(root.find("/paths")).members {
      for (_, operation) in try path.members { names.append(try #require(try operation.find("/operationId")?.string)) }
    }
    return names
  }

  @Test("the page needs nothing from elsewhere and says all topics")
  func page() async throws {
    try await ApplicationFixture.run(.inProcess) { app in
      let answer = try await app.send(.get, "/docs")
      #expect(answer.status == 200 && answer.field("Content-Security-Policy")?.contains("default-src 'none'") == true)
      #expect(!answer.text.contains("src=") && !answer.text.contains("http://") && !answer.text.contains("https://"))
      #expect(answer.text.contains("/v1/trips/{trip}/events") && answer.text.contains("Journeys"))
    }
  }

  @Test("a parameter that a description does not name is refused with the nearest that it does")
  func strange() async throws {
    try await ApplicationFixture.run(.inProcess) { app in
      let answer = try await app.send(.get, "/v1/search?q=rome&limti=3")
      #expect(answer.status == 400 && answer.text.contains("'limit'"), "\(answer.text)")
      let none = try await app.send(.get, "/health/live?x=1")
      #expect(none.status == 400, "\(none.text)")
    }
  }
}
