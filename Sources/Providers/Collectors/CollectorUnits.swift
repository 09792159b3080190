import Kernel

/// Amounts in the units of whoever collects money, which are ours but for a few currencies.
struct CollectorUnits: Sendable {
  /// Decimals of currencies that they write otherwise than ISO 4217.
  let decimals: [String: Int]

  /// Stripe's: some with two decimals though they have none, and one with none though it has two.
  static let stripe = CollectorUnits(decimals: ["ISK": 2, "UGX": 2, "MGA": 0])

  /// Adyen's: two with none though they have two decimals, and two with two though they have none.
  static let adyen = CollectorUnits(decimals: ["CLP": 2, "ISK": 2, "CVE": 0, "IDR": 0])

  /// The units of an amount; nil where it has a part that they cannot write.
  func units(_ money: Money) -> Int64? {
    let shift = theirs(money.currency) - Int(money.currency.exponent)
    let (factor, units) = (CollectorUnits.factors[abs(shift)], money.minorUnits)
    if shift >= 0 {
      let (product, overflow) = units.multipliedReportingOverflow(by: factor)
      return overflow ? nil : product
    }
    return units % factor == 0 ? units / factor : nil
  }

  /// The amount of units; nil where it has a part that ours cannot write.
  func money(_ units: Int64, _ currency: Currency) -> Money? {
    let shift = Int(currency.exponent) - theirs(currency)
    let factor = CollectorUnits.factors[abs(shift)]
    if shift >= 0 {
      let (product, overflow) = units.multipliedReportingOverflow(by: factor)
      return overflow ? nil : Money(minorUnits: product, currency)
    }
    return units % factor == 0 ? Money(minorUnits: units / factor, currency) : nil
  }

  /// Powers of ten; currencies have up to four decimals.
  private static let factors: [Int64] = [1, 10, 100, 1000, 10_000]

  private func theirs(_ currency: Currency) -> Int { decimals[currency.code] ?? Int(currency.exponent) }
}
