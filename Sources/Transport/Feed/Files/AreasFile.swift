/// `areas.txt`: stops that share fares.
struct AreasFile: FeedFile {
  static let name = "areas.txt"

  private let id, areaName: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("area_id")
    areaName = table.column("area_name")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let area = AreaRow(feed: context.feed, areaID: try row.requiredText(id), areaName: row.text(areaName))
    guard context.areas.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(area)
  }
}
