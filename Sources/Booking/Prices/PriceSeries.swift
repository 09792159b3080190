public import Kernel

/// What one day's price was, so many days before it: the past that a forecast is made of.
public struct PriceSeries: Hashable, Sendable {
  /// The price on a day.
  public struct Point: Hashable, Sendable {
    /// How many days were left.
    public let daysLeft: Int
    /// The cheapest, in minor units.
    public let price: Int64

    /// A price on a day.
    public init(daysLeft: Int, price: Int64) {
      self.daysLeft = daysLeft
      self.price = price
    }
  }

  /// The day of departure, or of the first night.
  public let date: LocalDate
  /// Prices, the earliest first: the most days left.
  public let points: [Point]

  /// A day's prices, in any order.
  public init(_ date: LocalDate, _ points: [Point]) {
    self.date = date
    self.points = points.filter { $0.price > 0 && $0.daysLeft >= 0 }.sorted { $0.daysLeft > $1.daysLeft }
  }

  /// The price seen nearest to so many days before, unless that is further off than allowed.
  ///
  /// - Complexity: O(log n).
  func point(_ daysLeft: Int, within tolerance: Int) -> Point? {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].daysLeft > daysLeft { low = middle + 1 } else { high = middle }
    }
    let near = [low - 1, low].filter { points.indices.contains($0) }.map { points[$0] }
    let best = near.min { abs($0.daysLeft - daysLeft) < abs($1.daysLeft - daysLeft) }
    return best.flatMap { abs($0.daysLeft - daysLeft) <= tolerance ? $0 : nil }
  }
}
