/// A sum across currencies that nobody has converted yet.
public struct MoneyBag: Hashable, Sendable, CustomStringConvertible {
  private var units: [Currency: Int64] = [:]

  /// Nothing.
  public init() {}

  /// The sum of some amounts.
  public init(_ amounts: some Sequence<Money>) throws(MoneyError) {
    for amount in amounts { try add(amount) }
  }

  /// What is in it, one amount per currency, in the order of the codes; never a zero.
  public var amounts: [Money] {
    units.sorted { $0.key < $1.key }.map { Money(minorUnits: $0.value, $0.key) }
  }

  /// Whether nothing is in it.
  public var isEmpty: Bool { units.isEmpty }

  /// How much of one currency is in it.
  public func amount(in currency: Currency) -> Money { Money(minorUnits: units[currency] ?? 0, currency) }

  /// Puts an amount in.
  public mutating func add(_ amount: Money) throws(MoneyError) {
    let sum = try self.amount(in: amount.currency).adding(amount)
    units[amount.currency] = sum.isZero ? nil : sum.minorUnits
  }

  /// Puts another bag's contents in.
  public mutating func add(_ other: MoneyBag) throws(MoneyError) {
    for amount in other.amounts { try add(amount) }
  }

  /// `12.50 EUR + 300 JPY`, or `nothing`.
  public var description: String { isEmpty ? "nothing" : amounts.map(\.description).joined(separator: " + ") }
}
