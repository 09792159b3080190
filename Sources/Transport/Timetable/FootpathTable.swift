/// A way on foot from stop to stop.
package struct Footpath: Hashable, Sendable {
  package let from: Int32
  package let to: Int32
  package let seconds: Int32

  package init(from: Int32, to: Int32, seconds: Int32) {
    (self.from, self.to, self.seconds) = (from, to, seconds)
  }
}

/// Footpaths by the stop where they begin, the shortest first.
struct FootpathTable: Sendable {
  private(set) var starts: [Int32]
  private(set) var stops: [Int32]
  private(set) var seconds: [Int32]

  /// Of several between two stops the fastest counts; one from a stop to itself none.
  init(_ edges: [Footpath], stopCount: Int) {
    let sorted = edges.filter { $0.from != $0.to }.sorted {
      ($0.from, $0.to, $0.seconds) < ($1.from, $1.to, $1.seconds)
    }
    var kept: [Footpath] = []
    kept.reserveCapacity(sorted.count)
    for edge in sorted where kept.last.map({ $0.from != edge.from || $0.to != edge.to }) ?? true { kept.append(edge) }
    kept.sort { ($0.from, $0.seconds, $0.to) < ($1.from, $1.seconds, $1.to) }
    starts = [Int32](repeating: 0, count: stopCount + 1)
    for edge in kept { starts[Int(edge.from) + 1] += 1 }
    for stop in 0..<stopCount { starts[stop + 1] += starts[stop] }
    stops = kept.map(\.to)
    seconds = kept.map(\.seconds)
  }

  init(_ timetable: Timetable) {
    starts = Array(timetable.footpathStarts)
    stops = Array(timetable.footpathStops)
    seconds = Array(timetable.footpathSeconds)
  }

  var stopCount: Int { starts.count - 1 }

  func paths(from stop: Int) -> Range<Int> { Int(starts[stop])..<Int(starts[stop + 1]) }

  /// The same ways walked the other way round.
  var reversed: FootpathTable {
    var edges: [Footpath] = []
    edges.reserveCapacity(stops.count)
    for from in 0..<stopCount {
      for path in paths(from: from) {
        edges.append(Footpath(from: stops[path], to: Int32(from), seconds: seconds[path]))
      }
    }
    return FootpathTable(edges, stopCount: stopCount)
  }

  /// Whether no chain of footpaths is faster than the one from its beginning to its end.
  ///
  /// - Complexity: O(the number of chains of two), or until one is found.
  var isClosed: Bool {
    var direct = [Int32](repeating: .max, count: stopCount)
    for from in 0..<stopCount {
      let own = paths(from: from)
      for path in own { direct[Int(stops[path])] = seconds[path] }
      for path in own {
        for next in paths(from: Int(stops[path])) where Int(stops[next]) != from {
          if direct[Int(stops[next])] > seconds[path] + seconds[next] { return false }
        }
      }
      for path in own { direct[Int(stops[path])] = .max }
    }
    return true
  }
}
