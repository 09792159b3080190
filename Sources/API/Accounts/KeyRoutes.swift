import Accounts
import HTTP
import JSON
import Kernel
import Secrets
import Store

/// `/auth/keys`: keys of partners' programs, each shown once, when it is made.
struct KeyRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource

  func addRoutes(to group: RouteGroup) {
    group.post("/auth/keys") { request, context in try await make(request, context) }.describe(
      .json(
        "Makes a key for a program; it is told this once", .organisations, .token, fields: ["Idempotency-Key"],
        takes: .fields([
          "organisation": .id, "name": .text(1...100),
          "scopes": .list(.words(KeyScope.self), 1...KeyScope.allCases.count), "days?": .integer(1...3650),
        ]), gives: KeyJSON.schema, status: .created))
    group.get("/auth/keys") { request, _ in try await list(request) }.describe(
      .json(
        "Keys of an organisation", .organisations, .token, query: ["organisation!": .id],
        gives: .fields(["keys": .list(KeyJSON.schema)])))
    group.delete("/auth/keys/{id}") { request, context in try await revoke(request, context) }.describe(
      .empty("Revokes a key", .organisations, .token, path: ["id": .id]))
  }

  private func make(_ request: Request, _ context: RequestContext) async throws -> Response {
    // Who asks comes before what they ask; whether they may follows from the organisation, which the body names.
    let user = try await source.user(of: request)
    let document = try await request.jsonDocument(limit: accountBodyBytesMax)
    let object = try document.root.object(fields: "organisation", "name", "scopes", "days")
    let asked = try await OrganisationRoutes.allowed(.manageKeys, in: try organisation(object), user, desk)
    let scopes = try scopes(object)
    let key = OpaqueToken.random(.key)
    let new = NewKey(
      organisation: asked.id, name: try object.line("name", length: 1...100), hint: String(key.text.prefix(10)),
      hash: key.digest, scopes: scopes, days: try object.optional("days", in: 1...3650))
    let outcome = try await desk.store.add(
      new, try request.making("key", document, by: asked.user.id), by: desk.actor(asked.user.id, request, context))
    let made = try outcome.made(
      orFull: "There are \(AccountStore.keysMax) keys that are good: revoke one before making another.")
    // The key itself was told once; whoever has lost that answer revokes it and makes another.
    return created(made.value, shown: made.isNew ? key.text : nil)
  }

  private func created(_ made: StoredKey, shown: String?) -> Response {
    .json(
      KeyJSON(key: made, shown: shown), status: .created,
      fields: ["Location": "/v1/auth/keys/\(made.id)", "Cache-Control": "no-store"])
  }

  private func list(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    guard let text: String = try request.query.optional("organisation"), let id = OrganisationID(text) else {
      throw Problem.parameter("organisation", "Say whose keys: ?organisation=ID; GET /v1/organisations lists them.")
    }
    let asked = try await OrganisationRoutes.allowed(.manageKeys, in: id, user, desk)
    return .json(
      KeyList(keys: try await desk.store.keys(of: asked.id)), fields: ["Cache-Control": "no-store"])
  }

  private func revoke(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.user(of: request)
    let id = try context.parameters.require("id", as: KeyID.self)
    guard let organisation = try await desk.store.organisation(ofKey: id),
      try await desk.store.membership(of: user.id, in: organisation) != nil
    else { throw unknown }
    _ = try await OrganisationRoutes.allowed(.manageKeys, in: organisation, user, desk)
    guard try await desk.store.revoke(id, by: desk.actor(user.id, request, context)) else { throw unknown }
    return Response(status: .noContent)
  }

  private var unknown: Problem { Problem(.notFound, detail: "There is no such key, or it was revoked already.") }

  private func organisation(_ object: JSONObject) throws(JSONError) -> OrganisationID {
    let node = try object.required("organisation", as: JSONNode.self)
    guard let id = OrganisationID(try node.string) else {
      throw node.invalid("must be \(OrganisationID.parameterExpectation)")
    }
    return id
  }

  private func scopes(_ object: JSONObject) throws(JSONError) -> [String] {
    let names = try object.required("scopes", as: [String].self)
    do throws(KeyScope.Fault) {
      return try KeyScope.scopes(names).map(\.rawValue).sorted()
    } catch {
      let known = KeyScope.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      let complaint =
        switch error {
        case .none: "must name what the key may: some of \(known)"
        case .unknown: "must have none but \(known)"
        }
      throw try object.required("scopes", as: JSONNode.self).fault(complaint)
    }
  }
}

private struct KeyJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "organisation": .id, "name": .text, "hint": .text, "scopes": .list(.text), "createdAt": .moment,
    "expiresAt?": .moment, "revokedAt?": .moment, "key?": .text,
  ])

  let key: StoredKey
  var shown: String?

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", "\(key.id)")
      $0.field("organisation", "\(key.organisation)")
      $0.field("name", key.name)
      $0.field("hint", key.hint)
      $0.field("scopes", key.scopes)
      $0.field("createdAt", key.createdAt.description)
      $0.field("expiresAt", ifPresent: key.expiresAt?.description)
      $0.field("revokedAt", ifPresent: key.revokedAt?.description)
      $0.field("key", ifPresent: shown)
    }
  }
}

private struct KeyList: JSONWritable {
  let keys: [StoredKey]

  func write(to writer: inout JSONWriter) { writer.object { $0.field("keys", keys.map { KeyJSON(key: $0) }) } }
}
