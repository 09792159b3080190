import HTTP
import JSON
import Kernel

/// Amadeus' Self-Service shape: tokens, searches, prices and orders.
struct AmadeusRoutes: Sendable {
  let world: World

  func add(to router: Router) {
    router.post("/v1/security/oauth2/token") { request, _ in
      token(String(decoding: try await request.body.collect(upTo: 4096), as: UTF8.self))
    }
    router.get("/v2/shopping/flight-offers") { request, _ in
      try await answering(.search, request) { _ in try search(request.query) }
    }
    router.post("/v1/shopping/flight-offers/pricing") { request, _ in
      try await answering(.price, request) { fault in
        try price(document(try await request.body.collect(upTo: 1 << 20)), fault)
      }
    }
    router.post("/v1/booking/flight-orders") { request, _ in
      try await answering(.order, request) { fault in
        try order(document(try await request.body.collect(upTo: 1 << 20)), fault)
      }
    }
    router.get("/v1/booking/flight-orders/{id}") { request, context in
      let id = try context.parameters.require("id")
      return try await answering(.look, request) { _ in
        let sale = try world.with { try $0.books.sale(id) }
        guard sale.state != .cancelled else { throw SaleRefusal.noSuchSale }
        return answer(sale, status: .ok)
      }
    }
    router.delete("/v1/booking/flight-orders/{id}") { request, context in
      let id = try context.parameters.require("id")
      return try await answering(.cancel, request) { _ in
        let now = world.now
        _ = try world.with { state in
          let sale = try state.books.sale(id)
          guard sale.state == .confirmed else { throw SaleRefusal.noSuchSale }
          return try state.books.cancel(id, refund: sale.paid, at: now)
        }
        return Response(status: .noContent)
      }
    }
  }

  private var bearer: String { "sandbox-" + String(Mixing(world.settings.seed).value, radix: 36) }

  private func token(_ form: String) -> Response {
    let fields = Set(form.split(separator: "&").map(String.init))
    let wanted = [
      "grant_type=client_credentials", "client_id=\(world.settings.key)", "client_secret=\(world.settings.secret)",
    ]
    guard wanted.allSatisfy(fields.contains) else {
      return Voice.amadeus.failure(.unauthorized, "38187", "Invalid client credentials")
    }
    var writer = JSONWriter()
    writer.object { object in
      object.field("type", "amadeusOAuth2Token")
      object.field("token_type", "Bearer")
      object.field("access_token", bearer)
      object.field("expires_in", 1799)
      object.field("state", "approved")
    }
    return Response(status: .ok, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }

  private func answering(
    _ deed: Deed, _ request: Request, _ act: (Fault?) async throws -> Response
  ) async throws -> Response {
    guard request.header("authorization") == "Bearer \(bearer)" else {
      return Voice.amadeus.failure(.unauthorized, "38190", "Invalid access token")
    }
    return try await world.acting(deed, .amadeus, .amadeus) { fault in
      do {
        return try await act(fault)
      } catch let refusal as SaleRefusal {
        return Voice.amadeus(refusal)
      } catch let error as JSONError {
        return Voice.amadeus.failure(.badRequest, "477", "\(error)")
      }
    }
  }

  private func search(_ query: QueryParameters) throws -> Response {
    let origin = try query.require("originLocationCode")
    let destination = try query.require("destinationLocationCode")
    guard let date = try? LocalDate(try query.require("departureDate")) else {
      return Voice.amadeus.failure(.badRequest, "425", "INVALID DATE")
    }
    let children = try query.optional("children", as: Int.self, in: 0...9) ?? 0
    let infants = try query.optional("infants", as: Int.self, in: 0...9) ?? 0
    let party = Party(
      adults: try query.optional("adults", as: Int.self, in: 1...9) ?? 1,
      childAges: Array(repeating: 10, count: children) + Array(repeating: 1, count: infants))
    let cabin = (try query.optional("travelClass") ?? "ECONOMY").lowercased()
    let now = world.now
    let flights = world.inventory.flights(from: origin, to: destination, on: date)
    let offers = world.with { state in
      flights.enumerated().compactMap { index, flight -> AmadeusOffer? in
        let goods = Goods.flight(flight.key, cabin: cabin, party)
        let left = flight.seats - state.books.taken(goods.stock)
        guard left >= party.count, flight.departure > now else { return nil }
        return AmadeusOffer(
          id: index + 1, flight: flight, cabin: cabin, party: party, price: world.price(goods, state), left: left)
      }
    }
    var writer = JSONWriter()
    writer.object { object in
      object.object("meta") { $0.field("count", offers.count) }
      object.field("data", offers)
    }
    return json(writer.finish())
  }

  private func price(_ body: JSONNode, _ fault: Fault?) throws -> Response {
    let goods = try goods(body)
    let offer = try world.with { state -> AmadeusOffer in
      if fault == .priceRise { state.books.raise(goods.stock) }
      let left = world.capacity(goods) - state.books.taken(goods.stock)
      guard left >= goods.count, fault != .soldOut, case .flight(let key, let cabin, let party) = goods else {
        throw SaleRefusal.soldOut
      }
      return AmadeusOffer(
        id: key.index + 1, flight: world.inventory.flight(key), cabin: cabin, party: party,
        price: world.price(goods, state), left: left)
    }
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("type", "flight-offers-pricing")
        data.field("flightOffers", [offer])
      }
    }
    return json(writer.finish())
  }

  private func order(_ body: JSONNode, _ fault: Fault?) throws -> Response {
    let goods = try goods(body)
    let data = body.member("data")
    let agreed = cents(data?.list("flightOffers").first?.member("price")?.text("grandTotal"))
    let travellers = (data?.list("travelers") ?? []).map { traveller in
      Traveller(
        id: traveller.text("id") ?? "", givenName: traveller.member("name")?.text("firstName") ?? "",
        familyName: traveller.member("name")?.text("lastName") ?? "")
    }
    let reference = data?.member("remarks")?.list("general").first?.text("text") ?? ""
    let now = world.now
    let sale = try world.with { state -> Sale in
      if fault == .priceRise { state.books.raise(goods.stock) }
      guard fault != .soldOut else { throw SaleRefusal.soldOut }
      guard travellers.count == goods.count, travellers.allSatisfy({ !$0.familyName.isEmpty }) else {
        throw SaleRefusal.notAllowed
      }
      let price = world.price(goods, state)
      guard agreed == price else { throw SaleRefusal.priceChanged(now: price) }
      var sale = Sale(
        id: world.name("eJzTd9f3", &state), shape: .amadeus, reference: reference, goods: goods,
        travellers: travellers, state: .confirmed, price: price, created: now)
      sale.paid = price
      try state.books.enter(sale, of: world.capacity(goods))
      return sale
    }
    return answer(sale, status: .created)
  }

  /// The flight that a handed-back offer names, by its first hop and its end.
  private func goods(_ body: JSONNode) throws -> Goods {
    guard let offer = body.member("data")?.list("flightOffers").first,
      let segments = offer.list("itineraries").first?.list("segments"), let first = segments.first,
      let last = segments.last, let origin = first.member("departure")?.text("iataCode"),
      let destination = last.member("arrival")?.text("iataCode"), let number = first.text("number"),
      let date = first.member("departure")?.text("at").flatMap({ try? LocalDate($0.prefix(10)) })
    else { throw SaleRefusal.notAllowed }
    let flights = world.inventory.flights(from: origin, to: destination, on: date)
    guard
      let flight = flights.first(where: {
        "\($0.hops[0].number)" == number && $0.hops[0].carrier == first.text("carrierCode")
      })
    else { throw SaleRefusal.soldOut }
    let travellers = offer.list("travelerPricings")
    let ages = travellers.compactMap { traveller -> Int? in
      switch traveller.text("travelerType") {
      case "CHILD": 10
      case "HELD_INFANT": 1
      default: nil
      }
    }
    let cabin = travellers.first?.list("fareDetailsBySegment").first?.text("cabin")?.lowercased() ?? "economy"
    return .flight(
      flight.key, cabin: cabin, Party(adults: travellers.count - ages.count, childAges: ages))
  }

  private func answer(_ sale: Sale, status: HTTPStatus) -> Response {
    guard case .flight(let key, let cabin, let party) = sale.goods else {
      return Voice.amadeus.failure(.notFound, "1797", "NOT FOUND")
    }
    let offer = AmadeusOffer(
      id: 1, flight: world.inventory.flight(key), cabin: cabin, party: party, price: sale.price, left: 9)
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("type", "flight-order")
        data.field("id", sale.id)
        data.field("queuingOfficeId", "SANDBOX")
        data.array("associatedRecords") { records in
          records.object { record in
            record.field("reference", String(sale.id.suffix(6)).uppercased())
            record.field("creationDate", String(sale.created.description.dropLast()))
            record.field("originSystemCode", "GDS")
          }
        }
        data.field("flightOffers", [offer])
        data.object("remarks") { remarks in
          remarks.array("general") { general in
            general.object { remark in
              remark.field("subType", "GENERAL_MISCELLANEOUS")
              remark.field("text", sale.reference)
            }
          }
        }
      }
    }
    return json(writer.finish(), status: status)
  }

  private func json(_ bytes: [UInt8], status: HTTPStatus = .ok) -> Response {
    Response(status: status, fields: ["Content-Type": "application/vnd.amadeus+json"], body: .bytes(bytes))
  }
}
