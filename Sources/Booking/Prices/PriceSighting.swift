public import Kernel

/// What a round of questions to sellers showed of a search's price.
public struct PriceSighting: Hashable, Sendable {
  /// What was looked for.
  public let search: OfferSearch
  /// The cheapest in the search's currency, in minor units.
  public let price: Int64
  /// How many offers there were.
  public let offers: Int
  /// Whether every seller answered: where one is missing, the cheapest may be dearer than it is.
  public let isComplete: Bool
  /// When the last answer came.
  public let at: Instant

  /// What was seen.
  public init(_ search: OfferSearch, price: Int64, offers: Int, isComplete: Bool, at: Instant) {
    self.search = search
    self.price = price
    self.offers = offers
    self.isComplete = isComplete
    self.at = at
  }

  /// What a round's offers show; nil where nothing is sold in the search's currency.
  public init?(of offers: [Offer], to search: OfferSearch, isComplete: Bool, at: Instant) {
    let prices = offers.lazy.filter { $0.price.currency == search.currency }.map(\.price.minorUnits)
    guard let least = prices.min(), least > 0 else { return nil }
    self.init(search, price: least, offers: offers.count, isComplete: isComplete, at: at)
  }
}
