package import Accounts
package import HTTP
import JSON
import Secrets
import Synchronization

/// The providers that people may sign in by, with what they say of themselves and the keys that they sign with.
package final class ProviderDesk: Sendable {
  /// Metadata and keys are read anew after an hour, and keys at once, but not more often than this, for a key that is not
  /// known: providers change theirs, and anybody can name any.
  private static let keepSeconds: Int64 = 3600
  private static let askSeconds: Int64 = 10
  private static let answerBytesMax = 256 * 1024

  /// What a provider says of itself, as far as it is used.
  struct Metadata: Sendable {
    let authorization: String
    let token: String
    let keys: String
    let userInfo: String?
    /// Whether its answers name it (RFC 9207).
    let namesItself: Bool
    /// Whether a secret goes into the body rather than into `Authorization`.
    let wantsSecretInBody: Bool
  }

  private struct Known: Sendable {
    var metadata: (value: Metadata, readAt: Int64)?
    var keys: (value: [JSONWebKey], readAt: Int64)?
  }

  let providers: [IdentityProvider]
  private let client: HTTPClient?
  private let now: @Sendable () -> Int64
  private let known = Mutex<[String: Known]>([:])

  /// A desk.
  ///
  /// - Parameters:
  ///   - providers: those that an operator has set up.
  ///   - client: asks them.
  ///   - now: seconds since 1970.
  package init(_ providers: [IdentityProvider], client: HTTPClient, now: @escaping @Sendable () -> Int64) {
    self.providers = providers
    self.client = client
    self.now = now
  }

  /// A desk without providers.
  init(none now: @escaping @Sendable () -> Int64) {
    providers = []
    client = nil
    self.now = now
  }

  func provider(_ name: String) -> IdentityProvider? { providers.first { $0.name == name } }

  /// Ends what is under way with providers.
  package func close() async { await client?.close() }

  // MARK: What it says of itself

  func metadata(of provider: IdentityProvider) async throws -> Metadata {
    let now = now()
    if let kept = known.withLock({ $0[provider.name]?.metadata }), now - kept.readAt < Self.keepSeconds {
      return kept.value
    }
    let base = provider.issuer.hasSuffix("/") ? String(provider.issuer.dropLast()) : provider.issuer
    let root = try await get(base + "/.well-known/openid-configuration", provider)
    // Whoever names another issuer speaks for somebody else.
    guard root.text("issuer") == provider.issuer else { throw ProviderFault.metadata("issuer") }
    let metadata = Metadata(
      authorization: try address(root, "authorization_endpoint"), token: try address(root, "token_endpoint"),
      keys: try address(root, "jwks_uri"),
      userInfo: root.member("userinfo_endpoint") == nil ? nil : try address(root, "userinfo_endpoint"),
      namesItself: root.isTrue("authorization_response_iss_parameter_supported"),
      wantsSecretInBody: wantsSecretInBody(root))
    known.withLock { $0[provider.name, default: Known()].metadata = (metadata, now) }
    return metadata
  }

  private func wantsSecretInBody(_ root: JSONNode) -> Bool {
    // Where it is not said, Basic is meant; what is no text names no method.
    let methods = root.list("token_endpoint_auth_methods_supported").compactMap { try? $0.string }
    return !methods.contains("client_secret_basic") && methods.contains("client_secret_post")
  }

  /// The endpoints are as safe as the issuer, or secrets would go to whoever writes the metadata.
  private func address(_ root: JSONNode, _ name: StaticString) throws -> String {
    guard let address = root.text(name), IdentityProvider.isSafe(String(address.prefix { $0 != "?" })),
      !address.contains("#")
    else { throw ProviderFault.metadata("\(name)") }
    return address
  }

  // MARK: Keys

  /// The keys that a provider signs with; never shared secrets, which are not among what is read.
  func keys(of provider: IdentityProvider, notOlderThan seconds: Int64 = keepSeconds) async throws -> [JSONWebKey] {
    let now = now()
    if let kept = known.withLock({ $0[provider.name]?.keys }), now - kept.readAt < seconds { return kept.value }
    let root = try await get(try await metadata(of: provider).keys, provider)
    guard root.member("keys")?.kind == .array else { throw ProviderFault.metadata("keys") }
    let keys = root.list("keys").prefix(50).compactMap { JSONWebKey($0) }
    known.withLock { $0[provider.name, default: Known()].keys = (keys, now) }
    return keys
  }

  /// The claims of a token that a provider has signed, for us, now, and for this sign-in.
  func verify(_ token: String, of provider: IdentityProvider, nonce: String) async throws -> TokenClaims {
    let claims: TokenClaims
    do {
      claims = try Self.verify(token, try await keys(of: provider))
    } catch TokenFault.key, TokenFault.signature {
      // It may sign with another by now.
      claims = try Self.verify(token, try await keys(of: provider, notOlderThan: Self.askSeconds))
    }
    var rules = ClaimRules(issuer: provider.issuer, audience: provider.clientID, lifeSecondsMax: 86_400)
    rules.nonce = nonce
    try rules.check(claims, atSecond: now())
    if claims.audiences.count > 1 || claims.authorizedParty != nil {
      guard claims.authorizedParty == provider.clientID else { throw TokenFault.audience }
    }
    return claims
  }

  private static func verify(_ token: String, _ keys: [JSONWebKey]) throws(TokenFault) -> TokenClaims {
    try JSONWebToken.verify(token, types: nil) { id, _ in
      keys.filter { id == nil || $0.keyID == id || $0.keyID == nil }.map(\.key)
    }.claims
  }

  // MARK: Asking

  private func get(_ url: String, _ provider: IdentityProvider, bearer: String? = nil) async throws -> JSONNode {
    var request = ClientRequest(.get, url)
    request.fields.set("Accept", "application/json")
    if let bearer { request.fields.set("Authorization", "Bearer \(bearer)") }
    return try await answer(request).root
  }

  /// What a provider says of whom a token is of.
  func userInfo(_ url: String, of provider: IdentityProvider, token: String) async throws -> JSONNode {
    try await get(url, provider, bearer: token)
  }

  /// Gives a form to a provider.
  func post(_ form: String, to url: String, authorization: String?) async throws -> JSONNode {
    var request = ClientRequest(.post, url)
    request.fields.set("Content-Type", "application/x-www-form-urlencoded")
    request.fields.set("Accept", "application/json")
    if let authorization { request.fields.set("Authorization", authorization) }
    request.body = Array(form.utf8)
    return try await answer(request).root
  }

  private func answer(_ request: ClientRequest) async throws -> JSONDocument {
    var request = request
    request.timeout = .seconds(10)
    request.responseBytesMax = Self.answerBytesMax
    guard let client else { throw ProviderFault.away("there are no providers") }
    let response: ClientResponse
    do {
      response = try await client.send(request)
    } catch let error as ClientError {
      throw ProviderFault.away("\(error)")
    }
    guard response.status == 200 else { throw ProviderFault.refused(status: response.status) }
    // What is no JSON is told as what it is for whoever signs in: an answer that cannot be used.
    guard let document = try? JSONDocument(bytes: response.body), document.root.kind == .object else {
      throw ProviderFault.metadata("answer")
    }
    return document
  }
}

/// Why a provider is no help.
enum ProviderFault: Error, Sendable {
  /// It cannot be reached.
  case away(String)
  /// It refuses what it was asked for.
  case refused(status: Int)
  /// What it says of itself is missing something, or cannot be.
  case metadata(String)
}

extension ProviderFault: ProblemConvertible {
  var problem: Problem {
    switch self {
    case .away:
      Problem(
        .badGateway, name: "provider", title: "Provider away",
        detail: "The provider cannot be reached; try again in a moment, or sign in with your password.")
    case .refused(let status):
      Problem(
        .unauthorized, name: "provider", title: "Provider refused",
        detail: "The provider did not accept this sign-in (\(status)); begin anew.",
        fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\""])
    case .metadata(let name):
      Problem(
        .badGateway, name: "provider", title: "Provider not understood",
        detail: "What the provider says is not what OpenID Connect asks for (\(name)); tell whoever runs this service.")
    }
  }
}
