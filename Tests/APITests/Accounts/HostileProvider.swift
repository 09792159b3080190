import Accounts
import EventLoop
import HTTP
import JSON
import Secrets
import Synchronization
import Telemetry

@testable import API

/// A provider of OpenID Connect over a real socket that tells what a test has it tell.
final class HostileProvider: Sendable {
  /// What it tells next.
  struct Telling: Sendable {
    var issuer: String?
    var audience = ["client-1"]
    var party: String?
    var subject = "s-1"
    var nonce: String?
    var email: String? = "ann@example.org"
    var isVerified = true
    var ageSeconds: Int64 = 0
    var lifeSeconds: Int64 = 300
    /// The header, where it is not ours.
    var header: String?
    var signsWithOther = false
    var metadataIssuer: String?
    var namesItself = false
  }

  let server: HTTPServer
  let client: HTTPClient
  let group: EventLoopGroup
  let clock: HandClock
  let telling = Mutex(Telling())
  /// The forms that came to its token endpoint.
  let forms = Mutex<[String]>([])
  private let keys = Mutex<[(id: String, key: SigningKey)]>([("k1", SigningKey.random())])
  private let other = SigningKey.random()
  private let keyReads = Mutex(0)
  /// How often its keys were asked for.
  var readsOfKeys: Int { keyReads.withLock { $0 } }

  var issuer: String { "http://\(server.addresses[0])" }

  /// Runs a test beside a provider.
  static func run(_ clock: HandClock, _ body: (HostileProvider) async throws -> Void) async throws {
    let provider = try await HostileProvider(clock)
    do {
      try await body(provider)
    } catch {
      await provider.end()
      throw error
    }
    await provider.end()
  }

  private init(_ clock: HandClock) async throws {
    self.clock = clock
    group = try EventLoopGroup(count: 1)
    let router = Router()
    let held = Holder()
    router.get("/.well-known/openid-configuration") { _, _ in held.provider?.metadata ?? .text("gone") }
    router.get("/keys") { _, _ in held.provider?.keySet ?? .text("gone") }
    router.post("/token") { request, _ in
      let form = String(decoding: try await request.body.collect(upTo: 10_000), as: UTF8.self)
      return held.provider?.token(form) ?? .text("gone")
    }
    let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))
    server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: router.build(), logger: logger)
    client = try HTTPClient(loop: group.loops[0])
    held.set(self)
    try await server.start()
  }

  private final class Holder: Sendable {
    private let held = Mutex<HostileProvider?>(nil)
    var provider: HostileProvider? { held.withLock { $0 } }
    func set(_ provider: HostileProvider?) { held.withLock { $0 = provider } }
  }

  private func end() async {
    await client.close()
    await server.shutdown(within: .milliseconds(200))
    group.shutdown()
  }

  /// As an operator sets it up.
  func desk(_ name: String = "hostile", links: Bool = true) throws -> ProviderDesk {
    let provider = IdentityProvider(
      name: name, title: "Hostile", issuer: issuer, clientID: "client-1", clientSecret: "s3cr:et",
      redirects: ["https://app.example.org/back"], linksByAddress: links)
    return ProviderDesk(provider.map { [$0] } ?? [], client: client) { self.clock.now }
  }

  /// Signs with another key from now on.
  func rotate() { keys.withLock { $0 = [("k\($0.count + 7)", SigningKey.random())] } }

  private var metadata: Response {
    let telling = telling.withLock { $0 }
    let issuer = issuer
    return .json(
      Told {
        $0.field("issuer", telling.metadataIssuer ?? issuer)
        $0.field("authorization_endpoint", issuer + "/authorize")
        $0.field("token_endpoint", issuer + "/token")
        $0.field("jwks_uri", issuer + "/keys")
        $0.field("authorization_response_iss_parameter_supported", telling.namesItself)
      })
  }

  private var keySet: Response {
    keyReads.withLock { $0 += 1 }
    let keys = keys.withLock { $0.map { JSONWebKey(keyID: $0.id, key: $0.key.verifying) } }
    return .json(Told { $0.field("keys", keys) })
  }

  private func token(_ form: String) -> Response {
    forms.withLock { $0.append(form) }
    let telling = telling.withLock { $0 }
    let now = clock.now - telling.ageSeconds
    var claims = TokenClaims(
      issuer: telling.issuer ?? issuer, audiences: telling.audience, subject: telling.subject, issuedAt: now,
      expiresAt: now + telling.lifeSeconds)
    claims.nonce = telling.nonce
    claims.authorizedParty = telling.party
    claims.email = telling.email
    claims.isEmailVerified = telling.isVerified
    claims.name = "Ann"
    let key = keys.withLock { $0[0] }
    var token = JSONWebToken.sign(
      claims, type: "JWT", keyID: key.id, key: telling.signsWithOther ? other : key.key)
    if let header = telling.header {
      let parts = token.split(separator: ".")
      token = "\(Base64URL.encode(Array(header.utf8))).\(parts[1])."
      if !header.contains("none") { token += parts[2] }
    }
    let answer = token
    return .json(
      Told {
        $0.field("access_token", "at")
        $0.field("token_type", "Bearer")
        $0.field("id_token", answer)
      })
  }
}
