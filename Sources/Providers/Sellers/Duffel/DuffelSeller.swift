package import Booking
package import HTTP
import JSON
package import Kernel

/// A seller of flights in the shape of Duffel's API, version 2.
///
/// Our reference goes into an order's metadata. The API does not search by it, so that an order is looked for among
/// the newest ones; where there are more of those than are looked through, nothing is said rather than something wrong.
package struct DuffelSeller: Seller {
  package let name: String
  package let kinds: Set<OfferKind> = [.flight]
  let line: SellerLine
  let names: SaleNames
  let key: String
  let now: @Sendable () -> Instant

  /// A seller with an account.
  package init(
    _ account: SellerAccount, _ client: HTTPClient, names: SaleNames = .inMemory(),
    now: @escaping @Sendable () -> Instant
  ) {
    name = account.name
    key = account.key
    self.names = names
    self.now = now
    line = SellerLine(account, client) { status, body in DuffelSeller.refusal(status, body) }
  }

  package func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] {
    guard search.kind == .flight else { return [] }
    let node = try await line.document(
      call(.read, .post, "/air/offer_requests?return_offers=true", DuffelRequests.search(search)))
    guard let data = node.member("data"), let offers = data.member("offers"), offers.kind == .array else {
      throw line.fault(.read, "\(name) answered a search without offers")
    }
    return data.list("offers").compactMap { DuffelOffers.offer($0, seller: name) }
  }

  package func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer {
    guard let found = DuffelOffers.offer(try await offerDocument(offer), seller: name) else {
      throw line.fault(.read, "\(name) answered with an offer that cannot be read")
    }
    guard found.expires > now() else { throw .declined(.expired, words: "the offer ran out at \(found.expires)") }
    return found
  }

  func offerDocument(_ offer: OfferKey) async throws(SellerFault) -> JSONNode {
    guard let path = DuffelSeller.path("/air/offers/", offer.name) else {
      throw .declined(.malformed, words: "the offer's name is none of \(name)'s")
    }
    guard let data = try await line.document(call(.read, .get, path)).member("data") else {
      throw line.fault(.read, "\(name) answered without an offer")
    }
    return data
  }

  func call(
    _ kind: SellerLine.Kind, _ method: HTTPMethod, _ path: String, _ body: [UInt8] = []
  ) -> SellerLine.Call {
    var call = SellerLine.Call(kind, method, path)
    call.fields = [("Authorization", "Bearer \(key)"), ("Duffel-Version", "v2")]
    call.body = body
    return call
  }

  /// A path to something by its name, which came from outside; nil where it could lead elsewhere.
  static func path(_ prefix: String, _ name: String, _ suffix: String = "") -> String? {
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 || $0 == 45
    }
    return isPlain && (1...128).contains(name.utf8.count) ? prefix + name + suffix : nil
  }

  private static func refusal(
    _ status: Int, _ body: JSONNode
  ) -> (reason: SellerFault.Refusal, words: String)? {
    guard let error = body.list("errors").first, let code = error.text("code") else { return nil }
    let words = error.text("message") ?? code
    switch (status, code) {
    case (401, _), (403, _): return (.forbidden, words)
    case (_, "offer_no_longer_available"), (_, "selected_offers_not_available"): return (.soldOut, words)
    case (_, "price_changed"): return (.priceChanged, words)
    case (_, "offer_expired"), (_, "past_payment_required_by_date"), (404, _): return (.expired, words)
    case (400, _): return (.malformed, words)
    case (_, let code) where code.hasPrefix("validation_"): return (.malformed, words)
    case (_, let code) where code.hasPrefix("order_"): return (.notAllowed, words)
    default: return (.other, words)
    }
  }
}
