import Accounts
import HTTP
import JSON
import Kernel
import Store
import Telemetry
import Trips
import TripsWire

/// `/trips/{trip}/collaborators`, `/invites` and `/links`: who takes part, and how one comes to.
struct TripMemberRoutes: Sendable {
  private static let daysMax = 90
  private static let bytesMax = 4096
  private static let standing: JSONSchema = .fields(["user": .id, "role": .words(TripRole.self)])
  private static let invite: JSONSchema = .fields([
    "id": .id, "role": .words(TripRole.self), "email?": .text, "days": .integer, "token?": .text,
  ])

  let gate: TripGate
  /// Writes to who is invited; without it invites are told to who makes them alone.
  let post: TripPost?
  var store: TripStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.on(
      .get, "/collaborators", .follow, group,
      .json(
        "Who takes part", .tripPeople,
        gives: .fields(["collaborators": .list(Self.standing.with(["name": .text, "joinedAt": .moment]))]))
    ) { try await members($0) }
    gate.on(
      .post, "/collaborators", .share, group,
      .json(
        "Has somebody take part, or invites an address", .tripPeople, fields: ["Idempotency-Key"],
        takes: .fields([
          "role": .words(TripRole.self), "user?": .id, "email?": .email, "days?": .integer(1...Self.daysMax),
        ]), gives: .either(Self.standing, Self.invite), status: .created)
    ) { try await add($0) }
    gate.on(
      .patch, "/collaborators/{user}", .share, group,
      .json("Changes a role", .tripPeople, takes: .fields(["role": .words(TripRole.self)]), gives: Self.standing)
    ) { try await change($0) }
    gate.on(.delete, "/collaborators/{user}", .share, group, .empty("Has somebody no longer take part", .tripPeople)) {
      visit in
      try await end(try visit.parameter("user"), "member.removed", visit)
    }
    gate.on(.post, "/leave", .leave, group, .empty("Takes part no longer", .tripPeople)) { visit in
      try await end(try visit.user(), "member.left", visit)
    }
    gate.on(
      .get, "/invites", .share, group,
      .json(
        "Invites that are open", .tripPeople,
        gives: .fields([
          "invites": .list(
            .fields([
              "id": .id, "role": .words(TripRole.self), "email?": .text, "createdAt": .moment, "expiresAt": .moment,
            ]))
        ]))
    ) { try await invites($0) }
    gate.on(
      .post, "/invites", .share, group,
      .json(
        "Makes an invite; its token is told this once", .tripPeople, fields: ["Idempotency-Key"],
        takes: .fields([
          "role": .words(["editor", "commenter", "viewer"]), "email?": .email, "days?": .integer(1...Self.daysMax),
        ]), gives: Self.invite, status: .created)
    ) { visit in
      let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
      return try await invite(try json.object(required: "role", optional: "email", "days"), json, visit)
    }
    gate.on(.delete, "/invites/{pass}", .share, group, .empty("Revokes an invite", .tripPeople)) {
      try await revoke($0, isLink: false)
    }
    gate.on(
      .get, "/links", .share, group,
      .json(
        "Links that lead to the trip", .tripPeople,
        gives: .fields(["links": .list(.fields(["id": .id, "createdAt": .moment, "expiresAt?": .moment]))]))
    ) { try await links($0) }
    gate.on(
      .post, "/links", .share, group,
      .json(
        "Makes a link through which anybody may read; its token is told this once", .tripPeople,
        fields: ["Idempotency-Key"], takes: .fields(["days?": .integer(1...366)]),
        gives: .fields(["id": .id, "token?": .text, "path?": .text]), status: .created)
    ) { try await link($0) }
    gate.on(.delete, "/links/{pass}", .share, group, .empty("Revokes a link", .tripPeople)) {
      try await revoke($0, isLink: true)
    }
    gate.onAccount(
      .post, "/join", group,
      .json(
        "Takes part by an invite", .tripPeople, takes: .fields(["token": .text(16...200)]),
        gives: .fields(["trip": .id, "role": .words(TripRole.self)]))
    ) { request, _, user in try await join(request, user) }
  }

  // MARK: Members

  private func members(_ visit: TripVisit) async throws -> Response {
    let members = try await store.members(of: visit.id)
    return TripAnswers.fresh(
      Told { object in
        object.array("collaborators") { array in
          for member in members {
            array.object {
              $0.field("user", member.user.description)
              $0.field("name", member.name)
              $0.field("role", member.role.rawValue)
              $0.field("joinedAt", member.joinedAt.description)
            }
          }
        }
      })
  }

  /// Somebody whose id is known takes part at once; an address is sent an invite, whether it has an account or not.
  private func add(_ visit: TripVisit) async throws -> Response {
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(required: "role", optional: "user", "email", "days")
    guard let node = object.find("user") else {
      guard object.find("email") != nil else { throw json.fault("must have \"user\" or \"email\"") }
      return try await invite(object, json, visit)
    }
    let user: UserID = try node.identifier()
    let role: TripRole = try object.required("role")
    let author = try visit.user()
    return try await visit.make(json.jsonBytes()) { writer in
      guard try await writer.hasAccount(user) else { throw node.invalid("must be the id of somebody with an account") }
      guard try await writer.role(of: user) == nil else {
        throw Problem(.conflict, detail: "\(user) takes part already; change the role with PATCH instead.")
      }
      try await Self.checkRoom(writer)
      try await writer.setRole(role, of: user)
      _ = writer.append("member.joined", by: author, body: Self.body(user, role))
      return MadeAnswer(StandingJSON(user: user, role: role))
    }
  }

  private func change(_ visit: TripVisit) async throws -> Response {
    let user: UserID = try visit.parameter("user")
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let role: TripRole = try json.object(required: "role").required("role")
    let author = try visit.user()
    try await visit.write { writer in
      guard let old = try await writer.role(of: user) else { throw Problem.noMember(user) }
      if old == role { return }
      try await Self.checkLastOwner(old, writer)
      try await writer.setRole(role, of: user)
      _ = writer.append("member.role", by: author, body: Self.body(user, role))
    }
    return TripAnswers.fresh(StandingJSON(user: user, role: role))
  }

  private func end(_ user: UserID, _ word: String, _ visit: TripVisit) async throws -> Response {
    let author = try visit.user()
    try await visit.write { writer in
      guard let old = try await writer.role(of: user) else { throw Problem.noMember(user) }
      try await Self.checkLastOwner(old, writer)
      try await writer.remove(user)
      _ = writer.append(word, by: author, body: Self.body(user, nil))
    }
    return Response(status: .noContent)
  }

  private static func checkLastOwner(_ role: TripRole, _ writer: TripWriter) async throws {
    guard role == .owner, try await writer.memberCounts().owners == 1 else { return }
    throw Problem(
      .conflict, name: "last-owner", title: "Last owner",
      detail: "A trip keeps an owner: make somebody else one first, or delete the trip.")
  }

  private static func checkRoom(_ writer: TripWriter) async throws {
    guard try await writer.memberCounts().all < TripLimits.membersMax else {
      throw Problem(
        .unprocessableContent, detail: "\(TripLimits.membersMax) people take part, which is as many as can.")
    }
  }

  private static func body(_ user: UserID, _ role: TripRole?) -> String {
    Told { object in
      object.field("user", user.description)
      object.field("role", ifPresent: role?.rawValue)
    }.text
  }

  // MARK: Invites

  private func invites(_ visit: TripVisit) async throws -> Response {
    let invites = try await store.invites(of: visit.id)
    return TripAnswers.fresh(
      Told { object in
        object.array("invites") { array in
          for invite in invites {
            array.object {
              $0.field("id", invite.id.description)
              $0.field("role", invite.role.rawValue)
              $0.field("email", ifPresent: invite.email)
              $0.field("createdAt", invite.createdAt.description)
              $0.field("expiresAt", invite.expiresAt.description)
            }
          }
        }
      })
  }

  private func invite(_ object: JSONObject, _ json: JSONNode, _ visit: TripVisit) async throws -> Response {
    let role: TripRole = try object.required("role")
    guard role != .owner else {
      throw json.fault("cannot be \"owner\": invite an editor, and make them an owner when they take part", at: "/role")
    }
    let address = object.find("email") == nil ? nil : try object.email()
    let email = address?.description
    let days = try object.optional("days", in: 1...Self.daysMax) ?? 14
    let author = try visit.user()
    if let address { try await post?.admit(address, visit.request, visit.context) }
    let token = TripChance.token()
    return try await visit.make(json.jsonBytes()) { writer in
      let id = try await writer.invite(role, email: email, token: token, days: days, by: author)
      guard let id else {
        throw Problem(
          .unprocessableContent, detail: "\(TripLimits.invitesMax) invites are open, as many as can be; revoke some.")
      }
      _ = writer.append("invite.made", by: author, body: Told { $0.field("role", role.rawValue) }.text)
      if let email, let post {
        let names = try await writer.names(author)
        let letter = post.payload(TripLetter(address: email, trip: names.trip, author: names.user, token: token))
        try await writer.send(letter: letter, trace: visit.context.trace?.traceparent)
      }
      func told(_ token: String?) -> Told {
        Told { object in
          object.field("id", id.description)
          object.field("role", role.rawValue)
          object.field("email", ifPresent: email)
          object.field("days", days)
          object.field("token", ifPresent: token)
        }
      }
      // The token is told this once; only its digest is kept.
      return MadeAnswer(told(token), again: told(nil))
    }
  }

  private func join(_ request: Request, _ user: UserID) async throws -> Response {
    let object = try await request.jsonDocument(limit: Self.bytesMax).root.object(required: "token")
    let token = try object.required("token", length: 16...200)
    let unknown = Problem(
      .notFound, detail: "There is no such invite, or none any more, or it is for another address; ask for a new one.")
    guard !token.utf8.contains(0), let id = try await store.trip(ofInvite: token, for: user) else { throw unknown }
    let role = try await store.write(id, TripVisitor(user: user)) { writer -> TripRole in
      guard writer.access.trashedAt == nil, let role = try await writer.accept(token, as: user) else { throw unknown }
      // Who takes part already keeps the role they have.
      if case .member(let old) = writer.access.standing { return old }
      try await Self.checkRoom(writer)
      try await writer.setRole(role, of: user)
      _ = writer.append("member.joined", by: user, body: Self.body(user, role))
      return role
    }
    guard let role else { throw unknown }
    return TripAnswers.fresh(
      Told { object in
        object.field("trip", id.description)
        object.field("role", role.rawValue)
      })
  }

  private func revoke(_ visit: TripVisit, isLink: Bool) async throws -> Response {
    let pass: TripPassID = try visit.parameter("pass")
    let author = try visit.user()
    try await visit.write { writer in
      guard try await writer.revoke(pass, isLink: isLink) else {
        throw Problem(.notFound, detail: "There is no \(isLink ? "link" : "invite") \(pass), or none any more.")
      }
      _ = writer.append(isLink ? "link.revoked" : "invite.revoked", by: author, body: "{}")
    }
    return Response(status: .noContent)
  }

  // MARK: Links

  private func links(_ visit: TripVisit) async throws -> Response {
    let links = try await store.links(of: visit.id)
    return TripAnswers.fresh(
      Told { object in
        object.array("links") { array in
          for link in links {
            array.object {
              $0.field("id", link.id.description)
              $0.field("createdAt", link.createdAt.description)
              $0.field("expiresAt", ifPresent: link.expiresAt?.description)
            }
          }
        }
      })
  }

  private func link(_ visit: TripVisit) async throws -> Response {
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(fields: "days")
    let days = try object.optional("days", in: 1...366)
    let author = try visit.user()
    let token = TripChance.token()
    let trip = visit.id
    return try await visit.make(json.jsonBytes()) { writer in
      guard let id = try await writer.link(token: token, days: days, by: author) else {
        throw Problem(
          .unprocessableContent, detail: "\(TripLimits.linksMax) links lead here, as many as can; revoke some.")
      }
      _ = writer.append("link.made", by: author, body: "{}")
      let told = Told { object in
        object.field("id", id.description)
        object.field("token", token)
        object.field("path", "/v1/trips/\(trip)?link=\(token)")
      }
      // The token is told this once; only its digest is kept.
      return MadeAnswer(told, again: Told { $0.field("id", id.description) })
    }
  }
}

/// An invitation to a trip, as it goes to an address.
struct TripLetter: Sendable {
  let address: String
  let trip: String
  let author: String
  let token: String
}

/// Writes letters to people who are invited.
struct TripPost: Sendable {
  /// Seals a letter, so that nobody but its sender reads the token in it.
  let payload: @Sendable (TripLetter) -> String
  /// Refuses when too many letters have been sent to the address, or from where the request comes.
  let admit: @Sendable (EmailAddress, Request, RequestContext) async throws -> Void
}

/// A member's role.
private struct StandingJSON: JSONWritable {
  let user: UserID
  let role: TripRole

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("user", user.description)
      $0.field("role", role.rawValue)
    }
  }
}

extension Problem {
  fileprivate static func noMember(_ user: UserID) -> Problem {
    Problem(.notFound, detail: "\(user) does not take part in this trip.")
  }
}
