import HTTP
import JSON
import Kernel
import Store
import Trips

/// `/trips/{trip}/links`: addresses through which anybody may read.
struct TripLinkRoutes: Sendable {
  private static let daysMax = 366
  private static let bytesMax = 4096

  let gate: TripGate

  func addRoutes(to group: RouteGroup) {
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
        fields: ["Idempotency-Key"], takes: .fields(["days?": .integer(1...Self.daysMax)]),
        gives: .fields(["id": .id, "token?": .text, "path?": .text]), status: .created)
    ) { try await link($0) }
    gate.on(.delete, "/links/{pass}", .share, group, .empty("Revokes a link", .tripPeople)) {
      try await $0.revoke(isLink: true)
    }
  }

  private func links(_ visit: TripVisit) async throws -> Response {
    let links = try await gate.store.links(of: visit.id)
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
    let days = try object.optional("days", in: 1...Self.daysMax)
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

extension TripVisit {
  /// Ends a link or an invite.
  func revoke(isLink: Bool) async throws -> Response {
    let pass: TripPassID = try parameter("pass")
    let author = try user()
    try await write { writer in
      guard try await writer.revoke(pass, isLink: isLink) else {
        throw Problem(.notFound, detail: "There is no \(isLink ? "link" : "invite") \(pass), or none any more.")
      }
      _ = writer.append(isLink ? "link.revoked" : "invite.revoked", by: author, body: "{}")
    }
    return Response(status: .noContent)
  }
}
