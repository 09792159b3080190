/// `fare_attributes.txt`: tickets, as the first version of fares has them.
struct FareAttributesFile: FeedFile {
  static let name = "fare_attributes.txt"

  private let id, price, currency, payment, transfers, agency, duration: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("fare_id")
    price = table.requiredColumn("price")
    currency = table.requiredColumn("currency_type")
    payment = table.column("payment_method")
    transfers = table.column("transfers")
    agency = table.column("agency_id")
    duration = table.column("transfer_duration")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let code = try row.currency(currency)
    let fare = FareAttributeRow(
      feed: context.feed, fareID: try row.requiredText(id), priceMinor: try row.amount(price, in: code),
      currencyType: code, paymentMethod: row.integer(payment, in: 0...1) ?? 0,
      // Empty means any number; a wrong number must not come to mean that.
      transfers: row.isEmpty(transfers) ? nil : try row.requiredInteger(transfers, in: 0...2),
      agency: try row.strictReference(agency, in: context.agencies),
      transferDuration: row.integer(duration, in: 0...Int(Int32.max)))
    if fare.priceMinor < 0 { throw row.drop(.numberOutOfRange, price) }
    guard context.fares.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(fare)
  }
}
