/// When a search ends and what its chance follows from.
///
/// With steps alone the answer depends on nothing else. A progress is asked every few hundred steps; time comes in
/// through it, since the planner has no clock.
public struct SearchRule {
  /// What all random draws follow from.
  public var seed: UInt64
  /// The most steps; each takes a few visits out and puts others in.
  public var steps: Int
  /// How much of the caller's limit is used up, from 0 to 1; at 1 the search ends.
  public var progress: (() -> Double)?

  /// A rule.
  public init(seed: UInt64 = 1, steps: Int, progress: (() -> Double)? = nil) {
    self.seed = seed
    self.steps = steps
    self.progress = progress
  }
}
