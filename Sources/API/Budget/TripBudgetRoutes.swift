import BudgetWire
import HTTP
import JSON
import Kernel
import Store

/// A trip's budget with its scenarios, kept under the trip's id and reckoned anew at each look.
///
/// Operators only, until trips have members who may see them.
struct TripBudgetRoutes: Sendable {
  static let path = "/budget/scenarios/{trip_id}"
  /// How often a scenario is put in again when somebody else changed the budget meanwhile.
  private static let triesMax = 5

  private static let ids: [String: JSONSchema] = ["trip_id": .text(matching: "^[A-Za-z0-9._-]{1,100}$")]
  private static let schema: JSONSchema = .fields([
    "tripId": .text, "revision": .integer, "changedAt": .moment, "request": .object, "budget": .object,
  ])

  let desk: BudgetDesk
  let store: TripBudgetStore

  func addRoutes(to version1: RouteGroup) {
    version1.get(Self.path) { _, context in
      let kept = try await kept(try TripID(context))
      return try await answer(kept)
    }.describe(
      .json("The budget that is kept for a trip, reckoned anew", .money, .operators, path: Self.ids, gives: Self.schema)
    )
    version1.put(Self.path) { request, context in try await put(request, try TripID(context)) }.describe(
      .json(
        "Keeps a budget", .money, .operators, path: Self.ids, fields: ["If-Match", "If-None-Match"], takes: .object,
        gives: Self.schema, or: [.json(Self.schema, status: .created)]))
    version1.post(Self.path) { request, context in
      let id = try TripID(context)
      let scenario = try await request.json(as: JSONNode.self, limit: BudgetRoutes.bytesMax)
      return try await edit(id, request, status: .created) { try $0.adding(scenario) }
    }.describe(
      .json(
        "Adds a scenario", .money, .operators, path: Self.ids, fields: ["If-Match"], takes: .object, gives: Self.schema,
        status: .created))
    version1.delete(Self.path) { request, context in
      let kept = try await kept(try TripID(context))
      try request.requireIfMatch(kept.etag)
      guard try await store.remove(kept.tripID, from: kept.revision) else { throw Problem.versionChanged }
      return Response(status: .noContent)
    }.describe(.empty("Takes the budget away", .money, .operators, path: Self.ids, fields: ["If-Match"]))
    version1.delete("\(Self.path)/{name}") { request, context in
      let id = try TripID(context)
      let name = try context.parameters.require("name")
      return try await edit(id, request, status: .ok) { try $0.removing(name) }
    }.describe(
      .json("Takes a scenario away", .money, .operators, path: Self.ids, fields: ["If-Match"], gives: Self.schema))
  }

  private func put(_ request: Request, _ id: TripID) async throws -> Response {
    let node = try await request.json(as: JSONNode.self, limit: BudgetRoutes.bytesMax)
    let before = try await store.find(id.text)
    try request.checkIfNoneMatch(before?.etag)
    if before != nil { try request.requireIfMatch(before?.etag) } else { try request.checkIfMatch(nil) }
    // Reckoned before it is kept: what cannot be reckoned is refused.
    let budget = try await desk.reckon { ground in
      let answer = try BudgetAnswer(json: node, ground)
      if let other = answer.request.tripID, other != id.text {
        throw node.fault("must be the trip's id in the path, \"\(id.text)\", or be left out", at: "/tripId")
      }
      return answer.jsonBytes()
    }
    let text = String(decoding: node.jsonBytes(), as: UTF8.self)
    let kept =
      if let before {
        try await store.replace(id.text, request: text, from: before.revision)
      } else {
        try await store.create(id.text, request: text)
      }
    guard let kept else { throw Problem.versionChanged }
    return try shown(kept, budget, status: before == nil ? .created : .ok)
  }

  /// Changes what is kept, again if somebody else did so meanwhile.
  private func edit(
    _ id: TripID, _ request: Request, status: HTTPStatus,
    _ change: @escaping @Sendable (TripBudgetDocument) throws -> TripBudgetDocument.Edited
  ) async throws -> Response {
    for _ in 0..<Self.triesMax {
      let before = try await kept(id)
      try request.checkIfMatch(before.etag)
      let (text, budget) = try await desk.reckon { ground in
        let edited = try change(try TripBudgetDocument(before.request))
        return (edited.text, try edited.reckoned(ground))
      }
      guard let after = try await store.replace(id.text, request: text, from: before.revision) else { continue }
      return try shown(after, budget, status: status)
    }
    throw Problem(.conflict, detail: "Others change this trip's budget all the time; read it again and try once more.")
  }

  private func kept(_ id: TripID) async throws -> TripBudget {
    guard let kept = try await store.find(id.text) else {
      throw Problem(.notFound, detail: "No budget is kept for this trip; PUT one here first.")
    }
    return kept
  }

  private func answer(_ kept: TripBudget) async throws -> Response {
    let budget = try await desk.reckon { ground in
      do {
        return try BudgetAnswer(json: JSONDocument(text: kept.request).root, ground).jsonBytes()
      } catch let error as JSONError {
        throw error.aboutWhatIsKept
      }
    }
    return try shown(kept, budget, status: .ok)
  }

  private func shown(_ kept: TripBudget, _ budget: [UInt8], status: HTTPStatus) throws -> Response {
    var writer = JSONWriter()
    let request = try JSONDocument(text: kept.request).root
    let budget = try JSONDocument(bytes: budget).root
    writer.object {
      $0.field("tripId", kept.tripID)
      $0.field("revision", kept.revision)
      $0.field("changedAt", kept.changedAt.description)
      $0.field("request", request)
      $0.field("budget", budget)
    }
    return Response(reckoned: writer.finish(), status: status).with(kept.etag)
  }
}

extension TripBudget {
  fileprivate var etag: ETag { ETag(version: revision) }
}

extension JSONError {
  /// The tables have changed since the budget was kept: the caller sent nothing wrong.
  var aboutWhatIsKept: Problem {
    Problem(
      .conflict, detail: "The budget that is kept does not fit the tables any more: \(description). PUT it anew.",
      errors: errors.map { FieldProblem(pointer: $0.pointer, detail: $0.detail) })
  }
}

/// A trip's id as callers choose it.
private struct TripID: PathParameter, Sendable {
  let text: String

  init(_ context: RequestContext) throws { self = try context.parameters.require("trip_id", as: TripID.self) }

  init?(parameter text: String) {
    func isAllowed(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard (1...100).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed) else { return nil }
    self.text = text
  }

  static var parameterExpectation: String { "1 to 100 letters, digits, hyphens, underscores or full stops" }
}
