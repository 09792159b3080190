import Kernel

/// The runs of one pattern that lie in a slice, and how they are divided so that none overtakes another.
struct TripGroup {
  private let isReversed: Bool
  private(set) var length = 0
  private(set) var runs: [Int32] = []
  private(set) var days: [Int32] = []
  /// Trip by trip, in seconds of the slice.
  private(set) var arrivals: [Int32] = []
  private(set) var departures: [Int32] = []

  init(isReversed: Bool) {
    self.isReversed = isReversed
  }

  mutating func clear(length: Int) {
    self.length = length
    runs.removeAll(keepingCapacity: true)
    days.removeAll(keepingCapacity: true)
    arrivals.removeAll(keepingCapacity: true)
    departures.removeAll(keepingCapacity: true)
  }

  /// Adds a run of a day if any of it lies within the slice.
  mutating func add(_ run: Int, on date: LocalDate, start: Int32, of timetable: Timetable) {
    let times = Int(timetable.runTimes[run])
    let shift = timetable.runShifts[run] + start
    guard timetable.arrivals[times + length - 1] + shift >= 0, timetable.departures[times] + shift < DaySlice.horizon
    else { return }
    runs.append(Int32(run))
    days.append(date.daysSinceEpoch)
    for index in 0..<length {
      if isReversed {
        let place = times + length - 1 - index
        arrivals.append(DaySlice.horizon - timetable.departures[place] - shift)
        departures.append(DaySlice.horizon - timetable.arrivals[place] - shift)
      } else {
        arrivals.append(timetable.arrivals[times + index] + shift)
        departures.append(timetable.departures[times + index] + shift)
      }
    }
  }

  /// The trips divided into as few sequences as come easily, in each of which none overtakes another.
  func chains() -> [[Int]] {
    let order = runs.indices.sorted { left, right in
      let (a, b) = (left * length, right * length)
      if departures[a] != departures[b] { return departures[a] < departures[b] }
      if arrivals[a + length - 1] != arrivals[b + length - 1] {
        return arrivals[a + length - 1] < arrivals[b + length - 1]
      }
      return (days[left], runs[left]) < (days[right], runs[right])
    }
    var chains: [[Int]] = []
    for trip in order {
      let place = chains.firstIndex { chain in
        guard let last = chain.last, chain.count < DaySlice.tripsMax else { return false }
        return !overtakes(trip, last)
      }
      if let place { chains[place].append(trip) } else { chains.append([trip]) }
    }
    return chains
  }

  private func overtakes(_ later: Int, _ earlier: Int) -> Bool {
    let (a, b) = (later * length, earlier * length)
    for index in 0..<length
    where departures[a + index] < departures[b + index] || arrivals[a + index] < arrivals[b + index] {
      return true
    }
    return false
  }
}

/// Pairs of trips of a slice that one vehicle makes one after the other, so that riders may stay seated.
///
/// A block's runs of one service day follow one another; between two of them riders stay if the second begins where the
/// first ends, or near, and the feed does not forbid it. What the feed allows by name needs no block.
struct SeatedPairs {
  private static let metresMax = 300.0
  private(set) var pairs: [(from: Int32, to: Int32)] = []

  init(_ timetable: Timetable, runs: [Int32], days: [Int32]) {
    if timetable.blockRuns.isEmpty && timetable.seatedAllowed.isEmpty { return }
    var tripsOfRun: [Int32: [Int32]] = [:]
    for (trip, run) in runs.enumerated() { tripsOfRun[run, default: []].append(Int32(trip)) }
    let forbidden = Self.pairs(timetable.seatedForbidden)
    let ends = RunEnds(timetable)
    for block in 0..<max(0, timetable.blockStarts.count - 1) {
      var last: [Int32: (run: Int32, trip: Int32)] = [:]
      for place in Int(timetable.blockStarts[block])..<Int(timetable.blockStarts[block + 1]) {
        let run = timetable.blockRuns[place]
        for trip in tripsOfRun[run] ?? [] {
          let day = days[Int(trip)]
          if let before = last[day], !forbidden.contains(Self.key(before.run, run)),
            ends.followsOn(before.run, run, metresMax: Self.metresMax)
          {
            pairs.append((before.trip, trip))
          }
          last[day] = (run, trip)
        }
      }
    }
    for place in stride(from: 0, to: timetable.seatedAllowed.count, by: 2) {
      for from in tripsOfRun[timetable.seatedAllowed[place]] ?? [] {
        for to in tripsOfRun[timetable.seatedAllowed[place + 1]] ?? [] where days[Int(from)] == days[Int(to)] {
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

/// Where and when runs begin and end.
private struct RunEnds {
  private let timetable: Timetable
  private var patterns: [Int32] = []

  init(_ timetable: Timetable) {
    self.timetable = timetable
    patterns.reserveCapacity(timetable.runCount)
    for pattern in 0..<timetable.patternCount {
      for _ in timetable.runStarts[pattern]..<timetable.runStarts[pattern + 1] { patterns.append(Int32(pattern)) }
    }
  }

  /// Whether one run begins after another's end, and about there.
  func followsOn(_ first: Int32, _ second: Int32, metresMax: Double) -> Bool {
    let (before, after) = (Int(patterns[Int(first)]), Int(patterns[Int(second)]))
    let last = Int(timetable.positionStarts[before + 1]) - 1
    let length = last - Int(timetable.positionStarts[before])
    let arrival = timetable.arrivals[Int(timetable.runTimes[Int(first)]) + length] + timetable.runShifts[Int(first)]
    let departure = timetable.departures[Int(timetable.runTimes[Int(second)])] + timetable.runShifts[Int(second)]
    guard departure >= arrival, timetable.patternZones[before] == timetable.patternZones[after] else { return false }
    let (end, start) = (
      Int(timetable.positionStops[last]), Int(timetable.positionStops[Int(timetable.positionStarts[after])])
    )
    if end == start { return true }
    if timetable.stopStations[end] >= 0, timetable.stopStations[end] == timetable.stopStations[start] { return true }
    return timetable.place(of: end).metres(to: timetable.place(of: start)) <= metresMax
  }
}

extension Timetable {
  /// Where a stop is.
  func place(of stop: Int) -> Place {
    Place(Double(stopLatitudes[stop]) / 1e7, Double(stopLongitudes[stop]) / 1e7)
  }
}
