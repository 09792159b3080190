import HTTP
import JSON
import Kernel

/// Orders and their payment.
extension DuffelRoutes {
  func order(_ body: JSONNode, _ fault: Fault?) throws -> Response {
    let data = try body.foreignObject.required("data", as: JSONNode.self)
    let isHold = data.text("type") == "hold"
    guard let offerID = data.list("selected_offers").first.flatMap({ try? $0.string }) else {
      return Voice.duffel.failure(.unprocessableContent, "validation_required", "selected_offers is wanted")
    }
    let payment = data.list("payments").first
    let travellers = data.list("passengers").map { passenger in
      Traveller(
        id: passenger.text("id") ?? "", givenName: passenger.text("given_name") ?? "",
        familyName: passenger.text("family_name") ?? "")
    }
    let reference = data.member("metadata")?.text("reference") ?? ""
    let now = world.now
    let sale = try world.with { state -> Sale in
      guard let offer = state.shelf.offer(offerID), offer.expires > now, !offer.isTaken,
        case .flight(let key, _, _) = offer.goods
      else { throw SaleRefusal.soldOut }
      guard Set(travellers.map(\.id)) == Set(offer.passengers), travellers.allSatisfy({ !$0.familyName.isEmpty }) else {
        throw SaleRefusal.notAllowed
      }
      if fault == .priceRise { state.books.raise(offer.goods.stock) }
      if fault == .soldOut { throw SaleRefusal.soldOut }
      guard !isHold || world.inventory.flight(key).canHold else { throw SaleRefusal.notAllowed }
      let price = world.price(offer.goods, state)
      if !isHold, cents(payment?.text("amount")) != price { throw SaleRefusal.priceChanged(now: price) }
      var sale = Sale(
        id: world.name("ord_", &state), shape: .duffel, reference: reference, goods: offer.goods,
        travellers: travellers, state: isHold ? .held : .confirmed, price: price, created: now)
      sale.paid = isHold ? 0 : price
      sale.heldUntil = isHold ? now.adding(seconds: world.settings.holdSeconds) : nil
      if !isHold { sale.documents = world.documents(travellers.count, &state) }
      try state.books.enter(sale, of: world.capacity(offer.goods))
      state.shelf.take(offerID)
      return sale
    }
    events.send("order.created", sale)
    return DuffelRoutes.data(DuffelOrder(sale: sale, inventory: world.inventory), status: .created)
  }

  func pay(_ body: JSONNode) throws -> Response {
    let data = try body.foreignObject.required("data", as: JSONNode.self)
    guard let order = data.text("order_id"), let amount = cents(data.member("payment")?.text("amount")) else {
      return Voice.duffel.failure(.unprocessableContent, "validation_required", "order_id and payment are wanted")
    }
    let now = world.now
    let sale = try world.with { state -> Sale in
      let held = try state.books.sale(order)
      let documents = world.documents(held.travellers.count, &state)
      return try state.books.pay(order, amount, documents: documents, at: now)
    }
    events.send("air.payment.succeeded", sale)
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("id", world.with { world.name("pay_", &$0) })
        data.field("type", "balance")
        data.field("amount", sale.paid.amountText)
        data.field("currency", "EUR")
        data.field("status", "succeeded")
        data.field("created_at", now.description)
      }
    }
    return Response(status: .created, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
  }
}
