package import Budget
package import JSON
package import Kernel

/// What is asked about a trip, as `wayfare budget` and `POST /v1/budget/compute` read it.
package struct BudgetRequest: Sendable {
  /// A change that becomes a scenario.
  package struct Scenario: Sendable {
    /// What it is called.
    package let name: String
    /// The trip with the change.
    package let plan: TripPlan
  }

  /// A window of first days.
  package struct CheapestDates: Sendable {
    /// So many days before and after.
    package let window: Int
    /// In which styles; none for the trip's own.
    package let styles: [String]
  }

  /// What was spent.
  package struct Actual: Sendable {
    /// Up to when it is known.
    package let today: LocalDate?
    /// The expenses.
    package let spendings: [Spending]
    /// Percentages that alert.
    package let thresholds: [Int]
  }

  /// Under which trip scenarios are kept; only a server keeps them.
  package let tripID: String?
  /// The trip.
  package let plan: TripPlan
  /// What is to be stayed within.
  package let budget: Money?
  /// How many totals are drawn.
  package let draws: Int
  /// What the draws follow from.
  package let seed: UInt64
  /// The changes.
  package let scenarios: [Scenario]
  /// The window to look for cheaper dates in.
  package let cheapestDates: CheapestDates?
  /// Alternatives to choose among.
  package let optimize: OptimizeRequest?
  /// What was spent.
  package let actual: Actual?
  /// Prices and rates, those that the request states included.
  package let ground: BudgetGround

  /// Scenarios of a request, at most.
  package static let scenariosMax = 50

  /// Draws times lines of a simulation, at most: about two seconds.
  package static let drawnMax = 100_000_000
  /// First days times styles times lines of a scan, at most: about two seconds.
  package static let scannedMax = 4_000_000

  /// Reads a request.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package init(json node: JSONNode, _ ground: BudgetGround) throws(JSONError) {
    let object = try node.object(
      fields: "tripId", "currency", "start", "stays", "place", "nights", "party", "style", "styles", "rooms", "exclude",
      "prices", "rules", "card", "contingency", "ratesDate", "ratesDaysMax", "rates", "budget", "outlook", "scenarios",
      "cheapestDates", "optimize", "actual")
    var ground = ground
    let currency = try object.optional("currency", as: JSONNode.self)?.currency() ?? .euro
    if let stated = try object.optional("rates", as: JSONNode.self) {
      let (base, table) = try [Currency: DecimalFraction].rates(stated, base: currency)
      ground = BudgetGround(ground.catalogue, ground.rates.stating(table, base: base))
    }
    self.ground = ground
    tripID = try object.optional("tripId", length: 1...100)
    let reader = PlanReader(ground: ground, currency: currency)
    let plan = try reader.plan(object, node)
    self.plan = plan
    budget = try object.optional("budget", as: JSONNode.self)?.cost(currency)
    (draws, seed) = try BudgetRequest.outlook(object)
    scenarios = try BudgetRequest.scenarios(object, plan, reader)
    cheapestDates = try BudgetRequest.cheapestDates(object, ground)
    actual = try BudgetRequest.actual(object, currency)
    let names = plan.party.map(\.name)
    if let optimize = try object.optional("optimize", as: JSONNode.self) {
      self.optimize = try OptimizeRequest(json: optimize, ground, currency: currency, people: names)
    } else {
      self.optimize = nil
    }
  }

  /// Refuses what each alone may be but together would take too long.
  func checkWork(lines: Int, _ node: JSONNode) throws(JSONError) {
    if draws > BudgetRequest.drawnMax / max(1, lines) {
      throw node.fault(
        "must be at most \(BudgetRequest.drawnMax / max(1, lines)) for a trip of \(lines) lines, found \(draws)",
        at: "/outlook/draws")
    }
    if let dates = cheapestDates {
      let days = (2 * dates.window + 1) * max(1, dates.styles.count)
      guard days > BudgetRequest.scannedMax / max(1, lines) else { return }
      throw node.fault(
        "must have a smaller window or fewer styles: \(days) estimates of \(lines) lines are too many",
        at: "/cheapestDates")
    }
  }

  private static func outlook(_ object: JSONObject) throws(JSONError) -> (Int, UInt64) {
    guard let node = try object.optional("outlook", as: JSONNode.self) else { return (10_000, 1) }
    let outlook = try node.object(fields: "draws", "seed")
    return (
      try outlook.optional("draws", in: 100...Outlook.drawsMax) ?? 10_000, try outlook.optional("seed") ?? 1
    )
  }

  private static func scenarios(
    _ object: JSONObject, _ plan: TripPlan, _ reader: PlanReader
  ) throws(JSONError) -> [Scenario] {
    var result: [Scenario] = []
    for node in try object.optional("scenarios", count: 0...scenariosMax, of: JSONNode.self) ?? [] {
      let scenario = try node.object(
        required: "name", optional: "start", "stays", "place", "nights", "party", "style", "styles", "rooms", "exclude",
        "prices", "rules", "card", "contingency")
      let name = try scenario.required("name", length: 1...100)
      if result.contains(where: { $0.name == name }) {
        throw node.fault("must not be the name of another scenario, found \"\(name)\" twice", at: "/name")
      }
      result.append(Scenario(name: name, plan: try reader.plan(scenario, node, changing: plan)))
    }
    return result
  }

  private static func cheapestDates(_ object: JSONObject, _ ground: BudgetGround) throws(JSONError) -> CheapestDates? {
    guard let node = try object.optional("cheapestDates", as: JSONNode.self) else { return nil }
    let dates = try node.object(fields: "window", "styles")
    var styles: [String] = []
    for style in try dates.optional("styles", count: 0...20, of: JSONNode.self) ?? [] {
      styles.append(try style.word(of: ground.catalogue.styles, "a style"))
    }
    return CheapestDates(window: try dates.optional("window", in: 0...DateScan.windowMax) ?? 30, styles: styles)
  }

  private static func actual(_ object: JSONObject, _ currency: Currency) throws(JSONError) -> Actual? {
    guard let node = try object.optional("actual", as: JSONNode.self) else { return nil }
    let actual = try node.object(required: "expenses", optional: "today", "thresholds")
    var spendings: [Spending] = []
    for element in try actual.required("expenses", count: 0...20_000, of: JSONNode.self) {
      let spending = try element.object(required: "date", "category", "amount", optional: "currency", "what")
      _ = try spending.optional("what", length: 0...200)
      let own = try spending.optional("currency", as: JSONNode.self)?.currency() ?? currency
      spendings.append(
        Spending(
          date: try spending.required("date", as: JSONNode.self).date(),
          category: try spending.required("category", as: JSONNode.self).category(),
          amount: try spending.required("amount", as: JSONNode.self).money(own)))
    }
    var thresholds = [50, 80, 100]
    if let node = try actual.optional("thresholds", as: JSONNode.self) {
      thresholds = []
      for element in try node.array { thresholds.append(try element.value(in: 1...1000)) }
    }
    return Actual(
      today: try actual.optional("today", as: JSONNode.self)?.date(), spendings: spendings, thresholds: thresholds)
  }
}
