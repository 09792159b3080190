/// `frequencies.txt`: trips repeated at a headway.
struct FrequenciesFile: FeedFile {
  static let name = "frequencies.txt"

  private let trip, start, end, headway, exact: FeedColumn
  private var rows: [(row: FrequencyRow, line: Int)] = []

  init(_ table: FeedTable) {
    trip = table.requiredColumn("trip_id")
    start = table.requiredColumn("start_time")
    end = table.requiredColumn("end_time")
    headway = table.requiredColumn("headway_secs")
    exact = table.column("exact_times")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let frequency = FrequencyRow(
      trip: try row.requiredReference(trip, in: context.trips), startTime: try row.requiredTime(start),
      endTime: try row.requiredTime(end), headwaySecs: try row.requiredInteger(headway, in: 1...86_400),
      exactTimes: row.flag(exact))
    guard frequency.startTime < frequency.endTime else { throw row.drop(.datesOutOfOrder, end) }
    rows.append((frequency, row.line))
  }

  mutating func end(_ context: ImportContext) {
    rows.sort { ($0.row.trip, $0.row.startTime, $0.line) < ($1.row.trip, $1.row.startTime, $1.line) }
    var previous: FrequencyRow?
    for (row, line) in rows {
      if let previous, previous.trip == row.trip, previous.endTime > row.startTime {
        let consequence: NoticeConsequence = previous.startTime == row.startTime ? .rowLeftOut : .usedAsItIs
        context.notices.add(
          .overlappingFrequency, consequence, file: Self.name, line: line, field: "start_time",
          value: row.startTime.description)
        if previous.startTime == row.startTime { continue }
      }
      previous = row
      context.add(row)
    }
    rows = []
  }
}
