import Booking
import JSON
import Kernel
import Postgres

/// A booking as it is after an event, and what follows from the event.
struct BookingChange {
  let id: BookingID
  let trip: TripID?
  /// As it was before, where it was.
  let earlier: Saga?
  let saga: Saga
  let effects: [SagaEffect]
}

/// What follows from an event, written with it.
extension BookingStore {
  /// Does what has to be read for, and gives the statements that write the rest, in their order.
  func prepare(_ change: BookingChange, _ transaction: Transaction) async throws -> [SQL] {
    var statements = [update(change), insertion(of: change.saga.payment, change)].compactMap(\.self)
    var journal: [JournalLine] = []
    var entries: [LedgerEntry] = []
    var events: [StoredEvent] = []
    for effect in change.effects {
      switch effect {
      case .journal(let line): journal.append(line)
      case .ledger(let entry): entries.append(entry)
      case .entered(let phase):
        if phase == .ticketed { try await writeInvoice(of: change.saga, change.id, transaction) }
        try await tell(effect, of: change, transaction)
      case .asked: try await tell(effect, of: change, transaction)
      }
      if let event = event(effect, of: change) { events.append(event) }
    }
    if !journal.isEmpty { statements.append(insertion(of: journal, change.id)) }
    statements += Outbox().statements(adding: events)
    // Last, because other bookings wait for whoever has moved money with the same collector or seller.
    for entry in entries { statements += insertion(of: entry, change.id) }
    return statements
  }

  private func update(_ change: BookingChange) -> SQL {
    let saga = change.saga
    let document = String(decoding: SagaJSON(saga).jsonBytes(), as: UTF8.self)
    let due = [saga.wake, saga.overdue].compactMap(\.self).min().map { PostgresTimestamp($0) }
    return """
      update booking set saga = \(document)::text::json, phase = \(saga.phase.rawValue), due_at = \(due),
        needs_attention = \(saga.needsAttention), revision = revision + 1, changed_at = now()
      where id = \(change.id)
      """
  }

  private func insertion(of lines: [JournalLine], _ id: BookingID) -> SQL {
    let targets = lines.map { line in
      switch line.target {
      case .item(let index): "item \(index)"
      case .payment: "payment"
      }
    }
    let words = lines.map { line in line.words.map { String($0.prefix(500)) } }
    return """
      insert into booking_call (booking_id, number, target, action, state, attempts, words)
      select \(id), number, target, action, state, attempts, words
      from unnest(\(lines.map { Int32(clamping: $0.number) }), \(targets), \(lines.map(\.action.line)),
        \(lines.map(\.state.rawValue)), \(lines.map { Int32(clamping: $0.attempts) }), \(words))
        with ordinality as line (number, target, action, state, attempts, words, place)
      order by place
      """
  }

  private func insertion(of payment: SagaPayment?, _ change: BookingChange) -> SQL? {
    guard let payment, !payment.isKept(as: change.earlier?.payment) else { return nil }
    let saga = change.saga
    return """
      insert into payment (reference, booking_id, number, collector, stage, currency, amount, refunded)
      values (\(saga.paymentReference), \(change.id), \(Int16(clamping: payment.number)), \(saga.collector),
        \(payment.stage.rawValue), \(saga.currency.code), \(payment.amount), \(payment.refunded))
      on conflict (reference) do update set stage = excluded.stage, amount = excluded.amount,
        refunded = excluded.refunded, changed_at = now()
      where (payment.stage, payment.amount, payment.refunded)
        is distinct from (excluded.stage, excluded.amount, excluded.refunded)
      """
  }

  /// What writes an entry; one that is there already, or does not balance, rolls everything back.
  func insertion(of entry: LedgerEntry, _ id: BookingID?) -> [SQL] {
    let (kind, settles): (String, String?) =
      switch entry.kind {
      case .posted: ("posted", nil)
      case .pending: ("pending", nil)
      case .posting(let of): ("posting", of)
      case .voiding(let of): ("voiding", of)
      }
    let head: SQL =
      """
      insert into ledger_entry (id, kind, settles, booking_id, memo)
      values (\(entry.id), \(kind), \(settles), \(id), \(entry.memo))
      """
    if entry.lines.isEmpty { return [head] }
    // In the order of accounts, so that two entries never wait for each other.
    let lines = entry.lines.sorted { $0.account < $1.account }
    return [
      head,
      """
      insert into ledger_line (entry_id, number, account, currency, amount)
      select \(entry.id), place - 1, account, currency, amount
      from unnest(\(lines.map(\.account.name)), \(lines.map(\.amount.currency.code)), \(lines.map(\.amount.minorUnits)))
        with ordinality as line (account, currency, amount, place)
      order by place
      """,
    ]
  }

  /// An invoice for what is ticketed, with the next number; a booking has one.
  private func writeInvoice(of saga: Saga, _ id: BookingID, _ transaction: Transaction) async throws {
    let has = try await transaction.query("select exists (select from invoice where booking_id = \(id))")
      .decodeOnly(Bool.self)
    if has { return }
    let known = try await transaction.query(
      "select reference, details::text, taxes from booking_part where booking_id = \(id)"
    ).decode(String.self, String?.self, Int64?.self)
    let invoice = InvoiceJSON(
      saga: saga, known: Dictionary(known.map { ($0.0, ($0.1, $0.2)) }) { first, _ in first })
    let document = String(decoding: invoice.jsonBytes(), as: UTF8.self)
    // The series' row is held until the end, so that numbers have no gaps.
    try await transaction.execute(
      """
      with next as (update invoice_series set last = last + 1 where name = 'I' returning name, last)
      insert into invoice (series, number, booking_id, document)
      select name, last, \(id), \(document)::text::json from next
      """)
  }
}

extension SagaPayment {
  /// Whether what is kept of it in its table is what is kept of this one.
  fileprivate func isKept(as earlier: SagaPayment?) -> Bool {
    guard let earlier else { return false }
    return (number, stage, amount, refunded) == (earlier.number, earlier.stage, earlier.amount, earlier.refunded)
  }
}

/// What was bought, with its prices; of a package with the price of the whole alone.
private struct InvoiceJSON: JSONWritable {
  let saga: Saga
  /// What is known of items by their references: what they are, and the taxes in their prices.
  let known: [String: (details: String?, taxes: Int64?)]

  private struct Line: JSONWritable {
    let item: SagaItem
    let details: String?
    let taxes: Int64?

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("reference", item.reference.text)
        object.field("seller", item.offer.seller)
        if item.part == nil {
          object.field("amount", item.price)
          object.field("taxes", ifPresent: taxes.map { min($0, item.price) })
        }
        // Were what we wrote not to be read, the line stands without it.
        if let details, let node = try? JSONDocument(text: details).root { object.field("what", node) }
      }
    }
  }

  func write(to writer: inout JSONWriter) {
    let bought = saga.items.filter(\.isBought)
    let total = bought.reduce(Int64(0)) { $0 + $1.price }
    writer.object { object in
      object.field("currency", saga.currency.code)
      object.field(
        "lines",
        bought.map { item in
          Line(item: item, details: known[item.reference.text]?.details, taxes: known[item.reference.text]?.taxes)
        })
      if saga.package != nil {
        let taxes = bought.compactMap { known[$0.reference.text]?.taxes }
        object.object("package") {
          $0.field("amount", total)
          if taxes.count == bought.count { $0.field("taxes", min(taxes.reduce(0, +), total)) }
        }
      }
      object.field("total", total)
    }
  }
}
