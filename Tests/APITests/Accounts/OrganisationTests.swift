import HTTP
import JSON
import Kernel
import Secrets
import Testing

@testable import API

@Suite("Organisations and keys")
struct OrganisationTests {
  private typealias Fixture = AccountsFixture

  private struct World {
    let fixture: AccountsFixture
    let owner: AccountsFixture.Tokens
    let organisation: String

    func invite(_ email: String, _ role: String, by inviter: AccountsFixture.Tokens) async throws -> Int {
      try await fixture.send(
        .post, "/organisations/\(organisation)/invitations", #"{"email":"\#(email)","role":"\#(role)"}"#, as: inviter
      ).status
    }

    /// Somebody new who joined by mail.
    func join(_ email: String, _ role: String) async throws -> AccountsFixture.Tokens {
      let tokens = try await fixture.join(email)
      #expect(try await invite(email, role, by: owner) == 202)
      let token = try #require(try await fixture.letters().last?.token)
      let answer = try await fixture.send(
        .post, "/organisations/invitations/accept", #"{"token":"\#(token)"}"#, as: tokens)
      #expect(answer.status == 200, "\(answer.text)")
      return tokens
    }
  }

  private func run(_ body: (World) async throws -> Void) async throws {
    try await Fixture.run { fixture in
      let owner = try await fixture.join("owner@example.org")
      let made = try await fixture.send(.post, "/organisations", #"{"name":"Tours"}"#, as: owner)
      #expect(made.status == 201)
      try await body(
        World(fixture: fixture, owner: owner, organisation: try #require(try made.string("/id"))))
    }
  }

  @Test("every role may what it may, to the letter; strangers see nothing")
  func matrix() async throws {
    try await run { world in
      let people: [(String, AccountsFixture.Tokens?)] = [
        ("owner", world.owner), ("admin", try await world.join("admin@example.org", "admin")),
        ("member", try await world.join("member@example.org", "member")),
        ("stranger", try await world.fixture.join("stranger@example.org")), ("anonymous", nil),
      ]
      let base = "/organisations/\(world.organisation)"
      let keyBody = #"{"organisation":"\#(world.organisation)","name":"k","scopes":["plan"]}"#
      // What is asked, and what owner, admin, member, stranger and anonymous are answered.
      let expected: [(HTTPMethod, String, String, [Int])] = [
        (.get, base, "", [200, 200, 200, 404, 401]),
        (.get, base + "/members", "", [200, 200, 200, 404, 401]),
        (.patch, base, #"{"name":"New"}"#, [204, 204, 403, 404, 401]),
        (.get, base + "/audit-log", "", [200, 200, 403, 404, 401]),
        (.post, base + "/invitations", #"{"email":"x@example.org","role":"owner"}"#, [202, 403, 403, 404, 401]),
        (.post, "/auth/keys", keyBody, [201, 201, 403, 404, 401]),
        (.get, "/auth/keys?organisation=\(world.organisation)", "", [200, 200, 403, 404, 401]),
        (.delete, base + "/members/\(world.owner.user)", "", [409, 403, 403, 404, 401]),
      ]
      for (method, path, body, statuses) in expected {
        for ((name, tokens), status) in zip(people, statuses) {
          let answer = try await world.fixture.send(method, path, body, as: tokens)
          #expect(answer.status == status, "\(method.rawValue) \(path) by \(name): \(answer.text)")
        }
      }
    }
  }

  @Test("a key is shown once, lets its program in as the organisation, and not once it is revoked")
  func keys() async throws {
    try await run { world in
      let body =
        #"{"organisation":"\#(world.organisation)","name":"Booking desk","scopes":["search","plan"],"days":30}"#
      let made = try await world.fixture.send(.post, "/auth/keys", body, as: world.owner)
      let key = try #require(try made.string("/key"))
      let id = try #require(try made.string("/id"))
      let list = try await world.fixture.send(
        .get, "/auth/keys?organisation=\(world.organisation)", as: world.owner)
      #expect(!list.text.contains(key))
      #expect(list.text.contains(#""hint":"wfk_"#))
      // Programs are nobody who is signed in.
      #expect(try await world.fixture.send(.get, "/auth/me", bearer: key).status == 403)
      #expect(try await world.fixture.send(.delete, "/auth/keys/\(id)", as: world.owner).status == 204)
      #expect(try await world.fixture.send(.get, "/auth/me", bearer: key).status == 401)
      #expect(try await world.fixture.send(.delete, "/auth/keys/\(id)", as: world.owner).status == 404)
      let bad = try await world.fixture.send(
        .post, "/auth/keys", #"{"organisation":"\#(world.organisation)","name":"x","scopes":["all"]}"#,
        as: world.owner)
      #expect(bad.status == 422)
      #expect(try bad.string("/errors/0/pointer") == "/scopes")
    }
  }

  @Test("a repeated request makes nothing twice, shows no key again, and a key of another request is refused")
  func repeats() async throws {
    try await run { world in
      let fields: HTTPFields = ["Idempotency-Key": "k-1"]
      func make(_ path: String, _ body: String, _ fields: HTTPFields) async throws -> AccountsFixture.Answer {
        try await world.fixture.send(.post, path, body, as: world.owner, fields)
      }
      let first = try await make("/organisations", #"{"name":"Second"}"#, fields)
      let again = try await make("/organisations", #"{ "name": "Second" }"#, fields)
      #expect(first.status == 201)
      #expect(try again.string("/id") == first.string("/id"))
      #expect(try await make("/organisations", #"{"name":"Third"}"#, fields).status == 422)
      let other = try await make("/organisations", #"{"name":"Second"}"#, ["Idempotency-Key": "k-2"])
      #expect(try other.string("/id") != first.string("/id"))
      let body = #"{"organisation":"\#(world.organisation)","name":"k","scopes":["plan"]}"#
      let key = try await make("/auth/keys", body, ["Idempotency-Key": "k-3"])
      let same = try await make("/auth/keys", body, ["Idempotency-Key": "k-3"])
      #expect(try key.string("/key")?.hasPrefix("wfk_") == true)
      #expect(try same.string("/id") == key.string("/id"))
      #expect(try same.string("/key") == nil)
    }
  }

  @Test("an invitation is good for the address it came to, once, and only while its sender could still give the role")
  func invitations() async throws {
    try await run { world in
      let eve = try await world.fixture.join("eve@example.org")
      let admin = try await world.join("admin@example.org", "admin")
      #expect(try await world.invite("bob@example.org", "member", by: admin) == 202)
      let token = try #require(try await world.fixture.letters().last?.token)
      let body = #"{"token":"\#(token)"}"#
      #expect(try await world.fixture.send(.post, "/organisations/invitations/accept", body, as: eve).status == 422)
      #expect(
        try await world.fixture.send(
          .put, "/organisations/\(world.organisation)/members/\(admin.user)", #"{"role":"member"}"#, as: world.owner
        ).status == 204)
      let bob = try await world.fixture.join("bob@example.org")
      #expect(try await world.fixture.send(.post, "/organisations/invitations/accept", body, as: bob).status == 422)
    }
  }

  @Test("an organisation keeps an owner; an account that alone owns what others belong to stays until that is settled")
  func lastOwner() async throws {
    try await run { world in
      let path = "/organisations/\(world.organisation)/members/"
      let other = try await world.join("other@example.org", "member")
      #expect(try await world.fixture.send(.delete, "/users/\(world.owner.user)", as: world.owner).status == 409)
      #expect(
        try await world.fixture.send(.put, path + other.user, #"{"role":"owner"}"#, as: world.owner).status == 204)
      #expect(try await world.fixture.send(.delete, path + world.owner.user, as: world.owner).status == 204)
      #expect(try await world.fixture.send(.delete, path + other.user, as: other).status == 409)
      #expect(try await world.fixture.send(.delete, "/users/\(other.user)", as: other).status == 204)
      #expect(try await world.fixture.me(other) == 401)
    }
  }
}
