/// What to do when.
public struct Plan: Hashable, Sendable {
  /// One activity in the plan.
  public struct Visit: Hashable, Sendable {
    /// Which activity.
    public var activity: ActivityIndex
    /// Which of its variants.
    public var variant: Int
    /// By which of the travel's options one comes.
    public var option: Int
    /// When one arrives; until ``start`` one waits.
    public var arrival: Int
    /// When it begins.
    public var start: Int
    /// When it ends.
    public var end: Int
    /// How much later it could begin with everything after it still possible.
    public var slack: Int
    /// What it costs on its day.
    public var price: Int
    /// What the hours in which it begins add to its score.
    public var hoursBonus: Int
    /// What its day (season, weather, crowds) adds to its score.
    public var dayBonus: Int
  }

  /// What a day loses in score by a wish that is not kept.
  public struct Discomfort: Hashable, Sendable {
    /// Which wish.
    public enum Kind: Hashable, Sendable {
      /// One is out late.
      case lateness
      /// One waits before visits.
      case waiting
      /// One goes and sees for too long without a rest.
      case haste
    }

    /// Which wish.
    public var kind: Kind
    /// For how long it is not kept.
    public var ticks: Int
    /// What that costs in score.
    public var points: Int
  }

  /// One day of the plan.
  public struct DayPlan: Hashable, Sendable {
    /// Where it begins.
    public var startPlace: PlaceIndex
    /// Where it ends.
    public var endPlace: PlaceIndex
    /// What is done, in order.
    public var visits: [Visit]
    /// When one leaves the day's start.
    public var departure: Int
    /// By which of the travel's options one goes to the day's end.
    public var option: Int
    /// When one is at the day's end.
    public var arrival: Int
    /// What the lodging of the night after it costs, if it was chosen among several.
    public var lodgingPrice: Int
    /// Wishes that are not kept, with what that costs.
    public var discomforts: [Discomfort]
  }

  /// What activities that are alike lose.
  public struct Repetition: Hashable, Sendable {
    /// Which ``Variety`` of the problem.
    public var variety: Int
    /// How many of them are in the plan.
    public var count: Int
    /// What they lose together.
    public var points: Int
  }

  /// The days, in the order of the problem's.
  public var days: [DayPlan]
  /// What the visits and nights are worth together, less what discomfort and repetition cost.
  public var score: Int
  /// How many mandatory wishes are kept: mandatory activities, and members of mandatory groups.
  public var mandatoryKept: Int
  /// What visits, nights and travel cost together.
  public var cost: Int
  /// Time spent between places.
  public var travelTime: Int
  /// What activities that are alike lose, where they do.
  public var repetitions: [Repetition] = []

  /// The activities of the plan, by day and in order.
  public var activities: [[ActivityIndex]] { days.map { $0.visits.map(\.activity) } }
}
