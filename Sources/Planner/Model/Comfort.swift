/// What makes a day pleasant: wishes that may be broken at a price in score.
public struct Comfort: Hashable, Sendable {
  /// Score for time: so many points for so many ticks, begun ones not counted.
  public struct Rate: Hashable, Sendable {
    /// How many points.
    public var points: Int
    /// For how many ticks.
    public var ticks: Int

    /// A rate.
    public init(_ points: Int, per ticks: Int) {
      self.points = points
      self.ticks = ticks
    }

    /// Nothing.
    public static let free = Rate(0, per: 1)
  }

  /// After this time being out is late.
  public var lateFrom = Problem.timeMax
  /// What being out late costs.
  public var lateness = Rate.free
  /// What waiting before visits costs.
  public var waiting = Rate.free
  /// So long one goes and sees without a rest.
  public var restAfter = Problem.timeMax
  /// So long a stay or a wait must be to be a rest; only activities that say so are rests, and waiting.
  public var restLasts = 0
  /// What each tick beyond ``restAfter`` costs.
  public var haste = Rate.free

  /// No wishes.
  public init() {}
}

/// Activities that are alike, of which the first gives most: the third museum is worth less than the first.
public struct Variety: Hashable, Sendable {
  /// What people call it.
  public var name: String
  /// Which activities have it.
  public var members: [ActivityIndex]
  /// How much less the first, second, third … of them is worth; must not fall, and the last holds for all further ones.
  public var losses: [Int]

  /// A tag with what each further activity of it loses.
  public init(_ name: String, _ members: [ActivityIndex], losses: [Int]) {
    self.name = name
    self.members = members
    self.losses = losses
  }

  /// What so many of them lose together.
  func loss(_ count: Int) -> Int {
    guard let last = losses.last else { return 0 }
    return losses.prefix(count).reduce(0, +) + max(0, count - losses.count) * last
  }
}
