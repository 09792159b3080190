package import Kernel

/// What stops around a point.
package struct NearbyTransit: Sendable {
  /// A line that calls there, in one direction.
  package struct Line: Hashable, Sendable {
    /// `FEED:ID`.
    package let route: String
    package let line: String?
    package let mode: String
    package let headsign: String?
    package let agency: String
  }

  /// A stop with its lines.
  package struct Stop: Sendable {
    /// `FEED:ID`.
    package let stop: String
    package let name: String
    package let platform: String?
    package let point: Coordinate
    /// As the crow flies.
    package let metres: Int
    package let lines: [Line]
  }

  /// The nearest first.
  package let stops: [Stop]
  /// Whether there are more within the distance.
  package let isCut: Bool
}

extension Router {
  /// The stops around a point at which anything stops, with what does.
  ///
  /// - Parameters:
  ///   - point: where.
  ///   - metres: how far as the crow flies, at most.
  ///   - limit: how many stops, at most.
  /// - Returns: the nearest stops.
  /// - Throws: `RouteError` when the data cannot be read.
  /// - Complexity: O(*n*) in the calls of all patterns.
  package func nearby(_ point: Coordinate, metres: Double, limit: Int) throws(RouteError) -> NearbyTransit {
    let timetable = transit.timetable
    var found: [(stop: Int32, metres: Double)] = []
    grid.forEach(near: point, metres: metres) { found.append(($0, $1)) }
    found.sort { ($0.metres, $0.stop) < ($1.metres, $1.stop) }
    let isCut = found.count > limit
    found = Array(found.prefix(limit))
    let names = try openNames()
    let lines = try lines(at: Set(found.map(\.stop)), names)
    var stops: [NearbyTransit.Stop] = []
    for (stop, distance) in found {
      let name = try read { () throws(GraphError) in try names.stop(stop) }
      stops.append(
        NearbyTransit.Stop(
          stop: name.id, name: name.name, platform: name.platform, point: timetable.place(of: Int(stop)),
          metres: Int(distance.rounded()), lines: lines[stop] ?? []))
    }
    return NearbyTransit(stops: stops, isCut: isCut)
  }

  private func lines(
    at wanted: Set<Int32>, _ names: TransitNames
  ) throws(RouteError) -> [Int32: [NearbyTransit.Line]] {
    let timetable = transit.timetable
    var lines: [Int32: Set<NearbyTransit.Line>] = [:]
    for pattern in 0..<timetable.patternCount where timetable.runStarts[pattern] < timetable.runStarts[pattern + 1] {
      let positions = Int(timetable.positionStarts[pattern])..<Int(timetable.positionStarts[pattern + 1])
      // Nobody boards where it ends.
      let stops = positions.dropLast().map { timetable.positionStops[$0] }.filter { wanted.contains($0) }
      if stops.isEmpty { continue }
      let number = timetable.runTrips[Int(timetable.runStarts[pattern])]
      let trip = try read { () throws(GraphError) in try names.trip(number, from: 0) }
      let line = NearbyTransit.Line(
        route: trip.route, line: trip.line, mode: trip.mode, headsign: trip.headsign, agency: trip.agency)
      for stop in stops { lines[stop, default: []].insert(line) }
    }
    return lines.mapValues { set in
      set.sorted {
        ($0.mode, $0.line ?? "", $0.headsign ?? "", $0.route) < ($1.mode, $1.line ?? "", $1.headsign ?? "", $1.route)
      }
    }
  }
}
