/// Why an amount of money cannot be made.
public enum MoneyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Past 9,223,372,036,854,775,807 minor units.
  case overflow(Currency)
  /// Two currencies in one sum.
  case currencyMismatch(Currency, Currency)
  /// Not an amount in this notation.
  case notAnAmount(String, example: String)
  /// More decimals than the currency has.
  case tooManyDecimals(String, Currency)
  /// Nobody to allocate to: no weight is above zero.
  case noWeight
  /// Weights whose sum passes 64 bits.
  case weightsTooLarge
  /// A division by zero.
  case zeroDivisor

  /// What is wrong with the mend, as it goes on after a place: "must …".
  public var description: String {
    switch self {
    case .overflow(let currency):
      "must stay below \(Money(minorUnits: .max, currency)): the amount is too large"
    case .currencyMismatch(let left, let right):
      "must be in \(left), found \(right): convert it first"
    case .notAnAmount(let text, let example): "must be an amount like \(example), found \"\(text.prefix(40))\""
    case .tooManyDecimals(let text, let currency):
      "must have at most \(currency.exponent) decimals in \(currency), found \"\(text.prefix(40))\""
    case .noWeight: "must have at least one share above zero"
    case .weightsTooLarge: "must have shares that are smaller numbers"
    case .zeroDivisor: "must not be divided by zero"
    }
  }
}

/// An amount in one currency, in whole minor units.
///
/// Every operation that could leave 64 bits throws; none ever goes through floating point.
public struct Money: Hashable, Sendable, CustomStringConvertible {
  /// The amount in cents, yen, fils.
  public let minorUnits: Int64
  /// What it is in.
  public let currency: Currency

  /// An amount in minor units.
  public init(minorUnits: Int64, _ currency: Currency) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  /// Nothing, in a currency.
  public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency) }

  /// Whether it is nothing.
  public var isZero: Bool { minorUnits == 0 }
  /// Whether it is below nothing.
  public var isNegative: Bool { minorUnits < 0 }

  /// The sum of two amounts in one currency.
  public func adding(_ other: Money) throws(MoneyError) -> Money {
    guard currency == other.currency else { throw .currencyMismatch(currency, other.currency) }
    let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
    if overflow { throw .overflow(currency) }
    return Money(minorUnits: sum, currency)
  }

  /// The difference of two amounts in one currency.
  public func subtracting(_ other: Money) throws(MoneyError) -> Money {
    guard currency == other.currency else { throw .currencyMismatch(currency, other.currency) }
    let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
    if overflow { throw .overflow(currency) }
    return Money(minorUnits: difference, currency)
  }

  /// The amount with the other sign.
  public func negated() throws(MoneyError) -> Money {
    try Money.zero(currency).subtracting(self)
  }

  /// So many times the amount.
  public func multiplied(by count: Int64) throws(MoneyError) -> Money {
    let (product, overflow) = minorUnits.multipliedReportingOverflow(by: count)
    if overflow { throw .overflow(currency) }
    return Money(minorUnits: product, currency)
  }

  /// The amount times a decimal, rounded once.
  public func multiplied(
    by factor: DecimalFraction, rounding: Rounding = .halfAwayFromZero
  ) throws(MoneyError) -> Money {
    try scaled(by: factor.significand, over: powerOfTen(Int(factor.scale)), rounding: rounding)
  }

  /// The amount times a fraction, rounded once.
  public func scaled(
    by numerator: Int64, over divisor: Int64, rounding: Rounding = .halfAwayFromZero
  ) throws(MoneyError) -> Money {
    guard divisor != 0 else { throw .zeroDivisor }
    let value = rounding.divide(Int128(minorUnits) * Int128(numerator), by: Int128(divisor))
    guard let units = Int64(exactly: value) else { throw .overflow(currency) }
    return Money(minorUnits: units, currency)
  }

  /// `12.50 EUR`.
  public var description: String { "\(amountText) \(currency)" }

  /// `12.50`, as machines read it: a point, no grouping, all decimals of the currency.
  public var amountText: String { decimalText(minorUnits, scale: Int(currency.exponent)) }
}

/// How a result between two minor units is settled.
public enum Rounding: Sendable {
  /// To the nearer one, a half away from zero: what people expect of a receipt.
  case halfAwayFromZero
  /// To the nearer one, a half to the even one: unbiased over many.
  case halfToEven
  /// Towards zero.
  case down
  /// Away from zero.
  case up

  /// Divides, settling what is left over by this rule.
  ///
  /// - Precondition: the divisor is not zero.
  public func divide(_ value: Int128, by divisor: Int128) -> Int128 {
    // Nearly everything fits 64 bits, where dividing costs a tenth.
    if let narrow = Int64(exactly: value), let narrowDivisor = Int64(exactly: divisor), narrowDivisor > 0 {
      let (quotient, remainder) = narrow.quotientAndRemainder(dividingBy: narrowDivisor)
      return settled(Int128(quotient), remainder: Int128(remainder), of: value, by: divisor)
    }
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return settled(quotient, remainder: remainder, of: value, by: divisor)
  }

  private func settled(_ quotient: Int128, remainder: Int128, of value: Int128, by divisor: Int128) -> Int128 {
    if remainder == 0 { return quotient }
    let away: Int128 = (value < 0) == (divisor < 0) ? 1 : -1
    // Compared without doubling, which could overflow.
    let rest = remainder.magnitude
    let missing = divisor.magnitude - rest
    switch self {
    case .down: return quotient
    case .up: return quotient + away
    case .halfAwayFromZero: return rest >= missing ? quotient + away : quotient
    case .halfToEven:
      if rest == missing { return quotient % 2 == 0 ? quotient : quotient + away }
      return rest > missing ? quotient + away : quotient
    }
  }
}
