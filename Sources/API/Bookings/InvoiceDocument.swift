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
    if let package = invoice.package {
      rows.append(Row(text: "Package of all of this", amount: package.amount.description))
      rows.append(Row(text: "  " + Self.taxes(package), size: 8))
    }
    for line in invoice.lines {
      rows.append(Row(text: String(line.what.prefix(80)), amount: line.price?.amount.description ?? ""))
      rows.append(Row(text: "  \(line.reference)\(line.price.map { ", " + Self.taxes($0) } ?? "")", size: 8))
    }
    rows.append(Row())
    rows.append(Row(text: "Total", amount: invoice.total.description, size: 12, isBold: true))
    let prices = invoice.package.map { [$0] } ?? invoice.lines.compactMap(\.price)
    if let taxes = InvoiceDocument.sum(prices, in: invoice.total.currency) {
      rows.append(Row(text: "of which taxes and fees", amount: taxes.description))
    }
    return rows
  }

  private static func taxes(_ price: StoredInvoice.Price) -> String {
    price.taxes.map { "of which taxes and fees \($0)" } ?? "taxes and fees are not stated by the seller"
  }

  /// All taxes; nil where not all of them are stated.
  private static func sum(_ prices: [StoredInvoice.Price], in currency: Currency) -> Money? {
    var units: Int64 = 0
    for price in prices {
      guard let taxes = price.taxes else { return nil }
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
