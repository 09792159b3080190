/// What there is to plan: activities, days, travel and limits, checked once when it is made.
public struct Problem: Sendable {
  /// Times lie between this and ``timeMax``, so that sums of them fit in 32 bits.
  public static let timeMin = -(1 << 28)
  /// The latest time.
  public static let timeMax = 1 << 28
  /// Prices and uses are not larger.
  public static let amountMax = 1 << 40
  /// Scores and bonuses are not larger, so that mandatory wishes can be worth more than all of them together.
  public static let scoreMax = 1 << 28
  /// The most activities, places or days.
  public static let countMax = 4000
  /// The most ways to go from one place to another.
  public static let optionsMax = 8

  /// Its parts, to be changed and checked anew.
  struct Parts: Sendable {
    var activities: [Activity]
    var days: [Day]
    var travel: Travel
    var limits: [Limit] = []
    var groups: [ActivityGroup] = []
    var precedences: [Precedence] = []
    var nights: [Night] = []
    var varieties: [Variety] = []
  }

  let parts: Parts

  /// What could be done.
  public var activities: [Activity] { parts.activities }
  /// The days to fill.
  public var days: [Day] { parts.days }
  /// What lies between places.
  public var travel: Travel { parts.travel }
  /// What there is only so much of.
  public var limits: [Limit] { parts.limits }
  /// Activities of which few are wanted.
  public var groups: [ActivityGroup] { parts.groups }
  /// Which activity comes before which.
  public var precedences: [Precedence] { parts.precedences }
  /// Nights whose lodging is to be chosen.
  public var nights: [Night] { parts.nights }
  /// Activities that are alike.
  public var varieties: [Variety] { parts.varieties }

  /// A problem.
  ///
  /// - Throws: what does not fit together, with its place.
  public init(
    activities: [Activity], days: [Day], travel: Travel, limits: [Limit] = [], groups: [ActivityGroup] = [],
    precedences: [Precedence] = [], nights: [Night] = [], varieties: [Variety] = []
  ) throws(ProblemError) {
    try self.init(
      Parts(
        activities: activities, days: days, travel: travel, limits: limits, groups: groups, precedences: precedences,
        nights: nights, varieties: varieties))
  }

  init(_ parts: Parts) throws(ProblemError) {
    self.parts = parts
    try check()
  }

  /// The same problem with something changed.
  func changed(_ change: (inout Parts) -> Void) throws(ProblemError) -> Problem {
    var parts = parts
    change(&parts)
    return try Problem(parts)
  }
}
