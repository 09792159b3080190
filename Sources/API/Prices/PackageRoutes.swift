import Accounts
import Booking
import BookingWire
import HTTP
import JSON
import Kernel
import Secrets

/// `/prices/packages`: flights there and back and a stay under one price, of which the parts' prices are not told.
struct PackageRoutes: Sendable {
  private static let countMax = 50

  private static let package: JSONSchema = .open([
    "id": BookingWish.packageID, "price": PriceRoutes.money, "expires": .moment, "terms": .object,
    "parts": .list(.object),
  ])

  let desk: PriceDesk
  let work: WorkDesk
  let seal: NameSeal

  func addRoutes(to group: RouteGroup) {
    var query = PriceQuestion.searchParameters(.lodging)
    query.merge(PriceQuestion.searchParameters(.flight)) { own, _ in own }
    for name in ["place!", "return"] { query[name] = nil }
    query["place"] = .text(matching: "^[A-Za-z0-9]{2,12}$")
    query["limit"] = .integer(1...Self.countMax)
    group.get("/prices/packages") { request, _ in try await packages(request) }.describe(
      .json(
        "Flights there and back and a stay under one price", .prices, query: query,
        gives: .fields([
          "packages": .list(Self.package), "total": .integer, "missing": .list(.text), "stale": .boolean,
          "ageSeconds": .integer,
        ])
      ).scoped(.search))
  }

  private func packages(_ request: Request) async throws -> Response {
    let (today, query) = (desk.today, request.query)
    let there = try PriceQuestion.search(.flight, query, today: today)
    let nights = try query.require("nights", as: Int.self)
    guard (1...PriceQuestion.nightsMax).contains(nights) else {
      throw Problem.parameter(
        "nights", "The query parameter 'nights' must lie between 1 and \(PriceQuestion.nightsMax).")
    }
    let place: String = try query.optional("place") ?? there.destination
    guard OfferSearch.isCode(place) else {
      throw Problem.parameter("place", "The query parameter 'place' must be a code of 2 to 12 letters and digits.")
    }
    let limit = try query.optional("limit", as: Int.self, in: 1...Self.countMax) ?? 20
    let back = OfferSearch(
      .flight, from: there.destination, to: there.origin, on: there.date.adding(days: nights), cabin: there.cabin,
      adults: there.adults, childAges: there.childAges, currency: there.currency)
    let stay = OfferSearch(
      .lodging, to: place, on: there.date, nights: nights, adults: there.adults, childAges: there.childAges,
      currency: there.currency)
    async let stays = cheapest(stay)
    async let homewards = cheapest(back)
    let pages = [try await cheapest(there), try await stays, try await homewards]
    let (now, currency) = (desk.now, there.currency)
    let choice = try await work.work {
      let offers = try pages.map { try Self.offers($0, in: currency) }
      return PackageChoice(there: offers[0], stays: offers[1], back: offers[2], .standard, at: now)
    }
    let shown = choice.packages.prefix(limit).map { ShownPackage($0, named: seal.sealed($0.key.text)) }
    return TripAnswers.fresh(
      Told { object in
        object.array("packages") { for package in shown { $0.element(package) } }
        object.field("total", choice.packages.count)
        object.field("missing", Array(Set(pages.flatMap(\.missing))).sorted())
        object.field("stale", pages.contains { $0.isStale })
        object.field("ageSeconds", pages.map(\.ageSeconds).max() ?? 0)
      })
  }

  private func cheapest(_ search: OfferSearch) async throws -> OfferPage {
    let request = OfferRequest(search, count: PackageChoice.eachMax)
    return try await desk.ask { try await $0.page(request) }
  }

  private static func offers(_ page: OfferPage, in currency: Currency) throws -> [Offer] {
    try JSONDocument(bytes: page.offers).root.array.map { try OfferReader(json: $0).offer }
      .filter { $0.price.currency == currency }
  }
}
