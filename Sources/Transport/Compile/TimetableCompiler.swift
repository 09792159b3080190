import Glibc
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
      var writer = compiler.writer()
      // The bounds are computed from a timetable, so one without them is written first.
      let partial = output + ".unbounded"
      try writer.write(to: partial)
      defer { unlink(partial) }
      let timetable = try Timetable(partial)
      compiler.putBounds(of: timetable, in: &writer)
      try writer.write(to: output)
    } catch {
      throw .failed(path: output, reason: error.description)
    }
  }

  private func writer() -> TimetableWriter {
    var writer = TimetableWriter()
    let patterns = PatternTable(source)
    let runs = RunTable(source, patterns)
    let footpaths = FootpathList(of: source).table()
    writer.put(facts(patterns, runs, cellCount: 0), as: .facts)
    writer.put(Array(source.zones.map { $0 + "\n" }.joined().utf8), as: .zoneNames)
    putStops(in: &writer)
    patterns.put(in: &writer)
    runs.put(in: &writer)
    writer.put(source.arrivals, as: .arrivals)
    writer.put(source.departures, as: .departures)
    writer.put(source.days.bits, as: .serviceDays)
    writer.put(footpaths.starts, as: .footpathStarts)
    writer.put(footpaths.stops, as: .footpathStops)
    writer.put(footpaths.seconds, as: .footpathSeconds)
    return writer
  }

  private func facts(_ patterns: PatternTable, _ runs: RunTable, cellCount: Int) -> [Int32] {
    [
      source.days.first, Int32(source.days.count), Int32(source.days.wordsPerService), mainZone(patterns),
      runs.lastSecond, Int32(cellCount),
    ]
  }

  private func putBounds(of timetable: Timetable, in writer: inout TimetableWriter) {
    let bounds = TravelBounds(timetable, walks: SliceWalks(timetable))
    writer.put(
      [
        timetable.firstDay.daysSinceEpoch, Int32(timetable.dayCount), Int32(timetable.wordsPerService),
        Int32(timetable.mainZone), Int32(timetable.lastSecond), Int32(bounds.cellCount),
      ], as: .facts)
    writer.put(Array(bounds.cells), as: .boundCells)
    writer.put(Array(bounds.seconds), as: .boundSeconds)
    writer.put(Array(bounds.rides), as: .boundRides)
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
