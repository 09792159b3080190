/// `attributions.txt`: who must be named.
struct AttributionsFile: FeedFile {
  static let name = "attributions.txt"

  private let id, agency, route, trip, organization, producer, isOperator, authority, url, email, phone: FeedColumn

  init(_ table: FeedTable) {
    id = table.column("attribution_id")
    agency = table.column("agency_id")
    route = table.column("route_id")
    trip = table.column("trip_id")
    organization = table.requiredColumn("organization_name")
    producer = table.column("is_producer")
    isOperator = table.column("is_operator")
    authority = table.column("is_authority")
    url = table.column("attribution_url")
    email = table.column("attribution_email")
    phone = table.column("attribution_phone")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    context.add(
      AttributionRow(
        feed: context.feed, attributionID: row.text(id), agency: row.reference(agency, in: context.agencies),
        route: row.reference(route, in: context.routes), trip: row.reference(trip, in: context.trips),
        organizationName: try row.requiredText(organization), isProducer: row.flag(producer),
        isOperator: row.flag(isOperator), isAuthority: row.flag(authority), attributionURL: row.text(url),
        attributionEmail: row.text(email), attributionPhone: row.text(phone)))
  }
}
