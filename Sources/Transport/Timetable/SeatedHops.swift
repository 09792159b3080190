/// The ways that riders who stay seated make between the end of a trip and another platform where the next begins.
///
/// They take no time, however far it is on foot. More of them are told than any day has: between the ends of all runs of
/// a block, whatever their order.
struct SeatedHops {
  private(set) var edges: [Footpath] = []

  /// - Parameters:
  ///   - timetable: whose blocks they are.
  ///   - live: trips that may begin and end elsewhere than the timetable says.
  init(_ timetable: Timetable, live: [LiveTrip] = []) {
    if timetable.blockRuns.isEmpty && timetable.seatedAllowed.isEmpty { return }
    let ends = RunEnds(timetable, live)
    for block in 0..<max(0, timetable.blockStarts.count - 1) {
      let runs = timetable.blockRuns[Int(timetable.blockStarts[block])..<Int(timetable.blockStarts[block + 1])]
      add(from: Set(runs.flatMap(ends.lasts)), to: Set(runs.flatMap(ends.firsts))) {
        timetable.isOnePlace($0, $1)
      }
    }
    for place in stride(from: 0, to: timetable.seatedAllowed.count, by: 2) {
      let (from, to) = (timetable.seatedAllowed[place], timetable.seatedAllowed[place + 1])
      add(from: Set(ends.lasts(of: from)), to: Set(ends.firsts(of: to))) { _, _ in true }
    }
  }

  private mutating func add(from lasts: Set<Int32>, to firsts: Set<Int32>, where isPossible: (Int, Int) -> Bool) {
    for last in lasts.sorted() {
      for first in firsts.sorted() where first != last && isPossible(Int(last), Int(first)) {
        edges.append(Footpath(from: last, to: first, seconds: 0))
      }
    }
  }
}

/// Where runs begin and end, as planned and on days on which they run otherwise.
private struct RunEnds {
  private let timetable: Timetable
  private let patterns: [Int32]
  private let live: [Int32: [LiveTrip]]

  init(_ timetable: Timetable, _ live: [LiveTrip]) {
    (self.timetable, patterns) = (timetable, timetable.runPatterns)
    self.live = Dictionary(grouping: live.filter(\.isRun), by: \.run)
  }

  func firsts(of run: Int32) -> [Int32] {
    [timetable.positionStops[Int(timetable.positionStarts[Int(patterns[Int(run)])])]]
      + (live[run] ?? []).compactMap(\.stops.first)
  }

  func lasts(of run: Int32) -> [Int32] {
    [timetable.positionStops[Int(timetable.positionStarts[Int(patterns[Int(run)]) + 1]) - 1]]
      + (live[run] ?? []).compactMap(\.stops.last)
  }
}

extension Timetable {
  /// By run: its pattern.
  var runPatterns: [Int32] {
    var patterns = [Int32](repeating: 0, count: runCount)
    for pattern in 0..<patternCount {
      for run in runStarts[pattern]..<runStarts[pattern + 1] { patterns[Int(run)] = Int32(pattern) }
    }
    return patterns
  }

  /// Whether two stops are near enough for a vehicle to end a trip at one and begin the next at the other.
  func isOnePlace(_ end: Int, _ start: Int) -> Bool {
    if end == start { return true }
    if stopStations[end] >= 0, stopStations[end] == stopStations[start] { return true }
    return place(of: end).metres(to: place(of: start)) <= Self.onePlaceMetres
  }

  private static var onePlaceMetres: Double { 300 }
}
