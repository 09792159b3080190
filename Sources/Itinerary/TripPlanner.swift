import Kernel
import Budget
import Catalogue

/// Plans trips: the whole way from a request to options.
package struct TripPlanner: Sendable {
  /// Calendars that options are made of, at most: the best of each wish, and the best on another day.
  static let calendarsMax = 5

  private let ground: TripGround
  private let effort: TripEffort

  /// A planner with what it knows, and how hard it tries.
  package init(_ ground: TripGround, effort: TripEffort = TripEffort()) {
    self.ground = ground
    self.effort = effort
  }

  /// The options for a request.
  ///
  /// The same request gives the same answer, whatever the machine and its speed.
  ///
  /// - Parameters:
  ///   - request: what is wanted.
  ///   - progress: told how far it is.
  ///   - first: told of a trip that keeps what is asked for, if one is found long before all are.
  /// - Returns: the options, or what could be changed.
  /// - Throws: `TripError`; what `progress` throws ends it.
  package func plan(
    _ request: TripRequest, progress: TripProgress = { (_, _, _) throws(TripError) in },
    first: (TripOption) throws(TripError) -> Void = { _ throws(TripError) in }
  ) throws(TripError) -> TripAnswer {
    var run = try TripRun(request, ground, effort)
    try progress(.first, 0, 1)
    if let option = try run.first() { try first(option) }
    let options = try run.options(progress)
    // What must be seen goes before everything but what the trip may cost.
    let within = options.filter { $0.keepsLimits(of: request) }
    let missed = within.map(\.missedCount).min() ?? 0
    let allowed = within.filter { $0.missedCount == missed }
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
    for (change, other) in changes(of: request, cheapest) {
      guard let cost = try? cheapestCost(of: other), cost.minorUnits < cheapest.merit.cost else { continue }
      result.append(
        TripRelaxation(
          change: change, cost: cost, isEnough: cost.minorUnits <= request.budget?.minorUnits ?? .max, request: other))
    }
    return result
  }

  private func changes(of request: TripRequest, _ cheapest: TripOption) -> [(String, TripRequest)] {
    var result: [(String, TripRequest)] = []
    let target = cheapest.calendar.start.days(until: cheapest.calendar.end) - 1
    var shorter = request
    shorter.nights = min(request.nights.lowerBound, max(0, target))...max(0, target)
    let required = request.destinations.indices.filter { request.destinations[$0].isRequired }
    if required.reduce(0, { $0 + request.destinations[$1].nights.lowerBound }) > target,
      let longest = required.max(by: {
        (request.destinations[$0].nights.lowerBound, -$0) < (request.destinations[$1].nights.lowerBound, -$1)
      })
    {
      let nights = request.destinations[longest].nights
      shorter.destinations[longest].nights = max(1, nights.lowerBound - 1)...nights.upperBound
    }
    if target >= required.count { result.append(("one night less", shorter)) }
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
    var run = try TripRun(request, ground, effort)
    run.wishes = [.thrifty]
    let options = try run.options { (_, _, _) throws(TripError) in }
    return options.min { $0.merit.cost < $1.merit.cost }?.estimate.total
  }
}

/// How hard a planner tries; with less, answers are as right and somewhat poorer.
package struct TripEffort: Sendable {
  /// Steps of the search for each day that is planned.
  package var stepsPerDay = 200
  /// Sights that are looked at in a city, at most.
  package var sightsMax = 120
  /// Sights that are looked at in a city, where it has so many.
  static let sightsMin = 48
  /// And for each day that one may be there.
  static let sightsPerDay = 25

  /// As hard as people wait for.
  package init() {}

  /// For a trip that is shown while better ones are looked for.
  static var quick: TripEffort {
    var effort = TripEffort()
    effort.stepsPerDay = 30
    effort.sightsMax = 20
    return effort
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
