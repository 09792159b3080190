public import Booking
public import JSON
public import Kernel

/// Reads an offer as ``ShownOffer`` writes it.
public struct OfferReader: JSONReadable {
  /// The offer.
  public let offer: Offer

  /// Reads an offer.
  ///
  /// - Throws: `JSONError` for anything else.
  public init(json: JSONNode) throws(JSONError) {
    let node = try OfferReader.node("id", json)
    guard let key = OfferKey(try node.string) else { throw node.fault("must be SELLER:NAME") }
    let kindNode = try OfferReader.node("kind", json)
    guard let kind = OfferKind(rawValue: try kindNode.string) else { throw kindNode.fault("is no kind of offer") }
    var rides: [OfferedRide] = []
    let (place, left) = (json.find("/place"), json.find("/left"))
    if let shown = json.find("/rides") { for ride in try shown.array { rides.append(try OfferReader.ride(ride)) } }
    offer = Offer(
      key, kind: kind, price: try OfferReader.money(try OfferReader.node("price", json)),
      taxes: try OfferReader.money(try OfferReader.node("taxes", json)),
      expires: try OfferReader.instant("expires", json), rides: rides,
      place: try place.map(OfferReader.place),
      terms: try OfferReader.terms(try OfferReader.node("terms", json)),
      needsRecheck: try OfferReader.node("needsRecheck", json).bool,
      left: try left?.int)
  }

  private static func ride(_ json: JSONNode) throws(JSONError) -> OfferedRide {
    OfferedRide(
      from: try node("origin", json).string, to: try node("destination", json).string,
      departure: try instant("departure", json), arrival: try instant("arrival", json),
      carrier: try node("carrier", json).string, number: try node("number", json).string,
      cabin: try node("cabin", json).string)
  }

  private static func place(_ json: JSONNode) throws(JSONError) -> OfferedPlace {
    let first = try node("first", json)
    let text = try first.string
    let day: LocalDate
    do { day = try LocalDate(text) } catch { throw first.fault("must be a day") }
    return OfferedPlace(
      code: try node("code", json).string, name: try node("name", json).string, first: day,
      nights: try node("nights", json).int, rate: try node("rate", json).string)
  }

  private static func terms(_ json: JSONNode) throws(JSONError) -> SaleTerms {
    var steps: [RefundStep] = []
    for step in try node("refunds", json).array {
      steps.append(RefundStep(before: try instant("before", step), fee: try money(try node("fee", step))))
    }
    return SaleTerms(
      refunds: steps, changeFee: try json.find("/changeFee").map(money),
      checkedBags: try node("checkedBags", json).int, cabinBags: try node("cabinBags", json).int)
  }

  /// Reads an amount with its currency.
  ///
  /// - Throws: `JSONError` for anything else.
  public static func money(_ json: JSONNode) throws(JSONError) -> Money {
    let (amount, code) = (try node("amount", json), try node("currency", json))
    let (digits, letters) = (try amount.string, try code.string)
    let currency: Currency
    do { currency = try Currency(letters) } catch { throw code.fault(error.description) }
    do { return try Money(digits, currency) } catch { throw amount.fault(error.description) }
  }

  private static func instant(_ name: String, _ json: JSONNode) throws(JSONError) -> Instant {
    let node = try node(name, json)
    let text = try node.string
    do { return try Instant(text) } catch { throw node.fault("must be a moment") }
  }

  private static func node(_ name: String, _ json: JSONNode) throws(JSONError) -> JSONNode {
    guard let node = json.find("/" + name) else { throw json.fault("must have \"\(name)\"") }
    return node
  }
}
