/// A plan with how good it is known to be.
public struct PlannedAnswer: Sendable {
  /// What to do when.
  public var plan: Plan
  /// No plan scores more; mandatory wishes aside.
  public var upperBound: Int

  /// How far the plan is from the bound at most, as a part of the bound.
  public var gap: Double {
    upperBound <= plan.score ? 0 : Double(upperBound - plan.score) / Double(upperBound)
  }

  /// One sentence: how far from the best possible.
  public var verdict: String {
    if gap == 0 { return "proved optimal" }
    let tenths = Int((gap * 1000).rounded(.up))
    return "at most \(tenths / 10).\(tenths % 10) % from the best possible"
  }
}

extension Planner {
  /// The best plan found, and a bound on all plans.
  public func answer(_ rule: SearchRule, bound: BoundRule) -> PlannedAnswer {
    let plan = plan(rule)
    return PlannedAnswer(plan: plan, upperBound: upperBound(bound, knowing: plan))
  }

  /// A plan in words, a line for each visit and for what is left out.
  ///
  /// - Parameters:
  ///   - plan: a plan for this problem.
  ///   - name: what people call an activity.
  ///   - clock: how a time is written.
  /// - Returns: lines without an end of line.
  public func explain(_ plan: Plan, name: (ActivityIndex) -> String, clock: (Int) -> String) -> [String] {
    var lines: [String] = []
    for (day, dayPlan) in plan.days.enumerated() {
      lines.append("day \(day + 1), \(clock(dayPlan.departure)) to \(clock(dayPlan.arrival))")
      for visit in dayPlan.visits {
        let wait = visit.start - visit.arrival
        let waiting = wait > 0 ? ", there from \(clock(visit.arrival))" : ""
        let latest = visit.slack > 0 ? ", at the latest \(clock(visit.start + visit.slack))" : ", not later"
        lines.append("  \(clock(visit.start))-\(clock(visit.end)) \(name(visit.activity))\(waiting)\(latest)")
      }
    }
    for omission in omissions(of: plan) {
      lines.append("without \(name(omission.activity)): \(omission.description)")
    }
    return lines
  }
}
