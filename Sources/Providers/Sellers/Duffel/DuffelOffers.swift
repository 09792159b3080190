import Booking
import JSON
import Kernel

/// Offers in Duffel's shape.
enum DuffelOffers {
  /// An offer; nil where something that we need is missing.
  static func offer(_ node: JSONNode, seller: String) -> Offer? {
    guard let id = node.text("id"), let price = node.money("total_amount", "total_currency"),
      let expires = node.text("expires_at").flatMap({ try? Instant($0) }), let rides = rides(node), !rides.isEmpty
    else { return nil }
    let taxes = node.money("tax_amount", "tax_currency") ?? .zero(price.currency)
    return Offer(
      OfferKey(seller: seller, name: id), kind: .flight, price: price, taxes: taxes, expires: expires, rides: rides,
      terms: terms(node, rides, price.currency))
  }

  /// The rides of an offer or an order; nil where one cannot be read.
  static func rides(_ node: JSONNode) -> [OfferedRide]? {
    var all: [OfferedRide] = []
    for slice in node.list("slices") {
      guard let more = rides(slice: slice) else { return nil }
      all += more
    }
    return all
  }

  /// The rides of one way; nil where one cannot be read.
  static func rides(slice: JSONNode) -> [OfferedRide]? {
    let segments = slice.list("segments")
    let rides = segments.compactMap(ride)
    return rides.count == segments.count ? rides : nil
  }

  private static func ride(_ segment: JSONNode) -> OfferedRide? {
    guard let origin = segment.member("origin"), let destination = segment.member("destination"),
      let from = origin.text("iata_code"), let to = destination.text("iata_code"),
      let departure = moment(segment.text("departing_at"), origin),
      let arrival = moment(segment.text("arriving_at"), destination), departure < arrival,
      let carrier = segment.member("marketing_carrier")?.text("iata_code"),
      let number = segment.text("marketing_carrier_flight_number")
    else { return nil }
    let cabin = segment.list("passengers").first?.text("cabin_class") ?? "economy"
    return OfferedRide(
      from: from, to: to, departure: departure, arrival: arrival, carrier: carrier, number: number,
      cabin: cabin == "premium_economy" ? "premium" : cabin)
  }

  /// A time on the clock of a place that names its zone.
  private static func moment(_ text: String?, _ place: JSONNode) -> Instant? {
    guard let zone = place.text("time_zone"), let rules = try? ZoneFiles.system.rules(named: zone) else { return nil }
    return ForeignTime.moment(text, rules)
  }

  private static func terms(_ node: JSONNode, _ rides: [OfferedRide], _ currency: Currency) -> SaleTerms {
    var terms = SaleTerms()
    let conditions = node.member("conditions")
    if let refund = conditions?.member("refund_before_departure"), refund.isTrue("allowed") {
      let fee = refund.money("penalty_amount", "penalty_currency") ?? .zero(currency)
      terms.refunds = [RefundStep(before: rides[0].departure, fee: fee)]
    }
    if let change = conditions?.member("change_before_departure"), change.isTrue("allowed") {
      terms.changeFee = change.money("penalty_amount", "penalty_currency") ?? .zero(currency)
    }
    let passengers = node.list("slices").flatMap { $0.list("segments") }.flatMap { $0.list("passengers") }
    // A bag that is not carried on every leg for everybody is none to count on.
    terms.checkedBags = passengers.map { bags($0, "checked") }.min() ?? 0
    terms.cabinBags = passengers.map { bags($0, "carry_on") }.min() ?? 0
    return terms
  }

  private static func bags(_ passenger: JSONNode, _ type: String) -> Int {
    passenger.list("baggages").filter { $0.text("type") == type }.reduce(0) { $0 + min(9, $1.count("quantity") ?? 0) }
  }

  /// What is looked for when something is changed.
  struct Way {
    let origin: String
    let destination: String
    let date: String
    let cabin: String

    /// The way that an offer goes; nil where it cannot be read, or goes more than one.
    init?(_ offer: JSONNode) {
      guard offer.list("slices").count == 1, let slice = offer.list("slices").first,
        let origin = slice.member("origin")?.text("iata_code"),
        let destination = slice.member("destination")?.text("iata_code"), let segment = slice.list("segments").first,
        let date = segment.text("departing_at")?.prefix(10)
      else { return nil }
      self.origin = origin
      self.destination = destination
      self.date = String(date)
      cabin = segment.list("passengers").first?.text("cabin_class") ?? "economy"
    }
  }
}
