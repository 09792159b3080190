import Booking
import JSON
import Kernel

/// Orders in Duffel's shape.
enum DuffelOrders {
  /// Our reference of an order; nil where it is none of ours.
  static func reference(_ node: JSONNode) -> BookingReference? {
    node.member("metadata")?.text("reference").flatMap { BookingReference($0) }
  }

  /// How far an order has come; nil where something that we need is missing.
  ///
  /// The version follows from what has happened: held, booked, ticketed, then four for each change; cancelled is last.
  static func standing(_ node: JSONNode, seller: String, now: Instant) -> SaleStanding? {
    guard let reference = reference(node), let id = node.text("id"),
      let price = node.money("total_amount", "total_currency")
    else { return nil }
    let changes = Int64(node.list("changes").count + node.list("airline_initiated_changes").count) * 4
    let (state, version) = state(node, id, price, changes, seller: seller, now: now)
    return SaleStanding(reference, sellerName: id, state: state, price: price, version: version)
  }

  private static func state(
    _ node: JSONNode, _ id: String, _ price: Money, _ changes: Int64, seller: String, now: Instant
  ) -> (SaleStanding.State, Int64) {
    let payment = node.member("payment_status")
    let isUnpaid = payment?.isTrue("awaiting_payment") ?? false
    let until = payment?.text("payment_required_by").flatMap { try? Instant($0) }
    if let cancellation = node.member("cancellation"), cancellation.member("confirmed_at") != nil {
      let refund = cancellation.money("refund_amount", "refund_currency") ?? .zero(price.currency)
      return (.cancelled(refund: refund), 1 << 40)
    }
    let tickets = node.list("documents").compactMap { $0.text("unique_identifier") }
    if node.member("cancelled_at") != nil {
      return (until != nil && tickets.isEmpty ? .lapsed : .cancelled(refund: .zero(price.currency)), 1 << 40)
    }
    if isUnpaid {
      guard let until else { return (.booked, 2 + changes) }
      return until > now ? (.held(until: until), 1 + changes) : (.lapsed, 1 << 40)
    }
    let open = node.list("airline_initiated_changes").last { $0.text("action_taken") == nil }
    if let open, let offer = replaced(node, id, open, price, seller: seller, now: now) {
      return (.changedBySeller(offer), 3 + changes)
    }
    return tickets.isEmpty ? (.booked, 2 + changes) : (.ticketed(tickets), 3 + changes)
  }

  /// What an airline wants instead, as an offer: at the same price, with its new times.
  private static func replaced(
    _ node: JSONNode, _ id: String, _ change: JSONNode, _ price: Money, seller: String, now: Instant
  ) -> Offer? {
    var rides: [OfferedRide] = []
    for slice in change.list("added") {
      guard let more = DuffelOffers.rides(slice: slice) else { return nil }
      rides += more
    }
    guard let first = rides.first, let name = change.text("id") else { return nil }
    return Offer(
      OfferKey(seller: seller, name: name), kind: .flight, price: price, taxes: .zero(price.currency),
      expires: max(now, first.departure), rides: rides, terms: SaleTerms())
  }
}
