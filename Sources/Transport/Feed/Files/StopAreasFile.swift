/// `stop_areas.txt`: which stops belong to an area.
struct StopAreasFile: FeedFile {
  static let name = "stop_areas.txt"

  private let area, stop: FeedColumn
  private var seen: Set<StopAreaRow> = []

  init(_ table: FeedTable) {
    area = table.requiredColumn("area_id")
    stop = table.requiredColumn("stop_id")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let pair = StopAreaRow(
      area: try row.requiredReference(area, in: context.areas), stop: try row.requiredReference(stop, in: context.stops)
    )
    guard seen.insert(pair).inserted else { throw row.drop(.duplicateKey, stop) }
    context.add(pair)
  }
}
