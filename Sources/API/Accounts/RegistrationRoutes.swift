import Accounts
import HTTP
import JSON
import Secrets
import Store

/// How somebody comes to an account, and back to it without the password.
///
/// No answer tells whether an address has an account: what there is to tell goes to the address, by mail.
struct RegistrationRoutes: Sendable {
  let desk: AccountDesk

  private static let password: JSONSchema = .text(10...256)

  func addRoutes(to group: RouteGroup) {
    group.post("/auth/register") { request, context in try await register(request, context) }.describe(
      .json(
        "Asks for an account; the rest comes by mail", .accounts,
        takes: .fields(["email": .email, "name": .text(1...100), "password": Self.password]), gives: .mailSent,
        status: .accepted))
    group.post("/auth/email/confirm") { request, context in
      try await confirm(try await request.jsonDocument(limit: accountBodyBytesMax).root, request, context)
    }.describe(
      .json(
        "Makes the account, with the token of the mail", .accounts,
        takes: .fields(["token": .text(1...100), "password": .text(1...1000)]), gives: StoredAccount.schema,
        status: .created))
    group.post("/auth/password/forgot") { request, context in try await forgot(request, context) }.describe(
      .json(
        "Asks for a mail with which to set a new password", .accounts, takes: .fields(["email": .email]),
        gives: .mailSent, status: .accepted))
    group.post("/auth/password/reset") { request, context in
      try await reset(try await request.jsonDocument(limit: accountBodyBytesMax).root, request, context)
    }.describe(
      .empty(
        "Sets a new password, with the token of the mail", .accounts,
        takes: .fields(["token": .text(1...100), "password": Self.password])))
  }

  private func register(_ request: Request, _ context: RequestContext) async throws -> Response {
    let object = try await request.jsonDocument(limit: accountBodyBytesMax).root
      .object(fields: "email", "password", "name")
    let email = try object.email()
    let name = try object.line("name", length: 1...100)
    let password = try object.newPassword("password", desk.settings.passwords, of: [email.text, name])
    try await desk.admit(desk.attempts(email, .mail, from: desk.peer(of: request, context)))
    let token = OpaqueToken.random(.mail)
    let new = NewRegistration(
      email: email, name: name, passwordHash: try await desk.hash(password), token: token.text,
      tokenHash: token.digest)
    try await desk.store.register(new, by: desk.actor(nil, request, context), desk.seal)
    return mailSent("A mail is on its way to this address; what it says comes next.")
  }

  func confirm(_ root: JSONNode, _ request: Request, _ context: RequestContext) async throws -> Response {
    let token = try await mailToken(root, also: "password")
    let password = try root.object(fields: "token", "password").required("password", length: 1...1000)
    guard let hash = try await desk.store.passwordHashOfRegistration(tokenHash: token.digest) else {
      throw badMailToken
    }
    // Whoever reads the mail need not be who asked for it: the account would be theirs with a stranger's password.
    guard try await desk.judge(password, hash).isRight else {
      let detail = "is not the password that this address was registered with; if it was not you, do nothing"
      throw Problem(
        .unprocessableContent, name: "password", title: "Password not accepted", detail: "/password \(detail).",
        errors: [FieldProblem(pointer: "/password", detail: "/password \(detail)")])
    }
    guard
      let account = try await desk.store.confirm(
        tokenHash: token.digest, by: desk.actor(nil, request, context))
    else { throw badMailToken }
    return .json(account, status: .created, fields: ["Cache-Control": "no-store"])
  }

  private func forgot(_ request: Request, _ context: RequestContext) async throws -> Response {
    let email = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "email").email()
    try await desk.admit(desk.attempts(email, .mail, from: desk.peer(of: request, context)))
    let token = OpaqueToken.random(.mail)
    try await desk.store.requestReset(
      of: email, token: token.text, tokenHash: token.digest, by: desk.actor(nil, request, context), desk.seal)
    return mailSent("A mail is on its way to this address; it says how to go on.")
  }

  func reset(_ root: JSONNode, _ request: Request, _ context: RequestContext) async throws -> Response {
    let token = try await mailToken(root, also: "password")
    guard let account = try await desk.store.accountOfReset(tokenHash: token.digest) else { throw badMailToken }
    let password = try root.object(fields: "token", "password")
      .newPassword("password", desk.settings.passwords, of: [account.email, account.name])
    let email = try EmailAddress(account.email)
    let isReset = try await desk.store.reset(
      tokenHash: token.digest, passwordHash: try await desk.hash(password),
      attempts: desk.attempts(email, .account, from: desk.peer(of: request, context)),
      by: desk.actor(nil, request, context), desk.seal)
    guard isReset else { throw badMailToken }
    return Response(status: .noContent, fields: SessionCookies.clearing)
  }

  private func mailToken(_ root: JSONNode, also other: StaticString) async throws -> OpaqueToken {
    let object = try root.object(fields: "token", other)
    guard let token = OpaqueToken(shown: try object.required("token", length: 1...100), .mail) else {
      throw badMailToken
    }
    return token
  }

  private var badMailToken: Problem {
    let detail = "is not, or no longer, good: it serves once and for a limited time; ask for another mail"
    return Problem(
      .unprocessableContent, name: "mail-token", title: "Token not accepted", detail: "/token \(detail).",
      errors: [FieldProblem(pointer: "/token", detail: "/token \(detail)")])
  }

  private func mailSent(_ message: String) -> Response {
    .json(["status": "mail-sent", "message": message], status: .accepted, fields: ["Cache-Control": "no-store"])
  }
}
