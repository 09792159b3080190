import Kernel

/// Finds where along a shape the stops of a trip lie.
///
/// Each stop goes to a point of the shape, in order, such that the sum of the squared distances is least: the nearest
/// point alone goes wrong where a shape crosses itself or comes back on the other side of the street. It is a shortest
/// path over stops and segments, O(stops × segments) with the best of all earlier segments kept as it goes.
struct ShapeMatcher {
  private struct Line {
    var x: [Double] = []
    var y: [Double] = []
    /// The way to each point.
    var metres: [Double] = []
  }

  /// So many stops times segments, and the trip is measured by straight lines instead.
  private static let cellsMax = 4_000_000

  private let context: ImportContext
  private var statement: SQLiteStatement?
  // Trips of one pattern mostly follow one another.
  private var lastShape: GraphKey<ShapeRow>?
  private var lastStops: [Int32] = []
  private var lastAnswer: [Double]?

  init(_ context: ImportContext) {
    self.context = context
  }

  /// The way from the shape's start to each stop, in metres and never decreasing; nil without a usable shape.
  mutating func distances(of stops: [Int32], along shape: GraphKey<ShapeRow>?) -> [Double]? {
    guard let shape else { return nil }
    if shape == lastShape, stops == lastStops { return lastAnswer }
    (lastShape, lastStops) = (shape, stops)
    lastAnswer = match(stops, line(shape, near: context.stop(stops[0])))
    return lastAnswer
  }

  /// The shape on a plane that touches the earth near its start.
  private mutating func line(_ shape: GraphKey<ShapeRow>, near origin: ImportContext.StopFacts) -> Line {
    var line = Line()
    let (perDegree, perDegreeAcross) = Self.metresPerDegree(origin.latitude)
    context.attempt { () throws(GraphError) in
      let query = "select shape_pt_lat, shape_pt_lon from shape_points where shape = ? order by position"
      try context.writer.flush()
      if statement == nil { statement = try context.writer.database.prepare(query) }
      guard let statement else { return }
      var parameters = statement.parameters
      parameters.bind(shape)
      while try statement.step() {
        var row = statement.row
        let (latitude, longitude): (Double, Double) = (row.next(), row.next())
        let point = ((longitude - origin.longitude) * perDegreeAcross, (latitude - origin.latitude) * perDegree)
        if let x = line.x.last, let y = line.y.last, let metres = line.metres.last {
          let (dx, dy) = (point.0 - x, point.1 - y)
          line.metres.append(metres + (dx * dx + dy * dy).squareRoot())
        } else {
          line.metres.append(0)
        }
        line.x.append(point.0)
        line.y.append(point.1)
      }
    }
    return line
  }

  private func match(_ stops: [Int32], _ line: Line) -> [Double]? {
    let segments = line.x.count - 1
    guard segments >= 1, stops.count * segments <= Self.cellsMax else { return nil }
    let origin = context.stop(stops[0])
    let (perDegree, perDegreeAcross) = Self.metresPerDegree(origin.latitude)
    // costs[s]: the least cost of all stops so far with the last of them on segment s; from: where the one before is.
    var costs = [Double](repeating: 0, count: segments)
    var from = [Int32](repeating: 0, count: stops.count * segments)
    var ways = [Double](repeating: 0, count: stops.count * segments)
    for (index, number) in stops.enumerated() {
      let stop = context.stop(number)
      let x = (stop.longitude - origin.longitude) * perDegreeAcross
      let y = (stop.latitude - origin.latitude) * perDegree
      let cells = index * segments
      var (least, leastSegment) = (Double.infinity, Int32(0))
      for segment in 0..<segments {
        let (square, way) = Self.project(x, y, line, segment)
        ways[cells + segment] = way
        // On one segment, going back costs as much as being so far off.
        let back = index == 0 ? 0 : max(0, ways[cells - segments + segment] - way)
        let stay = costs[segment] + back * back
        let cost = min(stay, least)
        from[cells + segment] = stay <= least ? Int32(segment) : leastSegment
        if costs[segment] < least { (least, leastSegment) = (costs[segment], Int32(segment)) }
        costs[segment] = cost + square
      }
    }
    guard let last = costs.indices.min(by: { costs[$0] < costs[$1] }) else { return nil }
    return trace(stops.count, segments, last, from, ways)
  }

  private func trace(_ stops: Int, _ segments: Int, _ last: Int, _ from: [Int32], _ ways: [Double]) -> [Double] {
    var answer = [Double](repeating: 0, count: stops)
    var segment = last
    for index in (0..<stops).reversed() {
      answer[index] = ways[index * segments + segment]
      segment = Int(from[index * segments + segment])
    }
    // On one segment two stops may still lie the wrong way round.
    for index in 1..<stops { answer[index] = max(answer[index], answer[index - 1]) }
    return answer
  }

  /// The squared distance of a point from a segment, and the way to the nearest point of it.
  private static func project(_ x: Double, _ y: Double, _ line: Line, _ segment: Int) -> (square: Double, way: Double) {
    let (ax, ay) = (line.x[segment], line.y[segment])
    let (dx, dy) = (line.x[segment + 1] - ax, line.y[segment + 1] - ay)
    let length = dx * dx + dy * dy
    let share = length > 0 ? min(1, max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0
    let (px, py) = (ax + share * dx - x, ay + share * dy - y)
    return (px * px + py * py, line.metres[segment] + share * length.squareRoot())
  }

  private static func metresPerDegree(_ latitude: Double) -> (Double, Double) {
    let across = Coordinate(latitude, 0).metres(to: Coordinate(latitude, 0.01)) * 100
    return (111_195, across)
  }
}
