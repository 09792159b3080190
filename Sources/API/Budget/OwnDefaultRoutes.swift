import Budget
import BudgetWire
import HTTP
package import JSON
package import Store

/// The installation's own default costs: operators add and remove them, and they hold from the next question on.
struct OwnDefaultRoutes: Sendable {
  static let path = "/budget/categories/defaults"

  let desk: BudgetDesk
  let store: OwnDefaultStore

  func addRoutes(to version1: RouteGroup) {
    version1.post(Self.path) { request, _ in try await add(request) }.describe(
      .json(
        "Adds a default cost of one's own", .money, .operators, takes: .object, gives: StoredDefault.schema,
        status: .created))
    version1.get("\(Self.path)/own") { _, _ in
      Response.json(OwnDefaults(all: try await store.defaults()), fields: ["Cache-Control": "no-store"])
    }.describe(
      .json("Default costs of one's own", .money, .operators, gives: .fields(["defaults": .list(StoredDefault.schema)]))
    )
    version1.delete("\(Self.path)/{id}") { _, context in
      let id = try context.parameters.require("id", as: Int64.self)
      guard try await store.remove(id) else {
        throw Problem(.notFound, detail: "There is no own default \(id); GET /v1\(Self.path)/own lists them.")
      }
      return Response(status: .noContent)
    }.describe(.empty("Takes one away", .money, .operators, path: ["id": .integer(0...Int.max)]))
  }

  private func add(_ request: Request) async throws -> Response {
    let node = try await request.json(as: JSONNode.self, limit: 16 * 1024)
    let own = try await desk.reckon { ground in try OwnDefaultRequest(json: node, ground).own }
    switch try await store.add(own) {
    case .added(let stored):
      return .json(
        stored, status: .created,
        fields: ["Location": "/v1\(Self.path)/\(stored.id)", "Cache-Control": "no-store"])
    case .taken(let id):
      throw Problem(
        .conflict,
        detail: "There is an own default for this place, category, style and thing: DELETE /v1\(Self.path)/\(id) first."
      )
    case .full:
      throw Problem(
        .conflict, detail: "There are \(OwnDefaultStore.countMax) own defaults already: remove some before adding more."
      )
    }
  }
}

private struct OwnDefaults: JSONWritable {
  let all: [StoredDefault]

  func write(to writer: inout JSONWriter) { writer.object { $0.field("defaults", all) } }
}

extension StoredDefault: JSONWritable {
  static let schema: JSONSchema = .open(["id": .integer, "place": .text, "category": .text, "style?": .text])

  /// Writes the default with its number.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", id)
      object.field("place", own.scope)
      object.field("category", own.category.name)
      if !own.style.isEmpty { object.field("style", own.style) }
      own.cost.write(to: &object)
    }
  }
}
