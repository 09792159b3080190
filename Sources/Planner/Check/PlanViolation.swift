/// What is wrong with a plan.
public enum PlanViolation: Hashable, Sendable, CustomStringConvertible {
  /// It has another number of days than the problem.
  case dayCount(found: Int, needed: Int)
  /// A visit names no activity or variant of the problem.
  case unknown(day: Int, visit: Int)
  /// An activity is there twice.
  case twice(ActivityIndex)
  /// One arrives earlier than travel allows, begins before arriving, or ends at another time than the duration says.
  case times(day: Int, visit: Int)
  /// It begins outside of every window.
  case closed(ActivityIndex, day: Int, start: Int)
  /// The day begins or ends outside of its times.
  case dayTimes(day: Int)
  /// The day begins or ends elsewhere than the problem says, or where the night before was not spent.
  case dayPlaces(day: Int)
  /// A limit is exceeded.
  case limit(LimitIndex, day: Int?, used: Int, most: Int)
  /// A group has too many members in the plan.
  case group(Int, day: Int?, found: Int)
  /// Two activities are in the wrong order.
  case order(ActivityIndex, ActivityIndex)
  /// A mandatory activity is missing.
  case missing(ActivityIndex)
  /// The plan says another sum than its visits come to.
  case sum(of: String, said: Int, found: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .dayCount(let found, let needed): "the plan has \(found) days where the problem has \(needed)"
    case .unknown(let day, let visit): "visit \(visit) of day \(day) names nothing of the problem"
    case .twice(let activity): "activity \(activity.position) is in the plan twice"
    case .times(let day, let visit): "the times of visit \(visit) of day \(day) do not follow from travel and duration"
    case .closed(let activity, let day, let start):
      "activity \(activity.position) begins at \(start) on day \(day), outside of its windows"
    case .dayTimes(let day): "day \(day) begins too early or ends too late"
    case .dayPlaces(let day): "day \(day) begins or ends at a place where it must not"
    case .limit(let limit, let day, let used, let most):
      "limit \(limit.position)\(day.map { " on day \($0)" } ?? "") allows \(most), used are \(used)"
    case .group(let group, let day, let found):
      "group \(group) has \(found) members in the plan\(day.map { " on day \($0)" } ?? "")"
    case .order(let first, let second): "activity \(first.position) must come before \(second.position)"
    case .missing(let activity): "mandatory activity \(activity.position) is missing"
    case .sum(let name, let said, let found): "the plan says \(name) \(said), its visits come to \(found)"
    }
  }
}
