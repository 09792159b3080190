package import Budget
package import Catalogue
package import Kernel
package import Transport

/// What trips are made of: cities with sights and places to stay, timetables, prices and rates.
package struct TripGround: Sendable {
  let catalogue: CatalogueTables
  let router: Router
  let costs: CostCatalogue
  let rates: RateTable
  let zones: ZoneFiles

  /// What is known.
  package init(
    catalogue: CatalogueTables, router: Router, costs: CostCatalogue, rates: RateTable, zones: ZoneFiles = .system
  ) {
    self.catalogue = catalogue
    self.router = router
    self.costs = costs
    self.rates = rates
    self.zones = zones
  }

  /// Where a city's prices stand: its own, those of a place of its name, or its country's.
  func pricePlace(of city: City) -> Int? {
    costs.findPlace(city.id) ?? costs.findPlace(city.name) ?? costs.findPlace(city.country.lowercased())
  }

  var estimator: Estimator { Estimator(costs, rates) }
}

/// Why there is no answer.
package enum TripError: Error, Sendable, CustomStringConvertible {
  /// A city whose time zone is not known to the system.
  case zone(City)
  /// A city for which there are no prices.
  case noPrices(City)
  /// A city in which nobody can stay.
  case noLodging(City)
  /// No way between two cities on any of the days.
  case noWay(from: City, to: City)
  /// Journeys cannot be looked for.
  case route(RouteError)
  /// Costs cannot be reckoned.
  case budget(BudgetError)
  /// No calendar keeps the nights and dates.
  case noCalendar
  /// Whoever asked wants no answer any more.
  case cancelled

  /// One sentence with the mend.
  package var description: String {
    switch self {
    case .zone(let city): "the time zone \(city.zone) of \(city.name) is not known: install tzdata"
    case .noPrices(let city): "no prices are known for \(city.name): add \(city.id) to places.csv"
    case .noLodging(let city): "nobody can stay in \(city.name): add places to stay to the catalogue"
    case .noWay(let from, let to):
      "no journey leads from \(from.name) to \(to.name) on these days: add a feed, or allow more modes, changes or walking"
    case .route(let error): "\(error)"
    case .budget(let error): "the costs cannot be reckoned: \(error)"
    case .noCalendar:
      "no order and number of nights fits the dates: give more days, fewer destinations, or wider ranges of nights"
    case .cancelled: "it was cancelled"
    }
  }
}

/// How far an answer is.
package enum TripStage: String, CaseIterable, Sendable {
  /// A trip that is possible is looked for.
  case first
  /// Journeys between cities are looked for.
  case journeys
  /// Orders, nights and dates are chosen.
  case calendars
  /// Days are planned.
  case days
  /// Costs are reckoned and options compared.
  case options
}

/// Told how far it is; throws to stop it.
package typealias TripProgress = (_ stage: TripStage, _ done: Int, _ total: Int) throws(TripError) -> Void
