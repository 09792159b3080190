public import Kernel

/// What kind of thing is sold.
public enum OfferKind: String, Hashable, Sendable, CaseIterable {
  /// A flight, or several on one ticket.
  case flight
  /// A ride by train.
  case rail
  /// A ride by long-distance bus.
  case coach
  /// Nights under a roof.
  case lodging
  /// A ticket to a sight, or a tour.
  case activity
}

/// What somebody sells at a price.
///
/// An offer is not ours: its price holds until `expires` at most, and what is left may be sold before.
public struct Offer: Hashable, Sendable {
  /// Which seller's, and what that seller calls it.
  public var key: OfferKey
  /// What kind of thing it is.
  public var kind: OfferKind
  /// What is to be paid for the whole party, taxes included.
  public var price: Money
  /// Of that, taxes and fees.
  public var taxes: Money
  /// When the seller stops honouring it.
  public var expires: Instant
  /// Rides in order of time; empty for what is not a ride.
  public var rides: [OfferedRide]
  /// The stay or the visit; nil for rides.
  public var place: OfferedPlace?
  /// What may be changed, given back and carried.
  public var terms: SaleTerms
  /// Whether the seller wants it asked again before it may be booked.
  public var needsRecheck: Bool
  /// How many more there are, where the seller says.
  public var left: Int?

  /// An offer of a seller.
  public init(
    _ key: OfferKey, kind: OfferKind, price: Money, taxes: Money, expires: Instant, rides: [OfferedRide] = [],
    place: OfferedPlace? = nil, terms: SaleTerms, needsRecheck: Bool = false, left: Int? = nil
  ) {
    self.key = key
    self.kind = kind
    self.price = price
    self.taxes = taxes
    self.expires = expires
    self.rides = rides
    self.place = place
    self.terms = terms
    self.needsRecheck = needsRecheck
    self.left = left
  }
}

/// What an offer is called: by whom, and how.
public struct OfferKey: Hashable, Sendable {
  /// The name under which the seller is configured.
  public let seller: String
  /// The seller's own name of the offer.
  public let name: String

  /// The offer `name` of `seller`.
  public init(seller: String, name: String) {
    self.seller = seller
    self.name = name
  }

  /// Reads what ``text`` writes; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self.init(seller: String(parts[0]), name: String(parts[1]))
  }

  /// As it travels: `seller:name`.
  public var text: String { seller + ":" + name }
}

/// A ride without getting off.
public struct OfferedRide: Hashable, Sendable {
  /// Where it begins: an airport's or a station's code.
  public var origin: String
  /// Where it ends.
  public var destination: String
  /// When it leaves.
  public var departure: Instant
  /// When it arrives.
  public var arrival: Instant
  /// Who runs it: an airline's code, or a company's name.
  public var carrier: String
  /// Its number with the carrier.
  public var number: String
  /// The cabin or class, as ``OfferSearch/cabin`` has it.
  public var cabin: String

  /// A ride.
  public init(
    from origin: String, to destination: String, departure: Instant, arrival: Instant, carrier: String, number: String,
    cabin: String
  ) {
    self.origin = origin
    self.destination = destination
    self.departure = departure
    self.arrival = arrival
    self.carrier = carrier
    self.number = number
    self.cabin = cabin
  }
}

/// A stay under a roof, or a visit.
public struct OfferedPlace: Hashable, Sendable {
  /// The seller's name of the house or the sight.
  public var code: String
  /// What people call it.
  public var name: String
  /// The first night, or the day of the visit.
  public var first: LocalDate
  /// Nights; none for a visit.
  public var nights: Int
  /// The room and board, or the kind of ticket.
  public var rate: String

  /// A stay or a visit.
  public init(code: String, name: String, first: LocalDate, nights: Int, rate: String) {
    self.code = code
    self.name = name
    self.first = first
    self.nights = nights
    self.rate = rate
  }
}
