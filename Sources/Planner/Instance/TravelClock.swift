/// Travel times that change over the day, first in, first out.
///
/// The idea: between known departures the time changes linearly, and waiting is always allowed, so a time that falls
/// faster than the clock runs is replaced by waiting for the better departure. Arrival is then monotone in departure, and
/// the latest departure for an arrival exists and is found by halving.
struct TravelClock {
  private let first: Int32
  private let width: Int32
  private let slotCount: Int
  private let placeCount: Int
  private let placeOfNode: [Int32]
  /// Arrival when leaving at a slot's beginning: `[(from * places + to) * slots + slot]`.
  private let arrivals: [Int32]

  init(_ profile: Travel.Profile, places: Int, nodes: [Int]) {
    let departures = profile.departures
    first = Int32(departures[0])
    width = Int32(departures[1] - departures[0])
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
    let slot = Int(past / width)
    if slot >= slotCount &- 1 {
      let last = first &+ Int32(slotCount &- 1) &* width
      return arrivals[row &+ slotCount &- 1] &+ (time &- last)
    }
    let (low, high) = (Int64(arrivals[row &+ slot]), Int64(arrivals[row &+ slot &+ 1]))
    let part = Int64(past &- Int32(slot) &* width)
    return Int32(low &+ (high &- low) &* part / Int64(width))
  }

  func latestDeparture(from: Int, to: Int, arriving time: Int32) -> Int32 {
    let row = row(from, to)
    var low = min(first, time &- (arrivals[row] &- first))
    var high = time
    if arrival(row, low) > time { return Instance.always }
    while low < high {
      let middle = low &+ (high &- low &+ 1) / 2
      if arrival(row, middle) <= time { low = middle } else { high = middle &- 1 }
    }
    return low
  }
}
