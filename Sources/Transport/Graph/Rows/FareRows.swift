/// A ticket, as the first version of fares has it.
struct FareAttributeRow: GraphRow, Hashable {
  static let table = GraphTable(
    "fare_attributes", number: "fare", scope: .feed,
    columns: [
      .feed, .value("fare_id"), .value("price_minor"), .value("currency_type"), .value("payment_method"),
      .value("transfers"), .number("agency", of: "agency"), .value("transfer_duration"),
    ])

  var feed: GraphKey<FeedRow>
  var fareID: String
  /// In the smallest unit of the currency.
  var priceMinor: Int
  var currencyType: String
  var paymentMethod: Int
  /// Nil for any number.
  var transfers: Int?
  var agency: GraphKey<AgencyRow>?
  /// Seconds.
  var transferDuration: Int?
}

extension FareAttributeRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), fareID: row.next(), priceMinor: row.next(), currencyType: row.next(),
      paymentMethod: row.next(), transfers: row.next(), agency: row.next(), transferDuration: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(fareID)
    row.bind(priceMinor)
    row.bind(currencyType)
    row.bind(paymentMethod)
    row.bind(transfers)
    row.bind(agency)
    row.bind(transferDuration)
  }
}

/// Where a ticket is valid.
struct FareRuleRow: GraphRow, Hashable {
  static let table = GraphTable(
    "fare_rules", scope: .parent("fare_attributes"),
    columns: [
      .number("fare", of: "fare_attributes"), .number("route", of: "routes"), .value("origin_id"),
      .value("destination_id"), .value("contains_id"),
    ])

  var fare: GraphKey<FareAttributeRow>
  var route: GraphKey<RouteRow>?
  var originID: String?
  var destinationID: String?
  var containsID: String?
}

extension FareRuleRow {
  init(_ row: inout ColumnReader) {
    self.init(
      fare: row.next(), route: row.next(), originID: row.next(), destinationID: row.next(), containsID: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(fare)
    row.bind(route)
    row.bind(originID)
    row.bind(destinationID)
    row.bind(containsID)
  }
}
