import Kernel

/// Prices a trip: one line per price, taxes and fees after what they are reckoned on, what is kept for surprises last.
///
/// A line is reckoned in the currency of its price (night by night where there is a season) and converted once, as a
/// whole; its division among the travellers is one of the converted amount.
package struct Estimator: Sendable {
  /// Stays of a trip.
  package static let staysMax = 400
  /// Nights of a stay.
  package static let nightsMax = 365

  let catalogue: CostCatalogue
  let rates: RateTable

  /// An estimator with prices and exchange rates.
  package init(_ catalogue: CostCatalogue, _ rates: RateTable) {
    self.catalogue = catalogue
    self.rates = rates
  }

  /// The costs of a trip.
  package func estimate(_ plan: TripPlan) throws(BudgetError) -> Estimate {
    var nights = NightPrices()
    return try estimate(plan, &nights)
  }

  func estimate(_ plan: TripPlan, _ nights: inout NightPrices) throws(BudgetError) -> Estimate {
    try check(plan)
    var run = EstimatorRun(self, plan)
    return try run.run(&nights)
  }

  private func check(_ plan: TripPlan) throws(BudgetError) {
    if plan.party.isEmpty { throw .nobody }
    guard !plan.stays.isEmpty, plan.stays.count <= Self.staysMax,
      plan.stays.allSatisfy({ (0...Self.nightsMax).contains($0.nights) }), plan.nights <= 4000
    else { throw .badStays }
    for (category, style) in [(nil, plan.style)] + plan.styles.map({ (Optional($0.key), $0.value) })
    where !catalogue.styles.contains(style) {
      throw .unknownStyle(style, category: category)
    }
    for (index, price) in plan.prices.enumerated() {
      guard price.stay.map(plan.stays.indices.contains) ?? true else { throw .badPrice(index) }
      guard let people = price.people else { continue }
      guard !people.isEmpty, people.allSatisfy(plan.party.indices.contains), Set(people).count == people.count
      else { throw .badPrice(index) }
    }
  }
}
