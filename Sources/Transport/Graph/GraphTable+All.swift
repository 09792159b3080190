extension GraphTable {
  /// Every table that is filled from feeds, in the order in which each feed's rows are written.
  static let ofFeeds: [GraphTable] = [
    AgencyRow.table, FeedInfoRow.table, LevelRow.table, StopRow.table, RouteRow.table, NetworkRow.table,
    RouteNetworkRow.table, ServiceRow.table, CalendarRow.table, CalendarDateRow.table, BookingRuleRow.table,
    LocationGroupRow.table, LocationGroupStopRow.table, LocationRow.table, ShapeRow.table, ShapePointRow.table,
    TripRow.table, FlexStopTimeRow.table, StopTimeRow.table, FrequencyRow.table, TransferRow.table, PathwayRow.table,
    FareAttributeRow.table, FareRuleRow.table, AreaRow.table, StopAreaRow.table, FareMediumRow.table,
    RiderCategoryRow.table, FareProductRow.table, TimeframeRow.table, FareLegRuleRow.table, FareLegJoinRuleRow.table,
    FareTransferRuleRow.table, TranslationRow.table, AttributionRow.table, FeedRow.table, NoticeRow.table,
    NoticeCountRow.table,
  ]

  /// Where each stands in that order.
  static let ranks: [String: Int] = Dictionary(
    uniqueKeysWithValues: ofFeeds.enumerated().map { ($0.element.name, $0.offset) })
}
