package import Booking
package import HTTP
import JSON
package import Kernel
import Secrets

/// A seller of beds in the shape of Hotelbeds' API.
///
/// Our reference is its `clientReference`, and bookings are looked up by it. The API neither holds nor replaces. A rate
/// that says `RECHECK` is checked again before it is booked, as all are: the check tells the price.
package struct BedbankSeller: Seller {
  package let name: String
  package let kinds: Set<OfferKind> = [.lodging]
  private let line: SellerLine
  private let account: SellerAccount
  private let now: @Sendable () -> Instant
  /// How long a rate is shown; the API does not say.
  private static let offerSeconds: Int64 = 1200
  private static let root = "/hotel-api/1.0"

  /// A seller with an account.
  package init(_ account: SellerAccount, _ client: HTTPClient, now: @escaping @Sendable () -> Instant) {
    name = account.name
    self.account = account
    self.now = now
    line = SellerLine(account, client) { status, body in BedbankSeller.refusal(status, body) }
  }

  package func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] {
    guard search.kind == .lodging, search.nights > 0, let room = BedbankParty(search) else { return [] }
    var writer = JSONWriter()
    writer.object { object in
      object.object("stay") { stay in
        stay.field("checkIn", search.date.description)
        stay.field("checkOut", search.date.adding(days: search.nights).description)
      }
      object.array("occupancies") { array in
        array.object { people in
          people.field("rooms", search.rooms)
          people.field("adults", room.adults)
          people.field("children", room.childAges.count)
          people.array("paxes") { paxes in
            for age in room.childAges {
              paxes.object { child in
                child.field("type", "CH")
                child.field("age", age)
              }
            }
          }
        }
      }
      object.object("destination") { $0.field("code", search.destination) }
    }
    let node = try await line.document(call(.read, .post, "/hotels", writer.finish()))
    guard let hotels = node.member("hotels"), hotels.member("hotels")?.kind == .array || hotels.count("total") == 0
    else { throw line.fault(.read, "\(name) answered without hotels") }
    let expires = now().adding(seconds: BedbankSeller.offerSeconds)
    return hotels.list("hotels").flatMap {
      BedbankRates.offers($0, seller: name, checkIn: search.date, nights: search.nights, expires: expires)
    }
  }

  package func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer {
    guard (1...500).contains(offer.name.utf8.count) else {
      throw .declined(.malformed, words: "the rate's key is none of \(name)'s")
    }
    var writer = JSONWriter()
    writer.object { $0.array("rooms") { $0.object { $0.field("rateKey", BedbankParty.rateKey(offer.name)) } } }
    let node = try await line.document(call(.read, .post, "/checkrates", writer.finish()))
    guard let hotel = node.member("hotel"), let checkIn = hotel.text("checkIn").flatMap({ try? LocalDate($0) }),
      let checkOut = hotel.text("checkOut").flatMap({ try? LocalDate($0) }), checkIn < checkOut,
      let found = BedbankRates.offers(
        hotel, seller: name, checkIn: checkIn, nights: checkIn.days(until: checkOut),
        expires: now().adding(seconds: BedbankSeller.offerSeconds)
      ).first
    else { throw line.fault(.read, "\(name) answered with a rate that cannot be read") }
    return found
  }

  package func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    throw .declined(.notAllowed, words: "\(name) does not hold rooms")
  }

  package func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    if let known = try await standing(of: order.reference) { return known }
    let fresh = try await verify(order.offer)
    guard fresh.price.currency == order.price.currency, fresh.price.minorUnits <= order.price.minorUnits else {
      throw .declined(.priceChanged, words: "the price is \(fresh.price) now")
    }
    guard let holder = order.travellers.first else { throw .declined(.malformed, words: "nobody travels") }
    let first = fresh.place?.first
    var writer = JSONWriter()
    writer.object { object in
      object.object("holder") { person in
        person.field("name", holder.givenName)
        person.field("surname", holder.familyName)
      }
      object.array("rooms") { rooms in
        rooms.object { room in
          room.field("rateKey", BedbankParty.rateKey(fresh.key.name))
          room.array("paxes") { paxes in
            for (number, traveller) in BedbankParty.spread(order.travellers, over: fresh.key.name, on: first) {
              paxes.object { BedbankSeller.pax(traveller, room: number, on: first, &$0) }
            }
          }
        }
      }
      object.field("clientReference", order.reference.text)
      object.field("tolerance", 0)
    }
    let node = try await line.document(call(.write, .post, "/bookings", writer.finish()))
    guard let booking = node.member("booking"), let standing = BedbankRates.standing(booking),
      standing.reference == order.reference
    else { throw line.fault(.write, "\(name) answered with a booking that cannot be read") }
    return standing
  }

  package func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? {
    let today = LocalDate(daysSinceEpoch: Int32(now().secondsSinceEpoch / 86_400))
    // The longest span that the API takes; what is older is no longer in doubt.
    let query =
      "/bookings?start=\(today.adding(days: -29))&end=\(today.adding(days: 1))&filterType=CREATION&from=1&to=25"
      + "&clientReference=\(reference.text)"
    let node = try await line.document(call(.read, .get, query))
    guard let list = node.member("bookings"), list.member("bookings")?.kind == .array || list.count("total") == 0 else {
      throw line.fault(.read, "\(name) answered without bookings")
    }
    let all = list.list("bookings").compactMap(BedbankRates.standing).filter { $0.reference == reference }
    guard all.count == list.list("bookings").count else {
      throw line.fault(.read, "\(name) answered with bookings that cannot be read")
    }
    // Of several under one reference the living one counts.
    let living = all.first { $0.state.isLiving } ?? all.last
    return living
  }

  package func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding {
    guard let known = try await standing(of: reference) else {
      throw .declined(.other, words: "\(name) knows nothing of \(reference)")
    }
    guard known.state.isLiving else { return known }
    guard let path = DuffelSeller.path("/bookings/", known.sellerName, "?cancellationFlag=CANCELLATION") else {
      throw .declined(.malformed, words: "\(name) calls it what no path can hold")
    }
    let node = try await line.document(call(.write, .delete, path))
    guard let booking = node.member("booking"), let standing = BedbankRates.standing(booking), !standing.state.isLiving
    else { throw line.fault(.write, "\(name) answered without saying whether it was given back") }
    return standing
  }

  package func change(
    _ reference: BookingReference, to order: SaleOrder
  ) async throws(SellerFault) -> SaleStanding {
    throw .declined(.notAllowed, words: "\(name) does not replace what was booked")
  }

  private static func pax(
    _ traveller: SaleTraveller, room: Int, on day: LocalDate?, _ object: inout JSONObjectWriter
  ) {
    let years = BedbankParty.years(traveller, on: day)
    let isChild = years.map { $0 < 18 } ?? false
    object.field("roomId", room)
    object.field("type", isChild ? "CH" : "AD")
    if isChild { object.field("age", ifPresent: years) }
    object.field("name", traveller.givenName)
    object.field("surname", traveller.familyName)
  }

  /// Signed with the time: SHA-256 over key, secret and second.
  private func call(
    _ kind: SellerLine.Kind, _ method: HTTPMethod, _ path: String, _ body: [UInt8] = []
  ) -> SellerLine.Call {
    var call = SellerLine.Call(kind, method, BedbankSeller.root + path)
    let digest = Digest.sha256(Array("\(account.key)\(account.secret)\(now().secondsSinceEpoch)".utf8))
    let digits = Array("0123456789abcdef".utf8)
    let signature = String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    call.fields = [("Api-key", account.key), ("X-Signature", signature)]
    call.body = body
    return call
  }

  private static func refusal(
    _ status: Int, _ body: JSONNode
  ) -> (reason: SellerFault.Refusal, words: String)? {
    guard let error = body.member("error"), let code = error.text("code") else { return nil }
    let words = error.text("message") ?? code
    let lower = words.lowercased()
    switch code {
    case _ where status == 401 || status == 403: return (.forbidden, words)
    case "PRODUCT_ERROR" where lower.contains("allotment"): return (.soldOut, words)
    case "PRODUCT_ERROR" where lower.contains("price"): return (.priceChanged, words)
    case "PRODUCT_ERROR": return (.expired, words)
    case "INVALID_REQUEST", "INVALID_DATA": return (.malformed, words)
    default: return (.other, words)
    }
  }
}

extension SaleStanding.State {
  /// Whether there is something that could be given back.
  var isLiving: Bool {
    switch self {
    case .held, .booked, .ticketed, .changedBySeller: true
    case .cancelled, .lapsed: false
    }
  }
}
