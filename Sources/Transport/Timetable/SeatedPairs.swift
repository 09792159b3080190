/// Pairs of trips of a slice that one vehicle makes one after the other, so that riders may stay seated.
///
/// A block's runs of one service day follow one another; between two of them riders stay if the second begins where the
/// first ends, or near, not before the first has come there, and the feed does not forbid it. What the feed allows by
/// name needs no block.
struct SeatedPairs {
  private(set) var pairs: [(from: Int32, to: Int32)] = []

  /// - Parameters:
  ///   - timetable: where the blocks are told.
  ///   - runs: by trip of the slice, the run that it is; -1 for a trip that is none.
  ///   - days: by trip, its service day.
  ///   - ends: where and when the trips begin and end.
  ///   - isLive: whether trips run otherwise than the timetable says, so that their order is to be found anew.
  init(_ timetable: Timetable, runs: [Int32], days: [Int32], ends: TripEnds, isLive: Bool) {
    if timetable.blockRuns.isEmpty && timetable.seatedAllowed.isEmpty { return }
    var tripsOfRun: [Int32: [Int32]] = [:]
    for (trip, run) in runs.enumerated() where run >= 0 { tripsOfRun[run, default: []].append(Int32(trip)) }
    let forbidden = Self.pairs(timetable.seatedForbidden)
    for block in 0..<max(0, timetable.blockStarts.count - 1) {
      var members: [(run: Int32, trip: Int32)] = []
      for place in Int(timetable.blockStarts[block])..<Int(timetable.blockStarts[block + 1]) {
        let run = timetable.blockRuns[place]
        for trip in tripsOfRun[run] ?? [] { members.append((run, trip)) }
      }
      if isLive {
        members.sort { ends.times(of: $0.trip, $0.run) < ends.times(of: $1.trip, $1.run) }
      }
      var last: [Int32: (run: Int32, trip: Int32)] = [:]
      for (run, trip) in members {
        let day = days[Int(trip)]
        if let before = last[day], !forbidden.contains(Self.key(before.run, run)),
          ends.followsOn(before.trip, trip)
        {
          pairs.append((before.trip, trip))
        }
        last[day] = (run, trip)
      }
    }
    for place in stride(from: 0, to: timetable.seatedAllowed.count, by: 2) {
      for from in tripsOfRun[timetable.seatedAllowed[place]] ?? [] {
        for to in tripsOfRun[timetable.seatedAllowed[place + 1]] ?? []
        where days[Int(from)] == days[Int(to)] && ends.isInTime(from, to) {
          pairs.append((from, to))
        }
      }
    }
  }

  private static func pairs(_ runs: UnsafeBufferPointer<Int32>) -> Set<UInt64> {
    Set(stride(from: 0, to: runs.count, by: 2).map { key(runs[$0], runs[$0 + 1]) })
  }

  private static func key(_ from: Int32, _ to: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: from)) << 32 | UInt64(UInt32(bitPattern: to))
  }
}

/// Where and when the trips of a slice begin and end, in the direction of travel.
struct TripEnds {
  private let timetable: Timetable
  /// By trip, in seconds of a slice that is not reversed.
  private var departures: [Int32] = []
  private var arrivals: [Int32] = []
  private var patterns: [Int32] = []
  /// By pattern of the slice.
  private var firstStops: [Int32] = []
  private var lastStops: [Int32] = []
  private var zones: [UInt8] = []

  init(_ layout: borrowing SliceLayout) {
    timetable = layout.timetable
    for pattern in layout.sourcePatterns.indices {
      let (start, end) = (Int(layout.positionStarts[pattern]), Int(layout.positionStarts[pattern + 1]))
      let trips = Int(layout.tripStarts[pattern + 1] - layout.tripStarts[pattern])
      let (length, events) = (end - start, Int(layout.eventStarts[pattern]))
      let ends = (layout.callStops[start], layout.callStops[end - 1])
      firstStops.append(layout.isReversed ? ends.1 : ends.0)
      lastStops.append(layout.isReversed ? ends.0 : ends.1)
      let source = Int(layout.sourcePatterns[pattern])
      zones.append(layout.timetable.patternZones[source])
      // Whoever stays seated checks in no more.
      let (before, after) = layout.boarding.seconds(mode: layout.timetable.patternModes[source])
      for trip in 0..<trips {
        let (left, reached) = (layout.departures[events + trip], layout.arrivals[events + (trip + 1) * length - 1])
        departures.append((layout.isReversed ? DaySlice.horizon - reached : left) + before)
        arrivals.append((layout.isReversed ? DaySlice.horizon - left : reached) - after)
        patterns.append(Int32(pattern))
      }
    }
  }

  func times(of trip: Int32, _ run: Int32) -> (Int32, Int32, Int32) {
    (departures[Int(trip)], arrivals[Int(trip)], run)
  }

  func isInTime(_ first: Int32, _ second: Int32) -> Bool { departures[Int(second)] >= arrivals[Int(first)] }

  /// Whether one trip begins after another's end, and about there.
  func followsOn(_ first: Int32, _ second: Int32) -> Bool {
    let (before, after) = (Int(patterns[Int(first)]), Int(patterns[Int(second)]))
    guard isInTime(first, second), zones[before] == zones[after] else { return false }
    return timetable.isOnePlace(Int(lastStops[before]), Int(firstStops[after]))
  }
}
