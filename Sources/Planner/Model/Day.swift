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

  /// A day.
  public init(from start: PlaceIndex, to end: PlaceIndex, opens: Int, closes: Int) {
    self.start = start
    self.end = end
    self.opens = opens
    self.closes = closes
  }
}
