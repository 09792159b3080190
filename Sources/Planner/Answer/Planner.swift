/// Finds plans for one problem.
///
/// ```swift
/// let planner = Planner(problem)
/// let plan = planner.plan(SearchRule(seed: 1, steps: 20_000))
/// ```
public struct Planner: Sendable {
  /// What is planned.
  public let problem: Problem
  let instance: Instance
  private let longDay: LongDay?

  /// Lays a problem out for searching.
  ///
  /// - Throws: `dayTooShort` if a day has not even time, or limits leave no room, to go from its start to its end, and
  ///   `nowhereToSleep` if no choice of lodgings makes that possible.
  /// - Complexity: O(places² + days · activities)
  public init(_ problem: Problem) throws(ProblemError) {
    self.problem = problem
    instance = Instance(problem)
    longDay = problem.nights.isEmpty ? nil : LongDay(problem, instance)
    var tours = Tours(instance)
    if tours.beginEmpty() { return }
    if problem.nights.isEmpty {
      for day in problem.days.indices where !tours.evaluate(day) { throw .dayTooShort(day: day) }
    }
    throw .nowhereToSleep
  }

  /// The best plan found within the rule.
  public func plan(_ rule: SearchRule) -> Plan {
    plan(rule, tuning: Tuning()).plan
  }

  /// The best plan found within the rule, beginning from another plan; what is not possible of it is left out.
  public func plan(_ rule: SearchRule, from plan: Plan) -> Plan {
    var search = Search(instance, longDay: longDay, seed: rule.seed)
    search.run(rule, from: routes(of: plan))
    return checked(schedule(search.best))
  }

  package func plan(_ rule: SearchRule, tuning: Tuning) -> (plan: Plan, steps: Int) {
    var search = Search(instance, longDay: longDay, seed: rule.seed, tuning: tuning)
    search.run(rule)
    return (checked(schedule(search.best)), search.stepCount)
  }

  /// In debug builds every answer is judged by the words of the problem.
  private func checked(_ plan: Plan) -> Plan {
    assert(
      PlanCheck.violations(of: plan, for: problem).allSatisfy { if case .missing = $0 { true } else { false } },
      "the plan breaks a rule: \(PlanCheck.violations(of: plan, for: problem))")
    return plan
  }

  /// An upper bound on the score of every plan, the given one included.
  ///
  /// Mandatory wishes and limits on legs are left out of account, so the bound holds with and without them.
  ///
  /// - Complexity: rounds of labels; as long as the rule lets it.
  public func upperBound(_ rule: BoundRule, knowing plan: Plan) -> Int {
    boundSearch(rule, knowing: plan).bound
  }

  func boundSearch(_ rule: BoundRule, knowing plan: Plan) -> BoundSearch {
    var bounds = BoundSearch(instance)
    let routes = routes(of: plan)
    bounds.run(rule, known: knownDays(rule, beside: routes), score: plan.score)
    return bounds
  }

  /// The days of a plan, and others that a short search from it on finds nearly as good.
  private func knownDays(_ rule: BoundRule, beside routes: [[Int32]]) -> [BoundSearch.KnownDay] {
    let known = routes.enumerated().map { BoundSearch.KnownDay(day: $0, visits: Stop.visits($1)) }
    // Where steps are slow the time is better spent on pricing.
    if instance.dayCount == 1 || !instance.isPlain || rule.rounds == 0 { return known }
    var search = Search(instance, seed: 1)
    search.run(SearchRule(steps: BoundRule.stepsForDays, progress: rule.progress), from: routes)
    return known + search.pool.days()
  }

  /// The routes of a plan: the variant that was chosen, the window in which it begins, and the ways.
  func routes(of plan: Plan) -> [[Int32]] {
    plan.days.prefix(instance.dayCount).enumerated().map { day, dayPlan in
      let stops = dayPlan.visits.compactMap { visit in
        node(of: visit, on: day).map { Stop.pack($0, by: way(visit.option)) }
      }
      let ends = (terminal(dayPlan.startPlace), terminal(dayPlan.endPlace))
      return [ends.0 ?? instance.startNode[day]] + stops
        + [Stop.pack(ends.1 ?? instance.endNode[day], by: way(dayPlan.option))]
    }
  }

  private func way(_ option: Int) -> Int32 { problem.travel.options.indices.contains(option) ? Int32(option) : 0 }

  private func terminal(_ place: PlaceIndex) -> Int32? {
    (instance.visitCount..<instance.nodeCount).first { instance.placeOfNode[$0] == place.position }.map { Int32($0) }
  }

  private func node(of visit: Plan.Visit, on day: Int) -> Int32? {
    instance.origins.indices.lazy.filter { node in
      let origin = instance.origins[node]
      return origin.activity == visit.activity.position && origin.variant == visit.variant
        && instance.start(at: node, day: day, from: Int32(visit.start)) == Int32(visit.start)
    }.max { instance.origins[$0].bonus < instance.origins[$1].bonus }.map { Int32($0) }
  }
}
