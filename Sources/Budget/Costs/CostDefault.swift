package import Kernel

/// For whom a price is.
package enum CostUnit: String, CaseIterable, Hashable, Sendable {
  /// For each person, with their discounts.
  case person
  /// For each room.
  case room
  /// For all together.
  case group
}

/// For how long a price is.
package enum CostPeriod: String, CaseIterable, Hashable, Sendable {
  /// For a night.
  case night
  /// For a day; a trip of three nights has four.
  case day
  /// Once.
  case trip
}

/// Where a price is from, best first.
package enum CostSource: Hashable, Sendable {
  /// Somebody offered it.
  case quoted
  /// The median of so many prices seen.
  case history(Int)
  /// The default of the place.
  case place(String)
  /// The default of the country.
  case country(String)
  /// The default of the world.
  case world

  /// As it is shown.
  package var shown: String {
    switch self {
    case .quoted: "quoted"
    case .history(let count): "history of \(count)"
    case .place(let name): name
    case .country(let name): name
    case .world: "world"
    }
  }

  /// The word for machines.
  package var word: String {
    switch self {
    case .quoted: "quote"
    case .history: "history"
    case .place: "place"
    case .country: "country"
    case .world: "world"
    }
  }
}

/// What something costs where nobody has quoted a price.
package struct CostDefault: Hashable, Sendable {
  /// What it is: "meals".
  package let what: String
  /// For whom the price is.
  package let unit: CostUnit
  /// For how long it is.
  package let period: CostPeriod
  /// The price for an adult, a room or the group.
  package let price: Money
  /// Prices of their own for kinds of travellers.
  package let own: [TravellerType: Money]
  /// How far real prices spread: standard deviation over mean; nil for the category's usual one.
  package let spread: Double?

  /// A default.
  package init(
    what: String, unit: CostUnit, period: CostPeriod, price: Money, own: [TravellerType: Money] = [:],
    spread: Double? = nil
  ) {
    self.what = what
    self.unit = unit
    self.period = period
    self.price = price
    self.own = own
    self.spread = spread
  }
}
