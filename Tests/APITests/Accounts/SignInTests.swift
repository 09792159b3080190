import Accounts
import HTTP
import JSON
import Kernel
import Secrets
import Store
import Testing

@testable import API

@Suite("Signing in")
struct SignInTests {
  private typealias Fixture = AccountsFixture

  @Test(
    "register, confirm by mail, sign in, be known, refresh, sign out: nothing is usable after that",
    arguments: ApplicationFixture.Way.allCases)
  func wholeWay(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { fixture in
      #expect(try await fixture.register("ada@example.org").status == 202)
      #expect(try await fixture.login("ada@example.org").status == 401, "not confirmed yet")
      let letter = try #require(try await fixture.letters().first)
      #expect(letter.kind == "account.confirm")
      let token = try #require(letter.token)
      let stranger = #"{"token":"\#(token)","password":"what somebody else would guess"}"#
      let refused = try await fixture.send(.post, "/auth/email/confirm", stranger)
      #expect(refused.status == 422 && refused.text.contains("/password"), "\(refused.text)")
      let body = #"{"token":"\#(token)","password":"\#(Fixture.password)"}"#
      #expect(try await fixture.send(.post, "/auth/email/confirm", body).status == 201)
      #expect(try await fixture.send(.post, "/auth/email/confirm", body).status == 422, "it serves once")
      let first = try await fixture.signIn("Ada@Example.org")
      let me = try await fixture.send(.get, "/auth/me", as: first)
      #expect(try me.string("/email") == "ada@example.org")
      #expect(try me.string("/session") == first.session)
      let second = try fixture.tokens(try await fixture.refresh(first.refresh))
      #expect(second.session == first.session)
      #expect(second.refresh != first.refresh)
      #expect(try await fixture.me(second) == 200)
      let out = try await fixture.send(.post, "/auth/logout", as: second)
      #expect(out.status == 204)
      #expect(out.field("Clear-Site-Data") != nil)
      for tokens in [first, second] {
        #expect(try await fixture.me(tokens) == 401)
        #expect(try await fixture.refresh(tokens.refresh).status == 401)
      }
    }
  }

  @Test("signing out works with a refresh token alone, and everywhere at once")
  func signsOut() async throws {
    try await Fixture.run { fixture in
      let first = try await fixture.join("ada@example.org")
      let second = try await fixture.signIn("ada@example.org")
      fixture.clock.forward(3600)
      #expect(try await fixture.me(first) == 401, "the access token has run out")
      let body = #"{"refreshToken":"\#(first.refresh)"}"#
      #expect(try await fixture.send(.post, "/v1/auth/logout", body, as: first).status == 204)
      #expect(try await fixture.refresh(first.refresh).status == 401)
      let third = try fixture.tokens(try await fixture.refresh(second.refresh))
      #expect(try await fixture.send(.post, "/v1/auth/logout", #"{"everywhere":true}"#, as: third).status == 204)
      #expect(try await fixture.refresh(third.refresh).status == 401)
      #expect(try await fixture.send(.post, "/v1/auth/logout").status == 204, "nobody is signed out too")
    }
  }

  @Test("a lost answer is given again with the same next token; what comes after that token was used is reuse")
  func reuse() async throws {
    try await Fixture.run { fixture in
      let first = try await fixture.join("ada@example.org")
      let second = try fixture.tokens(try await fixture.refresh(first.refresh))
      let again = try fixture.tokens(try await fixture.refresh(first.refresh))
      #expect(again.refresh == second.refresh)
      let third = try fixture.tokens(try await fixture.refresh(second.refresh))
      #expect(try await fixture.me(third) == 200)
      // The first token's next one has been used: somebody has a copy, and the whole session ends.
      #expect(try await fixture.refresh(first.refresh).status == 401)
      #expect(try await fixture.me(third) == 401)
      #expect(try await fixture.refresh(third.refresh).status == 401)
      #expect(try await fixture.letters().last?.kind == "account.session-reused")
      _ = try await fixture.signIn("ada@example.org")
    }
  }

  @Test("after the grace a spent token ends the session")
  func grace() async throws {
    try await Fixture.run(change: { $0.limits.graceSeconds = -1 }) { fixture in
      let first = try await fixture.join("ada@example.org")
      let second = try fixture.tokens(try await fixture.refresh(first.refresh))
      #expect(try await fixture.refresh(first.refresh).status == 401)
      #expect(try await fixture.me(second) == 401)
    }
  }

  @Test("one token shown many times at once gives one line of tokens")
  func refreshesAtOnce() async throws {
    try await Fixture.run { fixture in
      let first = try await fixture.join("ada@example.org")
      let answers = try await withThrowingTaskGroup(of: Fixture.Answer.self) { group in
        for _ in 0..<8 { group.addTask { try await fixture.refresh(first.refresh) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let next = try Set(answers.map { try fixture.tokens($0).refresh })
      #expect(next.count == 1)
      #expect(try await fixture.refresh(try #require(next.first)).status == 200)
    }
  }

  @Test("five wrong passwords lock an account, whether or not there is one, with the same answers")
  func locks() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.join("ada@example.org")
      func answers(_ email: String) async throws -> [String] {
        var seen: [String] = []
        for _ in 0..<7 {
          let answer = try await fixture.login(email, "not the password")
          let body = answer.text.replacing(#/"requestId":"[^"]*"/#, with: "").replacing(#/wait \d+/#, with: "wait")
          let fields = answer.fields.filter { !["x-request-id", "date"].contains($0.name.lowercased()) }
            .map { $0.name == "Retry-After" ? "Retry-After" : "\($0.name): \($0.value)" }
          seen.append("\(answer.status) \(fields) \(body)")
        }
        return seen
      }
      let known = try await answers("ada@example.org")
      let unknown = try await answers("nobody@example.org")
      #expect(known.map { $0.prefix(3) } == ["401", "401", "401", "401", "401", "429", "429"])
      #expect(known == unknown)
      #expect(try await fixture.login("ada@example.org").status == 429, "the right password waits as well")
    }
  }

  @Test("a right password forgets the wrong ones before it")
  func forgives() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.join("ada@example.org")
      for _ in 0..<3 {
        for _ in 0..<4 { #expect(try await fixture.login("ada@example.org", "wrong").status == 401) }
        _ = try await fixture.signIn("ada@example.org")
      }
    }
  }

  @Test("registering a known address, and asking for a password of an unknown one, answer as for the others")
  func tellsNothing() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.join("ada@example.org")
      let known = try await fixture.register("ADA@example.org")
      let new = try await fixture.register("new@example.org")
      #expect(known.status == new.status)
      #expect(known.text == new.text)
      let forgotten = try await fixture.send(.post, "/auth/password/forgot", #"{"email":"ada@example.org"}"#)
      let nobody = try await fixture.send(.post, "/auth/password/forgot", #"{"email":"nobody@example.org"}"#)
      #expect(forgotten.status == 202)
      #expect(forgotten.text == nobody.text)
      let kinds = try await fixture.letters().map(\.kind)
      #expect(
        kinds == [
          "account.confirm", "account.already-registered", "account.confirm", "account.reset",
          "account.reset-without-account",
        ])
      #expect(try await fixture.letters()[1].token == nil)
    }
  }

  @Test("a mail sets a new password once; every session ends and the pause with it")
  func resets() async throws {
    try await Fixture.run { fixture in
      let before = try await fixture.join("ada@example.org")
      for _ in 0..<6 { _ = try await fixture.login("ada@example.org", "wrong") }
      _ = try await fixture.send(.post, "/auth/password/forgot", #"{"email":"ada@example.org"}"#)
      let token = try #require(try await fixture.letters().last?.token)
      let weak = try await fixture.send(
        .post, "/auth/password/reset", #"{"token":"\#(token)","password":"password1234"}"#)
      #expect(weak.status == 422)
      #expect(try weak.string("/errors/0/pointer") == "/password")
      #expect(!weak.text.contains("password1234"), "what was typed is not repeated")
      let body = #"{"token":"\#(token)","password":"seven green lanterns"}"#
      #expect(try await fixture.send(.post, "/auth/password/reset", body).status == 204)
      #expect(try await fixture.send(.post, "/auth/password/reset", body).status == 422)
      #expect(try await fixture.me(before) == 401)
      #expect(try await fixture.refresh(before.refresh).status == 401)
      #expect(try await fixture.login("ada@example.org").status == 401, "the old password")
      #expect(try await fixture.login("ada@example.org", "seven green lanterns").status == 200)
    }
  }

  @Test("sessions are listed and ended, by their owner alone")
  func sessions() async throws {
    try await Fixture.run { fixture in
      let ada = try await fixture.join("ada@example.org")
      let other = try await fixture.signIn("ada@example.org")
      let eve = try await fixture.join("eve@example.org")
      let list = try await fixture.send(.get, "/auth/sessions", as: ada)
      let sessions = try JSONDocument(bytes: list.body).root.object(fields: "sessions").required(
        "sessions", as: [JSONNode].self)
      #expect(sessions.count == 2)
      #expect(try await fixture.send(.delete, "/auth/sessions/\(other.session)", as: eve).status == 404)
      #expect(try await fixture.me(other) == 200)
      #expect(try await fixture.send(.delete, "/auth/sessions/\(other.session)", as: ada).status == 204)
      #expect(try await fixture.me(other) == 401)
      #expect(try await fixture.send(.delete, "/auth/sessions/\(other.session)", as: ada).status == 404)
      #expect(try await fixture.me(ada) == 200)
    }
  }

  @Test("what is no token of ours is refused, whatever it looks like")
  func badTokens() async throws {
    try await Fixture.run { fixture in
      let ada = try await fixture.join("ada@example.org")
      let foreign = SigningKey.random()
      var claims = TokenClaims(
        issuer: "wayfare", audiences: ["wayfare-api"], subject: ada.user, issuedAt: fixture.clock.now,
        expiresAt: fixture.clock.now + 600)
      claims.session = ada.session
      let parts = ada.access.split(separator: ".").map(String.init)
      let bad = [
        "", "x", "a.b.c", parts[0] + "." + parts[1] + ".", String(ada.access.dropLast()), ada.refresh,
        JSONWebToken.sign(claims, keyID: "other", key: foreign), "wfk_" + String(repeating: "A", count: 43),
      ]
      for token in bad {
        let answer = try await fixture.send(.get, "/auth/me", bearer: token)
        #expect(answer.status == 401, "\(token)")
        #expect(answer.field("WWW-Authenticate")?.hasPrefix("Bearer") == true)
      }
      #expect(try await fixture.send(.get, "/auth/me").status == 401)
      #expect(try await fixture.send(.get, "/auth/me", bearer: ApplicationFixture.token).status == 403)
      #expect(try await fixture.me(ada) == 200)
    }
  }

  @Test("keys rotate: the token of the key before is good until it runs out, and both are published")
  func rotates() async throws {
    try await Fixture.run(change: { $0.rotateSeconds = 0 }) { fixture in
      let ada = try await fixture.join("ada@example.org")
      fixture.clock.forward(400)
      let later = try await fixture.signIn("ada@example.org")
      let first = try #require(Base64URL.decode(ada.access.split(separator: ".")[0].utf8))
      let second = try #require(Base64URL.decode(later.access.split(separator: ".")[0].utf8))
      #expect(first != second, "another key has signed")
      #expect(try await fixture.me(ada) == 200)
      #expect(try await fixture.me(later) == 200)
      let set = try await fixture.send(.get, "/.well-known/jwks.json")
      let keys = try JSONDocument(bytes: set.body).root.object(fields: "keys").required("keys", as: [JSONNode].self)
      let read = keys.compactMap { JSONWebKey($0) }
      #expect(read.count >= 2)
      for tokens in [ada, later] {
        let verified = try JSONWebToken.verify(tokens.access, types: ["at+jwt"]) { id, _ in
          read.filter { $0.keyID == id }.map(\.key)
        }
        #expect(verified.claims.subject == ada.user)
      }
    }
  }

  @Test("pages keep their tokens in cookies that scripts do not see; other sites' pages change nothing")
  func cookies() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.join("ada@example.org")
      let body = #"{"email":"ada@example.org","password":"\#(Fixture.password)","cookies":true}"#
      #expect(try await fixture.send(.post, "/auth/login", body).status == 403, "not from a page of ours")
      let own: HTTPFields = ["Sec-Fetch-Site": "same-origin"]
      let answer = try await fixture.send(.post, "/auth/login", body, own)
      #expect(answer.status == 200)
      #expect(!answer.text.contains("accessToken"))
      let set = answer.fields.filter { $0.name == "Set-Cookie" }.map(\.value)
      #expect(set.count == 2)
      for cookie in set {
        #expect(cookie.hasPrefix("__Host-wayfare-"))
        #expect(cookie.hasSuffix("HttpOnly; Secure; SameSite=Lax"))
        #expect(cookie.contains("; Path=/;"))
      }
      let cookie = set.compactMap { $0.split(separator: ";").first.map(String.init) }.joined(separator: "; ")
      func status(_ method: HTTPMethod, _ path: String, _ more: HTTPFields) async throws -> Int {
        var fields = more
        fields.set("Cookie", cookie)
        return try await fixture.app.send(method, path, fields).status
      }
      #expect(try await status(.get, "/auth/me", [:]) == 200)
      #expect(try await status(.post, "/auth/refresh", ["Sec-Fetch-Site": "cross-site"]) == 403)
      #expect(try await status(.post, "/auth/refresh", ["Sec-Fetch-Site": "same-site"]) == 403)
      #expect(try await status(.post, "/auth/refresh", ["Origin": "https://evil.example"]) == 403)
      #expect(try await status(.post, "/auth/refresh", [:]) == 403)
      #expect(try await status(.post, "/auth/refresh", own) == 200)
      #expect(try await status(.post, "/auth/logout", ["Sec-Fetch-Site": "cross-site"]) == 403)
      #expect(try await status(.get, "/auth/me", [:]) == 200)
    }
  }
}
