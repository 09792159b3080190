/// Lower bounds of rides: how many vehicles one must board at least to come from a stop to a cell, on any day.
///
/// Found for 64 cells at a time, a bit for each: a stop can be left with `k` rides for all that can be reached with
/// `k - 1` from a later stop of one of its patterns, and whatever is so reached from where one can walk. Riders who
/// stay seated between trips of a block are taken to get from each of its patterns to each other, which is too good to
/// be true and so still a bound.
struct RideBounds {
  static let unreachable = UInt8.max
  /// Nobody searches further.
  private static let ridesMax: UInt8 = 24

  private let patterns: [Range<Int>]
  private let stops: [Int32]
  private let rules: [UInt8]
  private let blocks: [[Int32]]
  private let blockCount: Int
  private let footpaths: FootpathTable
  private let isReversed: Bool

  init(_ timetable: PatternStops, footpaths: FootpathTable, isReversed: Bool) {
    (patterns, stops, rules) = (timetable.patterns, timetable.stops, timetable.rules)
    (blocks, blockCount) = (timetable.blocks, timetable.blockCount)
    self.footpaths = footpaths
    self.isReversed = isReversed
  }

  /// By cell, then stop: the least number of rides.
  func table(cells: [UInt16], cellCount: Int) -> [UInt8] {
    let stopCount = cells.count
    var table = [UInt8](repeating: Self.unreachable, count: cellCount * stopCount)
    for first in stride(from: 0, to: cellCount, by: 64) {
      fill(&table, cells, first: first, count: min(64, cellCount - first))
    }
    return table
  }

  private func fill(_ table: inout [UInt8], _ cells: [UInt16], first: Int, count: Int) {
    let stopCount = cells.count
    var known = [UInt64](repeating: 0, count: stopCount)
    for stop in 0..<stopCount where (first..<first + count).contains(Int(cells[stop])) {
      known[stop] = 1 << UInt64(Int(cells[stop]) - first)
    }
    var next = walked(known)
    var rides: UInt8 = 0
    while true {
      var isNew = false
      for stop in 0..<stopCount {
        // Without rides nothing is known yet, only where the cells are.
        var fresh = rides == 0 ? next[stop] : next[stop] & ~known[stop]
        known[stop] |= next[stop]
        while fresh != 0 {
          table[(first + fresh.trailingZeroBitCount) * stopCount + stop] = rides
          fresh &= fresh - 1
          isNew = true
        }
      }
      rides += 1
      if !isNew || rides > Self.ridesMax { return }
      next = walked(ridden(known))
    }
  }

  /// What can be reached by walking first.
  private func walked(_ reached: [UInt64]) -> [UInt64] {
    var result = reached
    for stop in 0..<reached.count {
      for path in footpaths.paths(from: stop) { result[stop] |= reached[Int(footpaths.stops[path])] }
    }
    return result
  }

  /// What can be reached with one ride more, boarding at once.
  private func ridden(_ reached: [UInt64]) -> [UInt64] {
    var result = [UInt64](repeating: 0, count: reached.count)
    var seated = [UInt64](repeating: 0, count: blockCount)
    let (mayBoard, mayAlight): (UInt8, UInt8) = isReversed ? (2, 1) : (1, 2)
    var isChanged = true
    while isChanged {
      isChanged = false
      for (pattern, positions) in patterns.enumerated() {
        var carried: UInt64 = 0
        for block in blocks[pattern] { carried |= seated[Int(block)] }
        for step in 0..<positions.count {
          let position = isReversed ? positions.lowerBound + step : positions.upperBound - 1 - step
          let stop = Int(stops[position])
          if rules[position] & mayBoard != 0 { result[stop] |= carried }
          if rules[position] & mayAlight != 0 { carried |= reached[stop] }
        }
        for block in blocks[pattern] where carried & ~seated[Int(block)] != 0 {
          seated[Int(block)] |= carried
          isChanged = true
        }
      }
    }
    return result
  }
}

/// The stops of all patterns, and the blocks that riders can stay seated in.
struct PatternStops {
  let patterns: [Range<Int>]
  let stops: [Int32]
  let rules: [UInt8]
  /// By pattern; what the feeds allow by name is one more block for each pair.
  let blocks: [[Int32]]
  let blockCount: Int

  /// - Parameters:
  ///   - timetable: what runs on all days.
  ///   - live: trips that call where none of the timetable does.
  init(_ timetable: Timetable, live: [LiveTrip] = []) {
    var patterns = (0..<timetable.patternCount).map {
      Int(timetable.positionStarts[$0])..<Int(timetable.positionStarts[$0 + 1])
    }
    var (stops, rules) = (Array(timetable.positionStops), Array(timetable.positionRules))
    let ofRun = timetable.runPatterns
    var blocks = [Set<Int32>](repeating: [], count: timetable.patternCount)
    let own = max(0, timetable.blockStarts.count - 1)
    for block in 0..<own {
      for place in timetable.blockStarts[block]..<timetable.blockStarts[block + 1] {
        blocks[Int(ofRun[Int(timetable.blockRuns[Int(place)])])].insert(Int32(block))
      }
    }
    for place in timetable.seatedAllowed.indices {
      blocks[Int(ofRun[Int(timetable.seatedAllowed[place])])].insert(Int32(own + place / 2))
    }
    for trip in live {
      // A trip that stays itself, at other platforms, stays in its blocks.
      blocks.append(trip.isRun ? blocks[Int(trip.pattern)] : [])
      patterns.append(stops.count..<stops.count + trip.stops.count)
      stops += trip.stops
      rules += trip.rules
    }
    (self.patterns, self.stops, self.rules) = (patterns, stops, rules)
    self.blocks = blocks.map { $0.sorted() }
    blockCount = own + timetable.seatedAllowed.count / 2
  }
}
