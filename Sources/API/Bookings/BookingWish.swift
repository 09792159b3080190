import Booking
import JSON
import Kernel
import Store
import TripsWire

/// What somebody wants to have booked, as it comes.
struct BookingWish {
  /// Bytes of a wish: names of offers may be long.
  static let bytesMax = 1 << 20
  static let travellersMax = 20

  /// An offer's name at its seller.
  static let nameMax = 40_000
  static let offer: JSONSchema = .text(3...nameMax + 41)
  static let price: JSONSchema = .fields(["amount": .amount, "currency": .text(3...3)])
  static let schema: JSONSchema = .fields([
    "items": .list(.fields(["offer": offer, "price": price]), 1...Saga.itemsMax),
    "travellers": travellers, "trip?": .id, "policy?": policy, "collector?": .text(1...40),
  ])
  static let travellers: JSONSchema = .list(
    .fields([
      "givenName": .text(1...100), "familyName": .text(1...100), "born?": .date, "mail?": .email,
    ]), 1...travellersMax)
  static let policy: JSONSchema = .words(["all", "best"])

  let trip: TripID?
  let policy: BookingPolicy
  let collector: String
  let currency: Currency
  let items: [SagaItem]
  let travellers: [SaleTraveller]

  /// Reads a wish.
  ///
  /// - Parameters:
  ///   - json: as it came.
  ///   - counter: who sells and who collects money.
  ///   - generator: what references are drawn from.
  /// - Throws: `JSONError`, which names the place and the mend.
  init(
    _ json: JSONNode, _ counter: BookingCounter, using generator: inout some RandomNumberGenerator
  ) throws(JSONError) {
    let object = try json.object(required: "items", "travellers", optional: "trip", "policy", "collector")
    trip = try object.find("trip")?.findIdentifier()
    policy = try BookingWish.policy(object)
    collector = try BookingWish.collector(object, counter)
    let nodes = try object.required("items", count: 1...Saga.itemsMax, of: JSONNode.self)
    var items: [SagaItem] = []
    var currency: Currency?
    for node in nodes {
      let parts = try node.object(required: "offer", "price")
      let offer = try BookingWish.offer(parts.required("offer", as: JSONNode.self), counter)
      let price = try BookingWish.money(parts.required("price", as: JSONNode.self))
      if let currency, currency != price.currency {
        throw node.fault("is in \(price.currency), and the first in \(currency); book them one by one", at: "/price")
      }
      currency = price.currency
      items.append(
        SagaItem(BookingReference(using: &generator), offer: offer, price: price.minorUnits))
    }
    guard let currency else { throw json.fault("must have items") }
    self.items = items
    self.currency = currency
    travellers = try BookingWish.travellers(object)
  }

  /// How much of it is wanted.
  static func policy(_ object: JSONObject) throws(JSONError) -> BookingPolicy {
    try object.optional("policy", as: BookingPolicyWord.self)?.policy ?? .allOrNothing
  }

  /// Who travels.
  static func travellers(_ object: JSONObject) throws(JSONError) -> [SaleTraveller] {
    var travellers: [SaleTraveller] = []
    for node in try object.required("travellers", count: 1...travellersMax, of: JSONNode.self) {
      travellers.append(try traveller(node))
    }
    return travellers
  }

  /// Which offer is meant: as prices tell it, the seller's name before a colon.
  static func offer(_ node: JSONNode, _ counter: BookingCounter) throws(JSONError) -> OfferKey {
    guard let key = OfferKey(try node.string), key.name.utf8.count <= nameMax else {
      throw node.fault("must be the \"id\" of an offer, as GET /v1/prices/flights and others tell it")
    }
    guard !counter.sellers.contains(key.seller) else { return key }
    let near = nearestName(to: key.seller, among: counter.sellers.sorted()).map { ": did you mean \"\($0)\"?" }
    throw node.fault("is of a seller that is not known here\(near ?? "")")
  }

  /// An amount above zero.
  static func money(_ node: JSONNode) throws(JSONError) -> Money {
    let object = try node.object(required: "amount", "currency")
    let code = try object.required("currency", length: 3...3)
    let text = try object.required("amount", length: 1...25)
    let money: Money
    do {
      money = try Money(text, try Currency(code))
    } catch {
      throw node.fault("\(error)")
    }
    guard money.minorUnits > 0, money.minorUnits < 1 << 48 else { throw node.fault("must be an amount above zero") }
    return money
  }

  /// Who collects the money: the first unless another is named.
  static func collector(_ object: JSONObject, _ counter: BookingCounter) throws(JSONError) -> String {
    let names = counter.collectors.map(\.name)
    guard let name = try object.optional("collector", length: 1...40), let node = object.find("collector") else {
      return names.first ?? ""
    }
    guard names.contains(name) else {
      throw node.invalid("is nobody who collects money here; write one of \(names.joined(separator: ", "))")
    }
    return name
  }

  private static func traveller(_ node: JSONNode) throws(JSONError) -> SaleTraveller {
    let object = try node.object(required: "givenName", "familyName", optional: "born", "mail")
    var born: LocalDate?
    if let text = try object.optional("born", length: 10...10) {
      do { born = try LocalDate(text) } catch { throw node.fault("must be a date such as 1990-01-31", at: "/born") }
    }
    let mail = try object.optional("mail", length: 3...254)
    let (given, family) = (
      try object.required("givenName", length: 1...100), try object.required("familyName", length: 1...100)
    )
    for text in [given, family, mail ?? ""] where text.unicodeScalars.contains(where: { $0.value < 32 }) {
      throw node.fault("must not have control characters in its texts")
    }
    return SaleTraveller(givenName: given, familyName: family, born: born, mail: mail)
  }
}

/// A policy as it travels.
private enum BookingPolicyWord: String, JSONReadable, CaseIterable {
  case all, best

  var policy: BookingPolicy { self == .all ? .allOrNothing : .bestEffort }
}
