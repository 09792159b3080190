/// `location_groups.txt`: stops that are served on demand together.
struct LocationGroupsFile: FeedFile {
  static let name = "location_groups.txt"

  private let id, groupName: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("location_group_id")
    groupName = table.column("location_group_name")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let group = LocationGroupRow(
      feed: context.feed, locationGroupID: try row.requiredText(id), locationGroupName: row.text(groupName))
    guard context.locationGroups.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(group)
  }
}
