import Kernel
import Budget
import Catalogue

/// Plans trips: the whole way from a request to options.
package struct TripPlanner: Sendable {
  /// Calendars that options are made of, at most: the best of each wish, and the best on another day.
  static let calendarsMax = 5

  private let ground: TripGround

  /// A planner with what it knows.
  package init(_ ground: TripGround) { self.ground = ground }

  /// The options for a request.
  ///
  /// The same request gives the same answer, whatever the machine and its speed.
  /// - Throws: `TripError`; what `progress` throws ends it.
  package func plan(
    _ request: TripRequest, progress: TripProgress = { (_, _, _) throws(TripError) in }
  ) throws(TripError) -> TripAnswer {
    var run = try TripRun(request, ground)
    let options = try run.options(progress)
    let allowed = options.filter { $0.keepsLimits(of: request) }
    let choice = OptionChoice(allowed)
    var relaxations: [TripRelaxation] = []
    if allowed.isEmpty, let cheapest = options.min(by: { $0.merit.cost < $1.merit.cost }) {
      relaxations = try relax(request, cheapest)
    }
    try progress(.options, 1, 1)
    return TripAnswer(
      request: request, options: choice.chosen(request.optionsMax), unbeatenCount: choice.count,
      isComplete: run.isComplete, relaxations: relaxations, work: run.work)
  }

  // MARK: Where nothing keeps the budget

  /// What could be changed: more money, a night less, other days, another style; those that help, the cheapest last.
  private func relax(_ request: TripRequest, _ cheapest: TripOption) throws(TripError) -> [TripRelaxation] {
    var result: [TripRelaxation] = []
    if let budget = request.budget, cheapest.merit.cost > budget.minorUnits {
      var more = request
      more.budget = cheapest.estimate.total
      let over = Money(minorUnits: cheapest.merit.cost - budget.minorUnits, budget.currency)
      result.append(
        TripRelaxation(change: "\(over) more", cost: cheapest.estimate.total, isEnough: true, request: more))
    }
    for (change, other) in changes(of: request) {
      guard let cost = try? cheapestCost(of: other), cost.minorUnits < cheapest.merit.cost else { continue }
      result.append(
        TripRelaxation(
          change: change, cost: cost, isEnough: cost.minorUnits <= request.budget?.minorUnits ?? .max, request: other))
    }
    return result
  }

  private func changes(of request: TripRequest) -> [(String, TripRequest)] {
    var result: [(String, TripRequest)] = []
    var shorter = request
    shorter.nights = max(0, request.nights.lowerBound - 1)...request.nights.lowerBound
    if let longest = shorter.destinations.indices.max(by: {
      shorter.destinations[$0].nights.lowerBound < shorter.destinations[$1].nights.lowerBound
    }), shorter.destinations[longest].nights.lowerBound > 1 {
      let nights = shorter.destinations[longest].nights
      shorter.destinations[longest].nights = nights.lowerBound - 1...nights.upperBound
      if shorter.nights.upperBound > shorter.nights.lowerBound {
        shorter.nights = shorter.nights.lowerBound...(shorter.nights.upperBound - 1)
        result.append(("one night less", shorter))
      }
    }
    for days in [-7, 7] {
      var other = request
      other.start =
        request.start.lowerBound.adding(days: min(0, days))...request.start.upperBound.adding(days: max(0, days))
      other.end = request.end.adding(days: max(0, days))
      result.append(("leave up to a week \(days < 0 ? "earlier" : "later")", other))
    }
    let styles = ground.costs.styles
    if let place = styles.firstIndex(of: request.style), place > 0 {
      var simpler = request
      simpler.style = styles[place - 1]
      result.append(("in \(styles[place - 1]) style", simpler))
    }
    return result
  }

  private func cheapestCost(of request: TripRequest) throws(TripError) -> Money? {
    var run = try TripRun(request, ground)
    run.wishes = [CalendarWish.usual[1]]
    let options = try run.options { (_, _, _) throws(TripError) in }
    return options.min { $0.merit.cost < $1.merit.cost }?.estimate.total
  }
}

extension TripOption {
  /// Whether it costs no more than is allowed, in all, by category and for each.
  func keepsLimits(of request: TripRequest) -> Bool {
    if let budget = request.budget, estimate.total.minorUnits > budget.minorUnits { return false }
    for (category, cap) in request.categoryCaps where estimate.subtotal(category).minorUnits > cap.minorUnits {
      return false
    }
    if let cap = request.perPersonCap, estimate.perPerson.contains(where: { $0.minorUnits > cap.minorUnits }) {
      return false
    }
    return true
  }
}
