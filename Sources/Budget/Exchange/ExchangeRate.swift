package import Kernel

/// What a unit of one currency is worth in another, and since when: kept with every conversion.
package struct ExchangeRate: Hashable, Sendable {
  /// The currency converted from.
  package let from: Currency
  /// The currency converted to.
  package let to: Currency
  /// The day on which it was published; nil if somebody stated it.
  package let date: LocalDate?
  /// What one base unit (the euro in the tables of the ECB) is in `to`.
  private let numerator: DecimalFraction
  /// What one base unit is in `from`.
  private let divisor: DecimalFraction

  /// A stated rate: one unit of `from` is so many of `to`.
  ///
  /// - Precondition: the rate is above zero.
  package init(from: Currency, to: Currency, rate: DecimalFraction, date: LocalDate? = nil) {
    self.init(from: from, to: to, numerator: rate, divisor: .one, date: date)
  }

  /// A cross rate: what a base unit is in each of two currencies.
  init(from: Currency, to: Currency, numerator: DecimalFraction, divisor: DecimalFraction, date: LocalDate?) {
    precondition(numerator.significand > 0 && divisor.significand > 0, "a rate that is not above zero")
    self.from = from
    self.to = to
    self.numerator = numerator
    self.divisor = divisor
    self.date = date
  }

  /// The rate the other way.
  package var inverse: ExchangeRate {
    ExchangeRate(from: to, to: from, numerator: divisor, divisor: numerator, date: date)
  }

  /// The rate of two conversions one after the other, without rounding amounts in between.
  func then(_ next: ExchangeRate) throws(ExchangeError) -> ExchangeRate {
    ExchangeRate(
      from: from, to: next.to, numerator: try product(numerator, next.numerator),
      divisor: try product(divisor, next.divisor), date: next.date ?? date)
  }

  /// Exact to fifteen digits, which leaves room for an amount beside it.
  private func product(_ left: DecimalFraction, _ right: DecimalFraction) throws(ExchangeError) -> DecimalFraction {
    var digits = Int128(left.significand) * Int128(right.significand)
    var scale = left.scale + right.scale
    while scale > 18 || (scale > 0 && digits >= 1_000_000_000_000_000) {
      digits = Rounding.halfAwayFromZero.divide(digits, by: 10)
      scale -= 1
    }
    guard let significand = Int64(exactly: digits), significand > 0 else { throw .money(.overflow(to)) }
    return DecimalFraction(significand, scale: scale)
  }

  /// An amount in the other currency, rounded once to its minor unit.
  package func convert(_ amount: Money) throws(MoneyError) -> Money {
    guard amount.currency == from else { throw .currencyMismatch(from, amount.currency) }
    if from == to { return amount }
    // units × numerator / divisor, each a whole number over a power of ten, and the minor units' powers of ten.
    let shift = Int(to.exponent) - Int(from.exponent) + Int(divisor.scale) - Int(numerator.scale)
    var top = Int128(amount.minorUnits) * Int128(numerator.significand)
    var bottom = Int128(divisor.significand)
    for _ in 0..<abs(shift) {
      let (product, overflow) = (shift > 0 ? top : bottom).multipliedReportingOverflow(by: 10)
      if overflow { throw .overflow(to) }
      if shift > 0 { top = product } else { bottom = product }
    }
    guard let units = Int64(exactly: Rounding.halfAwayFromZero.divide(top, by: bottom)) else { throw .overflow(to) }
    return Money(minorUnits: units, to)
  }

  /// The rate to six significant digits, for showing.
  package var shown: String {
    let value = numerator.approximate / divisor.approximate
    var decimals = 5
    var bound = 10.0
    while decimals > 0, value >= bound {
      bound *= 10
      decimals -= 1
    }
    bound = 1
    while decimals < 12, value < bound {
      bound /= 10
      decimals += 1
    }
    var scaled = value
    for _ in 0..<decimals { scaled *= 10 }
    guard scaled < 9e17 else { return "\(value)" }
    return DecimalFraction(Int64(scaled.rounded()), scale: UInt8(decimals)).description
  }
}

/// An amount, what it became, and by which rate.
package struct Conversion: Hashable, Sendable {
  /// Before.
  package let original: Money
  /// After.
  package let converted: Money
  /// The rate, with its day; nil where both are in one currency.
  package let rate: ExchangeRate?
}

/// Why a conversion is not possible.
package enum ExchangeError: Error, Hashable, Sendable {
  /// No rate for a currency at all.
  case noRate(Currency)
  /// No rate for a currency on a day or within the limit of days before it.
  case noRateOn(Currency, LocalDate, daysMax: Int)
  /// The sum does not fit.
  case money(MoneyError)

  /// What is wrong with the mend, as it goes on after a place: "must …".
  package var complaint: String {
    switch self {
    case .noRate(let currency): "must be in a currency with a known rate, found \(currency): give one in rates"
    case .noRateOn(let currency, let date, let days):
      "must be dated on a day with a rate: none of \(currency) was published from \(date.adding(days: -days)) to \(date); give one in rates"
    case .money(let error): error.description
    }
  }
}
