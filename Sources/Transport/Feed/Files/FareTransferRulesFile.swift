/// `fare_transfer_rules.txt`: what changing from one leg to the next costs.
struct FareTransferRulesFile: FeedFile {
  static let name = "fare_transfer_rules.txt"

  private let fromGroup, toGroup, count, duration, durationType, type, product: FeedColumn

  init(_ table: FeedTable) {
    fromGroup = table.column("from_leg_group_id")
    toGroup = table.column("to_leg_group_id")
    count = table.column("transfer_count")
    duration = table.column("duration_limit")
    durationType = table.column("duration_limit_type")
    type = table.requiredColumn("fare_transfer_type")
    product = table.column("fare_product_id")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    // What limits a rule must not be lost: without it the rule would grant more.
    let limit = row.isEmpty(duration) ? nil : try row.requiredInteger(duration, in: 1...Int(Int32.max))
    let transfers = row.isEmpty(count) ? nil : try row.requiredInteger(count, in: -1...Int(Int32.max))
    if transfers == 0 { throw row.drop(.numberOutOfRange, count) }
    if limit != nil && row.isEmpty(durationType) { throw row.drop(.missingRequiredField, durationType) }
    _ = try row.strictReference(product, in: context.fareProducts)
    context.add(
      FareTransferRuleRow(
        feed: context.feed, fromLegGroupID: row.text(fromGroup), toLegGroupID: row.text(toGroup),
        transferCount: transfers, durationLimit: limit,
        durationLimitType: limit == nil ? nil : try row.requiredInteger(durationType, in: 0...3),
        fareTransferType: try row.requiredInteger(type, in: 0...2), fareProductID: row.text(product)))
  }
}
