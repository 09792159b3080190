/// `shapes.txt`: the ways of vehicles on the ground.
///
/// Points come in any order: they wait in flat arrays, about 40 bytes each, until all are read.
struct ShapesFile: FeedFile {
  static let name = "shapes.txt"

  private let id, latitude, longitude, sequence, distance: FeedColumn
  private var shapes: [Int32] = []
  private var sequences: [Int32] = []
  private var latitudes: [Double] = []
  private var longitudes: [Double] = []
  /// NaN where there is none.
  private var distances: [Double] = []
  private var lines: [Int32] = []

  init(_ table: FeedTable) {
    id = table.requiredColumn("shape_id")
    latitude = table.requiredColumn("shape_pt_lat")
    longitude = table.requiredColumn("shape_pt_lon")
    sequence = table.requiredColumn("shape_pt_sequence")
    distance = table.column("shape_dist_traveled")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let bytes = try row.requiredBytes(id)
    let place = (try row.requiredReal(latitude, in: -90...90), try row.requiredReal(longitude, in: -180...180))
    let number = try row.requiredInteger(sequence, in: 0...Int(Int32.max))
    let travelled = row.real(distance, in: 0...1e9)
    let shape: GraphKey<ShapeRow>
    if let known = context.shapes.find(bytes) {
      shape = known
    } else {
      shape = context.shapes.nextKey
      _ = context.shapes.insert(bytes)
      context.add(ShapeRow(feed: context.feed, shapeID: bytes.text))
    }
    shapes.append(shape.number - context.shapes.base)
    sequences.append(Int32(number))
    latitudes.append(place.0)
    longitudes.append(place.1)
    if distance.isThere { distances.append(travelled ?? .nan) }
    lines.append(Int32(row.line))
  }

  mutating func end(_ context: ImportContext) {
    let order = GroupedOrder(groups: shapes, count: context.shapes.count, ranks: sequences)
    for shape in 0..<context.shapes.count {
      add(order.members(of: shape), GraphKey(context.shapes.base + Int32(shape)), context)
    }
    self = ShapesFile(emptied: self)
  }

  private init(emptied file: ShapesFile) {
    (id, latitude, longitude, sequence, distance) = (
      file.id, file.latitude, file.longitude, file.sequence, file.distance
    )
  }

  private func add(_ points: ArraySlice<Int32>, _ shape: GraphKey<ShapeRow>, _ context: ImportContext) {
    var position: Int32 = 0
    var (lastSequence, lastDistance) = (Int32(-1), -Double.infinity)
    for point in points.lazy.map(Int.init) {
      guard sequences[point] != lastSequence else {
        notice(.duplicateKey, .rowLeftOut, point, "shape_pt_sequence", "\(sequences[point])", context)
        continue
      }
      lastSequence = sequences[point]
      var travelled: Double? = distances.isEmpty || distances[point].isNaN ? nil : distances[point]
      if let value = travelled, value < lastDistance {
        notice(.decreasingDistance, .fieldIgnored, point, "shape_dist_traveled", "\(value)", context)
        travelled = nil
      }
      lastDistance = travelled ?? lastDistance
      context.add(
        ShapePointRow(
          shape: shape, position: position, shapePtLat: latitudes[point], shapePtLon: longitudes[point],
          shapeDistTraveled: travelled))
      position += 1
    }
    if position < 2, let first = points.first {
      notice(.shapeWithOnePoint, .usedAsItIs, Int(first), "shape_id", context.shapes.text(shape), context)
    }
  }

  private func notice(
    _ code: NoticeCode, _ consequence: NoticeConsequence, _ point: Int, _ field: String, _ value: String,
    _ context: ImportContext
  ) {
    context.notices.add(code, consequence, file: Self.name, line: Int(lines[point]), field: field, value: value)
  }
}
