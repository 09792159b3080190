import Kernel

extension Timetable {
  /// Footpaths between all stops that lie within a distance as the crow flies.
  package func footpaths(within metres: Double, metresPerSecond: Double) -> [Footpath] {
    var isServed = [Bool](repeating: false, count: stopCount)
    for stop in positionStops { isServed[Int(stop)] = true }
    let served = (0..<stopCount).filter { isServed[$0] }
    let grid = StopGrid(served.map { (Int32($0), place(of: $0)) }, metres: metres)
    var edges: [Footpath] = []
    for from in served {
      grid.forEach(near: place(of: from), metres: metres) { to, distance in
        let seconds = Int32(max(1, (distance / metresPerSecond).rounded(.up)))
        if Int(to) != from { edges.append(Footpath(from: Int32(from), to: to, seconds: seconds)) }
      }
    }
    return edges
  }
}

extension Timetable {
  /// Where a stop is.
  func place(of stop: Int) -> Coordinate {
    Coordinate(Double(stopLatitudes[stop]) / 1e7, Double(stopLongitudes[stop]) / 1e7)
  }
}
