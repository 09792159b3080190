package import Kernel

/// What a selection wants to have of whoever sells: the search that may find it, and how it was planned.
package struct PlannedSale: Hashable, Sendable {
  /// When a ride was planned to leave and to arrive.
  package struct Times: Hashable, Sendable {
    package var departure: Instant
    package var arrival: Instant

    package init(departure: Instant, arrival: Instant) {
      self.departure = departure
      self.arrival = arrival
    }
  }

  /// What is asked of sellers.
  package var search: OfferSearch
  /// Nil for what is no ride.
  package var times: Times?
  /// What it was planned to cost, for all; nought where nobody knew.
  package var price: Money
  /// Whether that was guessed: it then says little against an offer.
  package var isPriceGuessed: Bool
  /// What the house is called that was planned; nil for a ride.
  package var house: String?

  package init(
    _ search: OfferSearch, times: Times? = nil, price: Money, isPriceGuessed: Bool = false, house: String? = nil
  ) {
    self.search = search
    self.times = times
    self.price = price
    self.isPriceGuessed = isPriceGuessed
    self.house = house
  }
}
