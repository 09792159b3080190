import Accounts
import HTTP
import JSON
import Secrets
import Store

/// Who is signed in changes what they sign in with.
struct CredentialRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource

  func addRoutes(to group: RouteGroup) {
    group.put("/auth/password") { request, context in try await changePassword(request, context) }.describe(
      .empty(
        "Changes the password; who has none yet sets one", .accounts, .token,
        takes: .fields(["current?": .text(1...1000), "password": .text(10...256)])))
    group.post("/auth/email/change") { request, context in try await askAddress(request, context) }.describe(
      .json(
        "Asks for another address; the new one is sent a code", .accounts, .token, takes: .fields(["email": .email]),
        gives: .mailSent, status: .accepted))
    group.post("/auth/email/change/confirm") { request, context in
      try await confirmAddress(try await request.jsonDocument(limit: accountBodyBytesMax).root, request, context)
    }
    .describe(
      .empty(
        "Makes the new address the account's, with the code of the mail", .accounts,
        takes: .fields(["token": .text(1...100)])))
  }

  private func changePassword(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.user(of: request)
    let object = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "current", "password")
    guard let credentials = try await desk.store.credentials(of: user.id) else { throw Problem.signInNeeded }
    let account = credentials.account
    let password = try object.newPassword("password", desk.settings.passwords, of: [account.email, account.name])
    if credentials.passwordHash == nil {
      // Who only signs in elsewhere has shown no password here, and so must have shown themselves just now.
      _ = try await source.freshUser(of: request)
    } else {
      let current = try object.required("current", length: 1...1000)
      // Whoever holds a session guesses at the password no faster than who signs in.
      let email = try EmailAddress(account.email)
      let attempts = desk.attempts(email, .account, from: desk.peer(of: request, context))
      try await desk.admit(attempts)
      guard try await desk.judge(current, credentials.passwordHash).isRight else {
        let detail = "is not the present password"
        throw Problem(
          .unprocessableContent, name: "password", title: "Password not accepted", detail: "/current \(detail).",
          errors: [FieldProblem(pointer: "/current", detail: "/current \(detail)")])
      }
      try await desk.store.takeBack(attempts)
    }
    let isChanged = try await desk.store.changePassword(
      of: user.id, from: credentials.passwordHash, to: try await desk.hash(password), keeping: user.session,
      by: desk.actor(user.id, request, context), desk.seal)
    guard isChanged else {
      throw Problem(.conflict, detail: "The password was changed just now from elsewhere; sign in again.")
    }
    return Response(status: .noContent, fields: ["Cache-Control": "no-store"])
  }

  private func askAddress(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.freshUser(of: request)
    let email = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "email").email()
    try await desk.admit(desk.attempts(email, .mail, from: desk.peer(of: request, context)))
    let token = OpaqueToken.random(.mail)
    try await desk.store.requestAddress(
      email, of: user.id, token: token.text, tokenHash: token.digest, by: desk.actor(user.id, request, context),
      desk.seal)
    return .json(
      ["status": "mail-sent", "message": "A mail is on its way to the new address; what it says comes next."],
      status: .accepted, fields: ["Cache-Control": "no-store"])
  }

  func confirmAddress(_ root: JSONNode, _ request: Request, _ context: RequestContext) async throws -> Response {
    let object = try root.object(fields: "token")
    try await desk.admit(desk.attempts(nil, .account, from: desk.peer(of: request, context)))
    guard let token = OpaqueToken(shown: try object.required("token", length: 1...100), .mail),
      try await desk.store.confirmAddress(
        tokenHash: token.digest, by: desk.actor(nil, request, context), desk.seal)
    else {
      let detail = "is not, or no longer, good: it serves once and for a day; ask for another mail"
      throw Problem(
        .unprocessableContent, name: "mail-token", title: "Token not accepted", detail: "/token \(detail).",
        errors: [FieldProblem(pointer: "/token", detail: "/token \(detail)")])
    }
    return Response(status: .noContent, fields: ["Cache-Control": "no-store"])
  }
}
