import Kernel

/// Computes times that a feed leaves out, from those before and after: a vehicle is taken to keep its speed between them.
///
/// The way is measured by what is best among what there is: `shape_dist_traveled` of the stop times; the trip's shape, to
/// which its stops are matched; the straight lines from stop to stop; and if all stops are one place, evenly.
struct TimeInterpolation {
  private let context: ImportContext
  private var matcher: ShapeMatcher

  init(_ context: ImportContext) {
    self.context = context
    matcher = ShapeMatcher(context)
  }

  /// Fills in the times that are not given; the first and the last are.
  mutating func fill(
    _ times: inout [CallTimes], _ rows: [Int], _ columns: StopTimeColumns, of trip: GraphKey<TripRow>
  ) {
    var matched: [Double]??
    var from = 0
    for to in times.indices.dropFirst() where times[to].isGiven {
      defer { from = to }
      guard to - from > 1 else { continue }
      var way = stated(from...to, rows, columns)
      if way == nil {
        let stops = rows.map { columns.stops[$0] }
        if matched == nil { matched = .some(matcher.distances(of: stops, along: context.facts(of: trip).shape)) }
        way = matched.flatMap { $0 }.map { Array($0[from...to]) }.flatMap(growing)
      }
      let stops = (from...to).map { columns.stops[rows[$0]] }
      spread(&times, from, to, way ?? growing(straight(stops)) ?? (0...to - from).map(Double.init))
    }
  }

  private func spread(_ times: inout [CallTimes], _ from: Int, _ to: Int, _ way: [Double]) {
    let (start, duration) = (times[from].departure, Double(times[to].arrival - times[from].departure))
    let length = way[way.count - 1] - way[0]
    for index in from + 1..<to {
      let time = start + Int32((duration * (way[index - from] - way[0]) / length).rounded())
      times[index].arrival = time
      times[index].departure = time
    }
  }

  private func stated(_ range: ClosedRange<Int>, _ rows: [Int], _ columns: StopTimeColumns) -> [Double]? {
    guard !columns.distances.isEmpty else { return nil }
    let way = range.compactMap { columns.distance(rows[$0]) }
    return way.count == range.count ? growing(way) : nil
  }

  private func straight(_ stops: [Int32]) -> [Double] {
    var way = [0.0]
    for (from, to) in zip(stops, stops.dropFirst()) {
      let (a, b) = (context.stop(from), context.stop(to))
      way.append(
        way[way.count - 1] + Coordinate(a.latitude, a.longitude).metres(to: Coordinate(b.latitude, b.longitude)))
    }
    return way
  }

  /// The way itself if it never goes back and ends beyond its start; else it measures nothing.
  private func growing(_ way: [Double]) -> [Double]? {
    guard let first = way.first, let last = way.last, last > first else { return nil }
    return zip(way, way.dropFirst()).allSatisfy { $0 <= $1 } ? way : nil
  }
}
