/// A text of the feed in another language.
struct TranslationRow: GraphRow, Hashable {
  static let table = GraphTable(
    "translations", scope: .feed,
    columns: [
      .feed, .value("table_name"), .value("field_name"), .value("language"), .value("translation"),
      .value("record_id"), .value("record_sub_id"), .value("field_value"),
    ])

  var feed: GraphKey<FeedRow>
  var tableName: String
  var fieldName: String
  var language: String
  var translation: String
  var recordID: String?
  var recordSubID: String?
  var fieldValue: String?
}

extension TranslationRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), tableName: row.next(), fieldName: row.next(), language: row.next(), translation: row.next(),
      recordID: row.next(), recordSubID: row.next(), fieldValue: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(tableName)
    row.bind(fieldName)
    row.bind(language)
    row.bind(translation)
    row.bind(recordID)
    row.bind(recordSubID)
    row.bind(fieldValue)
  }
}

/// Who must be named.
struct AttributionRow: GraphRow, Hashable {
  static let table = GraphTable(
    "attributions", scope: .feed,
    columns: [
      .feed, .value("attribution_id"), .number("agency", of: "agency"), .number("route", of: "routes"),
      .number("trip", of: "trips"), .value("organization_name"), .value("is_producer"), .value("is_operator"),
      .value("is_authority"), .value("attribution_url"), .value("attribution_email"), .value("attribution_phone"),
    ])

  var feed: GraphKey<FeedRow>
  var attributionID: String?
  var agency: GraphKey<AgencyRow>?
  var route: GraphKey<RouteRow>?
  var trip: GraphKey<TripRow>?
  var organizationName: String
  var isProducer: Bool
  var isOperator: Bool
  var isAuthority: Bool
  var attributionURL: String?
  var attributionEmail: String?
  var attributionPhone: String?
}

extension AttributionRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), attributionID: row.next(), agency: row.next(), route: row.next(), trip: row.next(),
      organizationName: row.next(), isProducer: row.next(), isOperator: row.next(), isAuthority: row.next(),
      attributionURL: row.next(), attributionEmail: row.next(), attributionPhone: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(attributionID)
    row.bind(agency)
    row.bind(route)
    row.bind(trip)
    row.bind(organizationName)
    row.bind(isProducer)
    row.bind(isOperator)
    row.bind(isAuthority)
    row.bind(attributionURL)
    row.bind(attributionEmail)
    row.bind(attributionPhone)
  }
}
