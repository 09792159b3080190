package import Kernel

/// Finds, among what sellers have, what comes nearest to what was planned.
///
/// What differs too much is refused with the reason, since nobody looks at it before it is offered in the plan's place. Of
/// the rest, rides are ranked by how many minutes they leave and arrive apart from the plan, a hundredth of the planned
/// price more counting as one minute; nights by how far their price lies from the planned one, which stands for the class
/// of the house, and first of all by the planned house itself. Among equals what can be given back comes first, then what is
/// cheaper, then the first by name: the same offers always give the same answer.
package enum OfferMatch {
  /// How far an offer may lie from the plan.
  package struct Limits: Hashable, Sendable {
    /// Minutes that a ride may leave or arrive earlier or later.
    package var minutesMax: Int64 = 180
    /// Hundredths of the planned price.
    package var percentMax: Int64 = 200
    /// The same where the planned price was guessed.
    package var guessedPercentMax: Int64 = 400
    /// Seconds that the seller must still honour it.
    package var secondsLeftMin: Int64 = 300

    /// The usual.
    package init() {}
  }

  /// The offer that comes nearest.
  ///
  /// - Complexity: O(n).
  package static func best(
    of offers: [Offer], for planned: PlannedSale, at now: Instant, limits: Limits = Limits()
  ) throws(OfferMismatch) -> Offer {
    let there = offers.filter { isThere($0, planned.search) }
    if there.isEmpty { throw .nothingSold }
    let timely = there.filter { minutesApart($0, planned).map { $0.worst <= limits.minutesMax } ?? true }
    if timely.isEmpty {
      throw .otherTimes(minutes: there.compactMap { minutesApart($0, planned)?.worst }.min() ?? 0)
    }
    let comparable = timely.filter { $0.price.currency == planned.price.currency }
    if comparable.isEmpty { throw .otherCurrency(timely[0].price.currency, wanted: planned.price.currency) }
    let most = limit(planned, limits)
    let payable = comparable.filter { $0.price.minorUnits > 0 && $0.price.minorUnits <= most ?? .max }
    if payable.isEmpty {
      let least = comparable.map(\.price.minorUnits).min() ?? 0
      throw .tooDear(Money(minorUnits: least, planned.price.currency), planned: planned.price)
    }
    let lasting = payable.filter { now.seconds(until: $0.expires) >= limits.secondsLeftMin }
    let ranked = lasting.min { comes($0, before: $1, planned, now) }
    guard let ranked else { throw .runsOut }
    return ranked
  }

  /// Of the kind, from there to there, or in that place for those nights.
  private static func isThere(_ offer: Offer, _ search: OfferSearch) -> Bool {
    guard offer.kind == search.kind else { return false }
    if let first = offer.rides.first, let last = offer.rides.last {
      return first.origin.uppercased() == search.origin.uppercased()
        && last.destination.uppercased() == search.destination.uppercased()
    }
    return offer.place.map { $0.first == search.date && $0.nights == search.nights } ?? false
  }

  private static func minutesApart(_ offer: Offer, _ planned: PlannedSale) -> (sum: Int64, worst: Int64)? {
    guard let times = planned.times, let first = offer.rides.first, let last = offer.rides.last else { return nil }
    let start = abs(times.departure.seconds(until: first.departure)) / 60
    let end = abs(times.arrival.seconds(until: last.arrival)) / 60
    return (start + end, max(start, end))
  }

  /// The most that it may cost; nil where nobody knew what it would.
  private static func limit(_ planned: PlannedSale, _ limits: Limits) -> Int64? {
    guard planned.price.minorUnits > 0 else { return nil }
    let percent = planned.isPriceGuessed ? limits.guessedPercentMax : limits.percentMax
    let (most, isTooMuch) = planned.price.minorUnits.multipliedReportingOverflow(by: percent)
    return isTooMuch ? nil : most / 100
  }

  private static func comes(_ one: Offer, before other: Offer, _ planned: PlannedSale, _ now: Instant) -> Bool {
    let distances = (distance(one, planned), distance(other, planned))
    if distances.0 != distances.1 { return distances.0 < distances.1 }
    let refunds = (isRefundable(one, now), isRefundable(other, now))
    if refunds.0 != refunds.1 { return refunds.0 }
    return (one.price.minorUnits, one.key.text) < (other.price.minorUnits, other.key.text)
  }

  private static func distance(_ offer: Offer, _ planned: PlannedSale) -> Int64 {
    let price = planned.price.minorUnits
    let more = price > 0 ? (offer.price.minorUnits - price) * 100 / price : 0
    if let apart = minutesApart(offer, planned) { return apart.sum + more }
    if let house = planned.house, let place = offer.place, house.lowercased() == place.name.lowercased() { return -1 }
    return price > 0 ? abs(more) : offer.price.minorUnits
  }

  private static func isRefundable(_ offer: Offer, _ now: Instant) -> Bool {
    offer.terms.fee(at: now).map { $0.minorUnits < offer.price.minorUnits } ?? false
  }
}

/// Why nothing that is sold stands for what was planned.
package enum OfferMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nobody sells anything there on that day.
  case nothingSold
  /// The nearest leaves or arrives so many minutes apart.
  case otherTimes(minutes: Int64)
  /// It is sold in another currency.
  case otherCurrency(Currency, wanted: Currency)
  /// The cheapest costs too much more than was planned.
  case tooDear(Money, planned: Money)
  /// Whatever fits is about to run out.
  case runsOut

  /// One sentence without its stop.
  package var description: String {
    switch self {
    case .nothingSold: "nobody sells it on that day"
    case .otherTimes(let minutes): "what is sold leaves or arrives at least \(minutes) minutes apart from the plan"
    case .otherCurrency(let currency, let wanted):
      "it is sold in \(currency.code), and the trip is paid in \(wanted.code)"
    case .tooDear(let least, let planned): "the cheapest costs \(least), and \(planned) was planned"
    case .runsOut: "what is sold is about to run out"
    }
  }
}
