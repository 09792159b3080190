import Booking
import JSON
import Kernel
import Secrets
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
  /// A package's name has those of its parts in it, each with its length, and a mark.
  private static let packageIDMax = PackageKey.kinds.count * (nameMax + 48) + 4 + NameSeal.overhead
  static let packageID: JSONSchema = .text(10...packageIDMax)
  static let schema: JSONSchema = .either(
    .fields([
      "items": .list(.fields(["offer": offer, "price": price]), 1...Saga.itemsMax),
      "travellers": travellers, "trip?": .id, "policy?": policy, "collector?": .text(1...40),
    ]),
    .fields([
      "package": .fields(["id": packageID, "price": price]),
      "travellers": travellers, "trip?": .id, "policy?": .words(["all"]), "collector?": .text(1...40),
    ]))
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
  /// What makes the items a package; nil where each is sold by itself.
  let package: SagaPackage?
  let travellers: [SaleTraveller]

  /// Reads a wish.
  ///
  /// - Parameters:
  ///   - json: as it came.
  ///   - counter: who sells and who collects money.
  ///   - seal: what shows of packages that they were offered.
  ///   - generator: what references are drawn from.
  /// - Throws: `JSONError`, which names the place and the mend.
  init(
    _ json: JSONNode, _ counter: BookingCounter, _ seal: NameSeal,
    using generator: inout some RandomNumberGenerator
  ) throws(JSONError) {
    let object = try json.object(
      required: "travellers", optional: "items", "package", "trip", "policy", "collector")
    trip = try object.find("trip")?.findIdentifier()
    policy = try BookingWish.policy(object)
    collector = try BookingWish.collector(object, counter)
    travellers = try BookingWish.travellers(object)
    switch (object.find("items"), object.find("package")) {
    case (nil, nil):
      throw json.fault("must be there with what is to be booked, or \"package\" instead of it", at: "/items")
    case (_?, _?): throw json.fault("must not be there beside \"package\": book one, then the other", at: "/items")
    case (nil, let node?):
      let (key, price) = try BookingWish.package(node, counter, seal)
      guard policy == .allOrNothing else {
        throw json.fault("must be \"all\", or left out: a package is booked as a whole or not at all", at: "/policy")
      }
      currency = key.currency
      package = SagaPackage(.standard, price: price.minorUnits)
      var parts: [SagaItem] = []
      for (offer, kind) in zip(key.parts, PackageKey.kinds) {
        parts.append(SagaItem(BookingReference(using: &generator), offer: offer, part: kind))
      }
      items = parts
    case (_?, nil):
      (items, currency) = try BookingWish.items(object, json, counter, using: &generator)
      package = nil
    }
  }

  private static func items(
    _ object: JSONObject, _ json: JSONNode, _ counter: BookingCounter,
    using generator: inout some RandomNumberGenerator
  ) throws(JSONError) -> ([SagaItem], Currency) {
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
    return (items, currency)
  }

  /// Which package is meant, and at which price.
  private static func package(
    _ node: JSONNode, _ counter: BookingCounter, _ seal: NameSeal
  ) throws(JSONError) -> (PackageKey, Money) {
    let object = try node.object(required: "id", "price")
    let id = try object.required("id", as: JSONNode.self)
    let text = try id.string
    guard text.utf8.count <= packageIDMax, let name = seal.name(in: text), let key = PackageKey(name) else {
      throw id.fault("must be the \"id\" of a package, as GET /v1/prices/packages tells it")
    }
    for part in key.parts { try check(part, id, counter) }
    let price = try money(object.required("price", as: JSONNode.self))
    guard price.currency == key.currency else {
      throw node.fault("must be in \(key.currency), as the package is", at: "/price/currency")
    }
    return (key, price)
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
    try check(key, node, counter)
    return key
  }

  private static func check(_ key: OfferKey, _ node: JSONNode, _ counter: BookingCounter) throws(JSONError) {
    guard !counter.sellers.contains(key.seller) else { return }
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
