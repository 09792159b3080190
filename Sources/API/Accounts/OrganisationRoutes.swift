import Accounts
import HTTP
import JSON
import Kernel
import Secrets
import Store

/// `/organisations`: companies and groups, who belongs to them, and their programs' keys.
///
/// Who does not belong to one is answered as if there were none.
struct OrganisationRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource

  private static let ids: [String: JSONSchema] = ["id": .id, "user": .id]
  private static let name: JSONSchema = .fields(["name": .text(1...100)])

  func addRoutes(to group: RouteGroup) {
    group.post("/organisations") { request, context in try await make(request, context) }.describe(
      .json(
        "Makes an organisation", .organisations, .token, fields: ["Idempotency-Key"], takes: Self.name,
        gives: PermissionList.One.schema, status: .created))
    group.get("/organisations") { request, _ in
      let user = try await source.user(of: request)
      return .json(PermissionList(memberships: try await desk.store.memberships(of: user.id)), fields: noStore)
    }.describe(.json("To which one belongs", .organisations, .token, gives: PermissionList.schema))
    group.get("/organisations/{id}") { request, context in
      .json(PermissionList.One(try await readable(request, context)), fields: noStore)
    }.describe(
      .json("An organisation", .organisations, .token, path: Self.ids, gives: PermissionList.One.schema)
        .scoped(.readOrganisation))
    group.patch("/organisations/{id}") { request, context in try await rename(request, context) }.describe(
      .empty("Renames it", .organisations, .token, path: Self.ids, takes: Self.name))
    group.delete("/organisations/{id}") { request, context in try await remove(request, context) }.describe(
      .empty("Takes it away with all that belongs to it", .organisations, .token, path: Self.ids))
    group.get("/organisations/{id}/members") { request, context in
      let id = try await readable(request, context).organisation.id
      return .json(MemberList(members: try await desk.store.members(of: id)), fields: noStore)
    }.describe(
      .json("Who belongs to it", .organisations, .token, path: Self.ids, gives: MemberList.schema)
        .scoped(.readOrganisation))
    group.post("/organisations/{id}/invitations") { request, context in try await invite(request, context) }.describe(
      .json(
        "Invites an address by mail", .organisations, .token, path: Self.ids, fields: ["Idempotency-Key"],
        takes: .fields(["email": .email, "role": .words(OrganisationRole.self)]), gives: .mailSent, status: .accepted))
    group.post("/organisations/invitations/accept") { request, context in try await accept(request, context) }.describe(
      .json(
        "Joins, with the token of the mail", .organisations, .token, takes: .fields(["token": .text(1...100)]),
        gives: .fields(["organisation": .id])))
    group.put("/organisations/{id}/members/{user}") { request, context in
      let asked = try await allowed(.manageMembers, request, context)
      let role = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "role")
        .required("role", as: WireRole.self).role
      return try await setRole(role, asked, request, context)
    }.describe(
      .empty(
        "Gives a role", .organisations, .token, path: Self.ids, takes: .fields(["role": .words(OrganisationRole.self)]))
    )
    group.delete("/organisations/{id}/members/{user}") { request, context in
      // Everybody may go; whom else one may take out is judged with the members held.
      try await setRole(nil, try await allowed(.readOrganisation, request, context), request, context)
    }.describe(.empty("Takes somebody out", .organisations, .token, path: Self.ids))
    group.get("/organisations/{id}/audit-log") { request, context in
      let asked = try await allowed(.readAudit, request, context)
      let entries = try await desk.store.auditEntries(about: "\(asked.id)", by: nil, limit: 200)
      return .json(try AuditPage(entries), fields: noStore)
    }.describe(.json("What was done in it", .organisations, .token, path: Self.ids, gives: AuditPage.schema))
  }

  private var noStore: HTTPFields { ["Cache-Control": "no-store"] }

  /// Who asks, of which organisation they are, and as what.
  struct Asked: Sendable {
    let user: SignedInUser
    let membership: Membership

    var id: OrganisationID { membership.organisation.id }
  }

  /// The one place where a permission is asked for.
  private func allowed(
    _ permission: Permission, _ request: Request, _ context: RequestContext
  ) async throws -> Asked {
    let user = try await source.user(of: request)
    let id = try context.parameters.require("id", as: OrganisationID.self)
    return try await Self.allowed(permission, in: id, user, desk)
  }

  static func allowed(
    _ permission: Permission, in id: OrganisationID, _ user: SignedInUser, _ desk: AccountDesk
  ) async throws -> Asked {
    guard let membership = try await desk.store.membership(of: user.id, in: id) else { throw unknown }
    guard membership.role.may(permission) else {
      throw Problem(
        .forbidden, detail: "As \(membership.role.rawValue) you may not do this; \(permission.rawValue) is needed.")
    }
    return Asked(user: user, membership: membership)
  }

  /// What a member may see, and a program of the organisation.
  private func readable(_ request: Request, _ context: RequestContext) async throws -> Membership {
    guard case .partner(let own, _) = try await source.caller(of: request, context) else {
      return try await allowed(.readOrganisation, request, context).membership
    }
    guard try context.parameters.require("id", as: OrganisationID.self) == own,
      let organisation = try await desk.store.organisation(own)
    else { throw Self.unknown }
    return Membership(organisation: organisation, role: .member)
  }

  private static var unknown: Problem {
    Problem(.notFound, detail: "There is no such organisation, or you do not belong to it.")
  }

  private func make(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.user(of: request)
    let document = try await request.jsonDocument(limit: accountBodyBytesMax)
    let name = try document.root.object(fields: "name").line("name", length: 1...100)
    let outcome = try await desk.store.makeOrganisation(
      name, owner: user.id, try request.making("organisation", document, by: user.id),
      by: desk.actor(user.id, request, context))
    let full = "You belong to \(AccountStore.organisationsMax) organisations; leave one before making another."
    let made = try outcome.made(orFull: full).value
    return .json(
      PermissionList.One(Membership(organisation: made, role: .owner)), status: .created,
      fields: ["Location": "/v1/organisations/\(made.id)", "Cache-Control": "no-store"])
  }

  private func rename(_ request: Request, _ context: RequestContext) async throws -> Response {
    let asked = try await allowed(.changeOrganisation, request, context)
    let name = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "name")
      .line("name", length: 1...100)
    guard
      try await desk.store.rename(asked.id, to: name, by: desk.actor(asked.user.id, request, context))
    else { throw Self.unknown }
    return Response(status: .noContent)
  }

  private func remove(_ request: Request, _ context: RequestContext) async throws -> Response {
    let asked = try await allowed(.deleteOrganisation, request, context)
    guard try await desk.store.remove(asked.id, by: desk.actor(asked.user.id, request, context)) else {
      throw Self.unknown
    }
    return Response(status: .noContent)
  }

  private func invite(_ request: Request, _ context: RequestContext) async throws -> Response {
    let asked = try await allowed(.manageMembers, request, context)
    let document = try await request.jsonDocument(limit: accountBodyBytesMax)
    let object = try document.root.object(fields: "email", "role")
    let email = try object.email()
    let role = try object.required("role", as: WireRole.self).role
    guard asked.membership.role.mayGive(role) else { throw mayNotGive(asked.membership.role) }
    try await desk.admit(desk.attempts(email, .mail, from: desk.peer(of: request, context)))
    let token = OpaqueToken.random(.mail)
    let outcome = try await desk.store.invite(
      email, to: asked.membership.organisation, as: role, token: token.text, tokenHash: token.digest,
      try request.making("invitation to \(asked.id)", document, by: asked.user.id),
      by: desk.actor(asked.user.id, request, context), desk.seal)
    _ = try outcome.made(orFull: "This organisation takes no more invitations.")
    return .json(["status": "mail-sent"], status: .accepted, fields: noStore)
  }

  private func accept(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.user(of: request)
    let text = try await request.jsonDocument(limit: accountBodyBytesMax).root.object(fields: "token")
      .required("token", length: 1...100)
    guard let token = OpaqueToken(shown: text, .mail),
      let joined = try await desk.store.join(
        tokenHash: token.digest, as: user.id, by: desk.actor(user.id, request, context))
    else {
      let detail = "is not, or no longer, good for this account: ask to be invited again at its address"
      throw Problem(
        .unprocessableContent, name: "mail-token", title: "Token not accepted", detail: "/token \(detail).",
        errors: [FieldProblem(pointer: "/token", detail: "/token \(detail)")])
    }
    return .json(["organisation": "\(joined)"], fields: noStore)
  }

  private func setRole(
    _ role: OrganisationRole?, _ asked: Asked, _ request: Request, _ context: RequestContext
  ) async throws -> Response {
    let member = try context.parameters.require("user", as: UserID.self)
    switch try await desk.store.setRole(
      of: member, in: asked.id, to: role, by: asked.user.id, desk.actor(asked.user.id, request, context))
    {
    case .done: return Response(status: .noContent)
    case .forbidden: throw mayNotGive(asked.membership.role)
    case .unknown: throw Problem(.notFound, detail: "Nobody of this id belongs to the organisation.")
    case .lastOwner:
      throw Problem(.conflict, detail: "An organisation keeps an owner: make somebody else one first.")
    }
  }

  private func mayNotGive(_ role: OrganisationRole) -> Problem {
    Problem(.forbidden, detail: "As \(role.rawValue) you may give and take only roles below your own.")
  }
}

/// The roles as they travel.
private enum WireRole: String, JSONReadable, CaseIterable {
  case member, admin, owner

  var role: OrganisationRole {
    switch self {
    case .member: .member
    case .admin: .admin
    case .owner: .owner
    }
  }
}

/// Who belongs to an organisation.
private struct MemberList: JSONWritable {
  static let schema: JSONSchema = .fields([
    "members": .list(
      .fields(["id": .id, "name": .text, "email": .text, "role": .words(OrganisationRole.self), "joinedAt": .moment]))
  ])

  let members: [StoredMember]

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("members") { array in
        for member in members {
          array.object {
            $0.field("id", "\(member.account)")
            $0.field("name", member.name)
            $0.field("email", member.email)
            $0.field("role", member.role.rawValue)
            $0.field("joinedAt", member.joinedAt.description)
          }
        }
      }
    }
  }
}

/// Entries of the log.
struct AuditPage: JSONWritable {
  static let schema: JSONSchema = .fields([
    "entries": .list(
      .fields([
        "number": .integer, "at": .moment, "actor?": .text, "subject": .text, "action": .text, "network?": .text,
        "details": .object,
      ]))
  ])

  private let entries: [(entry: AuditEntry, details: JSONNode)]

  /// - Throws: when details cannot be read: a log with holes would look whole.
  init(_ entries: [AuditEntry]) throws(JSONError) {
    var read: [(entry: AuditEntry, details: JSONNode)] = []
    for entry in entries { read.append((entry, try JSONDocument(text: entry.details).root)) }
    self.entries = read
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("entries") { array in
        for (entry, details) in entries {
          array.object {
            $0.field("number", entry.number)
            $0.field("at", Instant(secondsSinceEpoch: entry.microseconds / 1_000_000).description)
            $0.field("actor", ifPresent: entry.actor.map { "\($0)" })
            $0.field("subject", entry.subject)
            $0.field("action", entry.action)
            $0.field("network", ifPresent: entry.network)
            $0.field("details", details)
          }
        }
      }
    }
  }
}
