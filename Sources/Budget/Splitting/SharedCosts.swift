package import Kernel

/// The books of a group: everyone's balance in one currency, always summing to zero.
///
/// An expense is converted once, as a whole, with its day's rate; what it became is divided, so that no rounding is
/// done twice and the parts sum to it. The leftover minor unit of a division goes to whom it went to least often so far.
package struct SharedCosts: Sendable {
  /// What one person paid, bore and is owed.
  package struct Balance: Hashable, Sendable {
    /// Paid for the group, payments to others included.
    package var paid: Int64 = 0
    /// Borne of the group's costs, payments received included.
    package var borne: Int64 = 0
    /// Owed to the person, or by the person where negative.
    package var owed: Int64 { paid - borne }
  }

  /// In what the books are kept.
  package let currency: Currency
  /// One per person.
  package private(set) var balances: [Balance]
  /// One per expense: what it became in the books' currency.
  package private(set) var conversions: [Conversion] = []
  /// What each person bears of each expense.
  package private(set) var parts: [[Money]] = []

  private let rates: RateTable
  private let daysMax: Int
  /// For each person the couple they are in, or their own.
  private let households: [Int]
  /// How often each person had a leftover minor unit.
  private var leftovers: [Int]

  /// Empty books.
  ///
  /// - Throws: ``SplitError/twoCouples(person:)``.
  package init(
    people: Int, currency: Currency, couples: [[Int]] = [], rates: RateTable = RateTable(),
    daysMax: Int = RateTable.daysMaxUsual
  ) throws(SplitError) {
    self.currency = currency
    self.rates = rates
    self.daysMax = daysMax
    balances = Array(repeating: Balance(), count: people)
    leftovers = Array(repeating: 0, count: people)
    var households = Array(0..<people)
    var isTaken = Array(repeating: false, count: people)
    for couple in couples {
      for person in couple {
        if isTaken[person] { throw .twoCouples(person: person) }
        isTaken[person] = true
        households[person] = couple.min() ?? person
      }
    }
    self.households = households
  }

  /// Enters an expense; the number tells errors which one it was.
  package mutating func enter(_ expense: Expense, number: Int) throws(SplitError) {
    let conversion: Conversion
    do throws(ExchangeError) {
      conversion = try rates.convert(expense.amount, to: currency, on: expense.date, daysMax: daysMax)
    } catch {
      throw .exchange(expense: number, error)
    }
    let paid = try paidWeights(of: expense, number: number)
    let borne = try SplitWeights(people: balances.count, households: households, number: number).weights(of: expense)
    conversions.append(conversion)
    if conversion.converted.isZero {
      parts.append(Array(repeating: conversion.converted, count: balances.count))
      return
    }
    do throws(MoneyError) {
      // What each paid is a division too, where the amount was converted; nobody's turn depends on it.
      let payments = try conversion.converted.allocated(byWide: paid)
      let shares = try conversion.converted.allocated(byWide: borne, turns: leftovers)
      try book(payments, shares)
      countLeftovers(shares, borne)
      parts.append(shares)
    } catch {
      throw error == .noWeight ? .nobody(expense: number) : .exchange(expense: number, .money(error))
    }
  }

  /// Enters a payment that somebody made to somebody else; the number tells errors which one it was.
  package mutating func enter(_ payment: Payment, number: Int) throws(SplitError) {
    do throws(ExchangeError) {
      let amount = try rates.convert(payment.amount, to: currency, on: payment.date, daysMax: daysMax).converted
      var paid = Array(repeating: Money.zero(currency), count: balances.count)
      var borne = paid
      paid[payment.from] = amount
      borne[payment.to] = amount
      do throws(MoneyError) { try book(paid, borne) } catch { throw ExchangeError.money(error) }
    } catch {
      throw .payment(number, error)
    }
  }

  /// Who pays whom so that everyone is even; a couple settles as one, through the one of them named first.
  package func settlement() throws(SplitError) -> Settlement {
    var sums = Array(repeating: Money.zero(currency), count: balances.count)
    do throws(MoneyError) {
      for (person, balance) in balances.enumerated() {
        let owed = Money(minorUnits: balance.owed, currency)
        sums[households[person]] = try sums[households[person]].adding(owed)
      }
      return try Settlement(sums.map(\.minorUnits), currency)
    } catch {
      throw .money(error)
    }
  }

  private mutating func book(_ paid: [Money], _ borne: [Money]) throws(MoneyError) {
    var changed = balances
    for person in balances.indices {
      let paidSum = try Money(minorUnits: changed[person].paid, currency).adding(paid[person])
      let borneSum = try Money(minorUnits: changed[person].borne, currency).adding(borne[person])
      // Looked at now, so that nobody's balance overflows later.
      _ = try paidSum.subtracting(borneSum)
      changed[person] = Balance(paid: paidSum.minorUnits, borne: borneSum.minorUnits)
    }
    balances = changed
  }

  /// Remembers who bore more than the quota rounded down.
  private mutating func countLeftovers(_ shares: [Money], _ weights: [Int64]) {
    let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
    let amount = shares.reduce(Int128(0)) { $0 + Int128($1.minorUnits.magnitude) }
    for person in shares.indices
    where Int128(shares[person].minorUnits.magnitude) * total > amount * Int128(weights[person]) {
      leftovers[person] += 1
    }
  }

  /// What each paid, checked against the cost.
  private func paidWeights(of expense: Expense, number: Int) throws(SplitError) -> [Int64] {
    var weights = Array(repeating: Int64(0), count: balances.count)
    var sum = Money.zero(expense.amount.currency)
    do throws(MoneyError) {
      for (person, amount) in expense.paidBy {
        if !amount.isZero, amount.isNegative != expense.amount.isNegative {
          throw MoneyError.notAnAmount(amount.amountText, example: expense.amount.amountText)
        }
        sum = try sum.adding(amount)
        weights[person] = Int64(clamping: amount.minorUnits.magnitude)
      }
    } catch {
      throw .exchange(expense: number, .money(error))
    }
    if sum != expense.amount { throw .paidDiffers(expense: number, paid: sum, cost: expense.amount) }
    return weights
  }
}
