import HTTP
import JSON
import Kernel

/// Duffel's shape: what is given back and changed, and where events go.
struct DuffelChangeRoutes: Sendable {
  let routes: DuffelRoutes
  private var world: World { routes.world }

  init(routes: DuffelRoutes) { self.routes = routes }

  func add(to air: RouteGroup) {
    air.post("/order_cancellations") { request, _ in
      try await routes.answering(.price, request) { _ in
        try quoteCancellation(document(try await request.body.collect(upTo: 1 << 20)))
      }
    }
    air.post("/order_cancellations/{id}/actions/confirm") { request, context in
      let id = try context.parameters.require("id")
      return try await routes.answering(.cancel, request) { _ in try confirmCancellation(id) }
    }
    air.post("/order_change_requests") { request, _ in
      try await routes.answering(.price, request) { _ in
        try quoteChange(document(try await request.body.collect(upTo: 1 << 20)))
      }
    }
    air.post("/order_changes") { request, _ in
      try await routes.answering(.price, request) { _ in
        try createChange(document(try await request.body.collect(upTo: 1 << 20)))
      }
    }
    air.post("/order_changes/{id}/actions/confirm") { request, context in
      let id = try context.parameters.require("id")
      return try await routes.answering(.change, request) { _ in
        try confirmChange(id, document(try await request.body.collect(upTo: 1 << 20)))
      }
    }
    air.post("/webhooks") { request, _ in
      try await routes.answering(.look, request) { _ in
        try subscribe(document(try await request.body.collect(upTo: 1 << 20)))
      }
    }
  }

  /// What giving back would pay: everything unpaid, four fifths of what may be refunded, nothing otherwise.
  private func refund(_ sale: Sale) -> Int64 {
    guard case .flight(let key, _, _) = sale.goods else { return 0 }
    return world.inventory.flight(key).isRefundable ? sale.paid - sale.paid / 5 : 0
  }

  private func quoteCancellation(_ body: JSONNode) throws -> Response {
    guard let order = body.member("data")?.text("order_id") else {
      return Voice.duffel.failure(.unprocessableContent, "validation_required", "order_id is wanted")
    }
    let (id, sale) = try world.with { state -> (String, Sale) in
      let sale = try state.books.sale(order)
      guard sale.state == .confirmed || sale.state == .held else { throw SaleRefusal.notAllowed }
      let id = world.name("ore_", &state)
      state.cancellations[id] = (order, refund(sale))
      return (id, sale)
    }
    return cancellation(id, sale, refund: refund(sale), confirmed: nil)
  }

  private func confirmCancellation(_ id: String) throws -> Response {
    let now = world.now
    let sale = try world.with { state -> Sale in
      guard let pending = state.cancellations[id] else { throw SaleRefusal.noSuchSale }
      return try state.books.cancel(pending.sale, refund: pending.refund, at: now)
    }
    routes.events.send("order_cancellation.confirmed", sale)
    return cancellation(id, sale, refund: sale.refunded, confirmed: now)
  }

  private func cancellation(_ id: String, _ sale: Sale, refund: Int64, confirmed: Instant?) -> Response {
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("id", id)
        data.field("order_id", sale.id)
        data.field("refund_to", "balance")
        data.field("refund_amount", refund.amountText)
        data.field("refund_currency", "EUR")
        data.field("confirmed_at", confirmed?.description)
        data.field("expires_at", world.now.adding(seconds: 3600).description)
        data.field("live_mode", false)
      }
    }
    let status: HTTPStatus = confirmed == nil ? .created : .ok
    return Response(status: status, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }

  private func quoteChange(_ body: JSONNode) throws -> Response {
    let data = body.member("data")
    let added = data?.member("slices")?.list("add").first
    guard let order = data?.text("order_id"), let added, let origin = added.text("origin"),
      let destination = added.text("destination"),
      let date = added.text("departure_date").flatMap({ try? LocalDate($0) })
    else { return Voice.duffel.failure(.unprocessableContent, "validation_required", "order_id and slices are wanted") }
    let cabin = added.text("cabin_class") ?? "economy"
    let flights = world.inventory.flights(from: origin, to: destination, on: date)
    let offers = try world.with { state -> [DuffelChangeOffer] in
      let sale = try state.books.sale(order)
      guard case .flight(let key, _, let party) = sale.goods, world.inventory.flight(key).isChangeable,
        sale.state == .confirmed
      else { throw SaleRefusal.notAllowed }
      return flights.map { flight in
        let goods = Goods.flight(flight.key, cabin: cabin, party)
        let price = world.price(goods, state)
        let id = world.name("oco_", &state)
        state.changes[id] = PendingChange(sale: order, goods: goods, extra: price - sale.price + 3000)
        return DuffelChangeOffer(
          id: id, flight: flight, cabin: cabin, total: price + 3000, extra: price - sale.price + 3000)
      }
    }
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("id", world.with { world.name("ocr_", &$0) })
        data.field("order_id", order)
        data.field("order_change_offers", offers)
      }
    }
    return Response(status: .created, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }

  private func createChange(_ body: JSONNode) throws -> Response {
    guard let offer = body.member("data")?.text("selected_order_change_offer") else {
      return Voice.duffel.failure(.unprocessableContent, "validation_required", "selected_order_change_offer is wanted")
    }
    let (id, change) = try world.with { state -> (String, PendingChange) in
      guard let change = state.changes[offer] else { throw SaleRefusal.soldOut }
      let id = world.name("oce_", &state)
      state.changes[id] = change
      return (id, change)
    }
    return changed(id, change, confirmed: nil)
  }

  private func confirmChange(_ id: String, _ body: JSONNode) throws -> Response {
    let paid = cents(body.member("data")?.member("payment")?.text("amount")) ?? 0
    let (change, sale) = try world.with { state -> (PendingChange, Sale) in
      guard let change = state.changes[id] else { throw SaleRefusal.noSuchSale }
      guard paid == max(0, change.extra) else { throw SaleRefusal.priceChanged(now: change.extra) }
      let sale = try state.books.change(
        change.sale, to: change.goods, extra: change.extra, of: world.capacity(change.goods))
      state.changes[id] = nil
      return (change, sale)
    }
    routes.events.send("order.changed", sale)
    return changed(id, change, confirmed: world.now)
  }

  private func changed(_ id: String, _ change: PendingChange, confirmed: Instant?) -> Response {
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("id", id)
        data.field("order_id", change.sale)
        data.field("change_total_amount", change.extra.amountText)
        data.field("change_total_currency", "EUR")
        data.field("confirmed_at", confirmed?.description)
        data.field("live_mode", false)
      }
    }
    let status: HTTPStatus = confirmed == nil ? .created : .ok
    return Response(status: status, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }

  private func subscribe(_ body: JSONNode) throws -> Response {
    guard let url = body.member("data")?.text("url") else {
      return Voice.duffel.failure(.unprocessableContent, "validation_required", "url is wanted")
    }
    world.with { $0.webhookURL = url }
    let secret = world.settings.webhookSecret
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("id", "whk_sandbox")
        data.field("url", url)
        data.field("active", true)
        data.field("secret", secret)
      }
    }
    return Response(status: .created, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }
}

/// What a change would cost, in Duffel's shape.
private struct DuffelChangeOffer: JSONWritable, Sendable {
  let id: String
  let flight: Flight
  let cabin: String
  let total: Int64
  let extra: Int64

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", id)
      object.field("new_total_amount", total.amountText)
      object.field("new_total_currency", "EUR")
      object.field("change_total_amount", extra.amountText)
      object.field("change_total_currency", "EUR")
      object.field("penalty_total_amount", "30.00")
      object.field("penalty_total_currency", "EUR")
      object.object("slices") { slices in
        slices.array("add") { $0.element(DuffelSlice(flight: flight, cabin: cabin, passengers: [])) }
        slices.array("remove") { _ in }
      }
    }
  }
}
