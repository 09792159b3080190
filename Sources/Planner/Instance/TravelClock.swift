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
  private let nodeCount: Int
  /// Arrival when leaving at a slot's beginning, by slot, from and to: whoever tries many visits at one position reads
  /// along a row.
  private let arrivals: UnsafeMutablePointer<Int32>
  /// The same with from and to exchanged, for trying many visits before one.
  private let arrivalsByTo: UnsafeMutablePointer<Int32>

  /// How long it takes before the first departure, by from and to.
  private let early: UnsafeMutablePointer<Int32>

  init(_ profile: Travel.Profile, places: Int, nodes: [Int]) {
    let departures = profile.departures
    first = Int32(departures[0])
    width = Int32(departures[1] - departures[0])
    perWidth = 1 / Double(departures[1] - departures[0])
    slotCount = departures.count
    nodeCount = nodes.count
    arrivals = .filled(slotCount * nodeCount * nodeCount, with: 0)
    arrivalsByTo = .filled(slotCount * nodeCount * nodeCount, with: 0)
    early = .filled(nodeCount * nodeCount, with: 0)
    for (from, fromPlace) in nodes.enumerated() {
      for (to, toPlace) in nodes.enumerated() {
        var next = Int.max
        early[from * nodeCount + to] = Int32(profile.durations[fromPlace * places + toPlace])
        for slot in departures.indices.reversed() {
          let duration = profile.durations[(slot * places + fromPlace) * places + toPlace]
          next = min(next, departures[slot] + duration)
          let arrival = Int32(min(next, Int(Instance.never) - 1))
          arrivals[(slot * nodeCount + from) * nodeCount + to] = arrival
          arrivalsByTo[(slot * nodeCount + to) * nodeCount + from] = arrival
        }
      }
    }
  }

  func deallocate() {
    arrivals.deallocate()
    arrivalsByTo.deallocate()
    early.deallocate()
  }

  /// When one arrives.
  func arrival(from: Int, to: Int, leaving time: Int32) -> Int32 {
    if time < first { return beforeFirst(from, to, time) }
    return arrival(arrivals, from &* nodeCount &+ to, time)
  }

  /// The same, quicker if asked for many origins in a row.
  @inline(__always)
  func arrivalAt(_ to: Int, from: Int, leaving time: Int32) -> Int32 {
    if time < first { return beforeFirst(from, to, time) }
    return arrival(arrivalsByTo, to &* nodeCount &+ from, time)
  }

  /// Before the first departure travel takes as long as then, unless waiting is better.
  private func beforeFirst(_ from: Int, _ to: Int, _ time: Int32) -> Int32 {
    let cell = from &* nodeCount &+ to
    return min(arrivals[cell], time &+ early[cell])
  }

  @inline(__always)
  private func arrival(_ table: UnsafeMutablePointer<Int32>, _ cell: Int, _ time: Int32) -> Int32 {
    let past = time &- first
    let area = nodeCount &* nodeCount
    let slot = Int(truncatingIfNeeded: divided(Int64(past)))
    if slot >= slotCount &- 1 {
      let last = first &+ Int32(slotCount &- 1) &* width
      return table[(slotCount &- 1) &* area &+ cell] &+ (time &- last)
    }
    let low = Int64(table[slot &* area &+ cell])
    let high = Int64(table[(slot &+ 1) &* area &+ cell])
    let part = Int64(past &- Int32(truncatingIfNeeded: slot) &* width)
    return Int32(truncatingIfNeeded: low &+ divided((high &- low) &* part))
  }

  /// Divided by the width and rounded down, for numbers from 0 to below 2⁵³: exact, the product being put right by one.
  @inline(__always)
  private func divided(_ number: Int64) -> Int64 {
    let guess = Int64(Double(number) * perWidth)
    let rest = number &- guess &* Int64(width)
    return rest < 0 ? guess &- 1 : rest >= Int64(width) ? guess &+ 1 : guess
  }

  /// The latest departure that arrives by a time.
  func latestDeparture(from: Int, to: Int, arriving time: Int32) -> Int32 {
    let cell = from &* nodeCount &+ to
    let area = nodeCount &* nodeCount
    // The slots at whose beginning one still arrives in time.
    var (count, end) = (0, slotCount)
    while count < end {
      let middle = (count &+ end) / 2
      if arrivals[middle &* area &+ cell] <= time { count = middle &+ 1 } else { end = middle }
    }
    if count == 0 { return time &- early[cell] }
    let arrival = arrivals[(count &- 1) &* area &+ cell]
    let begin = first &+ Int32(truncatingIfNeeded: count &- 1) &* width
    if count == slotCount { return begin &+ (time &- arrival) }
    // The largest x with arrival + rise · x / width, rounded down, not above the time; the next slot's arrival is above.
    let rise = Int64(arrivals[count &* area &+ cell] &- arrival)
    return begin &+ Int32(truncatingIfNeeded: (Int64(time &- arrival &+ 1) &* Int64(width) &- 1) / rise)
  }
}
