/// Somebody's wish to hear when a price has fallen, and how far the price has come since they last did.
///
/// Each fall is told once: a price that stays down is not told again before it has risen.
public struct PriceAlert: Hashable, Sendable {
  /// What is wanted.
  public enum Wish: Hashable, Sendable {
    /// So much, in minor units, or less.
    case atMost(Int64)
    /// So many hundredths less than the highest price since the last time.
    case fall(percent: Int)
  }

  /// What is wanted.
  public let wish: Wish
  /// Of a fall: the highest price since the last time that something was told; nil before the first.
  public private(set) var highest: Int64?
  /// Of a limit: whether the price was above it since the last time.
  public private(set) var isArmed: Bool
  /// How often something was told.
  public private(set) var falls: Int

  /// An alert, new or as it was kept.
  public init(_ wish: Wish, highest: Int64? = nil, isArmed: Bool = true, falls: Int = 0) {
    self.wish = wish
    self.highest = highest
    self.isArmed = isArmed
    self.falls = falls
  }

  /// Sees a price; whether it is to be told.
  public mutating func see(_ price: Int64) -> Bool {
    let isTold: Bool
    switch wish {
    case .atMost(let limit):
      isTold = isArmed && price <= limit
      isArmed = price > limit
    case .fall(let percent):
      let top = max(highest ?? price, price)
      isTold = Int128(price) * 100 <= Int128(top) * Int128(100 - percent) && price < top
      highest = isTold ? price : top
    }
    if isTold { falls += 1 }
    return isTold
  }
}
