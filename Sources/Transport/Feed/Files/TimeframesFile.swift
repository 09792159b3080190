/// `timeframes.txt`: parts of the day for which fares hold.
struct TimeframesFile: FeedFile {
  static let name = "timeframes.txt"

  private let group, start, end, service: FeedColumn

  init(_ table: FeedTable) {
    group = table.requiredColumn("timeframe_group_id")
    start = table.column("start_time")
    end = table.column("end_time")
    service = table.requiredColumn("service_id")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let day = ServiceTime(seconds: 0)...ServiceTime(seconds: 86_400)
    let first = row.isEmpty(start) ? day.lowerBound : try row.requiredTime(start)
    let last = row.isEmpty(end) ? day.upperBound : try row.requiredTime(end)
    guard first < last, day.contains(last) else { throw row.drop(.timeframeOutOfOrder, end) }
    context.add(
      TimeframeRow(
        feed: context.feed, timeframeGroupID: try row.requiredText(group), startTime: first, endTime: last,
        service: try row.requiredReference(service, in: context.services)))
  }
}
