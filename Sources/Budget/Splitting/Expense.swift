package import Kernel

/// How the cost of something is divided among people, who are named by their places in the list.
package enum Split: Hashable, Sendable {
  /// All the same.
  case equal([Int])
  /// All the same, but people who go as a couple count as one.
  case equalByCouple([Int])
  /// In proportion to whole or decimal shares.
  case shares([Int: DecimalFraction])
  /// By percentages that sum to 100.
  case percent([Int: DecimalFraction])
  /// By amounts that sum to the cost.
  case exact([Int: Money])
  /// Each item among those who had it; what the items leave (tip, tax, discount) goes in proportion.
  case items([SplitItem])
  /// By the nights each stayed.
  case nights([Int: Int])
}

/// Part of an expense that some people share equally.
package struct SplitItem: Hashable, Sendable {
  /// What it cost.
  package let amount: Money
  /// Who had it.
  package let people: [Int]

  /// An item.
  package init(amount: Money, people: [Int]) {
    self.amount = amount
    self.people = people
  }
}

/// Something that was paid for the group.
package struct Expense: Hashable, Sendable {
  /// What it was.
  package let what: String
  /// What it cost; negative for a refund.
  package let amount: Money
  /// Who paid how much.
  package let paidBy: [Int: Money]
  /// Who bears how much.
  package let split: Split
  /// The day whose exchange rate holds.
  package let date: LocalDate?

  /// An expense.
  package init(what: String, amount: Money, paidBy: [Int: Money], split: Split, date: LocalDate? = nil) {
    self.what = what
    self.amount = amount
    self.paidBy = paidBy
    self.split = split
    self.date = date
  }
}

/// A payment between two people that has been made already.
package struct Payment: Hashable, Sendable {
  /// Who paid.
  package let from: Int
  /// Who received.
  package let to: Int
  /// How much.
  package let amount: Money
  /// The day whose exchange rate holds.
  package let date: LocalDate?

  /// A payment.
  package init(from: Int, to: Int, amount: Money, date: LocalDate? = nil) {
    self.from = from
    self.to = to
    self.amount = amount
    self.date = date
  }
}

/// Why expenses cannot be split.
package enum SplitError: Error, Hashable, Sendable {
  /// What was paid is not the cost.
  case paidDiffers(expense: Int, paid: Money, cost: Money)
  /// Percentages that sum to something else than 100.
  case percentSum(expense: Int, DecimalFraction)
  /// Exact parts that sum to something else than the cost.
  case exactSum(expense: Int, sum: Money, cost: Money)
  /// Nobody bears it, or all shares are zero.
  case nobody(expense: Int)
  /// A share, percentage, night or part below zero, or with too many decimals.
  case badShare(expense: Int, person: Int)
  /// An item without people or in another currency.
  case badItem(expense: Int, item: Int)
  /// An amount of an expense that cannot be converted or summed.
  case exchange(expense: Int, ExchangeError)
  /// A payment that cannot be converted or summed.
  case payment(Int, ExchangeError)
  /// A person in two couples.
  case twoCouples(person: Int)
  /// Balances that do not fit.
  case money(MoneyError)
}
