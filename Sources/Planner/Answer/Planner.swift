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

  package func plan(_ rule: SearchRule, tuning: Tuning) -> (plan: Plan, steps: Int) {
    var search = Search(instance, seed: rule.seed, tuning: tuning)
    search.run(rule)
    return (schedule(search.best), search.stepCount)
  }
}
