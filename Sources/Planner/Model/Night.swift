/// A night whose lodging is not yet chosen: where a day ends and the next begins.
public struct Night: Hashable, Sendable {
  /// One place to sleep.
  public struct Lodging: Hashable, Sendable {
    /// Where it is.
    public var place: PlaceIndex
    /// What the night costs.
    public var price: Int
    /// What sleeping there is worth.
    public var score: Int

    /// A lodging.
    public init(at place: PlaceIndex, price: Int = 0, score: Int = 0) {
      self.place = place
      self.price = price
      self.score = score
    }
  }

  /// The day after which the night falls; it ends, and the next one begins, where the night is spent.
  public var day: Int
  /// The places among which is chosen.
  public var lodgings: [Lodging]

  /// A night.
  public init(afterDay day: Int, _ lodgings: [Lodging]) {
    self.day = day
    self.lodgings = lodgings
  }
}
