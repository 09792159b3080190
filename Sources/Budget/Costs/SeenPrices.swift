package import Kernel

/// Prices that were seen: what to expect of the next, and how far it may lie off.
package struct SeenPrices: Hashable, Sendable {
  /// The middle one; of an even number, the lower of the two in the middle.
  package let median: Money
  /// Standard deviation over mean; nil for fewer than three, which say nothing about it.
  package let spread: Double?

  /// Looks at prices in one currency.
  ///
  /// - Precondition: there is at least one.
  package init(_ prices: [Money]) {
    precondition(!prices.isEmpty, "no price was seen")
    let sorted = prices.sorted { $0.minorUnits < $1.minorUnits }
    median = sorted[(sorted.count - 1) / 2]
    let values = prices.map { Double($0.minorUnits) }
    let mean = values.reduce(0, +) / Double(values.count)
    guard values.count >= 3, mean > 0 else {
      spread = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    spread = min(2, (squares / Double(values.count - 1)).squareRoot() / mean)
  }
}
