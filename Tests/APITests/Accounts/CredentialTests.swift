import HTTP
import Postgres
import Secrets
import Store
import Testing

@testable import API

/// What one signs in with, changed while signed in.
@Suite("Changing what one signs in with")
struct CredentialTests {
  private static let next = "copper lantern bridge"

  @Test("a password is changed by who knows it; others are signed out, and the owner is told")
  func password() async throws {
    try await AccountsFixture.run { accounts in
      let phone = try await accounts.join("ann@example.org")
      let laptop = try await accounts.signIn("ann@example.org")
      let wrong = #"{"current":"not it at all","password":"\#(Self.next)"}"#
      #expect(try await accounts.send(.put, "/v1/auth/password", wrong, as: laptop).status == 422)
      let none = #"{"password":"\#(Self.next)"}"#
      #expect(try await accounts.send(.put, "/v1/auth/password", none, as: laptop).status == 422)
      let weak = #"{"current":"\#(AccountsFixture.password)","password":"password12"}"#
      #expect(try await accounts.send(.put, "/v1/auth/password", weak, as: laptop).status == 422)
      let right = #"{"current":"\#(AccountsFixture.password)","password":"\#(Self.next)"}"#
      #expect(try await accounts.send(.put, "/v1/auth/password", right, as: laptop).status == 204)
      #expect(try await accounts.send(.get, "/v1/auth/me", as: laptop).status == 200)
      #expect(try await accounts.send(.get, "/v1/auth/me", as: phone).status == 401)
      #expect(try await accounts.letters().last?.kind == "account.password-changed")
      #expect(try await accounts.login("ann@example.org").status == 401)
      #expect(try await accounts.login("ann@example.org", Self.next).status == 200)
      #expect(try await accounts.send(.put, "/v1/auth/password", right).status == 401)
    }
  }

  @Test("guesses at the present password are counted as sign-ins are")
  func guessing() async throws {
    try await AccountsFixture.run { accounts in
      let ann = try await accounts.join("ann@example.org")
      let wrong = #"{"current":"not it at all","password":"\#(Self.next)"}"#
      var statuses: [Int] = []
      for _ in 0..<7 { statuses.append(try await accounts.send(.put, "/v1/auth/password", wrong, as: ann).status) }
      #expect(statuses.contains(429))
    }
  }

  @Test("an address changes once the new one has answered, and the old one is told; tokens to it are worth nothing")
  func address() async throws {
    try await AccountsFixture.run { accounts in
      let ann = try await accounts.join("ann@example.org")
      _ = try await accounts.send(.post, "/v1/auth/password/forgot", #"{"email":"ann@example.org"}"#)
      let old = try #require(try await accounts.letters().last { $0.kind == "account.reset" }?.token)
      let body = #"{"email":"ann@new.example"}"#
      #expect(try await accounts.send(.post, "/v1/auth/email/change", body, as: ann).status == 202)
      let letter = try #require(try await accounts.letters().last)
      #expect(letter.kind == "account.confirm-address" && letter.address == "ann@new.example")
      // Until then nothing has changed.
      #expect(try await accounts.login("ann@new.example").status == 401)
      let token = #"{"token":"\#(letter.token ?? "")"}"#
      #expect(try await accounts.send(.post, "/v1/auth/email/change/confirm", token).status == 204)
      #expect(try await accounts.send(.post, "/v1/auth/email/change/confirm", token).status == 422)
      let notice = try #require(try await accounts.letters().last)
      #expect(notice.kind == "account.address-changed" && notice.address == "ann@example.org")
      #expect(try await accounts.login("ann@new.example").status == 200)
      #expect(try await accounts.login("ann@example.org").status == 401)
      let reset = #"{"token":"\#(old)","password":"\#(Self.next)"}"#
      #expect(try await accounts.send(.post, "/v1/auth/password/reset", reset).status == 422)
    }
  }

  @Test("an address that is somebody else's is answered alike, and stays theirs; an old sign-in asks for nothing")
  func taken() async throws {
    try await AccountsFixture.run { accounts in
      let ann = try await accounts.join("ann@example.org")
      _ = try await accounts.join("bob@example.org")
      let free = try await accounts.send(.post, "/v1/auth/email/change", #"{"email":"c@example.org"}"#, as: ann)
      let taken = try await accounts.send(.post, "/v1/auth/email/change", #"{"email":"bob@example.org"}"#, as: ann)
      #expect(free.status == 202 && taken.status == 202 && free.text == taken.text)
      let letter = try #require(try await accounts.letters().last)
      #expect(letter.kind == "account.already-registered" && letter.address == "bob@example.org")
      // Of several wishes the last counts.
      let first = try await accounts.letters().last { $0.kind == "account.confirm-address" }?.token ?? ""
      #expect(
        try await accounts.send(.post, "/v1/auth/email/change/confirm", #"{"token":"\#(first)"}"#).status == 422)
      try await accounts.app.client.execute("update session set authenticated_at = now() - interval '1 hour'")
      let late = try await accounts.send(.post, "/v1/auth/email/change", #"{"email":"d@example.org"}"#, as: ann)
      #expect(late.status == 403)
    }
  }
}
