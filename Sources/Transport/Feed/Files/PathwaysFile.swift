/// `pathways.txt`: the ways inside stations.
struct PathwaysFile: FeedFile {
  static let name = "pathways.txt"

  private let id, from, to, mode, bidirectional, length, time, stairs, slope, width, sign, reverseSign: FeedColumn
  private var ids = IdentifierTable<PathwayRow>()

  init(_ table: FeedTable) {
    id = table.requiredColumn("pathway_id")
    from = table.requiredColumn("from_stop_id")
    to = table.requiredColumn("to_stop_id")
    mode = table.requiredColumn("pathway_mode")
    bidirectional = table.requiredColumn("is_bidirectional")
    length = table.column("length")
    time = table.column("traversal_time")
    stairs = table.column("stair_count")
    slope = table.column("max_slope")
    width = table.column("min_width")
    sign = table.column("signposted_as")
    reverseSign = table.column("reversed_signposted_as")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let pathway = PathwayRow(
      feed: context.feed, pathwayID: try row.requiredText(id),
      fromStop: try row.requiredReference(from, in: context.stops),
      toStop: try row.requiredReference(to, in: context.stops),
      pathwayMode: try row.requiredValue(mode, PathwayMode.self),
      isBidirectional: try row.requiredFlag(bidirectional), length: row.real(length, in: 0...100_000),
      traversalTime: row.integer(time, in: 1...86_400), stairCount: row.integer(stairs, in: -100_000...100_000),
      maxSlope: row.real(slope, in: -100...100), minWidth: row.real(width, in: 0...1000), signpostedAs: row.text(sign),
      reversedSignpostedAs: row.text(reverseSign))
    guard ids.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(pathway)
  }
}
