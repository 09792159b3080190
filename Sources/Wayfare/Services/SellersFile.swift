import Booking
import JSON
import Kernel
import Providers

/// Who sells and who collects money, from a file that only its owner reads: it holds our keys there.
struct SellersFile: Sendable {
  /// Whoever sells.
  struct Seller: Sendable {
    let shape: SellerShape
    let account: SellerAccount
    /// What their events are signed with; nil where none come.
    let webhookSecret: String?
    /// Clocks of airports, for a shape whose times have no zone.
    let airports: [String: ZoneRules]
  }

  /// Whoever collects money.
  struct Collector: Sendable {
    let shape: CollectorShape
    let account: SellerAccount
    let webhookSecret: String?
    /// Where banks send the customer back to; nil where customers stay on the page.
    let returnURL: String?
    /// For whom money is collected, where one key is good for several.
    let merchant: String?
  }

  /// In whose shape a seller speaks.
  enum SellerShape: String, JSONReadable, CaseIterable { case duffel, amadeus, bedbank, own }

  /// In whose shape a collector speaks.
  enum CollectorShape: String, JSONReadable, CaseIterable { case stripe, adyen }

  let sellers: [Seller]
  let collectors: [Collector]
  /// What sellers call places, by the timetable's stop, `FEED:ID`, or the catalogue's city, `fr/paris`.
  let places: [String: String]

  private static let (countMax, placesMax) = (50, 10_000)

  /// What the settings name; nil where no file is set.
  ///
  /// - Throws: `UsageError` that names the file, the place in it and the mend.
  static func read(_ settings: Settings) throws(UsageError) -> SellersFile? {
    guard let path = settings.string(.sellers) else { return nil }
    return try OwnerOnlyFile(path: path, contents: "sellers").read { (root) throws(JSONError) in
      try SellersFile(json: root)
    }
  }

  private init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "sellers", "collectors", optional: "places")
    var (sellers, collectors, names) = ([Seller](), [Collector](), Set<String>())
    for node in try object.required("sellers", as: JSONNode.self).array {
      sellers.append(try SellersFile.seller(node, &names))
    }
    for node in try object.required("collectors", as: JSONNode.self).array {
      collectors.append(try SellersFile.collector(node, &names))
    }
    guard sellers.count + collectors.count <= SellersFile.countMax else {
      throw json.fault("has more than \(SellersFile.countMax) sellers and collectors")
    }
    if let own = sellers.filter({ $0.shape == .own }).dropFirst().first {
      throw json.fault("has \(own.account.name), a second seller of the inventory; keep one", at: "/sellers")
    }
    self.sellers = sellers
    self.collectors = collectors
    places = try object.find("places").map { (node) throws(JSONError) in try SellersFile.places(node) } ?? [:]
  }

  private static func places(_ node: JSONNode) throws(JSONError) -> [String: String] {
    var places: [String: String] = [:]
    for (name, code) in try node.members {
      let text = try code.string
      guard OfferSearch.isCode(text) else {
        throw code.invalid("must be what sellers call the place, 2 to 12 letters and digits such as PAR")
      }
      places[name] = text
    }
    guard places.count <= placesMax else { throw node.fault("has more than \(placesMax) places") }
    return places
  }

  private static func seller(_ node: JSONNode, _ names: inout Set<String>) throws(JSONError) -> Seller {
    let object = try node.object(
      required: "name", "shape", optional: "url", "key", "secret", "webhookSecret", "airports")
    let shape = try object.required("shape", as: SellerShape.self)
    if shape == .own {
      // Nobody else is asked.
      _ = try node.object(required: "name", "shape")
      let account = SellerAccount(name: try name(object, node, &names), url: "", key: "", secret: "")
      return Seller(shape: shape, account: account, webhookSecret: nil, airports: [:])
    }
    let secret = try object.optional("secret", length: 1...1000)
    if shape != .duffel, secret == nil { throw node.fault("must have a \"secret\": \(shape) has one beside its key") }
    let airports = try airports(object)
    if shape == .amadeus, airports.isEmpty {
      throw node.fault(
        "must have \"airports\": amadeus tells times without a zone; write {\"BER\": \"Europe/Berlin\", …} for those that are flown to"
      )
    }
    let account = SellerAccount(
      name: try name(object, node, &names), url: try url(object), key: try object.required("key", length: 1...1000),
      secret: secret ?? "")
    return Seller(
      shape: shape, account: account, webhookSecret: try object.optional("webhookSecret", length: 8...1000),
      airports: airports)
  }

  private static func collector(_ node: JSONNode, _ names: inout Set<String>) throws(JSONError) -> Collector {
    let object = try node.object(
      required: "name", "shape", "url", "key", optional: "webhookSecret", "returnUrl", "merchant")
    let shape = try object.required("shape", as: CollectorShape.self)
    let merchant = try object.optional("merchant", length: 1...100)
    let returns = try object.optional("returnUrl", length: 10...1000)
    if let returns, let node = object.find("returnUrl"), !isReachable(returns) {
      throw node.invalid("must be an https:// address, or http:// of this machine")
    }
    let account = SellerAccount(
      name: try name(object, node, &names), url: try url(object), key: try object.required("key", length: 1...1000))
    let secret = try object.optional("webhookSecret", length: 8...1000)
    if shape == .adyen {
      // It tells by webhooks alone what becomes of captures and refunds.
      guard let secret, AdyenEvent.isKey(secret) else {
        throw node.fault("must have a \"webhookSecret\": the HMAC key of its webhook, in hexadecimal digits")
      }
      guard merchant != nil, returns != nil else {
        throw node.fault("must have \"merchant\", the merchant account, and \"returnUrl\"")
      }
    }
    return Collector(shape: shape, account: account, webhookSecret: secret, returnURL: returns, merchant: merchant)
  }

  private static func airports(_ object: JSONObject) throws(JSONError) -> [String: ZoneRules] {
    guard let node = object.find("airports") else { return [:] }
    var airports: [String: ZoneRules] = [:]
    for (code, zone) in try node.members {
      let name = try zone.string
      do throws(ZoneError) {
        airports[code] = try ZoneFiles.system.rules(named: name)
      } catch {
        throw zone.fault("must be a time zone such as Europe/Berlin: \(error)")
      }
    }
    return airports
  }

  /// A name of its own: offers, accounts of the ledger and the addresses of events are called by it.
  private static func name(
    _ object: JSONObject, _ node: JSONNode, _ names: inout Set<String>
  ) throws(JSONError) -> String {
    let name = try object.required("name", length: 1...40)
    let isPlain = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    guard isPlain, names.insert(name).inserted else {
      throw (object.find("name") ?? node).invalid(
        "must be a name of its own among sellers and collectors, of a-z, 0-9 and \"-\"")
    }
    return name
  }

  private static func url(_ object: JSONObject) throws(JSONError) -> String {
    let url = try object.required("url", length: 10...1000)
    if !isReachable(url) || url.contains("?"), let node = object.find("url") {
      throw node.invalid(
        "must be https://HOST, or http:// where HOST is this machine, without user, query and fragment")
    }
    return url.hasSuffix("/") ? String(url.dropLast()) : url
  }

  /// Keys are sent in the clear to nobody but this machine.
  private static func isReachable(_ url: String) -> Bool {
    guard url.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !url.contains("@"), !url.contains("#") else { return false }
    if url.hasPrefix("https://") { return url.utf8.count > 8 }
    guard url.hasPrefix("http://") else { return false }
    let place = url.dropFirst(7).prefix { $0 != "/" }
    let host =
      place.hasPrefix("[") ? String(place.prefix { $0 != "]" }.dropFirst()) : String(place.prefix { $0 != ":" })
    return ["localhost", "127.0.0.1", "::1"].contains(host)
  }
}
