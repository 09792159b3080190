import Accounts
import HTTP
import JSON
import Kernel
import Secrets
import Store

/// `/auth/providers`: signing in by somebody else who says who one is (OpenID Connect, authorization code with PKCE).
///
/// A page begins (`start`), keeps `flow` where only it reads it, sends its reader to the provider, and when that has sent
/// them back finishes with `flow` and what stands in the address.
struct ElsewhereRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource
  let providers: ProviderDesk

  private static let finish: JSONSchema = .fields([
    "flow": .text(1...4000), "code?": .text(1...4000), "state?": .text(1...500), "iss?": .text(1...500),
    "totp?": .text(1...20), "recoveryCode?": .text(1...60), "cookies?": .boolean,
  ])
  private static let started: JSONSchema = .fields(["authorizationUrl": .text, "flow": .text, "expiresIn": .integer])
  private static let name: [String: JSONSchema] = ["provider": .text(1...40)]

  func addRoutes(to group: RouteGroup) {
    group.get("/auth/providers") { _, _ in list() }.describe(
      .json(
        "Providers that one may sign in by", .accounts,
        gives: .fields(["providers": .list(.fields(["name": .text, "title": .text]))])))
    group.post("/auth/providers/{provider}/start") { request, context in try await start(request, context) }.describe(
      .json(
        "Begins to sign in by a provider", .accounts, path: Self.name,
        takes: .fields(["redirectUri?": .text(1...500)]), gives: Self.started))
    group.post("/auth/providers/{provider}/finish") { request, context in try await finish(request, context) }
      .describe(
        .json(
          "Signs in with what the provider has sent back, or with the second factor that was missing", .accounts,
          path: Self.name, takes: Self.finish,
          gives: .either(GivenTokens.schema, .fields(["secondFactor": .boolean, "flow": .text]))))
    group.get("/auth/identities") { request, _ in try await identities(request) }.describe(
      .json("By which providers one can sign in", .accounts, .token, gives: IdentityList.schema))
    group.delete("/auth/identities/{id}") { request, context in try await unlink(request, context) }.describe(
      .empty("Ends a provider's say over the account", .accounts, .token, path: ["id": .id]))
  }

  private func list() -> Response {
    .json(
      Told { object in
        object.array("providers") { array in
          for provider in providers.providers {
            array.object {
              $0.field("name", provider.name)
              $0.field("title", provider.title)
            }
          }
        }
      }, fields: ["Cache-Control": "public, max-age=300"])
  }

  private func provider(_ context: RequestContext) throws -> IdentityProvider {
    guard let provider = providers.provider(try context.parameters.require("provider", as: String.self)) else {
      throw Problem(.notFound, detail: "There is no such provider; GET /v1/auth/providers lists them.")
    }
    return provider
  }

  // MARK: There

  private func start(_ request: Request, _ context: RequestContext) async throws -> Response {
    let provider = try provider(context)
    let object = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "redirectUri")
    let redirect = try object.optional("redirectUri", length: 1...500) ?? provider.redirects[0]
    guard provider.redirects.contains(redirect) else {
      let detail = "is none of the addresses that the operator has listed for this provider"
      throw Problem(
        .unprocessableContent, detail: "/redirectUri \(detail).",
        errors: [FieldProblem(pointer: "/redirectUri", detail: "/redirectUri \(detail)")])
    }
    let flow = SignInFlow(provider: provider.name, redirect: redirect, now: desk.settings.now())
    let url = try await CodeExchange(desk: providers, provider: provider).authorizationURL(flow)
    return .json(
      Told {
        $0.field("authorizationUrl", url)
        $0.field("flow", flow.sealed(desk.settings.masterKey))
        $0.field("expiresIn", SignInFlow.lifeSeconds)
      }, fields: ["Cache-Control": "no-store"])
  }

  // MARK: And back

  private func finish(_ request: Request, _ context: RequestContext) async throws -> Response {
    let provider = try provider(context)
    let wish = try FinishWish(try await request.jsonDocument(limit: accountBodyBytesMax).root)
    if wish.wantsCookies { try SessionCookies.requireOwnPage(request) }
    try await desk.admit(desk.attempts(nil, .account, from: desk.peer(of: request, context)))
    let key = desk.settings.masterKey
    let now = desk.settings.now()
    if let rest = SignInRest(wish.flow, key, now: now) {
      guard let id = UserID(rest.account), let credentials = try await desk.store.credentials(of: id) else {
        throw Self.over
      }
      return try await open(credentials, wish, request, context, continuing: rest)
    }
    guard let flow = SignInFlow(wish.flow, key, now: now), flow.provider == provider.name,
      let code = wish.code, let state = wish.state, areEqual(Array(state.utf8), Array(flow.state.utf8))
    else { throw Self.over }
    let exchange = CodeExchange(desk: providers, provider: provider)
    do {
      try await exchange.check(issuer: wish.issuer)
      // Before the code is used: of two who bring the same answer one is too late.
      guard try await use(flow.state, SignInFlow.lifeSeconds) else { throw Self.over }
      let shown = try await exchange.identity(code, flow)
      return try await open(try await credentials(of: shown, provider, request, context), wish, request, context)
    } catch let fault as TokenFault {
      let actor = desk.actor(nil, request, context)
      try await desk.store.record(
        AuditNote("identity.refused", subject: provider.name, details: #"{"because":"\#(fault.word)"}"#), actor)
      throw Problem(
        .unauthorized, name: "provider-token", title: "Provider's token not accepted",
        detail: "What the provider says does not belong to this sign-in (\(fault.word)); begin anew.",
        fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\""])
    }
  }

  private func use(_ state: String, _ seconds: Int64) async throws -> Bool {
    try await desk.store.useSignIn(stateHash: Digest.sha256(Array(state.utf8)), lifeSeconds: seconds)
  }

  private static var over: Problem {
    Problem(
      .unprocessableContent, name: "sign-in-flow", title: "Sign-in not accepted",
      detail: "This sign-in was not begun here, has taken too long, or was finished before; begin anew.")
  }

  private func credentials(
    of shown: ShownIdentity, _ provider: IdentityProvider, _ request: Request, _ context: RequestContext
  ) async throws -> Credentials {
    // Cut off, two people's subjects could become one (OpenID Connect Core, section 2, has 255 at most).
    guard (1...255).contains(shown.subject.unicodeScalars.count) else { throw TokenFault.claim("sub") }
    // An address that nobody could have registered here is as good as none.
    let email = shown.isVerified ? shown.email.flatMap { try? EmailAddress($0) } : nil
    let name = shown.name.map { String($0.filter { !$0.isNewline }.prefix(100)) } ?? ""
    let local = email.map { String($0.text.prefix { $0 != "@" }) } ?? "?"
    let proven = ProvenIdentity(
      issuer: shown.issuer, subject: shown.subject, email: email,
      name: name.contains { !$0.isWhitespace } ? name : String(local.prefix(100)),
      linksByAddress: provider.linksByAddress)
    switch try await desk.store.credentials(of: proven, by: desk.actor(nil, request, context), desk.seal) {
    case .account(let credentials): return credentials
    case .unverified:
      throw Problem(
        .forbidden, name: "address-not-verified", title: "Address not verified",
        detail: "\(provider.title) tells no address that it has verified; verify one there, or register here.")
    case .notLinked:
      throw Problem(
        .forbidden, name: "not-linked", title: "Account not linked",
        detail: "There is an account with this address already; sign in to it with its password.")
    }
  }

  private func open(
    _ credentials: Credentials, _ wish: FinishWish, _ request: Request, _ context: RequestContext,
    continuing rest: SignInRest? = nil
  ) async throws -> Response {
    let refresh = OpaqueToken.random(.refresh)
    let peer = desk.peer(of: request, context)
    // Codes are guessed at like passwords, under the account's name; what came before was judged elsewhere.
    let email = try EmailAddress(credentials.account.email)
    let attempts = rest == nil ? [] : desk.attempts(email, .account, from: peer)
    if rest != nil { try await desk.admit(attempts) }
    var signIn = SignIn(credentials, attempts: attempts, refreshHash: refresh.digest)
    signIn.factor = try wish.factor(credentials, desk)
    signIn.userAgent = request.userAgent
    signIn.address = peer.host
    signIn.limits = desk.settings.limits
    switch try await desk.store.signIn(signIn, by: desk.actor(nil, request, context)) {
    case .open(let session):
      return try await desk.tokens(session, credentials.account.id, refresh.text, inCookies: wish.wantsCookies)
    case .factorMissing:
      let next = rest ?? SignInRest(account: "\(credentials.account.id)", now: desk.settings.now())
      let sealed = next.sealed(desk.settings.masterKey)
      return .json(
        Told {
          $0.field("secondFactor", true)
          $0.field("flow", sealed)
        }, fields: ["Cache-Control": "no-store"])
    case .factorWrong:
      try await desk.store.record(
        AuditNote("second-factor.refused", subject: "\(credentials.account.id)"), desk.actor(nil, request, context))
      throw Problem(
        .unauthorized, name: "second-factor", title: "Second factor not accepted",
        detail: "That code is wrong, or was used before; wait for the authenticator's next one.",
        fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\""])
    case .changed: throw Self.over
    }
  }

  // MARK: Linked

  private func identities(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let titles = Dictionary(providers.providers.map { ($0.issuer, $0.title) }) { first, _ in first }
    let list = IdentityList(identities: try await desk.store.identities(of: user.id), titles: titles)
    return .json(list, fields: ["Cache-Control": "no-store"])
  }

  private func unlink(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.freshUser(of: request)
    let id = try context.parameters.require("id", as: IdentityID.self)
    guard try await desk.store.unlink(id, of: user.id, by: desk.actor(user.id, request, context)) else {
      throw Problem(.notFound, detail: "You have no such identity; GET /v1/auth/identities lists them.")
    }
    return Response(status: .noContent)
  }
}

/// What somebody finishes a sign-in with.
private struct FinishWish {
  let flow: String
  let code: String?
  let state: String?
  let issuer: String?
  let totp: String?
  let recoveryCode: String?
  let wantsCookies: Bool

  init(_ root: JSONNode) throws(JSONError) {
    let object = try root.object(fields: "flow", "code", "state", "iss", "totp", "recoveryCode", "cookies")
    flow = try object.required("flow", length: 1...4000)
    code = try object.optional("code", length: 1...4000)
    state = try object.optional("state", length: 1...500)
    issuer = try object.optional("iss", length: 1...500)
    totp = try object.optional("totp", length: 1...20)
    recoveryCode = try object.optional("recoveryCode", length: 1...60)
    wantsCookies = try object.optional("cookies") ?? false
  }

  func factor(_ credentials: Credentials, _ desk: AccountDesk) throws -> ShownFactor {
    if let totp, let sealed = credentials.sealedSecret { return .code(try desk.codeJudge(sealed, totp)) }
    if let recoveryCode {
      return .recovery(RecoveryCode(typed: recoveryCode).map { Digest.sha256(Array($0.text.utf8)) } ?? [])
    }
    return .none
  }
}

/// Identities, to their owner.
struct IdentityList: JSONWritable {
  static let schema: JSONSchema = .fields([
    "identities": .list(
      .fields([
        "id": .id, "issuer": .text, "title?": .text, "email?": .text, "createdAt": .moment, "usedAt": .moment,
      ]))
  ])

  let identities: [StoredIdentity]
  let titles: [String: String]

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("identities") { array in
        for identity in identities {
          array.object {
            $0.field("id", "\(identity.id)")
            $0.field("issuer", identity.issuer)
            $0.field("title", ifPresent: titles[identity.issuer])
            $0.field("email", ifPresent: identity.email)
            $0.field("createdAt", identity.createdAt.description)
            $0.field("usedAt", identity.usedAt.description)
          }
        }
      }
    }
  }
}

extension TokenFault {
  /// Its name, as it is told and kept.
  fileprivate var word: String {
    switch self {
    case .malformed: "malformed"
    case .algorithm: "algorithm"
    case .type: "type"
    case .critical: "critical"
    case .key: "key"
    case .signature: "signature"
    case .claim(let name): "claim \(name)"
    case .issuer: "issuer"
    case .audience: "audience"
    case .expired: "expired"
    case .early: "early"
    case .nonce: "nonce"
    }
  }
}
