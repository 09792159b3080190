import Booking
import JSON
import Kernel
import Postgres

/// What follows from an event, written with it.
extension BookingStore {
  func write(_ saga: Saga, _ effects: [SagaEffect], _ id: BookingID, _ transaction: Transaction) async throws {
    let document = String(decoding: SagaJSON(saga).jsonBytes(), as: UTF8.self)
    let due = [saga.wake, saga.overdue].compactMap(\.self).min().map { PostgresTimestamp($0) }
    try await transaction.execute(
      """
      update booking set saga = \(document)::text::json, phase = \(saga.phase.rawValue), due_at = \(due),
        needs_attention = \(saga.needsAttention), revision = revision + 1, changed_at = now()
      where id = \(id)
      """)
    try await write(saga.payment, of: saga, id, transaction)
    var entries: [LedgerEntry] = []
    for effect in effects {
      switch effect {
      case .journal(let line): try await write(line, id, transaction)
      case .ledger(let entry): entries.append(entry)
      case .entered(.ticketed):
        try await writeInvoice(of: saga, id, transaction)
        try await tell(effect, saga, id, transaction)
      case .entered, .asked: try await tell(effect, saga, id, transaction)
      }
    }
    // Last, because other bookings wait for whoever has moved money with the same collector or seller.
    for entry in entries { try await write(entry, id, transaction) }
  }

  private func write(_ line: JournalLine, _ id: BookingID, _ transaction: Transaction) async throws {
    let target =
      switch line.target {
      case .item(let index): "item \(index)"
      case .payment: "payment"
      }
    try await transaction.execute(
      """
      insert into booking_call (booking_id, number, target, action, state, attempts, words)
      values (\(id), \(Int32(clamping: line.number)), \(target), \(line.action.line), \(line.state.rawValue),
        \(Int32(clamping: line.attempts)), \(line.words.map { String($0.prefix(500)) }))
      """)
  }

  private func write(
    _ payment: SagaPayment?, of saga: Saga, _ id: BookingID, _ transaction: Transaction
  ) async throws {
    guard let payment else { return }
    try await transaction.execute(
      """
      insert into payment (reference, booking_id, number, collector, stage, currency, amount, refunded)
      values (\(saga.paymentReference), \(id), \(Int16(clamping: payment.number)), \(saga.collector),
        \(payment.stage.rawValue), \(saga.currency.code), \(payment.amount), \(payment.refunded))
      on conflict (reference) do update set stage = excluded.stage, amount = excluded.amount,
        refunded = excluded.refunded, changed_at = now()
      where (payment.stage, payment.amount, payment.refunded)
        is distinct from (excluded.stage, excluded.amount, excluded.refunded)
      """)
  }

  /// Writes an entry; one that is there already, or does not balance, rolls everything back.
  func write(_ entry: LedgerEntry, _ id: BookingID?, _ transaction: Transaction) async throws {
    let (kind, settles): (String, String?) =
      switch entry.kind {
      case .posted: ("posted", nil)
      case .pending: ("pending", nil)
      case .posting(let of): ("posting", of)
      case .voiding(let of): ("voiding", of)
      }
    try await transaction.execute(
      """
      insert into ledger_entry (id, kind, settles, booking_id, memo)
      values (\(entry.id), \(kind), \(settles), \(id), \(entry.memo))
      """)
    // In the order of accounts, so that two entries never wait for each other.
    for (number, line) in entry.lines.sorted(by: { $0.account < $1.account }).enumerated() {
      try await transaction.execute(
        """
        insert into ledger_line (entry_id, number, account, currency, amount)
        values (\(entry.id), \(Int16(clamping: number)), \(line.account.name), \(line.amount.currency.code),
          \(line.amount.minorUnits))
        """)
    }
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
