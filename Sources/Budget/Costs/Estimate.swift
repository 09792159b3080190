package import Kernel

/// One thing that a trip costs.
package struct CostLine: Hashable, Sendable {
  /// Where; nil for the whole trip.
  package let stay: Int?
  /// On what.
  package let category: CostCategory
  /// What it is.
  package let what: String
  /// Where the price is from.
  package let source: CostSource
  /// For whom the price is.
  package let unit: CostUnit
  /// For how long it is.
  package let period: CostPeriod
  /// How many people or rooms.
  package let units: Int
  /// How many nights or days.
  package let periods: Int
  /// The price for one, before the season.
  package let unitPrice: Money
  /// The whole without seasons, in the price's currency.
  package let plain: Money
  /// The whole, in the price's currency.
  package let priced: Money
  /// The whole in the trip's currency, with the rate.
  package let conversion: Conversion
  /// What each traveller bears.
  package let perPerson: [Money]
  /// Standard deviation over mean; for chance only.
  package let spread: Double
  /// The rule it is from, if it is a tax or fee.
  package var rule: String?
  /// Whether it is contained in other lines and so not added.
  package var isIncluded = false
  /// The lines it is a percentage of, by their places in the estimate: it moves as they move.
  var bases: [Int] = []

  /// The whole in the trip's currency.
  package var amount: Money { conversion.converted }

  /// What the season adds or takes, in the trip's currency.
  package var seasonEffect: Money {
    if plain == priced || priced.isZero { return .zero(amount.currency) }
    // Both fit, and plain is of the size of priced: the quotient stays near the amount.
    let plainly = Int128(amount.minorUnits) * Int128(plain.minorUnits)
    let units = Rounding.halfAwayFromZero.divide(plainly, by: Int128(priced.minorUnits))
    return Money(minorUnits: amount.minorUnits - Int64(clamping: units), amount.currency)
  }

  /// By how much the season multiplies, in millionths.
  package var seasonFactor: Int64 {
    if plain.isZero { return SeasonProfile.one }
    return Int64(
      clamping: Rounding.halfAwayFromZero.divide(
        Int128(priced.minorUnits) * Int128(SeasonProfile.one), by: Int128(plain.minorUnits)))
  }
}

/// A trip's costs, line by line.
package struct Estimate: Hashable, Sendable {
  /// What was priced.
  package let plan: TripPlan
  /// By stay, then by category.
  package let lines: [CostLine]
  /// Everything that is not contained in something else.
  package let total: Money
  /// What each traveller bears.
  package let perPerson: [Money]
  /// Rooms that were reckoned with.
  package let rooms: Int
  /// Categories that have no price anywhere.
  package let missing: [CostCategory]

  /// The sum of a category.
  package func subtotal(_ category: CostCategory) -> Money {
    let units = lines.reduce(Int64(0)) {
      $1.category == category && !$1.isIncluded ? $0 + $1.amount.minorUnits : $0
    }
    return Money(minorUnits: units, total.currency)
  }

  /// The categories that have lines, in their order.
  package var categories: [CostCategory] { Set(lines.map(\.category)).sorted() }

  /// The rates that were used, one of each currency.
  package var rates: [ExchangeRate] {
    var seen: Set<Currency> = []
    return lines.compactMap(\.conversion.rate).filter { seen.insert($0.from).inserted }
  }
}
