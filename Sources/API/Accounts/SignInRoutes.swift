import Accounts
import HTTP
import JSON
import Kernel
import Secrets
import Store

/// Signing in, staying so, and signing out.
struct SignInRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource

  private static let shown: JSONSchema = .fields(["refreshToken?": .text(1...100), "everywhere?": .boolean])

  func addRoutes(to group: RouteGroup) {
    group.post("/auth/login") { request, context in try await signIn(request, context) }.describe(
      .json("Signs in", .accounts, takes: SignInWish.schema, gives: GivenTokens.schema))
    group.post("/auth/refresh") { request, context in try await refresh(request, context) }.describe(
      .json("Gives the next tokens", .accounts, takes: Self.shown, gives: GivenTokens.schema).withOptionalBody)
    group.post("/auth/logout") { request, context in try await signOut(request, context) }.describe(
      .empty("Signs out", .accounts, .tokenOptional, takes: Self.shown).withOptionalBody)
    group.get("/auth/me") { request, _ in try await me(request) }.describe(
      .json(
        "Who is signed in", .accounts, .token,
        gives: StoredAccount.schema.with(["secondFactor": .boolean, "session": .id])))
    group.get("/auth/permissions") { request, _ in try await permissions(request) }.describe(
      .json("What one may do where", .accounts, .token, gives: PermissionList.schema))
    group.get("/auth/sessions") { request, _ in try await sessions(request) }.describe(
      .json("Where one is signed in", .accounts, .token, gives: SessionList.schema))
    group.delete("/auth/sessions/{id}") { request, context in try await end(request, context) }.describe(
      .empty("Ends a session", .accounts, .token, path: ["id": .id]))
  }

  // MARK: In

  private func signIn(_ request: Request, _ context: RequestContext) async throws -> Response {
    let wish = try SignInWish(try await request.jsonDocument(limit: accountBodyBytesMax).root)
    if wish.wantsCookies { try SessionCookies.requireOwnPage(request) }
    let peer = desk.peer(of: request, context)
    let attempts = desk.attempts(wish.email, .account, from: peer)
    try await desk.admit(attempts)
    let credentials = try await desk.store.credentials(of: wish.email)
    let verdict = try await desk.judge(wish.password, credentials?.passwordHash)
    let actor = desk.actor(nil, request, context)
    guard let credentials, verdict.isRight else {
      let subject = credentials.map { "\($0.account.id)" } ?? "nobody"
      try await desk.store.record(AuditNote("session.refused", subject: subject), actor)
      throw wrongCredentials
    }
    let refresh = OpaqueToken.random(.refresh)
    var signIn = SignIn(credentials, attempts: attempts, refreshHash: refresh.digest)
    signIn.factor = try factor(wish, credentials)
    signIn.userAgent = request.userAgent
    signIn.address = peer.host
    signIn.limits = desk.settings.limits
    switch try await desk.store.signIn(signIn, by: actor) {
    case .open(let session):
      if let hash = verdict.renewed, let old = credentials.passwordHash {
        try await desk.store.renew(old, to: hash, of: credentials.account.id)
      }
      return try await desk.tokens(session, credentials.account.id, refresh.text, inCookies: wish.wantsCookies)
    case .factorMissing:
      try await desk.store.takeBack(attempts)
      throw Problem(
        .unauthorized, name: "second-factor", title: "Second factor needed",
        detail: "The password is right: send it again with \"code\" from the authenticator or a \"recoveryCode\".",
        fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\""])
    case .factorWrong:
      try await desk.store.record(
        AuditNote("second-factor.refused", subject: "\(credentials.account.id)"), actor)
      throw Problem(
        .unauthorized, name: "second-factor", title: "Second factor not accepted",
        detail: "That code is wrong, or was used before; wait for the authenticator's next one.",
        fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\""])
    case .changed: throw wrongCredentials
    }
  }

  private func factor(_ wish: SignInWish, _ credentials: Credentials) throws -> ShownFactor {
    if let code = wish.code, let sealed = credentials.sealedSecret {
      return .code(try desk.codeJudge(sealed, code))
    }
    if let recovery = wish.recoveryCode {
      return .recovery(RecoveryCode(typed: recovery).map { Digest.sha256(Array($0.text.utf8)) } ?? [])
    }
    return .none
  }

  private var wrongCredentials: Problem {
    Problem(
      .unauthorized, name: "credentials", title: "Address or password wrong",
      detail: "The address or the password is wrong, or the address has not been confirmed yet.",
      fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\""])
  }

  // MARK: Staying

  private func refresh(_ request: Request, _ context: RequestContext) async throws -> Response {
    let (shown, isCookie) = try await shownRefresh(request)
    guard let text = shown else {
      throw Problem(
        .unprocessableContent, detail: "Send {\"refreshToken\": …}, or the cookie that signing in has set.",
        errors: [FieldProblem(pointer: "/refreshToken", detail: "/refreshToken is missing: it must be text")])
    }
    guard let token = OpaqueToken(shown: text, .refresh) else { throw overProblem }
    let next = OpaqueToken.random(.refresh)
    var refreshing = Refreshing(
      tokenHash: token.digest, nextHash: next.digest, nextSealed: token.seal(next: next))
    refreshing.limits = desk.settings.limits
    switch try await desk.store.refresh(refreshing, by: desk.actor(nil, request, context), desk.seal) {
    case .rotated(let session, let user):
      return try await desk.tokens(session, user, next.text, inCookies: isCookie)
    case .repeated(let session, let user, let sealed):
      guard let same = token.open(next: sealed) else { throw overProblem }
      return try await desk.tokens(session, user, same, inCookies: isCookie)
    case .reused, .over, .unknown: throw overProblem
    }
  }

  /// The refresh token of the body, else of the cookie.
  private func shownRefresh(_ request: Request) async throws -> (text: String?, isCookie: Bool) {
    let bytes = try await request.body.collect(upTo: accountBodyBytesMax)
    if !bytes.isEmpty {
      let object = try JSONDocument(bytes: bytes).root.object(fields: "refreshToken", "everywhere")
      if let text = try object.optional("refreshToken", length: 1...100) { return (text, false) }
    }
    guard let cookie = SessionCookies.find(SessionCookies.refresh, in: request) else { return (nil, false) }
    try SessionCookies.requireOwnPage(request)
    return (cookie, true)
  }

  private var overProblem: Problem {
    Problem(
      .unauthorized, name: "session-over", title: "Session over",
      detail: "This refresh token is not, or no longer, good; sign in again.",
      fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\", error=\"invalid_token\""])
  }

  // MARK: Out

  /// Ends the session of the access token or, if that has run out, of the refresh token; it succeeds in any case, so that
  /// nobody is left signed in because a token was too old.
  private func signOut(_ request: Request, _ context: RequestContext) async throws -> Response {
    let isEverywhere = try await wantsEverywhere(request)
    if let (session, user) = try await sessionToEnd(request) {
      let actor = desk.actor(user, request, context)
      if isEverywhere {
        try await desk.store.revokeAll(of: user, because: .logout, by: actor)
      } else {
        _ = try await desk.store.revoke(session, of: user, because: .logout, by: actor)
      }
    }
    var fields = SessionCookies.clearing
    fields.append("Clear-Site-Data", "\"cache\", \"storage\"")
    return Response(status: .noContent, fields: fields)
  }

  private func wantsEverywhere(_ request: Request) async throws -> Bool {
    let bytes = try await request.body.collect(upTo: accountBodyBytesMax)
    if bytes.isEmpty { return false }
    return try JSONDocument(bytes: bytes).root.object(fields: "refreshToken", "everywhere").optional("everywhere")
      ?? false
  }

  private func sessionToEnd(_ request: Request) async throws -> (SessionID, UserID)? {
    do {
      let user = try await source.user(of: request)
      return (user.session, user.id)
    } catch let problem as Problem where problem.status == .unauthorized {
      guard let text = try await shownRefresh(request).text, let token = OpaqueToken(shown: text, .refresh),
        let found = try await desk.store.session(ofRefresh: token.digest)
      else { return nil }
      return (found.id, found.account)
    }
  }

  // MARK: Who and where

  private func me(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    guard let account = try await desk.store.findAccount(user.id) else { throw Problem.signInNeeded }
    let isOn = try await desk.store.factor(of: user.id)?.isOn ?? false
    return .json(
      Me(account: account, hasSecondFactor: isOn, session: user.session), fields: ["Cache-Control": "no-store"])
  }

  private func permissions(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let memberships = try await desk.store.memberships(of: user.id)
    return .json(PermissionList(memberships: memberships), fields: ["Cache-Control": "no-store"])
  }

  private func sessions(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let sessions = try await desk.store.sessions(of: user.id, desk.settings.limits)
    return .json(SessionList(sessions: sessions, current: user.session), fields: ["Cache-Control": "no-store"])
  }

  private func end(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.user(of: request)
    let id = try context.parameters.require("id", as: SessionID.self)
    let isEnded = try await desk.store.revoke(
      id, of: user.id, because: .owner, by: desk.actor(user.id, request, context))
    guard isEnded else {
      throw Problem(.notFound, detail: "You have no such session, or none any more; GET /v1/auth/sessions lists them.")
    }
    return Response(status: .noContent)
  }
}

/// What somebody signs in with.
private struct SignInWish {
  static let schema: JSONSchema = .fields([
    "email": .email, "password": .text(1...1024), "code?": .text(1...20), "recoveryCode?": .text(1...60),
    "cookies?": .boolean,
  ])

  let email: EmailAddress
  let password: String
  let code: String?
  let recoveryCode: String?
  let wantsCookies: Bool

  init(_ root: JSONNode) throws(JSONError) {
    let object = try root.object(fields: "email", "password", "code", "recoveryCode", "cookies")
    email = try object.email()
    password = try object.required("password", length: 1...1024)
    code = try object.optional("code", length: 1...20)
    recoveryCode = try object.optional("recoveryCode", length: 1...60)
    wantsCookies = try object.optional("cookies") ?? false
  }
}
