/// A plan on the way from cheap to good.
public struct FrontierPlan: Sendable {
  /// What the limit was lowered to.
  public var limit: Int
  /// The best plan found under it.
  public var plan: Plan
  /// What one more unit of the limit brought in score, against the next lower one on the frontier; nil for the lowest.
  public var shadowPrice: Double?
}

extension Problem {
  /// The same problem with one limit at another amount.
  public func limiting(_ index: LimitIndex, to most: Int) throws(ProblemError) -> Problem {
    guard limits.indices.contains(index.position) else { throw .limit(index) }
    return try changed { $0.limits[index.position].most = most }
  }
}

extension Planner {
  /// Score against one limit, usually money: an ε-sweep from the whole limit down, each plan beginning from the last.
  ///
  /// Only plans that no cheaper one equals are kept, cheapest first. The rule holds for each of them.
  ///
  /// - Throws: `limit` if there is no such limit, or `dayTooShort` if the days themselves use more than what is left.
  public func frontier(
    over index: LimitIndex, points: Int, each rule: SearchRule
  ) throws(ProblemError) -> [FrontierPlan] {
    guard problem.limits.indices.contains(index.position) else { throw .limit(index) }
    var found: [FrontierPlan] = []
    var last = plan(rule)
    let top = used(index, in: last)
    let count = max(1, points)
    for step in 0..<count {
      let most = top * (count - step) / count
      let planner = try Planner(problem.limiting(index, to: most))
      last = planner.plan(rule, from: last)
      found.append(FrontierPlan(limit: most, plan: last, shadowPrice: nil))
    }
    var kept: [FrontierPlan] = []
    for var point in found.reversed() {
      if let previous = kept.last {
        if point.plan.score <= previous.plan.score { continue }
        let more = max(1, point.limit - previous.limit)
        point.shadowPrice = Double(point.plan.score - previous.plan.score) / Double(more)
      }
      kept.append(point)
    }
    return kept
  }

  /// What a plan uses of a limit over all days.
  func used(_ index: LimitIndex, in plan: Plan) -> Int {
    var tours = Tours(instance)
    guard tours.load(routes(of: plan)) else { return 0 }
    let limit = index.position
    let slots = problem.limits[limit].scope == .day ? problem.days.count : 1
    return (0..<slots).map { Int(tours.used[instance.limits.firstSlot[limit] + $0]) }.max() ?? 0
  }
}
