/// Travel times that change over the day, first in, first out.
///
/// The idea: between known departures the time changes linearly, and waiting is always allowed, so a time that falls
/// faster than the clock runs is replaced by waiting for the better departure. Arrival is then monotone in departure, and
/// the latest departure for an arrival exists and is found by halving. All that is known of one leg lies side by side, so
/// that a question reads one or two lines of the cache.
struct TravelClock {
  private let first: Int32
  private let width: Int32
  /// One divided by the width: dividing takes longer than all the rest.
  private let perWidth: Double
  private let slotCount: Int
  /// Numbers of one leg: how long it takes before the first departure, then the arrival when leaving at each slot's beginning.
  private let rowLength: Int
  private let placeCount: Int
  /// The place of each node.
  private let placeOf: UnsafeMutablePointer<Int32>
  private let rows: UnsafeMutablePointer<Int32>

  init(_ profile: Travel.Profile, places: Int, nodes: [Int]) {
    let departures = profile.departures
    first = Int32(departures[0])
    width = Int32(departures[1] - departures[0])
    perWidth = 1 / Double(departures[1] - departures[0])
    slotCount = departures.count
    rowLength = departures.count + 1
    placeCount = places
    placeOf = .copy(nodes.map { Int32($0) })
    let cells = places * places
    rows = .filled(cells * rowLength, with: 0)
    profile.durations.withUnsafeBufferPointer { durations in
      for cell in 0..<cells {
        let row = rows + cell * rowLength
        row[0] = Int32(durations[cell])
        var next = Int.max
        for slot in stride(from: slotCount - 1, through: 0, by: -1) {
          next = min(next, departures[slot] + durations[slot * cells + cell])
          row[slot + 1] = Int32(min(next, Int(Instance.never) - 1))
        }
      }
    }
  }

  func deallocate() {
    placeOf.deallocate()
    rows.deallocate()
  }

  @inline(__always)
  private func row(_ from: Int, _ to: Int) -> UnsafeMutablePointer<Int32> {
    rows + (Int(placeOf[from]) &* placeCount &+ Int(placeOf[to])) &* rowLength
  }

  /// When one arrives.
  @inline(__always)
  func arrival(from: Int, to: Int, leaving time: Int32) -> Int32 {
    let row = row(from, to)
    let past = time &- first
    // Before the first departure travel takes as long as then, unless waiting is better.
    if past < 0 { return min(row[1], time &+ row[0]) }
    let slot = Int(truncatingIfNeeded: divided(Int64(past)))
    if slot >= slotCount &- 1 { return row[slotCount] &+ (past &- Int32(truncatingIfNeeded: slotCount &- 1) &* width) }
    let low = Int64(row[slot &+ 1])
    let part = Int64(past &- Int32(truncatingIfNeeded: slot) &* width)
    return Int32(truncatingIfNeeded: low &+ divided((Int64(row[slot &+ 2]) &- low) &* part))
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
    let row = row(from, to)
    // The slots at whose beginning one still arrives in time.
    var (count, end) = (0, slotCount)
    while count < end {
      let middle = (count &+ end) / 2
      if row[middle &+ 1] <= time { count = middle &+ 1 } else { end = middle }
    }
    if count == 0 { return time &- row[0] }
    let arrival = row[count]
    let begin = first &+ Int32(truncatingIfNeeded: count &- 1) &* width
    if count == slotCount { return begin &+ (time &- arrival) }
    // The largest x with arrival + rise · x / width, rounded down, not above the time; the next slot's arrival is above.
    let rise = Int64(row[count &+ 1] &- arrival)
    return begin &+ Int32(truncatingIfNeeded: (Int64(time &- arrival &+ 1) &* Int64(width) &- 1) / rise)
  }
}
