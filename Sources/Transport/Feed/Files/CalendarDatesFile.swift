import Kernel

/// `calendar_dates.txt`: single days on which services run in addition, or do not run.
///
/// Its rows are sorted before they are added, as the table is kept in the order of its key.
struct CalendarDatesFile: FeedFile {
  static let name = "calendar_dates.txt"

  private let service, date, kind: FeedColumn
  private var rows: [(service: Int32, day: Int32, kind: ServiceException, line: Int32)] = []

  init(_ table: FeedTable) {
    service = table.requiredColumn("service_id")
    date = table.requiredColumn("date")
    kind = table.requiredColumn("exception_type")
    _ = table.column("holiday_name")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let id = try row.requiredBytes(service)
    let day = try row.requiredDate(date)
    let kind = try row.requiredValue(kind, ServiceException.self)
    guard ServiceDays.reach.contains(day) else { throw row.drop(.dateOutOfReach, date) }
    rows.append((context.service(id).number, day.daysSinceEpoch, kind, Int32(row.line)))
  }

  mutating func end(_ context: ImportContext) {
    rows.sort { ($0.service, $0.day, $0.line) < ($1.service, $1.day, $1.line) }
    var previous: (Int32, Int32)?
    for row in rows {
      let date = LocalDate(daysSinceEpoch: row.day)
      if let previous, previous == (row.service, row.day) {
        context.notices.add(
          .duplicateKey, .rowLeftOut, file: Self.name, line: Int(row.line), field: "date", value: "\(date)")
        continue
      }
      previous = (row.service, row.day)
      let service = GraphKey<ServiceRow>(row.service)
      context.calendarDateRows.append(CalendarDateRow(service: service, date: date, exceptionType: row.kind))
      if row.kind == .added { context.days.add(service, from: date, through: date) }
    }
    rows = []
  }
}
