import Accounts
import EventLoop
import Glibc
import HTTP
import TestSupport
import Testing

@testable import API

/// Signing in by a provider that others have written.
@Suite("Signing in by another's provider", .enabled(if: OtherIdentityProvider.program != nil))
struct OtherProviderTests {
  private static func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
      }
    }
    return result == 0 ? Int(UInt16(bigEndian: address.sin_port)) : 0
  }

  @Test("discovery, code with PKCE, keys of RSA, claims: an account is made, and found again")
  func whole() async throws {
    let claims = #"{"sub":"eve-1","email":"eve@example.org","email_verified":true,"name":"Eve"}"#
    let other = try OtherIdentityProvider(port: Self.freePort(), claims: claims)
    defer { other.stop() }
    let group = try EventLoopGroup(count: 1)
    let client = try HTTPClient(loop: group.loops[0])
    let issuer = "http://127.0.0.1:\(other.port)"
    #expect(
      await eventually {
        let answer = try? await client.send(ClientRequest(.get, issuer + "/.well-known/openid-configuration"))
        return answer?.status == 200
      })
    let provider = try #require(
      IdentityProvider(
        name: "other", title: "Other", issuer: issuer, clientID: "wayfare", clientSecret: "secret",
        redirects: ["https://app.example.org/back"]))
    // Its clock is the machine's.
    let now: @Sendable () -> Int64 = { Int64(time(nil)) }
    let desk = ProviderDesk([provider], client: client, now: now)
    try await AccountsFixture.run(
      change: {
        $0.providers = desk
        $0.now = now
      }
    ) { accounts in
      let first = try await Self.signIn(accounts, client, issuer)
      #expect(first.status == 200, "\(first.text)")
      let me = try await accounts.send(.get, "/v1/auth/me", as: try accounts.tokens(first))
      #expect(try me.string("/email") == "eve@example.org" && me.string("/name") == "Eve")
      let again = try await Self.signIn(accounts, client, issuer)
      #expect(try again.string("/user") == first.string("/user"))
      // Without the verifier the code would be no use to whoever reads it on the way.
      let wrong = try await Self.signIn(accounts, client, issuer, code: "made-up")
      #expect(wrong.status == 401 || wrong.status == 502, "\(wrong.text)")
    }
    await client.close()
    group.shutdown()
  }

  /// Begins here, signs in there as its one person, and finishes here.
  private static func signIn(
    _ accounts: AccountsFixture, _ client: HTTPClient, _ issuer: String, code other: String? = nil
  ) async throws -> AccountsFixture.Answer {
    let begun = try await accounts.send(.post, "/v1/auth/providers/other/start", "{}")
    let url = try #require(try begun.string("/authorizationUrl"), "\(begun.text)")
    let flow = try #require(try begun.string("/flow"))
    var form = ClientRequest(.post, url)
    form.fields.set("Content-Type", "application/x-www-form-urlencoded")
    form.body = Array("sub=eve-1".utf8)
    let sent = try await client.send(form)
    let back = try #require(sent.field("location"), "\(sent.status)")
    #expect(sent.status == 302 && back.hasPrefix("https://app.example.org/back?"))
    func parameter(_ name: String) -> String {
      for pair in (back.split(separator: "?").last ?? "").split(separator: "&") where pair.hasPrefix(name + "=") {
        return String(pair.dropFirst(name.utf8.count + 1))
      }
      return ""
    }
    return try await accounts.send(
      .post, "/v1/auth/providers/other/finish",
      #"{"flow":"\#(flow)","code":"\#(other ?? parameter("code"))","state":"\#(parameter("state"))"}"#)
  }
}
