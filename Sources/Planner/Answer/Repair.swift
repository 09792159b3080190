/// What a repaired plan changed.
public struct Repair: Sendable {
  /// The plan for the problem as it is now.
  public var plan: Plan
  /// Activities on the same day as before.
  public var kept: [ActivityIndex]
  /// Activities that are now on another day.
  public var moved: [ActivityIndex]
  /// Activities that had to go.
  public var dropped: [ActivityIndex]
  /// Activities that came in.
  public var added: [ActivityIndex]
  /// How much less it scores than the plan before did.
  public var scoreLost: Int
  /// How much more it costs than the plan before did; below zero it is cheaper.
  public var costMore: Int
  /// How far starts of kept activities moved together, in ticks.
  public var shifted: Int
}

extension Planner {
  /// Changes a plan made for another state of the problem (an item moved, a place closed, a train late) as little as
  /// possible.
  ///
  /// Staying on its day is worth more for each activity than any score, so that what can stay stays; then the score counts.
  ///
  /// - Throws: what does not fit together, as for any problem.
  public func repair(_ old: Plan, _ rule: SearchRule) throws(ProblemError) -> Repair {
    let worth = 1 + problem.activities.reduce(0) { $0 + ($1.variants.map(\.score).max() ?? 0) }
    var activities = problem.activities
    for (day, visits) in old.activities.enumerated() where day < problem.days.count {
      for activity in visits where activities.indices.contains(activity.position) {
        var bonuses = activities[activity.position].dayBonuses
        if bonuses.isEmpty { bonuses = [Int](repeating: 0, count: problem.days.count) }
        bonuses[day] = min(Problem.scoreMax, bonuses[day] + worth)
        activities[activity.position].dayBonuses = bonuses
      }
    }
    let faithful = try problem.changed { $0.activities = activities }
    let found = try Planner(faithful).plan(rule, from: old)
    // The same visits, scored by the problem itself.
    let plan = schedule(routes(of: found))
    return compared(plan, with: old)
  }

  private func shift(from old: Plan, to new: Plan) -> Int {
    var sum = 0
    for (before, after) in zip(old.days, new.days) {
      for visit in before.visits {
        if let same = after.visits.first(where: { $0.activity == visit.activity }) {
          sum += abs(same.start - visit.start)
        }
      }
    }
    return sum
  }

  private func compared(_ plan: Plan, with old: Plan) -> Repair {
    func days(_ plan: Plan) -> [ActivityIndex: Int] {
      var result: [ActivityIndex: Int] = [:]
      for (day, visits) in plan.activities.enumerated() { for activity in visits { result[activity] = day } }
      return result
    }
    let (before, after) = (days(old), days(plan))
    return Repair(
      plan: plan, kept: before.keys.filter { after[$0] == before[$0] }.sorted(),
      moved: before.keys.filter { after[$0] != nil && after[$0] != before[$0] }.sorted(),
      dropped: before.keys.filter { after[$0] == nil }.sorted(),
      added: after.keys.filter { before[$0] == nil }.sorted(), scoreLost: old.score - plan.score,
      costMore: plan.cost - old.cost, shifted: shift(from: old, to: plan))
  }
}
