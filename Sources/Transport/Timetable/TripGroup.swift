import Kernel

/// The runs of one pattern that lie in a slice, and how they are divided so that none overtakes another.
struct TripGroup {
  private let isReversed: Bool
  private(set) var length = 0
  private(set) var runs: [Int32] = []
  private(set) var days: [Int32] = []
  /// The trip of the overlay, -1 for one that runs as planned.
  private(set) var lives: [Int32] = []
  /// Trip by trip, in seconds of the slice.
  private(set) var arrivals: [Int32] = []
  private(set) var departures: [Int32] = []

  /// Seconds that boarding and leaving take.
  private var boarding: (before: Int32, after: Int32) = (0, 0)

  init(isReversed: Bool) {
    self.isReversed = isReversed
  }

  mutating func clear(length: Int, boarding: (before: Int32, after: Int32)) {
    (self.length, self.boarding) = (length, boarding)
    runs.removeAll(keepingCapacity: true)
    days.removeAll(keepingCapacity: true)
    lives.removeAll(keepingCapacity: true)
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
    lives.append(-1)
    for index in 0..<length {
      if isReversed {
        let place = times + length - 1 - index
        arrivals.append(DaySlice.horizon - timetable.departures[place] - shift + boarding.before)
        departures.append(DaySlice.horizon - timetable.arrivals[place] - shift - boarding.after)
      } else {
        arrivals.append(timetable.arrivals[times + index] + shift + boarding.after)
        departures.append(timetable.departures[times + index] + shift - boarding.before)
      }
    }
  }

  /// Adds a trip as it runs in fact, likewise.
  mutating func add(_ live: LiveTrip, number: Int32, zero: Instant) {
    let origin = zero.secondsSinceEpoch
    guard live.arrivals[length - 1] >= origin, live.departures[0] - origin < Int64(DaySlice.horizon),
      // A search reckons with some days, and no trip is on its way for longer.
      live.arrivals[length - 1] - origin < Int64(3 * DaySlice.horizon / 2)
    else { return }
    runs.append(live.run)
    days.append(live.date.daysSinceEpoch)
    lives.append(number)
    for index in 0..<length {
      let place = isReversed ? length - 1 - index : index
      let arrival = Int32(clamping: live.arrivals[place] - origin) + boarding.after
      let departure = Int32(clamping: live.departures[place] - origin) - boarding.before
      arrivals.append(isReversed ? DaySlice.horizon - departure : arrival)
      departures.append(isReversed ? DaySlice.horizon - arrival : departure)
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
