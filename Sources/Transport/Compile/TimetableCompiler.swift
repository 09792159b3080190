import Kernel

/// Compiles the graph into a timetable: reads what runs, groups it into patterns, and writes one file of flat arrays.
///
/// The same graph gives the same bytes.
struct TimetableCompiler {
  private let source: CompiledSource

  /// Makes the timetable of a graph and puts it beside it, or wherever wanted.
  ///
  /// - Throws: `GraphError` if the graph cannot be read, or the file not written.
  static func compile(graph path: String, to output: String) throws(GraphError) {
    _ = try Graph(path)
    let compiler = TimetableCompiler(source: try CompiledSource(SQLiteDatabase(path, .reading)))
    do throws(TimetableError) {
      try compiler.writer().write(to: output)
    } catch {
      throw .failed(path: output, reason: error.description)
    }
  }

  private func writer() -> TimetableWriter {
    var writer = TimetableWriter()
    let patterns = PatternTable(source)
    let runs = RunTable(source, patterns)
    let footpaths = FootpathList(of: source).table()
    let hops = HopTable(edges: hops(patterns, runs))
    let bounds = TravelBounds(
      hops: hops, footpaths: footpaths, latitudes: source.stops.map(\.latitude),
      longitudes: source.stops.map(\.longitude))
    let days = source.days
    writer.put(
      [
        days.first, Int32(days.count), Int32(days.wordsPerService), mainZone(patterns), runs.lastSecond,
        Int32(bounds.cellCount),
      ], as: .facts)
    writer.put(Array(source.zones.map { $0 + "\n" }.joined().utf8), as: .zoneNames)
    putStops(in: &writer)
    patterns.put(in: &writer)
    runs.put(in: &writer)
    writer.put(source.arrivals, as: .arrivals)
    writer.put(source.departures, as: .departures)
    writer.put(days.bits, as: .serviceDays)
    writer.put(footpaths.starts, as: .footpathStarts)
    writer.put(footpaths.stops, as: .footpathStops)
    writer.put(footpaths.seconds, as: .footpathSeconds)
    writer.put(Array(bounds.cells), as: .boundCells)
    writer.put(Array(bounds.seconds), as: .boundSeconds)
    return writer
  }

  /// The fewest seconds from each position to the next.
  private func hops(_ patterns: PatternTable, _ runs: RunTable) -> [Footpath] {
    var edges: [Footpath] = []
    for pattern in 0..<patterns.count {
      let positions = patterns.positions(of: pattern)
      var least = [Int32](repeating: .max, count: positions.count)
      var before = -1
      runs.forEach(of: pattern) { times in
        // Runs repeated at a headway share their times.
        if times == before { return }
        before = times
        for index in 1..<positions.count {
          least[index] = min(least[index], source.arrivals[times + index] - source.departures[times + index - 1])
        }
      }
      for index in 1..<positions.count where least[index] < .max {
        let place = positions.lowerBound + index
        edges.append(
          Footpath(
            from: patterns.positionStops[place - 1], to: patterns.positionStops[place], seconds: max(0, least[index])))
      }
    }
    return edges
  }

  private func putStops(in writer: inout TimetableWriter) {
    let stops = source.stops
    writer.put(stops.map { Int32(($0.latitude * 1e7).rounded()) }, as: .stopLatitudes)
    writer.put(stops.map { Int32(($0.longitude * 1e7).rounded()) }, as: .stopLongitudes)
    writer.put(stops.map(\.station), as: .stopStations)
    writer.put(FootpathList.changes(of: source), as: .stopChanges)
    writer.put(stops.map(\.wheelchair), as: .stopWheelchairs)
  }

  private func mainZone(_ patterns: PatternTable) -> Int32 {
    var counts = [Int](repeating: 0, count: source.zones.count)
    for zone in patterns.zones { counts[Int(zone)] += 1 }
    let most = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    return Int32(most)
  }
}
