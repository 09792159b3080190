package import Booking
package import HTTP
import JSON
package import Kernel

/// A seller of flights in the shape of Amadeus' Self-Service API.
///
/// That API can neither hold nor change, nor be asked by our reference, which goes along as a remark for people to
/// find. What it calls an order is therefore noted as soon as it answers; where no answer came, ``standing(of:)``
/// says `unknown`, and somebody has to look. Offers whose airports have no known time zone are left out.
package struct AmadeusSeller: Seller {
  package let name: String
  package let kinds: Set<OfferKind> = [.flight]
  private let line: SellerLine
  private let token: AmadeusToken
  private let names: SaleNames
  private let zones: @Sendable (String) -> ZoneRules?
  private let now: @Sendable () -> Instant
  /// How long an offer is shown; the API does not say.
  private static let offerSeconds: Int64 = 1200

  /// A seller with an account.
  ///
  /// - Parameters:
  ///   - account: where it is, and how it knows us.
  ///   - client: what requests are sent with.
  ///   - names: where it is kept what the seller calls our orders.
  ///   - zones: the clock of an airport; nil where nobody knows it.
  ///   - now: the time.
  package init(
    _ account: SellerAccount, _ client: HTTPClient, names: SaleNames = .inMemory(),
    zones: @escaping @Sendable (String) -> ZoneRules?, now: @escaping @Sendable () -> Instant
  ) {
    name = account.name
    self.names = names
    self.zones = zones
    self.now = now
    line = SellerLine(account, client) { status, body in AmadeusSeller.refusal(status, body) }
    token = AmadeusToken(line, key: account.key, secret: account.secret, now: now)
  }

  package func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] {
    guard search.kind == .flight else { return [] }
    let infants = search.childAges.count { $0 < 2 }
    let cabin = search.cabin == "premium" ? "PREMIUM_ECONOMY" : search.cabin.uppercased()
    let query = [
      ("originLocationCode", search.origin), ("destinationLocationCode", search.destination),
      ("departureDate", search.date.description), ("adults", "\(search.adults)"),
      ("children", "\(search.childAges.count - infants)"), ("infants", "\(infants)"), ("travelClass", cabin),
      ("currencyCode", search.currency.code), ("max", "250"),
    ].map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&")
    let node = try await ask(SellerLine.Call(.read, .get, "/v2/shopping/flight-offers?" + query))
    guard let node, node.member("data")?.kind == .array else {
      throw line.fault(.read, "\(name) answered a search without offers")
    }
    let expires = now().adding(seconds: AmadeusSeller.offerSeconds)
    return node.list("data").compactMap { AmadeusOffers.offer($0, seller: name, expires: expires, zones: zones) }
  }

  /// Asks for the price now; what is to be booked is the offer that comes back, under its own key.
  package func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer {
    let document = try document(offer)
    var call = SellerLine.Call(.read, .post, "/v1/shopping/flight-offers/pricing")
    call.fields = [("X-HTTP-Method-Override", "GET")]
    call.body = AmadeusSeller.data("flight-offers-pricing") { data in
      data.array("flightOffers") { $0.element(document) }
    }
    let priced = try await ask(call)?.member("data")?.list("flightOffers").first
    let expires = now().adding(seconds: AmadeusSeller.offerSeconds)
    guard let priced, let found = AmadeusOffers.offer(priced, seller: name, expires: expires, zones: zones) else {
      throw line.fault(.read, "\(name) answered with an offer that cannot be read")
    }
    return found
  }

  package func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    throw .declined(.notAllowed, words: "\(name) does not hold places")
  }

  package func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    if await names.find(order.reference) != nil, let known = try await standing(of: order.reference) { return known }
    let document = try document(order.offer)
    let price = document.member("price")
    guard let currency = price?.text("currency").flatMap({ try? Currency($0) }),
      let total = price?.money("grandTotal", in: currency)
    else { throw .declined(.malformed, words: "the offer has no price") }
    guard total.currency == order.price.currency, total.minorUnits <= order.price.minorUnits else {
      throw .declined(.priceChanged, words: "the price is \(total) now")
    }
    var call = SellerLine.Call(.write, .post, "/v1/booking/flight-orders")
    call.body = AmadeusSeller.order(order, document)
    guard let node = try await ask(call)?.member("data"), let id = node.text("id"), !id.isEmpty else {
      throw line.fault(.write, "\(name) answered with an order that cannot be read")
    }
    await names.note(order.reference, id)
    return SaleStanding(order.reference, sellerName: id, state: .booked, price: total, version: 1)
  }

  package func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? {
    guard let id = await names.find(reference) else {
      throw .unknown(words: "\(name) cannot be asked for \(reference), and what it calls it is not known")
    }
    let call = SellerLine.Call(.read, .get, "/v1/booking/flight-orders/" + id.percentEncoded)
    do throws(SellerFault) {
      let price = try await ask(call)?.member("data")?.list("flightOffers").first?.member("price")
      guard let currency = price?.text("currency").flatMap({ try? Currency($0) }),
        let total = price?.money("grandTotal", in: currency)
      else { throw line.fault(.read, "\(name) answered with an order that cannot be read") }
      return SaleStanding(reference, sellerName: id, state: .booked, price: total, version: 1)
    } catch .declined(.expired, let words) {
      // It had the order and has it no more.
      throw .unknown(words: "\(name) does not know \(id) any more: \(words)")
    }
  }

  /// Gives an order back, which the API allows until papers are made out: nothing has been paid by then.
  package func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding {
    guard let known = try await standing(of: reference) else {
      throw .declined(.other, words: "\(name) knows nothing of \(reference)")
    }
    let path = "/v1/booking/flight-orders/" + known.sellerName.percentEncoded
    _ = try await ask(SellerLine.Call(.write, .delete, path))
    return SaleStanding(
      reference, sellerName: known.sellerName, state: .cancelled(refund: known.price), price: known.price, version: 2)
  }

  package func change(
    _ reference: BookingReference, to order: SaleOrder
  ) async throws(SellerFault) -> SaleStanding {
    throw .declined(.notAllowed, words: "\(name) does not change what was bought")
  }

  private func document(_ offer: OfferKey) throws(SellerFault) -> JSONNode {
    guard let document = AmadeusOffers.document(offer.name) else {
      throw .declined(.malformed, words: "the offer's name is none of \(name)'s")
    }
    return document
  }

  /// Asks with a token; one that is refused is fetched anew once, as nothing has been done then.
  private func ask(_ call: SellerLine.Call) async throws(SellerFault) -> JSONNode? {
    let text = try await token.text()
    var call = call
    call.fields.append(("Authorization", "Bearer \(text)"))
    do throws(SellerFault) {
      return try await line.ask(call)
    } catch .declined(.forbidden, _) {
      token.forget(text)
      call.fields[call.fields.count - 1].value = "Bearer \(try await token.text())"
      return try await line.ask(call)
    }
  }

  private static func refusal(
    _ status: Int, _ body: JSONNode
  ) -> (reason: SellerFault.Refusal, words: String)? {
    guard let error = body.list("errors").first, let code = error.count("code") else { return nil }
    let words = error.text("detail") ?? error.text("title") ?? "\(code)"
    switch (status, code) {
    case (401, _), (403, _): return (.forbidden, words)
    case (_, 34651): return (.soldOut, words)
    case (_, 37200): return (.priceChanged, words)
    case (404, _), (_, 4926): return (.expired, words)
    case (_, 477), (_, 425), (_, 32171): return (.malformed, words)
    default: return (.other, words)
    }
  }

  private static func order(_ order: SaleOrder, _ offer: JSONNode) -> [UInt8] {
    data("flight-order") { data in
      data.array("flightOffers") { $0.element(offer) }
      data.array("travelers") { array in
        for (index, traveller) in order.travellers.enumerated() {
          array.object { person in
            person.field("id", "\(index + 1)")
            person.field("dateOfBirth", ifPresent: traveller.born?.description)
            person.object("name") { name in
              name.field("firstName", traveller.givenName.uppercased())
              name.field("lastName", traveller.familyName.uppercased())
            }
            if let mail = traveller.mail { person.object("contact") { $0.field("emailAddress", mail) } }
          }
        }
      }
      data.object("remarks") { remarks in
        remarks.array("general") { general in
          general.object { remark in
            remark.field("subType", "GENERAL_MISCELLANEOUS")
            remark.field("text", order.reference.text)
          }
        }
      }
      data.object("ticketingAgreement") { $0.field("option", "CONFIRM") }
    }
  }

  private static func data(_ type: String, _ body: (inout JSONObjectWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.object("data") { data in
        data.field("type", type)
        body(&data)
      }
    }
    return writer.finish()
  }
}
