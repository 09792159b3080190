import HTTP
import JSON
import Kernel

/// Duffel's shape: searches and orders.
struct DuffelRoutes: Sendable {
  let world: World
  let events: EventSender

  func add(to router: Router) {
    let air = router.group("/air")
    air.post("/offer_requests") { request, _ in
      try await self.answering(.search, request) { _ in
        try self.search(document(try await request.body.collect(upTo: 1 << 20)))
      }
    }
    air.get("/offers/{id}") { request, context in
      let id = try context.parameters.require("id")
      return try await self.answering(.price, request) { fault in self.offer(id, fault) }
    }
    air.post("/orders") { request, _ in
      try await self.answering(.order, request) { fault in
        try self.order(document(try await request.body.collect(upTo: 1 << 20)), fault)
      }
    }
    air.post("/payments") { request, _ in
      try await self.answering(.pay, request) { _ in
        try self.pay(document(try await request.body.collect(upTo: 1 << 20)))
      }
    }
    air.get("/orders") { request, _ in
      let after = try request.query.value("after")
      let limit = try request.query.optional("limit", as: Int.self, in: 1...200) ?? 50
      return try await self.answering(.look, request) { _ in self.orders(after: after, limit: limit) }
    }
    air.get("/orders/{id}") { request, context in
      let id = try context.parameters.require("id")
      return try await self.answering(.look, request) { _ in
        DuffelRoutes.data(
          DuffelOrder(sale: try self.world.with { try $0.books.sale(id) }, inventory: self.world.inventory))
      }
    }
    DuffelChangeRoutes(routes: self).add(to: air)
  }

  /// Answers whoever shows the key; what a sale is refused for is said in Duffel's words.
  func answering(
    _ deed: Deed, _ request: Request, _ act: (Fault?) async throws -> Response
  ) async throws -> Response {
    guard request.header("authorization") == "Bearer \(world.settings.key)" else {
      return Voice.duffel.failure(.unauthorized, "access_token_not_found", "the access token is not known")
    }
    guard request.header("duffel-version") == "v2" else {
      return Voice.duffel.failure(.badRequest, "missing_version_header", "say Duffel-Version: v2")
    }
    return try await world.acting(deed, .duffel, .duffel) { fault in
      do {
        return try await act(fault)
      } catch let refusal as SaleRefusal {
        return Voice.duffel(refusal)
      } catch let error as JSONError {
        return Voice.duffel.failure(.badRequest, "bad_request", "\(error)")
      }
    }
  }

  static func data(_ value: some JSONWritable, status: HTTPStatus = .ok) -> Response {
    var writer = JSONWriter()
    writer.object { $0.field("data", value) }
    return Response(status: status, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }

  private func search(_ body: JSONNode) throws -> Response {
    let data = try body.foreignObject.required("data", as: JSONNode.self)
    guard let slice = data.list("slices").first, let origin = slice.text("origin"),
      let destination = slice.text("destination"),
      let date = slice.text("departure_date").flatMap({ try? LocalDate($0) }),
      data.list("slices").count == 1
    else { return Voice.duffel.failure(.unprocessableContent, "validation_required", "one slice is wanted") }
    let travellers = data.list("passengers")
    let ages = try travellers.compactMap { try $0.member("age")?.int }
    let party = Party(adults: travellers.count - ages.count, childAges: ages)
    let cabin = data.text("cabin_class") ?? "economy"
    let flights = world.inventory.flights(from: origin, to: destination, on: date)
    let now = world.now
    let offers = world.with { state -> [DuffelOffer] in
      let passengers = (0..<party.count).map { _ in world.name("pas_", &state) }
      return flights.compactMap { flight in
        let goods = Goods.flight(flight.key, cabin: cabin, party)
        guard state.books.taken(goods.stock) + party.count <= flight.seats, flight.departure > now else { return nil }
        let offer = OfferShelf.Offer(
          id: world.name("off_", &state), goods: goods, passengers: passengers,
          expires: now.adding(seconds: world.settings.offerSeconds))
        state.shelf.put(offer)
        return duffelOffer(offer, state)
      }
    }
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("id", world.with { world.name("orq_", &$0) })
        data.field("live_mode", false)
        data.field("cabin_class", cabin)
        data.field("created_at", now.description)
        data.field("offers", offers.compactMap { $0 })
      }
    }
    return Response(status: .created, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }

  private func duffelOffer(_ offer: OfferShelf.Offer, _ state: World.State) -> DuffelOffer? {
    guard case .flight(let key, let cabin, let party) = offer.goods else { return nil }
    return DuffelOffer(
      offer: offer, flight: world.inventory.flight(key), cabin: cabin, party: party,
      price: world.price(offer.goods, state),
      now: offer.expires.adding(seconds: -world.settings.offerSeconds), holdSeconds: world.settings.holdSeconds)
  }

  private func offer(_ id: String, _ fault: Fault?) -> Response {
    let now = world.now
    let found = world.with { state -> DuffelOffer? in
      guard let offer = state.shelf.offer(id), offer.expires > now, !offer.isTaken else { return nil }
      if fault == .priceRise { state.books.raise(offer.goods.stock) }
      let left = world.capacity(offer.goods) - state.books.taken(offer.goods.stock)
      return left >= offer.goods.count ? duffelOffer(offer, state) : nil
    }
    guard let found, fault != .soldOut else {
      return Voice.duffel.failure(
        .unprocessableContent, "offer_no_longer_available", "the offer is no longer available")
    }
    return DuffelRoutes.data(found)
  }

  private func orders(after: String?, limit: Int) -> Response {
    let (page, next) = world.with { state -> ([Sale], String?) in
      let all = state.books.order.reversed().compactMap { state.books.sales[$0] }.filter { $0.shape == .duffel }
      let start = after.flatMap { after in all.firstIndex { $0.id == after } }.map { $0 + 1 } ?? 0
      let page = Array(all.dropFirst(start).prefix(limit))
      return (page, start + limit < all.count ? page.last?.id : nil)
    }
    var writer = JSONWriter()
    writer.object { object in
      object.field("data", page.map { DuffelOrder(sale: $0, inventory: world.inventory) })
      object.object("meta") { meta in
        meta.field("limit", limit)
        meta.field("after", next)
        meta.field("before", nil as String?)
      }
    }
    return Response(status: .ok, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }
}
