package import Booking
import HTTP
import JSON
import Kernel

/// Orders: held, bought, looked up and given back.
extension DuffelSeller {
  package func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    try await create(order, isHold: true)
  }

  package func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    guard let known = try await standing(of: order.reference) else { return try await create(order, isHold: false) }
    switch known.state {
    case .held: return try await pay(known, order)
    case .booked, .ticketed, .changedBySeller: return known
    case .cancelled, .lapsed: throw .declined(.expired, words: "what was held was given up")
    }
  }

  package func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? {
    guard let node = try await orderDocument(reference) else { return nil }
    guard let standing = DuffelOrders.standing(node, seller: name, now: now()) else {
      throw line.fault(.read, "\(name) answered with an order that cannot be read")
    }
    return standing
  }

  package func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding {
    guard let known = try await standing(of: reference) else {
      throw .declined(.other, words: "\(name) knows nothing of \(reference)")
    }
    switch known.state {
    case .cancelled, .lapsed: return known
    default: break
    }
    // Asking what it would cost changes nothing; confirming does.
    let quote = try await line.document(
      call(.read, .post, "/air/order_cancellations", DuffelRequests.cancellation(of: known.sellerName)))
    guard let id = quote.member("data")?.text("id"),
      let path = DuffelSeller.path("/air/order_cancellations/", id, "/actions/confirm")
    else { throw line.fault(.read, "\(name) answered without saying what giving back costs") }
    let done = try await line.document(call(.write, .post, path))
    guard let data = done.member("data"), data.member("confirmed_at") != nil,
      let refund = data.money("refund_amount", "refund_currency")
    else { throw line.fault(.write, "\(name) answered without saying whether it was given back") }
    return SaleStanding(
      reference, sellerName: known.sellerName, state: .cancelled(refund: refund), price: known.price, version: 1 << 40)
  }

  /// The order under our reference: by the name that we know, else among the newest.
  func orderDocument(_ reference: BookingReference) async throws(SellerFault) -> JSONNode? {
    if let known = await names.find(reference), let path = DuffelSeller.path("/air/orders/", known) {
      return try await line.document(call(.read, .get, path)).member("data")
    }
    var after: String?
    for _ in 0..<DuffelSeller.pagesMax {
      let query = "/air/orders?limit=200&sort=-created_at" + (after.map { "&after=" + $0 } ?? "")
      let page = try await line.document(call(.read, .get, query))
      // Only a page that can be read says that something is not on it.
      guard let meta = page.member("meta"), page.member("data")?.kind == .array,
        page.list("data").allSatisfy({ $0.text("id") != nil })
      else { throw line.fault(.read, "\(name) answered without orders") }
      if let found = page.list("data").first(where: { DuffelOrders.reference($0) == reference }) {
        if let id = found.text("id") { await names.note(reference, id) }
        return found
      }
      guard let next = meta.text("after") else { return nil }
      guard DuffelSeller.path("", next) != nil else {
        throw line.fault(.read, "\(name) has pages that cannot be turned")
      }
      after = next
    }
    throw .unknown(words: "\(reference) is not among the newest orders of \(name)")
  }

  private static let pagesMax = 10

  private func create(_ order: SaleOrder, isHold: Bool) async throws(SellerFault) -> SaleStanding {
    let offer = try await offerDocument(order.offer)
    guard let price = offer.money("total_amount", "total_currency") else {
      throw line.fault(.read, "\(name) answered with an offer without a price")
    }
    guard price.currency == order.price.currency, price.minorUnits <= order.price.minorUnits else {
      throw .declined(.priceChanged, words: "the price is \(price) now")
    }
    let mustPay = offer.member("payment_requirements")?.isTrue("requires_instant_payment") ?? true
    guard !isHold || !mustPay else { throw .declined(.notAllowed, words: "this offer cannot be held") }
    let passengers = offer.list("passengers").compactMap { $0.text("id") }
    guard passengers.count == order.travellers.count else {
      throw .declined(.malformed, words: "the offer is for \(passengers.count) and \(order.travellers.count) travel")
    }
    let body = DuffelRequests.order(order, passengers: passengers, payment: isHold ? nil : price)
    let answer = try await line.document(call(.write, .post, "/air/orders", body))
    guard let node = answer.member("data"),
      let standing = DuffelOrders.standing(node, seller: name, now: now()), standing.reference == order.reference
    else { throw line.fault(.write, "\(name) answered with an order that cannot be read") }
    await names.note(order.reference, standing.sellerName)
    return standing
  }

  private func pay(_ held: SaleStanding, _ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    guard held.price.currency == order.price.currency, held.price.minorUnits <= order.price.minorUnits else {
      throw .declined(.priceChanged, words: "the price is \(held.price) now")
    }
    let answer = try await line.document(
      call(.write, .post, "/air/payments", DuffelRequests.payment(of: held.sellerName, held.price)))
    guard answer.member("data")?.text("id") != nil else {
      throw line.fault(.write, "\(name) answered without saying whether it was paid")
    }
    // The payment stands; where the papers cannot be read just now they are to come.
    if let standing = try? await standing(of: order.reference) { return standing }
    return SaleStanding(
      order.reference, sellerName: held.sellerName, state: .booked, price: held.price, version: 2)
  }
}
