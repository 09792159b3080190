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

  @Test("what makes something says where it leads: every link names an operation, and the parameters of its path")
  func links() async throws {
    try await ApplicationFixture.run(
      .inProcess, change: { $0.accounts = AccountSettings(masterKey: MasterKey.random()) }
    ) { app in
      let root = try JSONDocument(bytes: try await app.send(.get, "/openapi.json").body).root
      let names = Set(try operationNames(root))
      var found: [String: Set<String>] = [:]
      for (path, operations) in try #require(root.find("/paths")).members {
        for (method, operation) in try operations.members {
          for status in ["201", "202"] {
            for (name, link) in try operation.find("/responses/\(status)/links")?.members.map({ $0 }) ?? [] {
              let operation = try link.find("/operationId")?.string
              #expect(names.contains(name) && operation == name)
              let parameters = try #require(link.find("/parameters")).members.map(\.name)
              #expect(!parameters.isEmpty && parameters.allSatisfy { $0.hasPrefix("path.") })
              found["\(method) \(path)", default: []].insert(name)
            }
          }
        }
      }
      #expect(found["post /v1/trips"]?.isSuperset(of: ["get-v1-trips-trip", "post-v1-trips-trip-items"]) == true)
      #expect(found["post /v1/trips/{trip}/items"]?.contains("patch-v1-trips-trip-items-entry") == true)
      #expect(found["post /v1/jobs"]?.contains("get-v1-jobs-id") == true)
      #expect(found["post /v1/auth/keys"] == ["delete-v1-auth-keys-id"])
      #expect(found["post /v1/webhook-endpoints"]?.contains("get-v1-webhook-endpoints-id") == true)
      #expect(found["post /v1/organisations"]?.contains("get-v1-organisations-id") == true)
      #expect(found["post /v1/users/{id}/payment-methods"] == ["delete-v1-users-id-payment-methods-method"])
      #expect(found["post /v1/planner/{trip_id}/generate"]?.contains("get-v1-itineraries-id") == true)
    }
  }

  @Test("what has a trip planned or filled takes the fields that it says and no others")
  func closed() async throws {
    try await ApplicationFixture.run(
      .inProcess, change: { $0.accounts = AccountSettings(masterKey: MasterKey.random()) }
    ) { app in
      let root = try JSONDocument(bytes: try await app.send(.get, "/openapi.json").body).root
      let body = "post/requestBody/content/application~1json/schema"
      let filling = try #require(root.find("/paths/~1v1~1trips~1{trip}~1generate/\(body)"))
      #expect(try filling.find("/additionalProperties")?.bool == false)
      #expect(try filling.find("/properties")?.members.map(\.name).sorted() == ["itinerary", "option"])
      let planning = try #require(root.find("/paths/~1v1~1planner~1{trip_id}~1generate/\(body)"))
      #expect(try planning.find("/additionalProperties")?.bool == false)
      let names = try planning.find("/properties")?.members.map(\.name) ?? []
      #expect(Set(names).isSuperset(of: ["origin", "destinations", "dates", "mustSee", "seed"]) && names.count > 20)
      #expect(try planning.find("/required")?.array.count == 3)
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
