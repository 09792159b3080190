extension GraphTable {
  /// Every table that is filled from feeds, in the order in which they stand in the file: what is looked at together
  /// stands together.
  static let ofFeeds: [GraphTable] = [
    FeedRow.table, FeedInfoRow.table, NoticeRow.table, NoticeCountRow.table, AgencyRow.table, LevelRow.table,
    StopRow.table, NetworkRow.table, RouteRow.table, RouteNetworkRow.table, ServiceRow.table, CalendarRow.table,
    CalendarDateRow.table, ShapeRow.table, ShapePointRow.table, TripRow.table, BookingRuleRow.table,
    StopTimeRow.table, FrequencyRow.table, TransferRow.table, PathwayRow.table, FareAttributeRow.table,
    FareRuleRow.table, AreaRow.table, StopAreaRow.table, FareMediumRow.table, RiderCategoryRow.table,
    FareProductRow.table, TimeframeRow.table, FareLegRuleRow.table, FareLegJoinRuleRow.table,
    FareTransferRuleRow.table, LocationGroupRow.table, LocationGroupStopRow.table, LocationRow.table,
    FlexStopTimeRow.table, TranslationRow.table, AttributionRow.table,
  ]
}
