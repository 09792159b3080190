import HTTP
import JSON
import Kernel
import Store
import Trips

/// `/users/{id}/saved-trips`: trips that somebody keeps an eye on.
struct SavedTripRoutes: Sendable {
  let gate: TripGate
  var store: TripStore { gate.store }

  private static let ids: [String: JSONSchema] = ["id": .id, "trip": .id]
  private static let one: JSONSchema = .fields([
    "trip": .id, "title": .text, "note?": .text, "savedAt": .moment,
  ])

  func addRoutes(to group: RouteGroup) {
    group.get("/users/{id}/saved-trips") { request, context in try await list(request, context) }.describe(
      .json(
        "Saved trips that one may still read, saved last first", .trips, .token, path: Self.ids,
        query: ["cursor": .id, "limit": .integer(1...100)], gives: .page("trips", Self.one)))
    group.put("/users/{id}/saved-trips/{trip}") { request, context in try await save(request, context) }.describe(
      .empty(
        "Saves a trip that one may read, or changes the note on it", .trips, .token, path: Self.ids,
        takes: .fields(["note?": .text(1...500)])))
    group.delete("/users/{id}/saved-trips/{trip}") { request, context in try await forget(request, context) }.describe(
      .empty("Saves a trip no longer", .trips, .token, path: Self.ids))
  }

  private func own(_ request: Request, _ context: RequestContext) async throws -> UserID {
    let caller = try await gate.caller(request, context)
    guard let user = caller.user else { throw Problem.accountNeeded(caller) }
    guard try context.parameters.require("id", as: UserID.self) == user else {
      throw Problem(.notFound, detail: "There is no such user, or it is not you.")
    }
    return user
  }

  private func list(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context)
    let cursor = try request.query.optional("cursor", as: TripID.self)
    let limit = try request.query.optional("limit", as: Int.self, in: 1...100) ?? 50
    let saved = try await store.saved(of: user, before: cursor, limit: limit + 1)
    let shown = saved.prefix(limit)
    let next = saved.count > limit ? shown.last?.trip.description : nil
    return TripAnswers.fresh(
      Told { object in
        object.array("trips") { array in
          for one in shown {
            array.object {
              $0.field("trip", "\(one.trip)")
              $0.field("title", one.title)
              $0.field("note", ifPresent: one.note)
              $0.field("savedAt", one.savedAt.description)
            }
          }
        }
        object.field("next", next)
      })
  }

  private func save(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context)
    let trip = try context.parameters.require("trip", as: TripID.self)
    let object = try await request.jsonDocument(limit: 4096).root.object(fields: "note")
    let note = try object.optional("note", length: 1...500)
    _ = try TripGate.check(.read, try await store.access(trip, TripVisitor(user: user)), .user(user))
    guard try await store.save(trip, of: user, note: note) else {
      throw Problem(
        .unprocessableContent, detail: "\(TripStore.savedMax) trips are saved, which is as many as there can be.")
    }
    return Response(status: .noContent)
  }

  private func forget(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context)
    let trip = try context.parameters.require("trip", as: TripID.self)
    guard try await store.forget(trip, of: user) else {
      throw Problem(.notFound, detail: "That trip is not among those that you have saved.")
    }
    return Response(status: .noContent)
  }
}
