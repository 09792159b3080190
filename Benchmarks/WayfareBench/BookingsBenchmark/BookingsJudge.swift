import Booking
import JSON
import Kernel
import Postgres
import Providers
import Store

/// Judges, from the database and from the sandboxes' own books, what came of all bookings.
struct BookingsJudge {
  /// What the books of all markets say.
  private struct Outside {
    /// Tickets that are paid for and were not given back, by our reference.
    var tickets: [String: Int] = [:]
    var held: Set<String> = []
    /// What whoever collects keeps, by booking.
    var net: [String: Int64] = [:]
    /// Payments of which money was taken, by booking.
    var charges: [String: Int] = [:]
    /// When money was reserved that still is, by payment.
    var reserved: [(payment: String, at: Instant)] = []
    /// What is in the others' books, by the account that it should be in here.
    var balances: [String: Int64] = [:]
  }

  private static let atOnce = 32

  let database: Database
  let client: PostgresClient
  let markets: [BookingMarket]
  private(set) var violations: [String] = []
  private(set) var ends: [String: Int] = [:]

  init(_ database: Database, _ client: PostgresClient, _ markets: [BookingMarket]) {
    self.database = database
    self.client = client
    self.markets = markets
  }

  /// Reads everybody's books and compares them.
  ///
  /// - Parameter count: how many bookings there should be.
  /// - Throws: `StoreError`, `BenchmarkError` or `ClientError` where books cannot be read.
  mutating func judge(count: Int) async throws {
    let outside = try await readOutside()
    let ids = try await client.query("select id from booking").decode(BookingID.self)
    if ids.count != count { violations.append("\(ids.count) bookings are stored, and \(count) were made") }
    var known: Set<String> = []
    for start in stride(from: 0, to: ids.count, by: Self.atOnce) {
      for id in ids[start..<min(ids.count, start + Self.atOnce)] {
        guard let saga = try await database.bookings.find(id)?.saga else { continue }
        ends[saga.phase.rawValue, default: 0] += 1
        for item in saga.items { known.insert(item.reference.text) }
        judge(saga, outside)
      }
      try Interruption.check()
    }
    for reference in outside.tickets.keys where !known.contains(reference) {
      violations.append("a ticket was sold under \(reference), which is no booking's")
    }
    for (payment, at) in outside.reserved {
      violations.append("money of \(payment) is still reserved, \(try await journal(of: payment, reserved: at))")
    }
    try await judgeLedger(outside)
  }

  /// When it was reserved, and what was asked for the booking, of whom, and what became of it, in the order in which it
  /// was written down.
  private func journal(of payment: String, reserved: Instant) async throws -> String {
    let seconds = try await client.query(
      """
      select \(reserved.secondsSinceEpoch) - (saga ->> 'begun')::bigint from booking
      where id = (select booking_id from payment where reference = \(payment))
      """
    ).decodeFirst(Int64.self)
    let rows = try await client.query(
      """
      select call.number, target, call.action, state, attempts,
        round(extract(epoch from call.at - first_value(call.at) over (order by call.id)), 2)::text
      from booking_call call where booking_id = (select booking_id from payment where reference = \(payment))
      order by call.id
      """
    ).decode(Int32.self, String.self, String.self, String.self, Int32.self, String.self)
    let lines = rows.map { "\($0.5) s: \($0.0) \($0.1) \($0.2) \($0.3) (\($0.4))" }
    return """
      since \(seconds ?? 0) s by the bookings' clock after it began; in our seconds: \(lines.joined(separator: "; "))
      """
  }

  private mutating func judge(_ saga: Saga, _ outside: Outside) {
    let name = "booking \(saga.booking)"
    func fail(_ words: String) { violations.append("\(name) \(words)") }
    if !saga.phase.isSettled { fail("ends while \(saga.phase.rawValue)") }
    if saga.payment?.call != nil { fail("has a payment's call open") }
    for item in saga.items {
      if item.call != nil { fail("has a call of \(item.reference) open") }
      let tickets = outside.tickets[item.reference.text] ?? 0
      let wanted = item.isBought || item.stage == .stranded ? 1 : 0
      if tickets != wanted { fail("has \(tickets) tickets of \(item.reference), which is \(item.stage)") }
      if item.stage != .stranded, outside.held.contains(item.reference.text) { fail("leaves \(item.reference) held") }
      if item.isBought, !item.hasPapers { fail("has no papers of \(item.reference)") }
    }
    let charges = outside.charges[saga.booking] ?? 0
    if charges > 1 { fail("was charged \(charges) times") }
    let kept = saga.items.reduce(Int64(0)) { $0 + ($1.isBought ? $1.price : $1.kept) }
    let net = outside.net[saga.booking] ?? 0
    if net != kept { fail("cost \(net), and what is ticketed and kept comes to \(kept)") }
    if let payment = saga.payment, payment.stage == .captured, payment.amount - payment.refunded != net {
      fail("has paid \(payment.amount - payment.refunded) by our books and \(net) by the collector's")
    }
  }

  private mutating func judgeLedger(_ outside: Outside) async throws {
    let uneven = try await client.query(
      """
      select count(*) from (
        select from ledger_line group by entry_id, currency having sum(amount) <> 0) entry
      """
    ).decodeOnly(Int64.self)
    if uneven > 0 { violations.append("\(uneven) entries do not sum to zero") }
    let rows = try await client.query(
      "select account, posted, pending_debits, pending_credits from ledger_balance"
    ).decode(String.self, Int64.self, Int64.self, Int64.self)
    let total = rows.reduce(Int64(0)) { $0 + $1.1 }
    if total != 0 { violations.append("the ledger comes to \(total)") }
    var seen: [String: Int64] = [:]
    for (account, posted, debits, credits) in rows {
      if debits != 0 || credits != 0 { violations.append("something is reserved in \(account)") }
      if account.hasPrefix("customer/"), posted != 0 { violations.append("\(account) has \(posted) in it") }
      seen[account] = posted
    }
    for (account, there) in outside.balances.sorted(by: { $0.key < $1.key }) where (seen[account] ?? 0) != there {
      violations.append("the ledger has \(seen[account] ?? 0) in \(account), and the others' books have \(there)")
    }
    let twice = try await client.query(
      """
      select count(*) from (select from payment where stage = 'captured' group by booking_id having count(*) > 1) twice
      """
    ).decodeOnly(Int64.self)
    if twice > 0 { violations.append("\(twice) bookings have taken money twice") }
  }

  private func readOutside() async throws -> Outside {
    var outside = Outside()
    for market in markets {
      let books = try await market.books()
      for sale in books.list("sales") {
        let reference = sale.text("reference") ?? ""
        let charged = Int64((sale.count("paid") ?? 0) - (sale.count("refunded") ?? 0))
        let seller = sale.text("shape") == "duffel" ? market.flights.name : market.beds.name
        outside.balances[LedgerAccount.seller(seller).name, default: 0] -= charged
        switch sale.text("state") {
        case "confirmed": outside.tickets[reference, default: 0] += 1
        case "held": outside.held.insert(reference)
        default: break
        }
      }
      let card = LedgerAccount.card(market.collector.name).name
      for payment in books.list("payments") {
        // A payment is called by its booking, and which try it is.
        let reference = payment.text("reference") ?? ""
        let booking = reference.lastIndex(of: "-").map { String(reference[..<$0]) } ?? reference
        let (captured, refunded) = (Int64(payment.count("captured") ?? 0), Int64(payment.count("refunded") ?? 0))
        if payment.text("state") == "requires_capture" {
          let at = Instant(secondsSinceEpoch: Int64(payment.count("created") ?? 0))
          outside.reserved.append((reference, at))
        }
        if captured > 0 { outside.charges[booking, default: 0] += 1 }
        outside.net[booking, default: 0] += captured - refunded
        outside.balances[card, default: 0] += captured - refunded
      }
    }
    return outside
  }
}
