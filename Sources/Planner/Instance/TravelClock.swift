/// Travel times that change over the day, first in, first out.
///
/// The idea: between known departures the time changes linearly, and waiting is always allowed, so a time that falls
/// faster than the clock runs is replaced by waiting for the better departure. Arrival is then monotone in departure, and
/// the latest departure for an arrival exists and is found by halving.
struct TravelClock {
  private let first: Int32
  private let width: Int32
  /// One divided by the width: dividing takes longer than all the rest.
  private let perWidth: Double
  private let slotCount: Int
  private let placeCount: Int
  private let placeOfNode: [Int32]
  /// Arrival when leaving at a slot's beginning: `[(from * places + to) * slots + slot]`.
  private let arrivals: [Int32]

  init(_ profile: Travel.Profile, places: Int, nodes: [Int]) {
    let departures = profile.departures
    first = Int32(departures[0])
    width = Int32(departures[1] - departures[0])
    perWidth = 1 / Double(departures[1] - departures[0])
    slotCount = departures.count
    placeCount = places
    placeOfNode = nodes.map { Int32($0) }
    var arrivals = [Int32](repeating: 0, count: places * places * departures.count)
    for cell in 0..<places * places {
      var next = Int.max
      for slot in departures.indices.reversed() {
        let arrival = min(next, departures[slot] + profile.durations[slot * places * places + cell])
        arrivals[cell * departures.count + slot] = Int32(min(arrival, Int(Instance.never) - 1))
        next = arrival
      }
    }
    self.arrivals = arrivals
  }

  @inline(__always)
  private func row(_ from: Int, _ to: Int) -> Int {
    (Int(placeOfNode[from]) &* placeCount &+ Int(placeOfNode[to])) &* slotCount
  }

  func arrival(from: Int, to: Int, leaving time: Int32) -> Int32 {
    arrival(row(from, to), time)
  }

  private func arrival(_ row: Int, _ time: Int32) -> Int32 {
    let past = time &- first
    // Before the first departure travel takes as long as then, unless waiting for it is better.
    if past <= 0 { return min(arrivals[row], time &+ (arrivals[row] &- first)) }
    let slot = Int(truncatingIfNeeded: divided(Int64(past)))
    if slot >= slotCount &- 1 {
      let last = first &+ Int32(slotCount &- 1) &* width
      return arrivals[row &+ slotCount &- 1] &+ (time &- last)
    }
    let (low, high) = (Int64(arrivals[row &+ slot]), Int64(arrivals[row &+ slot &+ 1]))
    let part = Int64(past &- Int32(slot) &* width)
    return Int32(truncatingIfNeeded: low &+ divided((high &- low) &* part))
  }

  /// Divided by the width and rounded down, for numbers from 0 to below 2⁵³: exact, the product being put right by one.
  @inline(__always)
  private func divided(_ number: Int64) -> Int64 {
    let guess = Int64(Double(number) * perWidth)
    let rest = number &- guess &* Int64(width)
    return rest < 0 ? guess &- 1 : rest >= Int64(width) ? guess &+ 1 : guess
  }

  func latestDeparture(from: Int, to: Int, arriving time: Int32) -> Int32 {
    let row = row(from, to)
    var low = min(first, time &- (arrivals[row] &- first))
    var high = time
    // Among the slots first, then within one.
    var (slot, end) = (0, slotCount)
    while slot < end {
      let middle = (slot &+ end) / 2
      if arrivals[row &+ middle] <= time { slot = middle &+ 1 } else { end = middle }
    }
    if slot > 0 { low = max(low, first &+ Int32(slot &- 1) &* width) }
    if slot < slotCount { high = min(high, first &+ Int32(slot) &* width) }
    if arrival(row, low) > time { return Instance.always }
    while low < high {
      let middle = low &+ (high &- low &+ 1) / 2
      if arrival(row, middle) <= time { low = middle } else { high = middle &- 1 }
    }
    return low
  }
}
