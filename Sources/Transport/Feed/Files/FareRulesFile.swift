/// `fare_rules.txt`: where tickets of the first version are valid.
struct FareRulesFile: FeedFile {
  static let name = "fare_rules.txt"

  private let fare, route, origin, destination, contains: FeedColumn

  init(_ table: FeedTable) {
    fare = table.requiredColumn("fare_id")
    route = table.column("route_id")
    origin = table.column("origin_id")
    destination = table.column("destination_id")
    contains = table.column("contains_id")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    // A rule for a route that is not there must not become one for all routes.
    context.add(
      FareRuleRow(
        fare: try row.requiredReference(fare, in: context.fares),
        route: try row.strictReference(route, in: context.routes), originID: row.text(origin),
        destinationID: row.text(destination), containsID: row.text(contains)))
  }
}
