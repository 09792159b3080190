import Accounts
import HTTP
import JSON
import Secrets
import Testing

@testable import API

/// What makes something can be sent twice.
@Suite("Repeated requests")
struct RepeatedRequestTests {
  /// What answers 201 or 202 and takes no `Idempotency-Key`, and why it needs none.
  private static let exceptions: [String: String] = [
    "POST /v1/auth/register": "a second letter makes the first one's token useless, and no second account",
    "POST /v1/auth/email/confirm": "its token is good for once",
    "POST /v1/auth/email/change": "a second letter replaces the first",
    "POST /v1/auth/password/forgot": "a second letter replaces the first",
    "POST /v1/budget/scenarios/{trip_id}": "If-Match refuses the second",
    "POST /v1/budget/categories/defaults":
      "one for each place, category, style and thing: the second is refused by name",
    "POST /v1/planner/{trip_id}/activity/add": "If-Match refuses the second",
    "POST /v1/devices": "a device is known by its token: the second is the same one",
    "POST /v1/payments/intent": "a booking has one payment under way; the second is told of it",
    "POST /v1/payments/confirm": "it makes nothing: it has somebody asked how a payment stands",
    "POST /v1/operations/bookings/{id}/{action}": "what goes on goes on once, and what is given back is given back",
    "POST /v1/jobs/{id}/retry": "a job that waits already cannot be retried",
    "POST /v1/webhook-endpoints/{id}/deliveries/{delivery}/resend": "a delivery that waits already cannot be resent",
  ]

  @Test("every POST that makes something takes an Idempotency-Key, or is written down here with its reason")
  func keys() async throws {
    try await ApplicationFixture.run(
      .inProcess,
      change: { surroundings in
        surroundings.accounts = AccountSettings(masterKey: MasterKey.random())
        var unused = Set(Self.exceptions.keys)
        for route in Application.responder(surroundings).routes
        where route.method == .post && route.pattern.hasPrefix("/v1/") {
          guard let description = route.description,
            description.answers.contains(where: { $0.status == .created || $0.status == .accepted })
          else { continue }
          let name = "POST \(route.pattern)"
          if unused.remove(name) == nil {
            #expect(description.fields.contains("Idempotency-Key"), "\(name) makes something twice")
          } else {
            #expect(!description.fields.contains("Idempotency-Key"), "\(name) is no exception any more")
          }
        }
        #expect(unused.isEmpty, "\(unused) make nothing any more")
      }, { _ in })
  }

  @Test("a payment method, an invitation and an endpoint are made once for a key, and the key is for one request")
  func once() async throws {
    try await AccountsFixture.run { world in
      let ada = try await world.join("ada@example.org")
      let key: HTTPFields = ["Idempotency-Key": "\"once\""]
      let path = "/v1/users/\(ada.user)/payment-methods"
      let method = #"{"provider":"stripe","token":"pm_1","label":"Visa"}"#
      let first = try await world.send(.post, path, method, as: ada, key)
      let second = try await world.send(.post, path, method, as: ada, ["Idempotency-Key": "once"])
      #expect(first.status == 201 && second.status == 201)
      #expect(try first.string("/id") == second.string("/id"))
      let other = try await world.send(.post, path, method.replacing("pm_1", with: "pm_2"), as: ada, key)
      #expect(other.status == 422 || other.status == 409, "\(other.text)")

      let address = #"{"url":"https://example.org/hook"}"#
      let made = try await world.send(.post, "/v1/webhook-endpoints", address, as: ada, ["Idempotency-Key": "hook"])
      let again = try await world.send(.post, "/v1/webhook-endpoints", address, as: ada, ["Idempotency-Key": "hook"])
      #expect(try made.string("/id") == again.string("/id") && made.string("/secret") != nil)
      #expect(try again.string("/secret") == nil, "a secret is told once")

      let organisation = try await world.send(.post, "/v1/organisations", #"{"name":"Ours"}"#, as: ada)
      let id = try #require(try organisation.string("/id"))
      let before = try await world.letters().count
      let wish = #"{"email":"bob@example.org","role":"member"}"#
      for _ in 0..<3 {
        let invited = try await world.send(
          .post, "/v1/organisations/\(id)/invitations", wish, as: ada, ["Idempotency-Key": "invite"])
        #expect(invited.status == 202, "\(invited.text)")
      }
      #expect(try await world.letters().count == before + 1)
    }
  }
}
