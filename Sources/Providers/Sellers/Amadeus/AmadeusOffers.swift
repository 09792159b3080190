import Booking
import JSON
import Kernel
import Secrets

/// Offers in Amadeus' shape.
///
/// The API keeps none: whoever takes one up hands the whole of it back. An offer's name is therefore the offer itself,
/// packed, so that whichever process is asked can go on with it.
enum AmadeusOffers {
  typealias Zones = @Sendable (_ airport: String) -> ZoneRules?

  /// An offer; nil where something that we need is missing, as the time zone of an airport that nobody knows.
  static func offer(_ node: JSONNode, seller: String, expires: Instant, zones: Zones) -> Offer? {
    guard let price = node.member("price"), let code = price.text("currency"), let currency = try? Currency(code),
      let total = price.money("grandTotal", in: currency), let rides = rides(node, zones), !rides.isEmpty
    else { return nil }
    let base = price.money("base", in: currency)
    let taxes = base.flatMap { try? total.subtracting($0) } ?? .zero(currency)
    var terms = SaleTerms()
    let details = node.list("travelerPricings").flatMap { $0.list("fareDetailsBySegment") }
    terms.checkedBags = details.map { min(9, $0.member("includedCheckedBags")?.count("quantity") ?? 0) }.min() ?? 0
    return Offer(
      OfferKey(seller: seller, name: name(of: node)), kind: .flight, price: total, taxes: taxes, expires: expires,
      rides: rides, terms: terms, needsRecheck: true, left: node.count("numberOfBookableSeats"))
  }

  /// What an offer is called.
  static func name(of node: JSONNode) -> String { Base64URL.encode(Zstandard.packed(node.jsonBytes(), level: 9)) }

  /// The offer of a name; nil where it is none.
  static func document(_ name: String) -> JSONNode? {
    guard let packed = Base64URL.decode(name.utf8), let bytes = Zstandard.unpacked(packed, bytesMax: 256 << 10) else {
      return nil
    }
    return try? JSONDocument(bytes: bytes).root
  }

  private static func rides(_ node: JSONNode, _ zones: Zones) -> [OfferedRide]? {
    var cabins: [String: String] = [:]
    for detail in node.list("travelerPricings").first?.list("fareDetailsBySegment") ?? [] {
      if let segment = detail.text("segmentId") { cabins[segment] = detail.text("cabin") }
    }
    var rides: [OfferedRide] = []
    for segment in node.list("itineraries").flatMap({ $0.list("segments") }) {
      guard let ride = ride(segment, zones, cabin: segment.text("id").flatMap { cabins[$0] }) else { return nil }
      rides.append(ride)
    }
    return rides
  }

  private static func ride(_ segment: JSONNode, _ zones: Zones, cabin: String?) -> OfferedRide? {
    guard let start = segment.member("departure"), let end = segment.member("arrival"),
      let from = start.text("iataCode"),
      let to = end.text("iataCode"), let zone = zones(from), let departure = ForeignTime.moment(start.text("at"), zone),
      let carrier = segment.text("carrierCode"), let number = segment.text("number")
    else { return nil }
    // The duration tells the arrival without the other airport's clock.
    let told = ForeignTime.seconds(segment.text("duration")).map { departure.adding(seconds: $0) }
    guard let arrival = told ?? zones(to).flatMap({ ForeignTime.moment(end.text("at"), $0) }), departure < arrival
    else { return nil }
    return OfferedRide(
      from: from, to: to, departure: departure, arrival: arrival, carrier: carrier, number: number,
      cabin: AmadeusOffers.cabin(cabin))
  }

  private static func cabin(_ text: String?) -> String {
    switch text {
    case "PREMIUM_ECONOMY": "premium"
    case "BUSINESS": "business"
    case "FIRST": "first"
    default: "economy"
    }
  }
}
