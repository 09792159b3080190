import HTTP
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// `/trips/{trip}/collaborators`: who takes part, as what, and no longer.
struct TripMemberRoutes: Sendable {
  private static let bytesMax = 4096
  private static let standing: JSONSchema = .fields(["user": .id, "role": .words(TripRole.self)])

  let gate: TripGate
  /// Who is not known by an id is invited.
  let invites: TripInviteRoutes

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
          "role": .words(TripRole.self), "user?": .id, "email?": .email,
          "days?": .integer(1...TripInviteRoutes.daysMax),
        ]), gives: .either(Self.standing, TripInviteRoutes.invite), status: .created)
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
  }

  private func members(_ visit: TripVisit) async throws -> Response {
    let members = try await gate.store.members(of: visit.id)
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
      return try await invites.invite(object, json, visit)
    }
    let user: UserID = try node.identifier()
    let role: TripRole = try object.required("role")
    let author = try visit.user()
    return try await visit.make(json.jsonBytes()) { writer in
      guard try await writer.hasAccount(user) else { throw node.invalid("must be the id of somebody with an account") }
      guard try await writer.role(of: user) == nil else {
        throw Problem(.conflict, detail: "\(user) takes part already; change the role with PATCH instead.")
      }
      try await writer.join(user, as: role, by: author)
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

  fileprivate static func body(_ user: UserID, _ role: TripRole?) -> String {
    Told { object in
      object.field("user", user.description)
      object.field("role", ifPresent: role?.rawValue)
    }.text
  }
}

extension TripWriter {
  /// Has somebody take part, where there is room.
  func join(_ user: UserID, as role: TripRole, by author: UserID) async throws {
    guard try await memberCounts().all < TripLimits.membersMax else {
      throw Problem(
        .unprocessableContent, detail: "\(TripLimits.membersMax) people take part, which is as many as can.")
    }
    try await setRole(role, of: user)
    _ = append("member.joined", by: author, body: TripMemberRoutes.body(user, role))
  }
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
