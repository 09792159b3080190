/// `fare_media.txt`: what tickets are on.
struct FareMediaFile: FeedFile {
  static let name = "fare_media.txt"

  private let id, mediumName, type: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("fare_media_id")
    mediumName = table.column("fare_media_name")
    type = table.requiredColumn("fare_media_type")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let medium = FareMediumRow(
      feed: context.feed, fareMediaID: try row.requiredText(id), fareMediaName: row.text(mediumName),
      fareMediaType: try row.requiredInteger(type, in: 0...4))
    guard context.fareMedia.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(medium)
  }
}
