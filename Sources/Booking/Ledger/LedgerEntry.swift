package import Kernel

/// What an account is called: words in small letters, joined by slashes.
package struct LedgerAccount: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Whether an account may be drawn upon beyond what is in it.
  package enum Limit: String, Hashable, Sendable {
    /// It may.
    case none
    /// Debits never exceed credits: nobody is paid back more than they paid.
    case creditsOnly = "credits"
    /// Credits never exceed debits: nothing goes out that has not come in.
    case debitsOnly = "debits"
  }

  package let name: String
  package let limit: Limit

  /// An account.
  package init(_ name: String, limit: Limit = .none) {
    self.name = name
    self.limit = limit
  }

  /// What a payment provider holds for us.
  package static func card(_ provider: String) -> LedgerAccount {
    LedgerAccount("card/\(provider)", limit: .debitsOnly)
  }

  /// What a customer has paid for a booking that is not tickets yet.
  package static func customer(_ booking: String) -> LedgerAccount {
    LedgerAccount("customer/\(booking)", limit: .creditsOnly)
  }

  /// What we owe a seller.
  package static func seller(_ name: String) -> LedgerAccount { LedgerAccount("seller/\(name)") }

  /// What sellers keep of purchases that failed through no fault of the customer.
  package static let loss = LedgerAccount("loss")

  /// What packages cost less than their parts, which sellers are paid all the same.
  package static let discount = LedgerAccount("discount")

  package var description: String { name }

  package static func < (one: LedgerAccount, other: LedgerAccount) -> Bool { one.name < other.name }
}

/// An amount that an entry adds to an account: a debit above zero, a credit below.
package struct LedgerLine: Hashable, Sendable {
  package let account: LedgerAccount
  package let amount: Money

  /// A line.
  package init(_ account: LedgerAccount, _ amount: Money) {
    self.account = account
    self.amount = amount
  }
}

/// What happened to money, as lines that sum to zero in each currency.
package struct LedgerEntry: Hashable, Sendable {
  /// How an entry counts.
  package enum Kind: Hashable, Sendable {
    /// For good.
    case posted
    /// Reserved until it is posted or voided.
    case pending
    /// What was reserved by that entry counts for good.
    case posting(String)
    /// What was reserved by that entry counts no more.
    case voiding(String)
  }

  /// Tells an entry that is written again.
  package let id: String
  package let kind: Kind
  /// Empty for what posts or voids: the lines are the reserved ones.
  package let lines: [LedgerLine]
  package let memo: String

  /// An entry.
  package init(_ id: String, _ kind: Kind, _ lines: [LedgerLine] = [], memo: String) {
    self.id = id
    self.kind = kind
    self.lines = lines
    self.memo = memo
  }

  /// One amount from an account to another: credited there, debited here.
  package init(
    _ id: String, _ kind: Kind = .posted, debit: LedgerAccount, credit: LedgerAccount, minorUnits: Int64,
    _ currency: Currency, memo: String
  ) {
    self.init(
      id, kind,
      [
        LedgerLine(debit, Money(minorUnits: minorUnits, currency)),
        LedgerLine(credit, Money(minorUnits: -minorUnits, currency)),
      ], memo: memo)
  }
}

/// Why an entry cannot be written.
package enum LedgerFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// It has no lines, or one that is nothing.
  case empty(entry: String)
  /// The lines leave so much over.
  case unbalanced(entry: String, by: Money)
  /// Another entry has this id.
  case different(entry: String)
  /// What is posted or voided was not reserved.
  case noPending(entry: String, of: String)
  /// What is posted or voided has been before.
  case settled(entry: String, of: String)
  /// The account does not have so much.
  case limit(entry: String, account: String)
  /// A balance would leave 64 bits.
  case overflow(entry: String)

  package var description: String {
    switch self {
    case .empty(let entry): "entry \(entry) must have lines, none of which is nothing"
    case .unbalanced(let entry, let rest): "entry \(entry) must sum to zero: \(rest) are left over"
    case .different(let entry): "entry \(entry) is in the ledger with other lines"
    case .noPending(let entry, let of): "entry \(entry) settles \(of), which nothing has reserved"
    case .settled(let entry, let of): "entry \(entry) settles \(of), which another has settled"
    case .limit(let entry, let account): "entry \(entry) takes more from \(account) than is in it"
    case .overflow(let entry): "entry \(entry) makes a balance that is too large"
    }
  }
}
