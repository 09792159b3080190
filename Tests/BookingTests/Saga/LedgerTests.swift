import Kernel
import Testing

@testable import Booking

@Suite("The ledger")
struct LedgerTests {
  private let card = LedgerAccount.card("test")
  private let customer = LedgerAccount.customer("B1")

  private func entry(_ id: String, _ kind: LedgerEntry.Kind = .posted, _ units: Int64 = 100) -> LedgerEntry {
    LedgerEntry(id, kind, debit: card, credit: customer, minorUnits: units, .euro, memo: "paid")
  }

  @Test("an entry that does not sum to zero in each currency is refused, and nothing of it is written")
  func balanced() throws {
    var ledger = Ledger()
    let lines = [
      LedgerLine(card, Money(minorUnits: 100, .euro)), LedgerLine(customer, Money(minorUnits: -100, .dollar)),
    ]
    #expect(throws: LedgerFault.self) { try ledger.write(LedgerEntry("E1", .posted, lines, memo: "")) }
    #expect(throws: LedgerFault.empty(entry: "E1")) { try ledger.write(LedgerEntry("E1", .posted, memo: "")) }
    #expect(ledger.entries.isEmpty && ledger.balance(card, .euro).posted == 0)
  }

  @Test("an entry that comes twice is written once; another under its name is refused")
  func twice() throws {
    var ledger = Ledger()
    #expect(try ledger.write(entry("E1")) == .written)
    #expect(try ledger.write(entry("E1")) == .known)
    #expect(throws: LedgerFault.different(entry: "E1")) { try ledger.write(entry("E1", .posted, 200)) }
    #expect(ledger.balance(card, .euro).posted == 100 && ledger.total(.euro) == 0)
  }

  @Test("what is reserved counts when it is posted, not when it is voided, and is settled once")
  func pending() throws {
    var ledger = Ledger()
    _ = try ledger.write(entry("A", .pending))
    #expect(ledger.balance(card, .euro).posted == 0 && ledger.balance(card, .euro).pendingDebits == 100)
    #expect(ledger.hasPending)
    _ = try ledger.write(LedgerEntry("A2", .posting("A"), memo: ""))
    #expect(ledger.balance(card, .euro).posted == 100 && !ledger.hasPending)
    #expect(throws: LedgerFault.settled(entry: "A3", of: "A")) {
      try ledger.write(LedgerEntry("A3", .voiding("A"), memo: ""))
    }
    _ = try ledger.write(entry("B", .pending))
    _ = try ledger.write(LedgerEntry("B2", .voiding("B"), memo: ""))
    #expect(ledger.balance(card, .euro).posted == 100 && !ledger.hasPending)
    #expect(throws: LedgerFault.noPending(entry: "C", of: "E")) {
      try ledger.write(LedgerEntry("C", .posting("E"), memo: ""))
    }
  }

  @Test("nobody is paid back more than they paid, and what is only reserved is not paid back")
  func limits() throws {
    var ledger = Ledger()
    _ = try ledger.write(entry("A", .pending))
    let back = LedgerEntry("R", debit: customer, credit: card, minorUnits: 60, .euro, memo: "back")
    #expect(throws: LedgerFault.limit(entry: "R", account: customer.name)) { try ledger.write(back) }
    _ = try ledger.write(LedgerEntry("A2", .posting("A"), memo: ""))
    _ = try ledger.write(back)
    let more = LedgerEntry("R2", debit: customer, credit: card, minorUnits: 41, .euro, memo: "back")
    #expect(throws: LedgerFault.limit(entry: "R2", account: customer.name)) { try ledger.write(more) }
    #expect(ledger.balance(customer, .euro).posted == -40)
  }
}
