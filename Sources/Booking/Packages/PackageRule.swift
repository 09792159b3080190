public import Kernel

/// What several things cost when they are sold together.
///
/// A package costs what its parts cost, less a share of the stay: never more than its parts, and never less than its
/// rides. What each part costs within it is not told, and is known all the same: by it parts are given back.
public struct PackageRule: Hashable, Sendable {
  /// Hundredths of the stay's price that are given away.
  public let discountPercent: Int

  /// A rule; the share lies between nothing and half.
  public init(discountPercent: Int) {
    precondition((0...50).contains(discountPercent), "a package gives away at most half of the stay")
    self.discountPercent = discountPercent
  }

  /// Five hundredths of the stay.
  public static let standard = PackageRule(discountPercent: 5)

  /// The price of parts together.
  ///
  /// - Throws: `MoneyError` for different currencies or sums that pass 64 bits.
  public func price(of parts: [Offer], in currency: Currency) throws(MoneyError) -> Money {
    var sum = Money.zero(currency)
    for part in parts { sum = try sum.adding(share(of: part)) }
    return sum
  }

  /// What a part comes to within a package: all that it costs, or of a stay what is left of that.
  public func share(of cost: Int64, _ kind: OfferKind) -> Int64 {
    guard kind == .lodging else { return cost }
    return cost - Int64(Rounding.down.divide(Int128(cost) * Int128(discountPercent), by: 100))
  }

  /// What an offer comes to within a package.
  public func share(of part: Offer) -> Money {
    Money(minorUnits: share(of: part.price.minorUnits, part.kind), part.price.currency)
  }
}
