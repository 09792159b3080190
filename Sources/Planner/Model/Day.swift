/// A day to be filled, between leaving one place and being at another.
public struct Day: Hashable, Sendable {
  /// Where it begins.
  public var start: PlaceIndex
  /// Where it ends.
  public var end: PlaceIndex
  /// The earliest departure.
  public var opens: Int
  /// The latest arrival.
  public var closes: Int
  /// What is wished for and paid for in score where it is not had.
  public var comfort = Comfort()

  /// A day.
  public init(from start: PlaceIndex, to end: PlaceIndex, opens: Int, closes: Int, comfort: Comfort = Comfort()) {
    self.start = start
    self.end = end
    self.opens = opens
    self.closes = closes
    self.comfort = comfort
  }

  /// The same day cut by a leg that arrives in the midst of it.
  public func arriving(at place: PlaceIndex, _ time: Int) -> Day {
    Day(from: place, to: end, opens: max(opens, time), closes: closes, comfort: comfort)
  }

  /// The same day cut by a leg for which one must be somewhere at a time.
  public func departing(from place: PlaceIndex, _ time: Int) -> Day {
    Day(from: start, to: place, opens: opens, closes: min(closes, time), comfort: comfort)
  }
}
