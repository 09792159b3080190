package import Kernel

/// Some nights at one place.
package struct Stay: Hashable, Sendable {
  /// The scope in the catalogue.
  package var place: Int
  /// How many nights; none for a day trip.
  package var nights: Int

  /// A stay.
  package init(place: Int, nights: Int) {
    self.place = place
    self.nights = nights
  }
}

/// A price that somebody offered, or prices seen before; it takes the place of the defaults of its category.
package struct KnownPrice: Hashable, Sendable {
  /// What it is.
  package var what: String
  /// What it is for.
  package var category: CostCategory
  /// The price; of prices seen, the median.
  package var price: Money
  /// How many prices were seen; nil for an offer.
  package var seen: Int?
  /// For whom.
  package var unit: CostUnit
  /// For how long.
  package var period: CostPeriod
  /// At which stay; nil for the whole trip.
  package var stay: Int?
  /// Who takes part; nil for everyone.
  package var people: [Int]?
  /// Whether it comes on top of the defaults.
  package var isExtra = false
  /// How far it may still move: standard deviation over mean; nil for none of an offer, the usual of prices seen.
  package var spread: Double?

  /// An offer for the group.
  package init(
    what: String, category: CostCategory, price: Money, unit: CostUnit = .group, period: CostPeriod = .trip,
    stay: Int? = nil
  ) {
    self.what = what
    self.category = category
    self.price = price
    self.unit = unit
    self.period = period
    self.stay = stay
  }
}

/// What is kept for surprises.
package enum Contingency: Hashable, Sendable {
  /// Nothing.
  case none
  /// So many percent of everything.
  case percent(DecimalFraction)
}

/// A trip to be priced.
package struct TripPlan: Hashable, Sendable {
  /// In what the answer is.
  package var currency: Currency
  /// The first day.
  package var start: LocalDate
  /// Where, one after the other.
  package var stays: [Stay]
  /// Who.
  package var party: [Traveller]
  /// In which style.
  package var style: String
  /// Categories in a style of their own.
  package var styles: [CostCategory: String] = [:]
  /// How rooms are shared.
  package var rooms = RoomRules()
  /// Categories that are not wanted.
  package var excluded: Set<CostCategory> = []
  /// Offers and prices seen.
  package var prices: [KnownPrice] = []
  /// Taxes and fees beside those of the catalogue; those of the same id take their place.
  package var rules: [TaxRule] = []
  /// Whether things are paid by card.
  package var isPaidByCard = false
  /// What is kept for surprises.
  package var contingency = Contingency.none
  /// The day of the exchange rates; nil for the newest.
  package var ratesDate: LocalDate?
  /// How many days back a rate may lie.
  package var ratesDaysMax = RateTable.daysMaxUsual

  /// A trip with the usual rules.
  package init(currency: Currency, start: LocalDate, stays: [Stay], party: [Traveller], style: String) {
    self.currency = currency
    self.start = start
    self.stays = stays
    self.party = party
    self.style = style
  }

  /// All nights.
  package var nights: Int { stays.reduce(0) { $0 + $1.nights } }

  /// The day of departure.
  package var end: LocalDate { start.adding(days: nights) }

  /// The first day of each stay.
  package var starts: [LocalDate] {
    var date = start
    return stays.map { stay in
      defer { date = date.adding(days: stay.nights) }
      return date
    }
  }

  /// How many days of the trip belong to a stay: its nights, and the day of departure to the last.
  package func days(of stay: Int) -> Int { stays[stay].nights + (stay == stays.count - 1 ? 1 : 0) }

  /// The style of a category.
  package func style(of category: CostCategory) -> String { styles[category] ?? style }
}

/// Why a trip cannot be priced.
package enum BudgetError: Error, Hashable, Sendable {
  /// Nobody travels.
  case nobody
  /// No stay, more than ``Estimator/staysMax``, or nights out of bounds.
  case badStays
  /// A style that the catalogue has no factors for.
  case unknownStyle(String, category: CostCategory?)
  /// A known price for a stay or people that are not there.
  case badPrice(Int)
  /// A line that cannot be converted or summed.
  case exchange(ExchangeError, category: CostCategory, price: Int?)
  /// A rule that cannot be reckoned.
  case rule(TaxRuleFault)
}
