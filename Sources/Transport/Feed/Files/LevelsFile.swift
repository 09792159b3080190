/// `levels.txt`: the floors of stations.
struct LevelsFile: FeedFile {
  static let name = "levels.txt"

  private let id, index, levelName: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("level_id")
    index = table.requiredColumn("level_index")
    levelName = table.column("level_name")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let level = LevelRow(
      feed: context.feed, levelID: try row.requiredText(id), levelIndex: try row.requiredReal(index, in: -1000...1000),
      levelName: row.text(levelName))
    guard context.levels.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(level)
  }
}
