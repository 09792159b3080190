import Accounts
import HTTP
import JSON
import Kernel
import Secrets
import Synchronization
import Testing

@testable import API

/// Signing in by a provider that does not always mean well.
@Suite("Signing in by providers")
struct ElsewhereTests {
  private typealias Telling = HostileProvider.Telling

  /// The application with a provider.
  private static func run(
    links: Bool = true, _ body: (AccountsFixture, HostileProvider) async throws -> Void
  ) async throws {
    let clock = HandClock()
    try await HostileProvider.run(clock) { provider in
      let desk = try provider.desk(links: links)
      try await AccountsFixture.run(
        change: {
          $0.providers = desk
          $0.now = { clock.now }
        }
      ) { try await body($0, provider) }
    }
  }

  /// A sign-in that was begun.
  private struct Begun {
    let flow: String
    let url: String

    func parameter(_ name: String) -> String {
      let query = url.split(separator: "?").last ?? ""
      for pair in query.split(separator: "&") where pair.hasPrefix(name + "=") {
        return String(pair.dropFirst(name.utf8.count + 1))
      }
      return ""
    }
  }

  private static func begin(_ accounts: AccountsFixture) async throws -> Begun {
    let answer = try await accounts.send(.post, "/v1/auth/providers/hostile/start", "{}")
    guard answer.status == 200 else { throw Failure(text: answer.text) }
    return Begun(flow: try answer.string("/flow") ?? "", url: try answer.string("/authorizationUrl") ?? "")
  }

  private struct Failure: Error {
    let text: String
  }

  private static func finish(
    _ accounts: AccountsFixture, _ begun: Begun, state: String? = nil, more: String = ""
  ) async throws -> AccountsFixture.Answer {
    let state = state ?? begun.parameter("state")
    return try await accounts.send(
      .post, "/v1/auth/providers/hostile/finish",
      #"{"flow":"\#(begun.flow)","code":"c","state":"\#(state)"\#(more)}"#)
  }

  /// Begins, has the provider tell something, and finishes.
  private static func signIn(
    _ accounts: AccountsFixture, _ provider: HostileProvider, _ change: (inout Telling) -> Void = { _ in }
  ) async throws -> AccountsFixture.Answer {
    let begun = try await begin(accounts)
    provider.telling.withLock {
      $0 = Telling()
      $0.nonce = begun.parameter("nonce")
      change(&$0)
    }
    return try await finish(accounts, begun)
  }

  @Test("somebody new gets an account with the verified address, and comes back to it as the same one")
  func comesAndComesBack() async throws {
    try await Self.run { accounts, provider in
      let first = try await Self.signIn(accounts, provider)
      #expect(first.status == 200, "\(first.text)")
      let form = try #require(provider.forms.withLock { $0.last })
      #expect(form.contains("grant_type=authorization_code") && form.contains("code_verifier="))
      #expect(!form.contains("client_secret"))
      let again = try await Self.signIn(accounts, provider) { $0.email = "other@example.org" }
      #expect(try again.string("/user") == first.string("/user"))
      let tokens = try accounts.tokens(again)
      let me = try await accounts.send(.get, "/v1/auth/me", as: tokens)
      #expect(try me.string("/email") == "ann@example.org" && me.string("/name") == "Ann")
      let list = try await accounts.send(.get, "/v1/auth/identities", as: tokens)
      let id = try #require(try list.string("/identities/0/id"))
      #expect(try await accounts.send(.delete, "/v1/auth/identities/\(id)", as: tokens).status == 204)
    }
  }

  @Test("what is asked there is bound: PKCE by S256, state, nonce, and one of the listed addresses")
  func asks() async throws {
    try await Self.run { accounts, _ in
      let (one, two) = (try await Self.begin(accounts), try await Self.begin(accounts))
      #expect(one.parameter("code_challenge_method") == "S256" && one.parameter("response_type") == "code")
      for name in ["state", "nonce", "code_challenge"] {
        #expect(one.parameter(name).utf8.count >= 43 && one.parameter(name) != two.parameter(name))
      }
      let body = #"{"redirectUri":"https://evil.example/back"}"#
      #expect(try await accounts.send(.post, "/v1/auth/providers/hostile/start", body).status == 422)
      #expect(try await accounts.send(.post, "/v1/auth/providers/nobody/start", "{}").status == 404)
    }
  }

  @Test(
    "a token that is not for us, not now, not for this sign-in or not signed lets nobody in",
    arguments: [
      "audience", "party", "no party", "expired", "early", "no nonce", "other nonce", "other key", "none", "HS256",
      "other issuer", "too long", "no subject", "long subject", "critical",
    ])
  func refuses(_ way: String) async throws {
    try await Self.run { accounts, provider in
      let answer = try await Self.signIn(accounts, provider) { telling in
        switch way {
        case "audience": telling.audience = ["somebody-else"]
        case "party": telling.party = "somebody-else"
        case "no party": telling.audience = ["client-1", "somebody-else"]
        case "expired": telling.ageSeconds = 1000
        case "early": telling.ageSeconds = -1000
        case "no nonce": telling.nonce = nil
        case "other nonce": telling.nonce = "another"
        case "other key": telling.signsWithOther = true
        case "none": telling.header = #"{"alg":"none"}"#
        case "HS256": telling.header = #"{"alg":"HS256"}"#
        case "other issuer": telling.issuer = "https://accounts.example.org"
        case "too long": telling.lifeSeconds = 1_000_000
        case "no subject": telling.subject = ""
        case "long subject": telling.subject = String(repeating: "s", count: 256)
        default: telling.header = #"{"alg":"EdDSA","crit":["x"],"x":1}"#
        }
      }
      #expect(answer.status == 401, "\(answer.text)")
      #expect(try answer.string("/type") == "/problems/provider-token")
    }
  }

  @Test("an answer serves once, for the one who began and within its time; another state or flow serves nobody")
  func once() async throws {
    try await Self.run { accounts, provider in
      let begun = try await Self.begin(accounts)
      provider.telling.withLock { $0.nonce = begun.parameter("nonce") }
      #expect(try await Self.finish(accounts, begun, state: "another").status == 422)
      let mixed = Begun(flow: try await Self.begin(accounts).flow, url: begun.url)
      #expect(try await Self.finish(accounts, mixed).status == 422)
      #expect(try await Self.finish(accounts, begun).status == 200)
      let replayed = try await Self.finish(accounts, begun)
      #expect(try replayed.status == 422 && replayed.string("/type") == "/problems/sign-in-flow")
      let late = try await Self.begin(accounts)
      provider.clock.forward(SignInFlow.lifeSeconds + 1)
      #expect(try await Self.finish(accounts, late).status == 422)
    }
  }

  @Test(
    "an answer that names another provider, or none where this one always does, is refused before the code is shown")
  func mixUp() async throws {
    try await Self.run { accounts, provider in
      provider.telling.withLock { $0.namesItself = true }
      let begun = try await Self.begin(accounts)
      provider.telling.withLock { $0.nonce = begun.parameter("nonce") }
      #expect(try await Self.finish(accounts, begun).status == 401)
      #expect(try await Self.finish(accounts, begun, more: #","iss":"https://evil.example""#).status == 401)
      #expect(provider.forms.withLock { $0.isEmpty })
      #expect(try await Self.finish(accounts, begun, more: #","iss":"\#(provider.issuer)""#).status == 200)
    }
  }

  @Test("metadata that speaks for another issuer is not believed")
  func metadata() async throws {
    try await Self.run { accounts, provider in
      provider.telling.withLock { $0.metadataIssuer = "https://accounts.example.org" }
      let answer = try await accounts.send(.post, "/v1/auth/providers/hostile/start", "{}")
      #expect(answer.status == 502 && answer.text.contains("issuer"))
    }
  }

  @Test("a key that is new is asked for, and not more often than every few seconds")
  func rotation() async throws {
    try await Self.run { accounts, provider in
      let first = try await Self.signIn(accounts, provider).status
      provider.rotate()
      provider.clock.forward(11)
      let second = try await Self.signIn(accounts, provider).status
      #expect(first == 200 && second == 200)
      let reads = provider.readsOfKeys
      for _ in 0..<3 {
        let refused = try await Self.signIn(accounts, provider) { $0.signsWithOther = true }
        #expect(refused.status == 401)
      }
      #expect(provider.readsOfKeys <= reads + 1)
    }
  }

  @Test("an account is linked by its address only where the provider has verified that, and its owner is told")
  func linking() async throws {
    try await Self.run { accounts, provider in
      let ann = try await accounts.join("Ann@example.org")
      let unverified = try await Self.signIn(accounts, provider) { $0.isVerified = false }
      #expect(try unverified.status == 403 && unverified.string("/type") == "/problems/address-not-verified")
      #expect(try await Self.signIn(accounts, provider) { $0.email = nil }.status == 403)
      let linked = try await Self.signIn(accounts, provider)
      #expect(try linked.string("/user") == ann.user)
      #expect(try await accounts.letters().last?.kind == "account.sign-in-linked")
      // The password still holds.
      #expect(try await accounts.login("ann@example.org").status == 200)
    }
  }

  @Test("a provider that may not speak for addresses links none")
  func notLinking() async throws {
    try await Self.run(links: false) { accounts, provider in
      _ = try await accounts.join("ann@example.org")
      let answer = try await Self.signIn(accounts, provider)
      #expect(try answer.status == 403 && answer.string("/type") == "/problems/not-linked")
      #expect(try await Self.signIn(accounts, provider) { $0.email = "bob@example.org" }.status == 200)
    }
  }

  @Test("who has registered an address and not confirmed it does not get what a provider verifies later")
  func registration() async throws {
    try await Self.run { accounts, provider in
      #expect(try await accounts.register("ann@example.org").status == 202)
      let token = try #require(try await accounts.letters().last?.token)
      #expect(try await Self.signIn(accounts, provider).status == 200)
      let body = #"{"token":"\#(token)","password":"\#(AccountsFixture.password)"}"#
      #expect(try await accounts.send(.post, "/v1/auth/email/confirm", body).status == 422)
      #expect(try await accounts.login("ann@example.org").status == 401)
    }
  }
}
