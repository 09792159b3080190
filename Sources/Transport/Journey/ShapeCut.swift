import Kernel

/// Cuts the part of a shape that is ridden.
struct ShapeCut {
  private let points: [(point: Coordinate, distance: Double?)]

  init(_ points: [(point: Coordinate, distance: Double?)]) {
    self.points = points
  }

  /// The way along a ride; nil if the shape does not fit the stops.
  ///
  /// - Parameters:
  ///   - stops: all stops of the ride, from the first to the last.
  ///   - distances: where the feed says that the first and the last lie along the shape.
  /// - Returns: the points from the first stop to the last, both included.
  func cut(along stops: [Coordinate], distances: (from: Double, to: Double)?) -> [Coordinate]? {
    guard points.count >= 2, let first = stops.first, let last = stops.last else { return nil }
    if let distances, let way = cut(from: distances.from, to: distances.to) { return [first] + way + [last] }
    // Each stop is looked for behind the one before, so that loops are followed as they are driven.
    var place = 0
    var start: Int?
    for stop in stops {
      guard let next = nearest(to: stop, from: place) else { return nil }
      if start == nil { start = next }
      place = next
    }
    guard let start, start <= place else { return nil }
    return [first] + points[start...place].map(\.point) + [last]
  }

  private func cut(from: Double, to: Double) -> [Coordinate]? {
    guard points.allSatisfy({ $0.distance != nil }) else { return nil }
    return points.filter { ($0.distance ?? -1) >= from && ($0.distance ?? -1) <= to }.map(\.point)
  }

  /// The first point behind a place that is about as near to a stop as any.
  private func nearest(to stop: Coordinate, from start: Int) -> Int? {
    func metres(_ index: Int) -> Double { points[index].point.metres(to: stop) }
    guard let best = (start..<points.count).min(by: { metres($0) < metres($1) }) else { return nil }
    let least = metres(best)
    // A loop passes a stop twice, about as near each time: the first time is meant.
    return (start...best).first { metres($0) <= least + 15 }
  }

  /// How long a way is.
  static func metres(_ path: [Coordinate]) -> Int {
    var sum = 0.0
    for (a, b) in zip(path, path.dropFirst()) {
      sum += a.metres(to: b)
    }
    return Int(sum.rounded())
  }
}
