/// A part of the day for which fares hold.
struct TimeframeRow: GraphRow, Hashable {
  static let table = GraphTable(
    "timeframes", number: "timeframe", scope: .feed,
    columns: [
      .feed, .value("timeframe_group_id"), .value("start_time"), .value("end_time"),
      .number("service", of: "services"),
    ])

  var feed: GraphKey<FeedRow>
  var timeframeGroupID: String
  var startTime: ServiceTime
  var endTime: ServiceTime
  var service: GraphKey<ServiceRow>
}

extension TimeframeRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), timeframeGroupID: row.next(), startTime: row.next(), endTime: row.next(), service: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(timeframeGroupID)
    row.bind(startTime)
    row.bind(endTime)
    row.bind(service)
  }
}

/// What one leg costs.
struct FareLegRuleRow: GraphRow, Hashable {
  static let table = GraphTable(
    "fare_leg_rules", number: "fare_leg_rule", scope: .feed,
    columns: [
      .feed, .value("leg_group_id"), .number("network", of: "networks"), .number("from_area", of: "areas"),
      .number("to_area", of: "areas"), .value("from_timeframe_group_id"), .value("to_timeframe_group_id"),
      .value("fare_product_id"), .value("rule_priority"),
    ])

  var feed: GraphKey<FeedRow>
  var legGroupID: String?
  var network: GraphKey<NetworkRow>?
  var fromArea: GraphKey<AreaRow>?
  var toArea: GraphKey<AreaRow>?
  var fromTimeframeGroupID: String?
  var toTimeframeGroupID: String?
  var fareProductID: String
  /// Nil when the feed does without priorities.
  var rulePriority: Int?
}

extension FareLegRuleRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), legGroupID: row.next(), network: row.next(), fromArea: row.next(), toArea: row.next(),
      fromTimeframeGroupID: row.next(), toTimeframeGroupID: row.next(), fareProductID: row.next(),
      rulePriority: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(legGroupID)
    row.bind(network)
    row.bind(fromArea)
    row.bind(toArea)
    row.bind(fromTimeframeGroupID)
    row.bind(toTimeframeGroupID)
    row.bind(fareProductID)
    row.bind(rulePriority)
  }
}

/// Legs that count as one.
struct FareLegJoinRuleRow: GraphRow, Hashable {
  static let table = GraphTable(
    "fare_leg_join_rules", scope: .feed,
    columns: [
      .feed, .number("from_network", of: "networks"), .number("to_network", of: "networks"),
      .number("from_stop", of: "stops"), .number("to_stop", of: "stops"),
    ])

  var feed: GraphKey<FeedRow>
  var fromNetwork: GraphKey<NetworkRow>
  var toNetwork: GraphKey<NetworkRow>
  var fromStop: GraphKey<StopRow>?
  var toStop: GraphKey<StopRow>?
}

extension FareLegJoinRuleRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), fromNetwork: row.next(), toNetwork: row.next(), fromStop: row.next(), toStop: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(fromNetwork)
    row.bind(toNetwork)
    row.bind(fromStop)
    row.bind(toStop)
  }
}

/// What changing from one leg to the next costs.
struct FareTransferRuleRow: GraphRow, Hashable {
  static let table = GraphTable(
    "fare_transfer_rules", number: "fare_transfer_rule", scope: .feed,
    columns: [
      .feed, .value("from_leg_group_id"), .value("to_leg_group_id"), .value("transfer_count"),
      .value("duration_limit"), .value("duration_limit_type"), .value("fare_transfer_type"),
      .value("fare_product_id"),
    ])

  var feed: GraphKey<FeedRow>
  var fromLegGroupID: String?
  var toLegGroupID: String?
  /// -1 for any number.
  var transferCount: Int?
  /// Seconds.
  var durationLimit: Int?
  var durationLimitType: Int?
  var fareTransferType: Int
  var fareProductID: String?
}

extension FareTransferRuleRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), fromLegGroupID: row.next(), toLegGroupID: row.next(), transferCount: row.next(),
      durationLimit: row.next(), durationLimitType: row.next(), fareTransferType: row.next(),
      fareProductID: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(fromLegGroupID)
    row.bind(toLegGroupID)
    row.bind(transferCount)
    row.bind(durationLimit)
    row.bind(durationLimitType)
    row.bind(fareTransferType)
    row.bind(fareProductID)
  }
}
