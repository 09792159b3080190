/// `location_group_stops.txt`: which stops belong to such a group.
struct LocationGroupStopsFile: FeedFile {
  static let name = "location_group_stops.txt"

  private let group, stop: FeedColumn

  init(_ table: FeedTable) {
    group = table.requiredColumn("location_group_id")
    stop = table.requiredColumn("stop_id")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    context.add(
      LocationGroupStopRow(
        locationGroup: try row.requiredReference(group, in: context.locationGroups),
        stop: try row.requiredReference(stop, in: context.stops)))
  }
}
