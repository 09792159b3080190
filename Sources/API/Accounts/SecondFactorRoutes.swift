import Accounts
import HTTP
import JSON
import Secrets
import Store

/// `/auth/2fa`: codes of an authenticator beside the password.
struct SecondFactorRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource

  private static let code: JSONSchema = .fields(["code": .text(1...20)])

  func addRoutes(to group: RouteGroup) {
    group.post("/auth/2fa/enable") { request, context in try await enable(request, context) }.describe(
      .json(
        "Gives the secret for an authenticator", .accounts, .token, gives: .fields(["secret": .text, "uri": .text])))
    group.post("/auth/2fa/verify") { request, context in try await verify(request, context) }.describe(
      .json(
        "Has codes asked for from now on, and gives recovery codes", .accounts, .token, takes: Self.code,
        gives: .fields(["recoveryCodes": .list(.text)])))
    group.post("/auth/2fa/disable") { request, context in try await disable(request, context) }.describe(
      .empty("Has no codes asked for any more", .accounts, .token, takes: Self.code))
  }

  /// Gives the secret; codes are asked for once a first one has been shown.
  private func enable(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.freshUser(of: request)
    guard let account = try await desk.store.findAccount(user.id) else { throw Problem.signInNeeded }
    let secret = RandomBytes.make(TimeCode.secretBytes)
    let sealed = SealedBox.seal(secret, key: desk.settings.masterKey.key(for: .secondFactor))
    let change = try await desk.store.prepareFactor(
      sealedSecret: sealed, of: user.id, by: desk.actor(user.id, request, context))
    guard change == .done else { throw alreadyOn }
    return .json(
      [
        "secret": Base32.encode(secret),
        "uri": TimeCode.uri(secret: secret, account: account.email, issuer: desk.settings.displayName),
      ], fields: ["Cache-Control": "no-store"])
  }

  private func verify(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.freshUser(of: request)
    let judged = try await judge(user, request, context)
    let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode(random: RandomBytes.make(RecoveryCode.bytes)) }
    let change = try await desk.store.confirmFactor(
      of: user.id, sealedSecret: judged.sealed, keeping: user.session,
      recoveryHashes: codes.map { Digest.sha256(Array($0.text.utf8)) }, judge: judged.judge,
      by: desk.actor(user.id, request, context), desk.seal)
    try refuse(change)
    return .json(["recoveryCodes": codes.map(\.printed)], fields: ["Cache-Control": "no-store"])
  }

  private func disable(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.freshUser(of: request)
    let judged = try await judge(user, request, context)
    try refuse(
      try await desk.store.removeFactor(
        of: user.id, judge: judged.judge, by: desk.actor(user.id, request, context), desk.seal))
    return Response(status: .noContent)
  }

  private struct Judged {
    let sealed: [UInt8]
    let judge: @Sendable (Int64?) -> Int64?
  }

  /// A code is a guess like a password: it is counted.
  private func judge(
    _ user: SignedInUser, _ request: Request, _ context: RequestContext
  ) async throws -> Judged {
    let code = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "code")
      .required("code", length: 1...20)
    guard let factor = try await desk.store.factor(of: user.id) else { throw off }
    let name = AttemptName(.account, digest: Digest.sha256(Array("code \(user.id)".utf8)))
    try await desk.admit([name])
    let judge = try desk.codeJudge(factor.sealedSecret, code)
    // Judged once more by the store, which holds the last step; what is right is no guess.
    if judge(nil) != nil { try await desk.store.takeBack([name]) }
    return Judged(sealed: factor.sealedSecret, judge: judge)
  }

  private func refuse(_ change: FactorChange) throws(Problem) {
    switch change {
    case .done: return
    case .alreadyOn: throw alreadyOn
    case .off: throw off
    case .wrong:
      let detail = "is wrong, or was used before: wait for the authenticator's next code"
      throw Problem(
        .unprocessableContent, name: "second-factor", title: "Code not accepted", detail: "/code \(detail).",
        errors: [FieldProblem(pointer: "/code", detail: "/code \(detail)")])
    }
  }

  private var alreadyOn: Problem {
    Problem(.conflict, detail: "Codes are asked for already: POST /v1/auth/2fa/disable with a code first.")
  }

  private var off: Problem {
    Problem(.conflict, detail: "No authenticator is set up: POST /v1/auth/2fa/enable first.")
  }
}
