/// `fare_leg_join_rules.txt`: legs that count as one.
struct FareLegJoinRulesFile: FeedFile {
  static let name = "fare_leg_join_rules.txt"

  private let fromNetwork, toNetwork, fromStop, toStop: FeedColumn

  init(_ table: FeedTable) {
    fromNetwork = table.requiredColumn("from_network_id")
    toNetwork = table.requiredColumn("to_network_id")
    fromStop = table.column("from_stop_id")
    toStop = table.column("to_stop_id")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    context.add(
      FareLegJoinRuleRow(
        feed: context.feed, fromNetwork: try row.requiredReference(fromNetwork, in: context.networks),
        toNetwork: try row.requiredReference(toNetwork, in: context.networks),
        fromStop: try row.strictReference(fromStop, in: context.stops),
        toStop: try row.strictReference(toStop, in: context.stops)))
  }
}
