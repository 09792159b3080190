/// Something that could give way so that mandatory wishes fit.
public enum Relaxation: Hashable, Sendable, CustomStringConvertible {
  /// A limit that is raised to so much.
  case raise(LimitIndex, to: Int)
  /// A day that ends so much later.
  case lengthen(day: Int, by: Int)
  /// An activity that may begin at any time.
  case open(ActivityIndex)
  /// A mandatory activity that is not done.
  case drop(ActivityIndex)

  /// What to do, in words.
  public var description: String {
    switch self {
    case .raise(let limit, let most): "raise limit \(limit.position) to \(most)"
    case .lengthen(let day, let time): "let day \(day) end \(time) later"
    case .open(let activity): "find other hours for activity \(activity.position)"
    case .drop(let activity): "do without activity \(activity.position)"
    }
  }
}

extension Problem {
  /// What to do, in words that name limits and activities.
  ///
  /// - Parameters:
  ///   - relaxation: what could give way.
  ///   - name: what people call an activity.
  /// - Returns: a sentence without a full stop.
  public func sentence(_ relaxation: Relaxation, name: (ActivityIndex) -> String) -> String {
    switch relaxation {
    case .raise(let limit, let most) where !limits[limit.position].name.isEmpty:
      "raise \(limits[limit.position].name) to \(most)"
    case .open(let activity): "find other hours for \(name(activity))"
    case .drop(let activity): "do without \(name(activity))"
    default: relaxation.description
    }
  }
}

extension Planner {
  /// The most sets that are tried.
  private static let relaxationTriesMax = 200

  /// The smallest set of relaxations with which every mandatory activity fits, nothing if all fit already.
  ///
  /// If no two together help, it is to do without as few mandatory activities as the search finds.
  /// Of sets of one size what hurts least goes first: money, then longer days, other hours, and doing without.
  ///
  /// - Throws: what does not fit together, as for any problem.
  public func relaxations(_ rule: SearchRule) throws(ProblemError) -> [Relaxation] {
    let wanted = Set(problem.activities.indices.filter { problem.activities[$0].isMandatory })
    let plan = plan(rule)
    let missing = wanted.subtracting(plan.activities.joined().map(\.position)).sorted()
    if missing.isEmpty { return [] }
    var single = problem.limits.indices.map { Relaxation.raise(LimitIndex($0), to: Problem.amountMax) }
    single += problem.days.indices.map { .lengthen(day: $0, by: dayRoom($0)) }
    single += missing.map { .open(ActivityIndex($0)) } + missing.map { .drop(ActivityIndex($0)) }
    var sets = single.map { [$0] }
    for (index, first) in single.enumerated() { sets += single[(index + 1)...].map { [first, $0] } }
    for set in sets.prefix(Self.relaxationTriesMax) {
      let relaxed = try Planner(relaxing(set))
      let found = relaxed.plan(rule)
      let present = Set(found.activities.joined().map(\.position))
      let dropped = Set(set.compactMap { if case .drop(let activity) = $0 { activity.position } else { nil } })
      if wanted.subtracting(dropped).isSubset(of: present) { return set.map { relaxed.tightened($0, found, self) } }
    }
    // Doing without all that is missing always helps, and the search leaves out as few as it can.
    return missing.map { .drop(ActivityIndex($0)) }
  }

  /// How much longer a day is tried: as long again.
  private func dayRoom(_ day: Int) -> Int {
    let closes = problem.days[day].closes
    return min(Problem.timeMax - closes, max(1, closes - problem.days[day].opens))
  }

  private func relaxing(_ set: [Relaxation]) throws(ProblemError) -> Problem {
    var (activities, days, limits) = (problem.activities, problem.days, problem.limits)
    for relaxation in set {
      switch relaxation {
      case .raise(let limit, let most): limits[limit.position].most = most
      case .lengthen(let day, let time): days[day].closes += time
      case .open(let activity): activities[activity.position].opening = .always
      case .drop(let activity): activities[activity.position].isMandatory = false
      }
    }
    // What is not mandatory only stands in the way of seeing what is needed.
    for index in activities.indices where !activities[index].isMandatory {
      activities[index].opening = .eachDay(days.map { _ in [] })
    }
    let (all, allDays, allLimits) = (activities, days, limits)
    return try problem.changed {
      $0.activities = all
      $0.days = allDays
      $0.limits = allLimits
    }
  }

  /// No more than what the plan that was found needs.
  private func tightened(_ relaxation: Relaxation, _ plan: Plan, _ original: Planner) -> Relaxation {
    switch relaxation {
    case .raise(let limit, _): .raise(limit, to: used(limit, in: plan))
    case .lengthen(let day, _):
      .lengthen(day: day, by: max(0, plan.days[day].arrival - original.problem.days[day].closes))
    case .open, .drop: relaxation
    }
  }
}
