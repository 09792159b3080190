import Accounts
import Budget
import BudgetWire
import HTTP
import JSON
import Kernel

/// Questions about money that change nothing: a trip's costs, the best choice, a place's seasons and prices.
struct BudgetRoutes: Sendable {
  /// Bytes of a question.
  static let bytesMax = 1 << 20

  private static let days: [String: JSONSchema] = ["from": .date, "days": .integer(1...SeasonAnswer.daysMax)]

  let desk: BudgetDesk

  func addRoutes(to version1: RouteGroup) {
    version1.post("/budget/compute") { request, _ in
      let node = try await request.json(as: JSONNode.self, limit: Self.bytesMax)
      return Response(reckoned: try await desk.reckon { ground in try BudgetAnswer(json: node, ground).jsonBytes() })
    }.describe(.json("What a trip costs", .money, takes: .object, gives: BudgetSchemas.estimate).scoped(.plan))
    version1.post("/budget/optimize") { request, _ in
      let node = try await request.json(as: JSONNode.self, limit: Self.bytesMax)
      return Response(reckoned: try await desk.reckon { ground in try OptimizeAnswer(json: node, ground).jsonBytes() })
    }.describe(.json("The best choice for a budget", .money, takes: .object, gives: BudgetSchemas.choice).scoped(.plan))
    version1.get("/budget/categories/defaults") { request, _ in try await defaults(request) }.describe(
      .json(
        "What things cost at a place", .money, query: ["place": .text, "style": .text, "category": .text],
        gives: BudgetSchemas.defaults
      ).scoped(.plan))
    version1.get("/locations/{id}/season-profile") { request, context in
      try await seasons(try context.parameters.require("id"), request)
    }.describe(.json("The seasons of a place", .money, query: Self.days, gives: BudgetSchemas.seasons).scoped(.plan))
    // A place's own id has a slash (fr/paris), which gateways like to decode.
    version1.get("/locations/{id}/{place}/season-profile") { request, context in
      let country = try context.parameters.require("id")
      return try await seasons("\(country)/\(try context.parameters.require("place"))", request)
    }.describe(
      .json("The seasons of a place whose id has a slash", .money, query: Self.days, gives: BudgetSchemas.seasons)
        .scoped(.plan))
  }

  private func defaults(_ request: Request) async throws -> Response {
    let place = try request.query.value("place")
    let style = try request.query.value("style")
    let category = try request.query.value("category")
    return Response(
      reckoned: try await desk.reckon { ground in
        try PlaceDefaults(ground, place: place, style: style, category: category).jsonBytes()
      })
  }

  private func seasons(_ place: String, _ request: Request) async throws -> Response {
    let days = try request.query.optional("days", as: Int.self, in: 1...SeasonAnswer.daysMax)
    let from = try request.query.optional("from", as: FirstDay.self)?.date
    if days != nil, from == nil {
      throw Problem.parameter(
        "from", "The query parameter 'from' is missing; give the first day, as in from=2026-06-01.")
    }
    do {
      return Response(
        reckoned: try await desk.reckon { ground in
          try SeasonAnswer(ground, place: place, from: from, days: days ?? 365).jsonBytes()
        })
    } catch let fault as BudgetFault {
      // Here the word stands in the path.
      throw Problem(.notFound, detail: fault.description)
    }
  }
}

/// A first day in a query, within the calendar that trips have.
private struct FirstDay: PathParameter {
  let date: LocalDate

  init?(parameter text: String) {
    // What is wrong with it does not matter: the form is told.
    guard let date = try? LocalDate(text), (1900...2999).contains(date.civil.year) else { return nil }
    self.date = date
  }

  static var parameterExpectation: String { "a day from 1900 to 2999 like 2026-06-01" }
}

extension Response {
  /// JSON that follows from prices and rates of today, and is not to be kept.
  init(reckoned bytes: [UInt8], status: HTTPStatus = .ok) {
    self.init(
      status: status, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"], body: .bytes(bytes))
  }
}
