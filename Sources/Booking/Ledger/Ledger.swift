package import Kernel

/// Double-entry books: entries are only ever added, and every currency sums to zero.
///
/// The same rules as PostgreSQL holds for what is kept; here they are a value that simulations and tests compare with.
package struct Ledger: Sendable {
  /// What has come to an account, in minor units.
  package struct Balance: Hashable, Sendable {
    /// For good.
    package var posted: Int64 = 0
    /// Reserved debits.
    package var pendingDebits: Int64 = 0
    /// Reserved credits, above zero.
    package var pendingCredits: Int64 = 0
  }

  private struct Key: Hashable {
    let account: String
    let currency: Currency
  }

  /// What became of an entry.
  package enum Writing: Hashable, Sendable {
    case written
    /// It was there, the same.
    case known
  }

  package private(set) var entries: [LedgerEntry] = []
  private var places: [String: Int] = [:]
  private var settled: Set<String> = []
  private var balances: [Key: Balance] = [:]

  /// Empty books.
  package init() {}

  /// Writes an entry, or nothing of it.
  package mutating func write(_ entry: LedgerEntry) throws(LedgerFault) -> Writing {
    if let place = places[entry.id] {
      guard entries[place] == entry else { throw .different(entry: entry.id) }
      return .known
    }
    var changed = balances
    switch entry.kind {
    case .posted, .pending:
      try Ledger.check(entry)
      for line in entry.lines { try Ledger.add(line, of: entry, isPending: entry.kind == .pending, to: &changed) }
    case .posting(let pending), .voiding(let pending):
      guard let place = places[pending], entries[place].kind == .pending else {
        throw .noPending(entry: entry.id, of: pending)
      }
      guard !settled.contains(pending) else { throw .settled(entry: entry.id, of: pending) }
      let lines = entries[place].lines
      for line in lines { Ledger.release(line, from: &changed) }
      if case .posting = entry.kind {
        for line in lines { try Ledger.add(line, of: entry, isPending: false, to: &changed) }
      }
      settled.insert(pending)
    }
    balances = changed
    places[entry.id] = entries.count
    entries.append(entry)
    return .written
  }

  /// What is in an account.
  package func balance(_ account: LedgerAccount, _ currency: Currency) -> Balance {
    balances[Key(account: account.name, currency: currency)] ?? Balance()
  }

  /// What all accounts come to in a currency: nothing, if the books are right.
  package func total(_ currency: Currency) -> Int64 {
    balances.reduce(0) { $1.key.currency == currency ? $0 + $1.value.posted : $0 }
  }

  /// Whether anything is still reserved.
  package var hasPending: Bool { balances.values.contains { $0.pendingDebits != 0 || $0.pendingCredits != 0 } }

  private static func check(_ entry: LedgerEntry) throws(LedgerFault) {
    guard !entry.lines.isEmpty, !entry.lines.contains(where: { $0.amount.isZero }) else {
      throw .empty(entry: entry.id)
    }
    var sums: [Currency: Int64] = [:]
    for line in entry.lines {
      let (sum, overflow) = sums[line.amount.currency, default: 0].addingReportingOverflow(line.amount.minorUnits)
      if overflow { throw .overflow(entry: entry.id) }
      sums[line.amount.currency] = sum
    }
    for (currency, sum) in sums where sum != 0 {
      throw .unbalanced(entry: entry.id, by: Money(minorUnits: sum, currency))
    }
  }

  private static func add(
    _ line: LedgerLine, of entry: LedgerEntry, isPending: Bool, to balances: inout [Key: Balance]
  ) throws(LedgerFault) {
    let units = line.amount.minorUnits
    var balance = balances[Key(account: line.account.name, currency: line.amount.currency)] ?? Balance()
    let overflow: Bool
    switch (isPending, units > 0) {
    case (false, _): (balance.posted, overflow) = balance.posted.addingReportingOverflow(units)
    case (true, true): (balance.pendingDebits, overflow) = balance.pendingDebits.addingReportingOverflow(units)
    case (true, false): (balance.pendingCredits, overflow) = balance.pendingCredits.subtractingReportingOverflow(units)
    }
    if overflow { throw .overflow(entry: entry.id) }
    // What is only reserved may be drawn from, but not drawn upon.
    let isWithin =
      switch line.account.limit {
      case .none: true
      case .creditsOnly: units < 0 || balance.posted + balance.pendingDebits <= 0
      case .debitsOnly: units > 0 || balance.posted - balance.pendingCredits >= 0
      }
    guard isWithin else { throw .limit(entry: entry.id, account: line.account.name) }
    balances[Key(account: line.account.name, currency: line.amount.currency)] = balance
  }

  private static func release(_ line: LedgerLine, from balances: inout [Key: Balance]) {
    let units = line.amount.minorUnits
    let key = Key(account: line.account.name, currency: line.amount.currency)
    if units > 0 {
      balances[key]?.pendingDebits -= units
    } else {
      balances[key]?.pendingCredits += units
    }
  }
}
