/// The fewest seconds from one stop to the next that any run of any day needs.
struct HopTable {
  private(set) var edges: [Footpath] = []

  init(_ timetable: Timetable) {
    for pattern in 0..<timetable.patternCount {
      let start = Int(timetable.positionStarts[pattern])
      for index in 1..<Int(timetable.positionStarts[pattern + 1]) - start {
        var least = Int32.max
        for run in Int(timetable.runStarts[pattern])..<Int(timetable.runStarts[pattern + 1]) {
          let times = Int(timetable.runTimes[run])
          least = min(least, timetable.arrivals[times + index] - timetable.departures[times + index - 1])
        }
        if least == .max { continue }
        edges.append(
          Footpath(
            from: timetable.positionStops[start + index - 1], to: timetable.positionStops[start + index],
            seconds: max(0, least)))
      }
    }
  }
}

/// Lower bounds from every stop to every cell of stops: of the travel time, as if one never had to wait, and of rides.
///
/// A search leaves out whatever cannot come in time, or with few enough rides, any more. The bounds hold for all days:
/// they are shortest paths over the fastest hop that any run makes between two stops, the footpaths, and the seats kept
/// from one trip of a vehicle to the next. Of a reversed timetable they are those from the cells to the stops.
package final class TravelBounds: Sendable {
  /// More cells make better bounds, and take time and room.
  private static let cellsMax = 512
  private static let bytesMax = 8 << 20
  static let unreachable = UInt16.max
  /// Stops at which nothing stops are in no cell.
  static let noCell = UInt16.max

  let cellCount: Int
  // Memory of this object, or of the file that `owner` keeps.
  nonisolated(unsafe) let cells: UnsafeBufferPointer<UInt16>
  /// By cell, then stop.
  nonisolated(unsafe) let seconds: UnsafeBufferPointer<UInt16>
  nonisolated(unsafe) let rides: UnsafeBufferPointer<UInt8>
  private let owner: Timetable?

  /// The bounds that a timetable file has; nil if it was made without.
  package init?(_ timetable: Timetable) {
    guard timetable.cellCount > 0 else { return nil }
    (cellCount, cells) = (timetable.cellCount, timetable.boundCells)
    (seconds, rides) = (timetable.boundSeconds, timetable.boundRides)
    owner = timetable
  }

  /// Computes bounds for other footpaths than those of the timetable, or for searching backwards.
  ///
  /// - Complexity: a shortest path search for each cell: some tenths of a second for a region.
  package init(_ timetable: Timetable, walks: SliceWalks, isReversed: Bool = false) {
    owner = nil
    let stopCount = timetable.stopCount
    let division = StopDivision(timetable, cellsMax: min(Self.cellsMax, max(1, Self.bytesMax / max(1, 2 * stopCount))))
    cellCount = division.cells.count
    let seconds = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: stopCount * cellCount)
    var ofStop = [UInt16](repeating: Self.noCell, count: stopCount)
    // Walked against the direction of travel, from the cells.
    var paths = ShortestPaths(Self.edges(timetable, walks, against: !isReversed))
    for (cell, members) in division.cells.enumerated() {
      for stop in members { ofStop[Int(stop)] = UInt16(cell) }
      paths.find(from: members)
      for stop in 0..<stopCount {
        seconds.initializeElement(
          at: cell * stopCount + stop, to: UInt16(min(Int32(Self.unreachable), paths.seconds[stop])))
      }
    }
    let rides = RideBounds(
      PatternStops(timetable), footpaths: isReversed ? walks.footpaths.reversed : walks.footpaths,
      isReversed: isReversed)
    self.rides = Self.copy(rides.table(cells: ofStop, cellCount: cellCount))
    cells = Self.copy(ofStop)
    self.seconds = UnsafeBufferPointer(seconds)
  }

  /// Takes over memory that was filled elsewhere.
  init(
    cellCount: Int, cells: UnsafeBufferPointer<UInt16>, seconds: UnsafeBufferPointer<UInt16>,
    rides: UnsafeBufferPointer<UInt8>
  ) {
    (self.cellCount, self.cells, self.seconds, self.rides) = (cellCount, cells, seconds, rides)
    owner = nil
  }

  deinit {
    if owner != nil { return }
    cells.deallocate()
    seconds.deallocate()
    rides.deallocate()
  }

  /// The cells that whoever reaches some targets comes to; nil if one of them is in none, and nothing is known.
  func cells(of targets: [StopAccess]) -> Set<Int>? {
    // Footpaths are in the bounds: those of the target's neighbours follow from the target's own.
    let direct = targets.allSatisfy { $0.way == .walk } ? targets.filter { $0.seconds == 0 } : []
    let found = Set((direct.isEmpty ? targets : direct).map { cells[Int($0.stop)] })
    return found.contains(Self.noCell) ? nil : Set(found.map { Int($0) })
  }

  static func copy<Number: BitwiseCopyable>(_ numbers: [Number]) -> UnsafeBufferPointer<Number> {
    let memory = UnsafeMutableBufferPointer<Number>.allocate(capacity: numbers.count)
    _ = memory.initialize(from: numbers)
    return UnsafeBufferPointer(memory)
  }

  static func edges(_ timetable: Timetable, _ walks: SliceWalks, against: Bool) -> FootpathTable {
    var edges = HopTable(timetable).edges + SeatedHops(timetable).edges
    for from in 0..<timetable.stopCount {
      for path in walks.footpaths.paths(from: from) {
        let to = walks.footpaths.stops[path]
        edges.append(Footpath(from: Int32(from), to: to, seconds: walks.footpaths.seconds[path]))
      }
    }
    if against { edges = edges.map { Footpath(from: $0.to, to: $0.from, seconds: $0.seconds) } }
    return FootpathTable(edges, stopCount: timetable.stopCount)
  }
}

/// Stops divided into cells of about equal numbers, by halving again and again across the longer side.
private struct StopDivision {
  private(set) var cells: [[Int32]] = []

  init(_ timetable: Timetable, cellsMax: Int) {
    let (latitudes, longitudes) = (timetable.stopLatitudes, timetable.stopLongitudes)
    // Where nothing stops no search has an end.
    var isServed = [Bool](repeating: false, count: timetable.stopCount)
    for stop in timetable.positionStops { isServed[Int(stop)] = true }
    let served = (0..<Int32(timetable.stopCount)).filter { isServed[Int($0)] }
    var waiting: [(stops: [Int32], share: Int)] = [(served, cellsMax)]
    while let (stops, share) = waiting.popLast() {
      if share <= 1 || stops.count <= 1 {
        if !stops.isEmpty { cells.append(stops) }
        continue
      }
      func extent(_ values: UnsafeBufferPointer<Int32>) -> Double {
        let own = stops.map { values[Int($0)] }
        return Double(own.max() ?? 0) - Double(own.min() ?? 0)
      }
      // Longitudes shrink towards the poles; for dividing, the middle latitudes are near enough.
      let values = extent(latitudes) > extent(longitudes) * 0.7 ? latitudes : longitudes
      let sorted = stops.sorted { (values[Int($0)], $0) < (values[Int($1)], $1) }
      waiting.append((Array(sorted[..<(sorted.count / 2)]), share / 2))
      waiting.append((Array(sorted[(sorted.count / 2)...]), share - share / 2))
    }
  }
}

/// Dijkstra's search from several stops at once, with a binary heap.
///
/// It runs some hundreds of times when a timetable is compiled, so that its loops work on memory, not on arrays that
/// are checked at every step.
struct ShortestPaths {
  private let table: FootpathTable
  private(set) var seconds: [Int32]
  private var heap: [UInt64] = []

  init(_ table: FootpathTable) {
    self.table = table
    seconds = [Int32](repeating: .max, count: table.stopCount)
  }

  mutating func find(from stops: [Int32]) {
    for index in seconds.indices { seconds[index] = .max }
    improve(stops.map { (stop: $0, seconds: 0) })
  }

  /// Begins with lengths that are known, before shorter ways are told by ``improve(_:)``.
  mutating func take(_ known: UnsafeBufferPointer<UInt16>) {
    for stop in known.indices {
      seconds[stop] = known[stop] == TravelBounds.unreachable ? .max : Int32(known[stop])
    }
  }

  /// Makes whatever becomes shorter by these shorter.
  mutating func improve(_ ways: [(stop: Int32, seconds: Int32)]) {
    // Every way that is shorter puts one item more on the heap: as many as there are edges, and the beginnings.
    let most = table.stops.count + ways.count
    if heap.count < most { heap = [UInt64](repeating: 0, count: most) }
    heap.withUnsafeMutableBufferPointer { heap in
      seconds.withUnsafeMutableBufferPointer { seconds in
        table.starts.withUnsafeBufferPointer { starts in
          table.stops.withUnsafeBufferPointer { stops in
            table.seconds.withUnsafeBufferPointer { lengths in
              var queue = DistanceHeap(heap)
              for way in ways where way.seconds < seconds[Int(way.stop)] {
                seconds[Int(way.stop)] = way.seconds
                queue.push(UInt64(way.seconds) << 32 | UInt64(UInt32(way.stop)))
              }
              while let next = queue.pop() {
                let (stop, reached) = (Int(next & 0xFFFF_FFFF), Int32(next >> 32))
                if reached > seconds[stop] { continue }
                for path in Int(starts[stop])..<Int(starts[stop + 1]) {
                  let there = reached + lengths[path]
                  let to = Int(stops[path])
                  if there < seconds[to] {
                    seconds[to] = there
                    queue.push(UInt64(there) << 32 | UInt64(to))
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

/// A heap of four children each in memory that somebody else has: the least item comes first.
private struct DistanceHeap {
  private let items: UnsafeMutableBufferPointer<UInt64>
  private var count = 0

  init(_ items: UnsafeMutableBufferPointer<UInt64>) { self.items = items }

  mutating func push(_ item: UInt64) {
    precondition(count < items.count, "a way of negative length was told")
    var place = count
    count += 1
    while place > 0 {
      let parent = (place - 1) >> 2
      if items[parent] <= item { break }
      items[place] = items[parent]
      place = parent
    }
    items[place] = item
  }

  mutating func pop() -> UInt64? {
    guard count > 0 else { return nil }
    let first = items[0]
    count -= 1
    let item = items[count]
    var place = 0
    while true {
      let child = place << 2 + 1
      if child >= count { break }
      var least = child
      for other in child + 1..<max(child + 1, min(child + 4, count)) where items[other] < items[least] { least = other }
      if items[least] >= item { break }
      items[place] = items[least]
      place = least
    }
    items[place] = item
    return first
  }
}
