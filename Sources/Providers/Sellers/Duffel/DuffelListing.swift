package import Booking
import HTTP
import JSON
package import Kernel

/// Duffel lists orders, the newest first.
extension DuffelSeller: SaleListing {
  /// Pages of one listing, at most: two hundred orders each.
  private static let listedPagesMax = 500

  package func sales(from: Instant, to: Instant) async throws(SellerFault) -> [SaleStanding] {
    var standings: [SaleStanding] = []
    var after: String?
    for _ in 0..<DuffelSeller.listedPagesMax {
      let query = "/air/orders?limit=200&sort=-created_at" + (after.map { "&after=" + $0 } ?? "")
      let page = try await line.document(call(.read, .get, query))
      let orders = page.list("data")
      guard let meta = page.member("meta"), page.member("data")?.kind == .array else {
        throw line.fault(.read, "\(name) answered without orders")
      }
      var isPast = false
      for order in orders {
        guard let made = order.text("created_at").flatMap({ try? Instant($0) }) else {
          throw line.fault(.read, "\(name) has an order without the time of its making")
        }
        if made < from { isPast = true }
        guard made >= from, made < to else { continue }
        if let standing = DuffelOrders.standing(order, seller: name, now: now()) { standings.append(standing) }
      }
      guard !isPast, let next = meta.text("after") else { return standings }
      guard DuffelSeller.path("", next) != nil else {
        throw line.fault(.read, "\(name) has pages that cannot be turned")
      }
      after = next
    }
    throw .notSent(words: "\(name) lists more than \(DuffelSeller.listedPagesMax) pages of orders")
  }
}
