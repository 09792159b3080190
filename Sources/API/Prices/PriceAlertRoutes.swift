import Booking
import HTTP
import JSON
import Kernel
import Store

/// `/prices/alerts`: searches of which somebody wants to hear when their price has fallen.
struct PriceAlertRoutes: Sendable {
  private static let bytesMax = 4 * 1024

  let desk: PriceDesk
  let source: TokenCallerSource

  func addRoutes(to group: RouteGroup) {
    group.get("/prices/alerts") { request, _ in
      let user = try await source.user(of: request)
      let alerts = try await desk.store.alerts(of: user.id).map { AlertJSON(stored: $0) }
      return TripAnswers.fresh(Told { object in object.array("alerts") { for one in alerts { $0.element(one) } } })
    }.describe(.json("One's alerts", .prices, .token, gives: .fields(["alerts": .list(AlertJSON.schema)])))
    group.post("/prices/alerts") { request, _ in try await add(request) }.describe(
      .json(
        "Tells one when a search's price has fallen, once for each fall", .prices, .token, fields: ["Idempotency-Key"],
        takes: .either(
          .fields(["search": .text(5...120), "atMost": .amount]),
          .fields(["search": .text(5...120), "fallsByPercent": .integer(1...90)])),
        gives: AlertJSON.schema, status: .created))
    group.delete("/prices/alerts/{id}") { request, context in
      let user = try await source.user(of: request)
      let id = try context.parameters.require("id", as: PriceAlertID.self)
      guard try await desk.store.removeAlert(id, of: user.id) else {
        throw Problem(.notFound, detail: "You have no such alert, or none any more.")
      }
      return Response(status: .noContent)
    }.describe(.empty("Removes an alert", .prices, .token, path: ["id": .id]))
  }

  private func add(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let document = try await request.jsonDocument(limit: Self.bytesMax)
    let json = document.root
    let object = try json.object(required: "search", optional: "atMost", "fallsByPercent")
    let name = try object.required("search", length: 5...120)
    guard let search = OfferSearch(name: name) else {
      throw json.fault("must be the 'id' of an answer of GET /v1/prices/flights and others", at: "/search")
    }
    guard search.date >= desk.today else { throw json.fault("is about a day that is over", at: "/search") }
    let most = try object.optional("atMost", length: 1...20)
    let percent = try object.optional("fallsByPercent", in: 1...90)
    let wish: PriceAlert.Wish
    switch (most, percent) {
    case (let text?, nil):
      let limit: Money
      do { limit = try Money(text, search.currency) } catch { throw json.fault("\(error)", at: "/atMost") }
      guard limit.minorUnits > 0 else { throw json.fault("must be above zero", at: "/atMost") }
      wish = .atMost(limit.minorUnits)
    case (nil, let percent?): wish = .fall(percent: percent)
    default: throw json.fault("must have \"atMost\" or \"fallsByPercent\", and not both")
    }
    let making = try request.making("price-alert", document, by: user.id)
    let (made, _) = try await desk.store.addAlert(wish, on: search, named: name, of: user.id, making).made(
      orFull: "You have \(PriceStore.alertsMax) alerts, which is the most; remove one first.")
    return TripAnswers.fresh(AlertJSON(stored: made), status: .created)
  }
}

private struct AlertJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "search": .text, "atMost?": .amount, "fallsByPercent?": .integer(1...90), "currency": .text,
    "lastPrice?": .amount, "falls": .integer, "toldAt?": .moment, "createdAt": .moment,
  ])

  let stored: StoredPriceAlert

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", stored.id.description)
      object.field("search", stored.search)
      switch stored.alert.wish {
      case .atMost(let price): object.field("atMost", amount(price))
      case .fall(let percent): object.field("fallsByPercent", percent)
      }
      object.field("currency", stored.currency.code)
      object.field("lastPrice", ifPresent: stored.lastPrice.map(amount))
      object.field("falls", stored.alert.falls)
      object.field("toldAt", ifPresent: stored.toldAt?.description)
      object.field("createdAt", stored.createdAt.description)
    }
  }

  private func amount(_ price: Int64) -> String { Money(minorUnits: price, stored.currency).amountText }
}
