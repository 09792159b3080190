/// What to do when.
public struct Plan: Hashable, Sendable {
  /// One activity in the plan.
  public struct Visit: Hashable, Sendable {
    /// Which activity.
    public var activity: ActivityIndex
    /// Which of its variants.
    public var variant: Int
    /// When one arrives; until ``start`` one waits.
    public var arrival: Int
    /// When it begins.
    public var start: Int
    /// When it ends.
    public var end: Int
    /// How much later it could begin with everything after it still possible.
    public var slack: Int
  }

  /// One day of the plan.
  public struct DayPlan: Hashable, Sendable {
    /// What is done, in order.
    public var visits: [Visit]
    /// When one leaves the day's start.
    public var departure: Int
    /// When one is at the day's end.
    public var arrival: Int
  }

  /// The days, in the order of the problem's.
  public var days: [DayPlan]
  /// What the visits are worth together.
  public var score: Int
  /// How many mandatory wishes are kept: mandatory activities, and members of mandatory groups.
  public var mandatoryKept: Int
  /// What visits and travel cost together.
  public var cost: Int
  /// Time spent between places.
  public var travelTime: Int

  /// The activities of the plan, by day and in order.
  public var activities: [[ActivityIndex]] { days.map { $0.visits.map(\.activity) } }
}
