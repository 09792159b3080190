/// When a search for a bound ends.
public struct BoundRule {
  /// The most rounds of prices.
  public var rounds: Int
  /// How much of the caller's limit is used up, from 0 to 1; at 1 the search ends with what it has.
  public var progress: (() -> Double)?

  /// A rule.
  public init(rounds: Int = 10_000, progress: (() -> Double)? = nil) {
    self.rounds = rounds
    self.progress = progress
  }

  /// How many steps look for days from which first prices follow.
  static let stepsForDays = 2000

  var isOver: Bool { (progress?() ?? 0) >= 1 }
}
