import Accounts
import Booking
import HTTP
import JSON
import Kernel
import Store

/// `/prices/history/{id}` and `/prices/forecast/{id}`: what a search has cost, and what it may cost in some days.
struct PriceHistoryRoutes: Sendable {
  private static let pageMax = 500
  /// Days ahead for which a forecast is made.
  private static let horizons = [1, 3, 7, 14, 28]

  let desk: PriceDesk
  let work: WorkDesk

  func addRoutes(to group: RouteGroup) {
    group.get("/prices/history/{id}") { request, context in try await history(request, context) }.describe(
      .json(
        "What a search has cost, the newest first", .prices, path: ["id": .text(5...120)],
        query: ["cursor": .integer(1...Int.max), "limit": .integer(1...Self.pageMax)],
        gives: .page(
          "prices", .fields(["at": .moment, "price": PriceRoutes.money, "complete": .boolean])
        ).with(["id": .text, "latest?": .fields(["at": .moment, "price": PriceRoutes.money, "offers": .integer])])
      ).scoped(.search))
    group.get("/prices/forecast/{id}") { request, context in try await forecast(request, context) }.describe(
      .json(
        "Between what a search may cost in some days", .prices, path: ["id": .text(5...120)],
        query: ["days": .integer(1...60)],
        gives: .fields([
          "id": .text, "price": PriceRoutes.money, "seenAt": .moment, "coverageWanted": .number(0...1),
          "forecasts": .list(
            .either(
              .fields([
                "days": .integer, "low": PriceRoutes.money, "middle": PriceRoutes.money, "high": PriceRoutes.money,
                "samples": .integer, "trials": .integer, "coverage": .number(0...1),
              ]), .fields(["days": .integer, "unknown": .text]))),
        ])
      ).scoped(.search))
  }

  private func history(_ request: Request, _ context: RequestContext) async throws -> Response {
    let name: String = try context.parameters.require("id")
    let search = try desk.search(named: name)
    let limit = try request.query.optional("limit", as: Int.self, in: 1...Self.pageMax) ?? 100
    let cursor = try request.query.optional(
      "cursor", as: Int64.self, in: 1...Instant.last.secondsSinceEpoch)
    let latest = try await desk.store.latest(name)
    let found = try await desk.store.history(
      of: name, before: cursor.map { Instant(secondsSinceEpoch: $0) }, limit: limit + 1)
    let (shown, currency) = (Array(found.prefix(limit)), search.currency)
    let next = found.count > limit ? shown.last.map { "\($0.seenAt.secondsSinceEpoch)" } : nil
    return TripAnswers.fresh(
      Told { object in
        object.field("id", name)
        if let latest {
          object.object("latest") {
            $0.field("at", latest.seenAt.description)
            $0.field("price", MoneyText(latest.price))
            $0.field("offers", latest.offers)
          }
        }
        object.array("prices") { array in
          for noted in shown {
            array.object {
              $0.field("at", noted.seenAt.description)
              $0.field("price", MoneyText(Money(minorUnits: noted.price, currency)))
              $0.field("complete", noted.isComplete)
            }
          }
        }
        object.field("next", next)
      })
  }

  private func forecast(_ request: Request, _ context: RequestContext) async throws -> Response {
    let name: String = try context.parameters.require("id")
    let search = try desk.search(named: name)
    let wanted = try request.query.optional("days", as: Int.self, in: 1...60)
    let today = desk.today
    let left = today.days(until: search.date)
    let days = (wanted.map { [$0] } ?? Self.horizons).filter { $0 <= left }
    guard !days.isEmpty else {
      throw Problem.parameter("days", "There are \(max(0, left)) days left until \(search.date); ask for fewer.")
    }
    guard let route = search.route, let latest = try await desk.store.latest(name) else {
      throw Problem(
        .notFound, name: "not-enough-known", title: "Not enough known",
        detail: "Nobody has seen a price of this search yet; look for it first, then ask again.")
    }
    let store = desk.store
    let answers = try await work.work(after: { try await store.series(of: route, daysLeftMax: left + left / 5 + 2) }) {
      series in
      let past = PriceForecast(series.filter { $0.date != search.date })
      return days.map { ahead in
        let question = PriceForecast.Question(
          search.date, on: today, price: latest.price.minorUnits, ahead: ahead)
        return ForecastJSON(ahead, search.currency) { () throws(PriceForecast.Refusal) in try past.answer(question) }
      }
    }
    return TripAnswers.fresh(
      Told { object in
        object.field("id", name)
        object.field("price", MoneyText(latest.price))
        object.field("seenAt", latest.seenAt.description)
        object.field("coverageWanted", PriceForecast.coverageWanted)
        object.array("forecasts") { for answer in answers { $0.element(answer) } }
      })
  }
}

/// An amount with its currency.
struct MoneyText: JSONWritable {
  let money: Money

  init(_ money: Money) { self.money = money }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("amount", money.amountText)
      $0.field("currency", money.currency.code)
    }
  }
}

private struct ForecastJSON: JSONWritable, Sendable {
  private let days: Int
  private let currency: Currency
  private let outcome: Result<PriceForecast.Answer, PriceForecast.Refusal>

  init(
    _ days: Int, _ currency: Currency,
    _ body: () throws(PriceForecast.Refusal) -> PriceForecast.Answer
  ) {
    self.days = days
    self.currency = currency
    outcome = Result(catching: body)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("days", days)
      switch outcome {
      case .success(let answer):
        object.field("low", MoneyText(Money(minorUnits: answer.low, currency)))
        object.field("middle", MoneyText(Money(minorUnits: answer.middle, currency)))
        object.field("high", MoneyText(Money(minorUnits: answer.high, currency)))
        object.field("samples", answer.samples)
        object.field("trials", answer.trials)
        object.field("coverage", answer.coverage)
      case .failure(let refusal): object.field("unknown", Self.words(refusal))
      }
    }
  }

  private static func words(_ refusal: PriceForecast.Refusal) -> String {
    switch refusal {
    case .tooFew(let known, let needed):
      "not enough is known: \(known) earlier days of this route have prices as long before, and it takes \(needed)"
    case .failed(let coverage, let trials):
      "forecasts for this route do not hold: of \(trials) earlier ones, \(Int(coverage * 100)) of 100 were right"
    }
  }
}
