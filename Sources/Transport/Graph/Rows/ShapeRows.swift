/// The way of vehicles on the ground.
struct ShapeRow: GraphRow, Hashable {
  static let table = GraphTable(
    "shapes", number: "shape", scope: .feed,
    columns: [
      .feed, .value("shape_id"),
    ])

  var feed: GraphKey<FeedRow>
  var shapeID: String
}

extension ShapeRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), shapeID: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(shapeID)
  }
}

/// A point of a shape; rows come shape by shape, in order.
struct ShapePointRow: GraphRow, Hashable {
  static let table = GraphTable(
    "shape_points", scope: .parent("shapes"),
    columns: [
      .number("shape", of: "shapes"), .value("position"), .value("shape_pt_lat"), .value("shape_pt_lon"),
      .value("shape_dist_traveled"),
    ])

  var shape: GraphKey<ShapeRow>
  var position: Int32
  var shapePtLat: Double
  var shapePtLon: Double
  var shapeDistTraveled: Double?
}

extension ShapePointRow {
  init(_ row: inout ColumnReader) {
    self.init(
      shape: row.next(), position: row.next(), shapePtLat: row.next(), shapePtLon: row.next(),
      shapeDistTraveled: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(shape)
    row.bind(position)
    row.bind(shapePtLat)
    row.bind(shapePtLon)
    row.bind(shapeDistTraveled)
  }
}
