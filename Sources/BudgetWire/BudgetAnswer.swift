package import Budget
package import JSON
import Kernel

/// Everything that was asked about a trip, reckoned: printed by `wayfare budget`, sent by `POST /v1/budget/compute`.
package struct BudgetAnswer: Sendable {
  /// A scenario beside the trip.
  package struct Scenario: Sendable {
    /// What it is called.
    package let name: String
    /// What it costs.
    package let estimate: Estimate
    /// Line by line.
    package let comparison: Comparison
  }

  /// What was asked.
  package let request: BudgetRequest
  /// The trip's costs.
  package let estimate: Estimate
  /// How sure they are, drawn.
  package let outlook: Outlook
  /// The same, approximated.
  package let approximation: Outlook
  /// The changes.
  package let scenarios: [Scenario]
  /// Cheaper dates.
  package let scan: DateScan?
  /// What was chosen among alternatives.
  package let optimize: OptimizeAnswer?
  /// Plan and actual.
  package let record: SpendingRecord?

  /// Reads and reckons.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package init(json node: JSONNode, _ ground: BudgetGround) throws(JSONError) {
    let request = try BudgetRequest(json: node, ground)
    self.request = request
    let ground = request.ground
    let estimate = try BudgetAnswer.at(node) { () throws(BudgetError) in try ground.estimator.estimate(request.plan) }
    self.estimate = estimate
    try request.checkWork(lines: estimate.lines.count, node)
    outlook = estimate.outlook(ground.catalogue, budget: request.budget, draws: request.draws, seed: request.seed)
    approximation = estimate.outlook(ground.catalogue, budget: request.budget, draws: nil, seed: 0)
    var scenarios: [Scenario] = []
    for (number, scenario) in request.scenarios.enumerated() {
      let place = node.find("/scenarios/\(number)") ?? node
      let other = try BudgetAnswer.at(place) { () throws(BudgetError) in try ground.estimator.estimate(scenario.plan) }
      do throws(MoneyError) {
        scenarios.append(
          Scenario(name: scenario.name, estimate: other, comparison: try Comparison(estimate, other)))
      } catch {
        throw place.fault("\(error)")
      }
    }
    self.scenarios = scenarios
    scan = try request.cheapestDates.map { dates throws(JSONError) in
      try BudgetAnswer.at(node.find("/cheapestDates") ?? node) { () throws(BudgetError) in
        try DateScan(request.plan, window: dates.window, styles: dates.styles, ground.estimator)
      }
    }
    optimize = try request.optimize.map { request throws(JSONError) in
      try OptimizeAnswer(request, at: node.find("/optimize") ?? node)
    }
    record = try BudgetAnswer.record(request, estimate, node)
  }

  private static func record(
    _ request: BudgetRequest, _ estimate: Estimate, _ node: JSONNode
  ) throws(JSONError) -> SpendingRecord? {
    guard let actual = request.actual else { return nil }
    do throws(SpendingError) {
      return try SpendingRecord(
        estimate, actual.spendings, today: actual.today, budget: request.budget, thresholds: actual.thresholds,
        request.ground.rates, daysMax: request.plan.ratesDaysMax)
    } catch {
      switch error {
      case .exchange(let number, let error): throw node.fault(error.complaint, at: "/actual/expenses/\(number)")
      case .money(let error): throw node.fault("\(error)", at: "/actual")
      }
    }
  }

  private static func at<Value>(
    _ node: JSONNode, _ body: () throws(BudgetError) -> Value
  ) throws(JSONError) -> Value {
    do throws(BudgetError) {
      return try body()
    } catch {
      switch error {
      case .nobody: throw node.fault("must have at least one traveller", at: "/party")
      case .badStays: throw node.fault("must have at most 4000 nights in all", at: "/stays")
      case .unknownStyle(let style, let category):
        throw node.fault("must be a known style, found \"\(style)\"", at: category.map { "/styles/\($0)" } ?? "/style")
      case .badPrice(let number):
        throw node.fault("must be for a stay and travellers of the trip", at: "/prices/\(number)")
      case .exchange(let error, let category, let price):
        if let price { throw node.fault(error.complaint, at: "/prices/\(price)") }
        throw node.fault("cannot be priced in \(category): an amount \(error.complaint)")
      case .rule(let fault): throw node.fault(fault.complaint, at: "/rules/\(fault.rule)")
      }
    }
  }

  /// How a stay is called.
  package func place(_ stay: Int, in plan: TripPlan) -> String {
    request.ground.catalogue.places[plan.stays[stay].place].name
  }
}
