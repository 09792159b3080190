package import Kernel

/// A payment from one person to another, by their places in the list of people.
package struct Transfer: Hashable, Sendable {
  /// Who pays.
  package let from: Int
  /// Who receives.
  package let to: Int
  /// How much.
  package let amount: Money
}

/// Payments that bring every balance to zero, and whether fewer are proven impossible.
///
/// People whose balances sum to zero can settle among themselves with one payment fewer than they are. The fewest
/// payments are therefore n minus the largest number of zero-sum groups that n people with open balances divide into
/// (Verhoeff, "Settling multiple debts efficiently", 2004). That number is found by dynamic programming over subsets:
/// `groups[set]` is the best over the last person taken out of the set, plus one where the set itself sums to zero.
/// Two people who owe each other the same are a group in some best division, so they are taken out first; the
/// programme costs O(2ⁿ n) for the n that remain. Beyond ``exactMax`` of them, debts go greedily from the largest
/// debtor to the largest creditor: at most n − 1 payments, not proven fewest.
package struct Settlement: Hashable, Sendable {
  /// With so many people with open balances the answer is proven.
  package static let exactMax = 16

  /// The payments: by payer, then by receiver.
  package let transfers: [Transfer]
  /// Whether no other settlement has fewer payments.
  package let isOptimal: Bool

  /// Settles balances: what each person is owed, or owes where negative.
  ///
  /// - Precondition: the balances sum to zero.
  /// - Throws: `MoneyError.overflow` if the credits do not fit into one sum.
  package init(_ balances: [Int64], _ currency: Currency) throws(MoneyError) {
    var credit: Int64 = 0
    var debt: Int64 = 0
    for balance in balances {
      let (sum, overflow) = (balance > 0 ? credit : debt).addingReportingOverflow(balance)
      if overflow { throw .overflow(currency) }
      if balance > 0 { credit = sum } else { debt = sum }
    }
    precondition(credit == -debt, "balances that do not sum to zero")
    var (transfers, open) = Settlement.pairs(balances, currency)
    isOptimal = open.count <= Settlement.exactMax
    for group in isOptimal ? Settlement.groups(open, balances) : [open] {
      transfers += Settlement.settled(group, balances, currency)
    }
    self.transfers = transfers.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  /// Settles those who owe each other the same at once, and names who is left with a balance.
  private static func pairs(_ balances: [Int64], _ currency: Currency) -> ([Transfer], [Int]) {
    var transfers: [Transfer] = []
    var debtors: [Int64: [Int]] = [:]
    for (person, balance) in balances.enumerated().reversed() where balance < 0 {
      debtors[balance, default: []].append(person)
    }
    var isOpen = balances.map { $0 != 0 }
    for (person, balance) in balances.enumerated() where balance > 0 {
      guard let debtor = debtors[-balance]?.popLast() else { continue }
      transfers.append(Transfer(from: debtor, to: person, amount: Money(minorUnits: balance, currency)))
      isOpen[person] = false
      isOpen[debtor] = false
    }
    return (transfers, balances.indices.filter { isOpen[$0] })
  }

  /// Divides people into as many groups as possible whose balances each sum to zero.
  private static func groups(_ people: [Int], _ balances: [Int64]) -> [[Int]] {
    let count = people.count
    guard count > 0 else { return [] }
    var sums = [Int64](repeating: 0, count: 1 << count)
    var best = [UInt8](repeating: 0, count: 1 << count)
    // Whom to take out of each set on the way to the best division.
    var last = [UInt8](repeating: 0, count: 1 << count)
    for set in 1..<(1 << count) {
      let lowest = set.trailingZeroBitCount
      // Partial sums are bounded by all credit and all debt, which fit.
      sums[set] = sums[set & (set - 1)] + balances[people[lowest]]
      var rest = set
      var most = UInt8.max
      while rest != 0 {
        let person = rest.trailingZeroBitCount
        let without = best[set ^ (1 << person)]
        if most == .max || without > most {
          most = without
          last[set] = UInt8(person)
        }
        rest &= rest - 1
      }
      best[set] = most + (sums[set] == 0 ? 1 : 0)
    }
    // On the way down, a set that sums to zero closes the group begun above it.
    var groups: [[Int]] = []
    var set = (1 << count) - 1
    while set != 0 {
      if sums[set] == 0 { groups.append([]) }
      let person = Int(last[set])
      groups[groups.count - 1].append(people[person])
      set ^= 1 << person
    }
    return groups.map { $0.sorted() }
  }

  /// One payment fewer than there are people, or fewer still: the largest debt goes to the largest credit.
  private static func settled(_ group: [Int], _ balances: [Int64], _ currency: Currency) -> [Transfer] {
    var open = group.map { (person: $0, balance: balances[$0]) }
    var transfers: [Transfer] = []
    while let creditor = open.indices.max(by: { open[$0].balance < open[$1].balance }),
      let debtor = open.indices.min(by: { open[$0].balance < open[$1].balance }), open[creditor].balance > 0
    {
      let units = min(open[creditor].balance, -open[debtor].balance)
      open[creditor].balance -= units
      open[debtor].balance += units
      transfers.append(
        Transfer(from: open[debtor].person, to: open[creditor].person, amount: Money(minorUnits: units, currency)))
    }
    return transfers
  }
}
