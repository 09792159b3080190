import Kernel

/// `calendar.txt`: the weekdays of services.
struct CalendarFile: FeedFile {
  static let name = "calendar.txt"

  private let service, start, end: FeedColumn
  private let weekdays: [FeedColumn]
  private var seen: Set<GraphKey<ServiceRow>> = []

  init(_ table: FeedTable) {
    service = table.requiredColumn("service_id")
    let names: [StaticString] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    weekdays = names.map { table.requiredColumn($0) }
    start = table.requiredColumn("start_date")
    end = table.requiredColumn("end_date")
    _ = table.column("service_name")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let id = try row.requiredBytes(service)
    var runs: [Bool] = []
    for weekday in weekdays { runs.append(try row.requiredFlag(weekday)) }
    let (first, last) = (try row.requiredDate(start), try row.requiredDate(end))
    guard first <= last else { throw row.drop(.datesOutOfOrder, end) }
    guard ServiceDays.reach.contains(first) else { throw row.drop(.dateOutOfReach, start) }
    guard ServiceDays.reach.contains(last) else { throw row.drop(.dateOutOfReach, end) }
    if let known = context.services.find(id), seen.contains(known) { throw row.drop(.duplicateKey, service) }
    let key = context.service(id)
    seen.insert(key)
    context.calendarRows.append(
      CalendarRow(
        service: key, monday: runs[0], tuesday: runs[1], wednesday: runs[2], thursday: runs[3], friday: runs[4],
        saturday: runs[5], sunday: runs[6], startDate: first, endDate: last))
    let length = first.days(until: last)
    if (0...min(6, length)).contains(where: { runs[first.adding(days: $0).weekday - 1] }) {
      context.days.add(key, from: first, through: last)
    }
  }
}
