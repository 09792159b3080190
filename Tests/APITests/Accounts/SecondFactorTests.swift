import Accounts
import HTTP
import JSON
import Secrets
import Testing

@testable import API

@Suite("Second factor")
struct SecondFactorTests {
  private typealias Fixture = AccountsFixture

  /// The authenticator: reads the address that a picture would show.
  private func code(_ secret: [UInt8], at second: Int64) -> String {
    TimeCode.code(step: TimeCode.step(atSecond: second)) { Digest.hmacSHA1($0, key: secret) }
  }

  private func decoded(_ base32: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for digit in base32.utf8 {
      bits = bits << 5 | UInt32(digit >= 65 ? digit - 65 : digit - 24)
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private struct Guarded {
    let tokens: AccountsFixture.Tokens
    let secret: [UInt8]
    let recovery: [String]
  }

  private func enable(_ fixture: AccountsFixture, _ email: String) async throws -> Guarded {
    let tokens = try await fixture.join(email)
    let given = try await fixture.send(.post, "/auth/2fa/enable", as: tokens)
    let secret = decoded(try #require(try given.string("/secret")))
    #expect(secret.count == 20)
    let name = email.replacing("@", with: "%40")
    #expect(try given.string("/uri")?.hasPrefix("otpauth://totp/Wayfare:\(name)?secret=") == true)
    #expect(try await fixture.login(email).status == 200, "nothing is asked for before a first code was shown")
    let body = #"{"code":"\#(code(secret, at: fixture.clock.now))"}"#
    let answer = try await fixture.send(.post, "/auth/2fa/verify", body, as: tokens)
    #expect(answer.status == 200, "\(answer.text)")
    let recovery = try JSONDocument(bytes: answer.body).root.object(fields: "recoveryCodes")
      .required("recoveryCodes", as: [String].self)
    #expect(Set(recovery).count == 10)
    return Guarded(tokens: tokens, secret: secret, recovery: recovery)
  }

  @Test("once a code was shown, signing in needs one; a code serves once, a clock may be a step off")
  func wholeWay() async throws {
    try await Fixture.run { fixture in
      let ada = try await enable(fixture, "ada@example.org")
      let without = try await fixture.login("ada@example.org")
      #expect(without.status == 401)
      #expect(try without.string("/type") == "/problems/second-factor")
      let used = #","code":"\#(code(ada.secret, at: fixture.clock.now))""#
      #expect(try await fixture.login("ada@example.org", more: used).status == 401, "it has confirmed already")
      fixture.clock.forward(30)
      let next = #","code":"\#(code(ada.secret, at: fixture.clock.now))""#
      _ = try await fixture.signIn("ada@example.org", more: next)
      #expect(try await fixture.login("ada@example.org", more: next).status == 401, "replayed")
      fixture.clock.forward(60)
      let late = #","code":"\#(code(ada.secret, at: fixture.clock.now - 30))""#
      _ = try await fixture.signIn("ada@example.org", more: late)
      #expect(try await fixture.login("ada@example.org", "wrong", more: late).status == 401)
    }
  }

  @Test("a recovery code serves once, however it is typed")
  func recovery() async throws {
    try await Fixture.run { fixture in
      let ada = try await enable(fixture, "ada@example.org")
      let typed = ada.recovery[3].lowercased().replacing("-", with: " ")
      let more = #","recoveryCode":"\#(typed)""#
      _ = try await fixture.signIn("ada@example.org", more: more)
      #expect(try await fixture.login("ada@example.org", more: more).status == 401)
      #expect(
        try await fixture.login("ada@example.org", more: #","recoveryCode":"AAAA-BBBB-CCCC-DDDD""#).status == 401)
    }
  }

  @Test("other sessions end when codes are asked for; wrong codes lock, and are never as good as right ones")
  func guards() async throws {
    try await Fixture.run { fixture in
      let ada = try await enable(fixture, "ada@example.org")
      #expect(try await fixture.me(ada.tokens) == 200)
      let kinds = try await fixture.letters().map(\.kind)
      #expect(kinds.last == "account.second-factor-on")
      #expect(try await fixture.send(.post, "/auth/2fa/enable", as: ada.tokens).status == 409)
      var statuses: [Int] = []
      for guess in 0..<7 {
        statuses.append(try await fixture.login("ada@example.org", more: #","code":"00000\#(guess)""#).status)
      }
      #expect(statuses.suffix(2) == [429, 429])
    }
  }

  @Test("a code takes it away again; without one nothing is changed")
  func disables() async throws {
    try await Fixture.run { fixture in
      let ada = try await enable(fixture, "ada@example.org")
      #expect(try await fixture.send(.post, "/auth/2fa/disable", #"{"code":"000000"}"#, as: ada.tokens).status == 422)
      fixture.clock.forward(30)
      let body = #"{"code":"\#(code(ada.secret, at: fixture.clock.now))"}"#
      #expect(try await fixture.send(.post, "/auth/2fa/disable", body, as: ada.tokens).status == 204)
      _ = try await fixture.signIn("ada@example.org")
    }
  }

  @Test("what guards an account is changed only a short while after signing in")
  func needsFreshness() async throws {
    try await Fixture.run(change: { $0.limits.freshSeconds = 0 }) { fixture in
      let ada = try await fixture.join("ada@example.org")
      let answer = try await fixture.send(.post, "/auth/2fa/enable", as: ada)
      #expect(answer.status == 403)
      #expect(try answer.string("/type") == "/problems/sign-in-again")
      #expect(try await fixture.send(.delete, "/users/\(ada.user)", as: ada).status == 403)
    }
  }
}
