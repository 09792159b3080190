import Kernel
import Budget
import Catalogue

/// Plans trips: the whole way from a request to options.
package struct TripPlanner: Sendable {
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
  ///   - first: told of an answer of one trip that keeps what is asked for, if one is found long before all are.
  /// - Returns: the options, or what could be changed.
  /// - Throws: `TripError`; what `progress` throws ends it.
  package func plan(
    _ request: TripRequest, progress: TripProgress = { (_, _, _) throws(TripError) in },
    first: (TripAnswer) throws(TripError) -> Void = { _ throws(TripError) in }
  ) throws(TripError) -> TripAnswer {
    var run = try TripRun(request, ground, effort)
    try progress(.first, 0, 1)
    let soon = try run.first()
    if let soon {
      try first(
        TripAnswer(
          request: request, options: [soon], unbeatenCount: 1, isComplete: false, orderGap: nil, relaxations: [],
          work: run.work))
    }
    let options = try run.options(progress) + [soon].compactMap(\.self)
    // What must be seen goes before everything but what the trip may cost.
    let within = options.filter { $0.keepsLimits(of: request) }
    let missed = within.map(\.missedCount).min() ?? 0
    let allowed = within.filter { $0.missedCount == missed }
    let choice = OptionChoice(allowed)
    let relaxations = allowed.isEmpty ? TripRelaxing(ground, effort).relaxations(of: request, options) : []
    try progress(.options, 1, 1)
    return TripAnswer(
      request: request, options: choice.chosen(request.optionsMax), unbeatenCount: choice.count,
      isComplete: run.isComplete, orderGap: run.orderGap, relaxations: relaxations, work: run.work)
  }
}

/// How hard a planner tries; with less, answers are as right and somewhat poorer.
package struct TripEffort: Sendable {
  /// Steps of the search for each day that is planned.
  package var stepsPerDay = 200
  /// Sights that are looked at in a city, at most.
  package var sightsMax = 120
  /// Calendars that options are made of, at most: the best of each wish, and the best on another day.
  package var calendarsMax = 5
  /// Where meals are had in a city, at most.
  package var tablesMax = 8
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
    effort.tablesMax = 4
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
