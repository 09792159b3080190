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
  /// How many numbers there are of one leg: how long it takes if one leaves at each slot's beginning, waiting for a better
  /// departure included, and behind them how long it takes before the first.
  private let rowLength: Int
  private let placeCount: Int
  /// The place of each node.
  private let placeOf: UnsafeMutablePointer<Int32>
  /// The rows, in half the memory where all numbers are small enough: what is far apart in memory is what takes time.
  private let narrowRows: UnsafeMutablePointer<UInt16>
  private let rows: UnsafeMutablePointer<Int32>
  private let isNarrow: Bool

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
    // Waiting shortens none of the numbers below what the best departure takes, nor makes any longer.
    isNarrow = profile.durations.allSatisfy { $0 <= Int(UInt16.max) }
    rows = .filled(isNarrow ? 0 : cells * rowLength, with: 0)
    narrowRows = .filled(isNarrow ? cells * rowLength : 0, with: 0)
    profile.durations.withUnsafeBufferPointer { durations in
      for cell in 0..<cells {
        set(cell * rowLength + slotCount, to: Int32(durations[cell]))
        var next = Int.max
        for slot in stride(from: slotCount - 1, through: 0, by: -1) {
          next = min(next, departures[slot] + durations[slot * cells + cell])
          set(cell * rowLength + slot, to: Int32(min(next, Int(Instance.never) - 1) - departures[slot]))
        }
      }
    }
  }

  private func set(_ place: Int, to value: Int32) {
    if isNarrow { narrowRows[place] = UInt16(value) } else { rows[place] = value }
  }

  func deallocate() {
    placeOf.deallocate()
    rows.deallocate()
    narrowRows.deallocate()
  }

  @inline(__always)
  private func row(_ from: Int, _ to: Int) -> Int {
    (Int(placeOf[from]) &* placeCount &+ Int(placeOf[to])) &* rowLength
  }

  /// When one arrives if one leaves at a slot's beginning.
  @inline(__always)
  private func arrival(_ row: Int, _ slot: Int) -> Int32 {
    begin(of: slot) &+ (isNarrow ? Int32(narrowRows[row &+ slot]) : rows[row &+ slot])
  }

  /// How long it takes before the first departure, unless one waits for it.
  @inline(__always)
  private func takesBefore(_ row: Int) -> Int32 {
    isNarrow ? Int32(narrowRows[row &+ slotCount]) : rows[row &+ slotCount]
  }

  @inline(__always)
  private func begin(of slot: Int) -> Int32 { first &+ Int32(truncatingIfNeeded: slot) &* width }

  /// When one arrives.
  @inline(__always)
  func arrival(from: Int, to: Int, leaving time: Int32) -> Int32 {
    let row = row(from, to)
    let past = time &- first
    // Before the first departure travel takes as long as then, unless waiting is better.
    if past < 0 { return min(arrival(row, 0), time &+ takesBefore(row)) }
    let slot = Int(truncatingIfNeeded: divided(Int64(past)))
    if slot >= slotCount &- 1 { return arrival(row, slotCount &- 1) &+ (time &- begin(of: slotCount &- 1)) }
    let low = Int64(arrival(row, slot))
    let part = Int64(time &- begin(of: slot))
    return Int32(truncatingIfNeeded: low &+ divided((Int64(arrival(row, slot &+ 1)) &- low) &* part))
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
    // The slots at whose beginning one still arrives in time, looked for from about where they end.
    let guess = Int(truncatingIfNeeded: divided(Int64(max(0, time &- takesBefore(row) &- first)))) &+ 1
    var count = min(guess, slotCount)
    while count > 0, arrival(row, count &- 1) > time { count &-= 1 }
    while count < slotCount, arrival(row, count) <= time { count &+= 1 }
    if count == 0 { return time &- takesBefore(row) }
    let arrived = arrival(row, count &- 1)
    let begin = begin(of: count &- 1)
    if count == slotCount { return begin &+ (time &- arrived) }
    // The largest x with arrival + rise · x / width, rounded down, not above the time; the next slot's arrival is above.
    let rise = Int64(arrival(row, count) &- arrived)
    return begin &+ Int32(truncatingIfNeeded: (Int64(time &- arrived &+ 1) &* Int64(width) &- 1) / rise)
  }
}
