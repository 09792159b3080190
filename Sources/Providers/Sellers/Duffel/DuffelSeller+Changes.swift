package import Booking
import HTTP
import JSON
import Kernel

/// What was bought is replaced.
extension DuffelSeller {
  /// Replaces an order's flights by those of an offer: the order's price is the most that is paid for it on top.
  package func change(
    _ reference: BookingReference, to order: SaleOrder
  ) async throws(SellerFault) -> SaleStanding {
    guard let old = try await orderDocument(reference), let id = old.text("id") else {
      throw .declined(.other, words: "\(name) knows nothing of \(reference)")
    }
    let wanted = try await offerDocument(order.offer)
    guard let way = DuffelOffers.Way(wanted), let rides = DuffelOffers.rides(wanted) else {
      throw .declined(.malformed, words: "the offer cannot take the place of what was bought")
    }
    let slices = old.list("slices").compactMap { $0.text("id") }
    let quote = try await line.document(
      call(.read, .post, "/air/order_change_requests", DuffelRequests.change(of: id, removing: slices, to: way)))
    let (name, extra) = try chosen(quote, rides)
    guard extra.currency == order.price.currency, extra.minorUnits <= order.price.minorUnits else {
      throw .declined(.priceChanged, words: "the change costs \(extra)")
    }
    // Until it is confirmed, a change changes nothing.
    let pending = try await line.document(
      call(.read, .post, "/air/order_changes", DuffelRequests.change(taking: name)))
    guard let change = pending.member("data")?.text("id"),
      let path = DuffelSeller.path("/air/order_changes/", change, "/actions/confirm")
    else { throw line.fault(.read, "\(self.name) answered without a change") }
    let done = try await line.document(call(.write, .post, path, DuffelRequests.confirmation(paying: extra)))
    guard done.member("data")?.member("confirmed_at") != nil else {
      throw line.fault(.write, "\(self.name) answered without saying whether it was changed")
    }
    guard let standing = try await standing(of: reference) else {
      throw .unknown(words: "\(self.name) changed \(reference) and does not know it any more")
    }
    return standing
  }

  /// The change that leads to these rides, and what it costs.
  private func chosen(_ quote: JSONNode, _ rides: [OfferedRide]) throws(SellerFault) -> (String, Money) {
    for offer in quote.member("data")?.list("order_change_offers") ?? [] {
      guard let added = offer.member("slices")?.list("add"), let id = offer.text("id"),
        let cost = offer.money("change_total_amount", "change_total_currency")
      else { continue }
      let found = added.compactMap { DuffelOffers.rides(slice: $0) }.flatMap { $0 }
      let isSame =
        found.count == rides.count
        && zip(found, rides).allSatisfy {
          $0.carrier == $1.carrier && $0.number == $1.number && $0.departure == $1.departure
        }
      if isSame { return (id, cost) }
    }
    throw .declined(.soldOut, words: "\(name) does not change to that flight")
  }
}
