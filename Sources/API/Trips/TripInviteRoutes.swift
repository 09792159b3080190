import Accounts
import HTTP
import JSON
import Kernel
import Store
import Telemetry
import Trips
import TripsWire

/// `/trips/{trip}/invites` and `/trips/join`: how one comes to take part.
struct TripInviteRoutes: Sendable {
  static let daysMax = 90
  private static let bytesMax = 4096
  static let invite: JSONSchema = .fields([
    "id": .id, "role": .words(TripRole.self), "email?": .text, "days": .integer, "token?": .text,
  ])

  let gate: TripGate
  /// Writes to who is invited; without it invites are told to who makes them alone.
  let post: TripPost?

  func addRoutes(to group: RouteGroup) {
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
      try await $0.revoke(isLink: false)
    }
    gate.onAccount(
      .post, "/join", group,
      .json(
        "Takes part by an invite", .tripPeople, takes: .fields(["token": .text(16...200)]),
        gives: .fields(["trip": .id, "role": .words(TripRole.self)]))
    ) { request, _, user in try await join(request, user) }
  }

  private func invites(_ visit: TripVisit) async throws -> Response {
    let invites = try await gate.store.invites(of: visit.id)
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

  /// Makes an invite of what was sent.
  func invite(_ object: JSONObject, _ json: JSONNode, _ visit: TripVisit) async throws -> Response {
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
    guard !token.utf8.contains(0), let id = try await gate.store.trip(ofInvite: token, for: user) else { throw unknown }
    let role = try await gate.store.write(id, TripVisitor(user: user)) { writer -> TripRole in
      guard writer.access.trashedAt == nil, let role = try await writer.accept(token, as: user) else { throw unknown }
      // Who takes part already keeps the role they have.
      if case .member(let old) = writer.access.standing { return old }
      try await writer.join(user, as: role, by: user)
      return role
    }
    guard let role else { throw unknown }
    return TripAnswers.fresh(
      Told { object in
        object.field("trip", id.description)
        object.field("role", role.rawValue)
      })
  }
}
