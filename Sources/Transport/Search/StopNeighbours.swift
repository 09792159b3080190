/// Where riders can walk to from a stop, and from where to it, within a slice: ends of journeys between stops.
package struct StopNeighbours: Sendable {
  private let forwards: FootpathTable
  private let backwards: FootpathTable

  package init(_ slice: DaySlice) {
    forwards = slice.footpaths
    backwards = slice.footpaths.reversed
  }

  /// The stop itself and what it has footpaths to.
  package func from(_ stop: Int32) -> [StopAccess] { ends(of: stop, forwards) }

  /// The stop itself and what has footpaths to it.
  package func to(_ stop: Int32) -> [StopAccess] { ends(of: stop, backwards) }

  /// The walk between two stops, nil if there is no footpath.
  package func seconds(from: Int32, to: Int32) -> Int32? {
    if from == to { return 0 }
    return forwards.paths(from: Int(from)).first { forwards.stops[$0] == to }.map { forwards.seconds[$0] }
  }

  private func ends(of stop: Int32, _ table: FootpathTable) -> [StopAccess] {
    var ends = [StopAccess(stop: stop, seconds: 0)]
    for path in table.paths(from: Int(stop)) {
      ends.append(StopAccess(stop: table.stops[path], seconds: table.seconds[path]))
    }
    return ends
  }
}
