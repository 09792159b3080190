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
        lines.append("  " + line(visit, name: name, clock: clock))
      }
      if dayPlan.lodgingPrice > 0 { lines.append("  night for \(dayPlan.lodgingPrice)") }
      lines += dayPlan.discomforts.map { "  \(words($0.kind)): -\($0.points)" }
    }
    for repetition in plan.repetitions {
      lines.append("\(repetition.count) times \(problem.varieties[repetition.variety].name): -\(repetition.points)")
    }
    for omission in omissions(of: plan) {
      lines.append("without \(name(omission.activity)): \(omission.description)")
    }
    return lines
  }

  private func line(_ visit: Plan.Visit, name: (ActivityIndex) -> String, clock: (Int) -> String) -> String {
    var line = "\(clock(visit.start))-\(clock(visit.end)) \(name(visit.activity))"
    let option = problem.travel.options[visit.option].name
    if problem.travel.options.count > 1 { line += ", by \(option)" }
    if visit.start > visit.arrival { line += ", there from \(clock(visit.arrival))" }
    line += visit.slack > 0 ? ", at the latest \(clock(visit.start + visit.slack))" : ", not later"
    if visit.price > 0 { line += ", costs \(visit.price)" }
    if visit.hoursBonus != 0 { line += ", hours \(signed(visit.hoursBonus))" }
    if visit.dayBonus != 0 { line += ", season \(signed(visit.dayBonus))" }
    return line
  }

  private func signed(_ points: Int) -> String { points > 0 ? "+\(points)" : "\(points)" }

  private func words(_ kind: Plan.Discomfort.Kind) -> String {
    switch kind {
    case .lateness: "out late"
    case .waiting: "waiting"
    case .haste: "too long without a rest"
    }
  }
}
