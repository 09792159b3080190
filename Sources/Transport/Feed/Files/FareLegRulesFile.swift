/// `fare_leg_rules.txt`: what one leg costs.
struct FareLegRulesFile: FeedFile {
  static let name = "fare_leg_rules.txt"

  private let group, network, fromArea, toArea, fromTimeframe, toTimeframe, product, priority: FeedColumn

  init(_ table: FeedTable) {
    group = table.column("leg_group_id")
    network = table.column("network_id")
    fromArea = table.column("from_area_id")
    toArea = table.column("to_area_id")
    fromTimeframe = table.column("from_timeframe_group_id")
    toTimeframe = table.column("to_timeframe_group_id")
    product = table.requiredColumn("fare_product_id")
    priority = table.column("rule_priority")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let rule = FareLegRuleRow(
      feed: context.feed, legGroupID: row.text(group), network: try row.strictReference(network, in: context.networks),
      fromArea: try row.strictReference(fromArea, in: context.areas),
      toArea: try row.strictReference(toArea, in: context.areas), fromTimeframeGroupID: row.text(fromTimeframe),
      toTimeframeGroupID: row.text(toTimeframe), fareProductID: try row.requiredText(product),
      // With the column, an empty priority is the lowest; without it, rules have none.
      rulePriority: row.integer(priority, in: 0...Int(Int32.max)) ?? (priority.isThere ? 0 : nil))
    _ = try row.requiredReference(product, in: context.fareProducts)
    context.add(rule)
  }
}
