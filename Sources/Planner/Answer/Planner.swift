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

  /// Lays a problem out for searching.
  ///
  /// - Throws: `dayTooShort` if a day has not even time, or limits leave no room, to go from its start to its end.
  /// - Complexity: O(places² + days · activities)
  public init(_ problem: Problem) throws(ProblemError) {
    self.problem = problem
    instance = Instance(problem)
    var tours = Tours(instance)
    for day in problem.days.indices where !tours.evaluate(day) { throw .dayTooShort(day: day) }
  }

  /// The best plan found within the rule.
  public func plan(_ rule: SearchRule) -> Plan {
    plan(rule, tuning: Tuning()).plan
  }

  /// The best plan found within the rule, beginning from another plan; what is not possible of it is left out.
  public func plan(_ rule: SearchRule, from plan: Plan) -> Plan {
    var search = Search(instance, seed: rule.seed)
    search.run(rule, from: nodes(of: plan))
    return schedule(search.best)
  }

  package func plan(_ rule: SearchRule, tuning: Tuning) -> (plan: Plan, steps: Int) {
    var search = Search(instance, seed: rule.seed, tuning: tuning)
    search.run(rule)
    return (schedule(search.best), search.stepCount)
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
    var search = BoundSearch(instance)
    search.run(rule, known: nodes(of: plan), score: plan.score)
    return search
  }

  /// The nodes of a plan's visits: the variant that was chosen, and the window in which it begins.
  func nodes(of plan: Plan) -> [[Int32]] {
    plan.days.prefix(instance.dayCount).enumerated().map { day, dayPlan in
      dayPlan.visits.compactMap { visit in
        instance.origins.indices.lazy.filter { node in
          let origin = instance.origins[node]
          return origin.activity == visit.activity.position && origin.variant == visit.variant
            && instance.start(at: node, day: day, from: Int32(visit.start)) == Int32(visit.start)
        }.max { instance.origins[$0].bonus < instance.origins[$1].bonus }.map { Int32($0) }
      }
    }
  }
}
