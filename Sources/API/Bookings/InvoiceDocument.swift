import Booking
import BudgetWire
import Kernel
import Store

/// An invoice for people: what was bought, at which price, with the taxes that are in it.
struct InvoiceDocument {
  private static let linesOfPage = 40
  private static let (left, right, top) = (60, 535, 780)

  private let invoice: StoredInvoice
  private let booking: StoredBooking

  init(_ invoice: StoredInvoice, _ booking: StoredBooking) {
    self.invoice = invoice
    self.booking = booking
  }

  /// The file.
  var pdf: [UInt8] {
    var document = PDFDocument(title: "Invoice \(invoice.name)")
    // A booking has twenty items at most, and each has two lines.
    var lines = body[...]
    repeat {
      let page = lines.prefix(Self.linesOfPage)
      lines = lines.dropFirst(Self.linesOfPage)
      document.add(page.enumerated().flatMap { index, row in pieces(row, y: Self.top - 17 * index) })
    } while !lines.isEmpty
    return document.bytes()
  }

  private struct Row {
    var text = ""
    var amount = ""
    var size = 10
    var isBold = false
  }

  private var body: [Row] {
    var rows = [
      Row(text: "Invoice \(invoice.name)", size: 18, isBold: true), Row(),
      Row(text: "Date: \(invoice.issuedAt.description.prefix(10))"), Row(text: "Booking: \(booking.id)"),
      Row(text: "For: " + booking.travellers.map { "\($0.givenName) \($0.familyName)" }.joined(separator: ", ")),
      Row(),
    ]
    for line in invoice.lines {
      rows.append(Row(text: String(line.what.prefix(80)), amount: line.amount.description))
      let taxes = line.taxes.map { "of which taxes and fees \($0)" } ?? "taxes and fees are not stated by the seller"
      rows.append(Row(text: "  \(line.reference), \(taxes)", size: 8))
    }
    rows.append(Row())
    rows.append(Row(text: "Total", amount: invoice.total.description, size: 12, isBold: true))
    if let taxes = InvoiceDocument.sum(invoice.lines, in: invoice.total.currency) {
      rows.append(Row(text: "of which taxes and fees", amount: taxes.description))
    }
    return rows
  }

  /// All taxes; nil where not every line states them.
  private static func sum(_ lines: [StoredInvoice.Line], in currency: Currency) -> Money? {
    var units: Int64 = 0
    for line in lines {
      guard let taxes = line.taxes else { return nil }
      units += taxes.minorUnits
    }
    return Money(minorUnits: units, currency)
  }

  private func pieces(_ row: Row, y: Int) -> [PDFDocument.Piece] {
    [
      PDFDocument.Piece(text: row.text, x: Self.left, y: y, size: row.size, isBold: row.isBold),
      PDFDocument.Piece(text: row.amount, x: Self.right, y: y, size: row.size, isBold: row.isBold, isRight: true),
    ].filter { !$0.text.isEmpty }
  }
}
