/// When stops must be left at the latest for the target of a query that has an end, by how many rides are left.
///
/// Found by a search backwards (bounded McRAPTOR: Delling, Dibbelt, Pajor, Werneck 2015), which also tells which trips
/// lead to the target in time, and up to where.
final class LatestTimes {
  private let slice: DaySlice
  private let mirror: SliceMirror
  private let bounds: TravelBounds?
  private let backwards: RoundSearch
  /// By position: the latest trip on which the search backwards has passed it.
  private let reached: UnsafePointer<UInt32>
  /// By rides left, then stop: seconds before the end of the slice.
  private(set) var seconds: UnsafeMutablePointer<Int32>
  private var rows = 0
  /// By pattern of the timetable: the last query for which a trip of it leads to the target.
  private let leading: UnsafeMutablePointer<Int32>
  private var leadingMark: Int32 = 0
  /// What the search backwards has marked its trips with.
  private(set) var reachedPrefix: UInt32 = 0
  /// By stop: the least seconds and rides from where the query begins.
  private let secondsBefore: UnsafeMutablePointer<UInt16>
  private let ridesBefore: UnsafeMutablePointer<UInt8>

  init(_ slice: DaySlice, _ mirror: SliceMirror, bounds: TravelBounds?) {
    (self.slice, self.mirror, self.bounds) = (slice, mirror, bounds)
    backwards = RoundSearch(mirror.reversed, bounds: nil)
    reached = UnsafePointer(backwards.scratch.reached)
    seconds = .allocate(capacity: 0)
    leading = .allocate(capacity: slice.timetable.patternCount + 1)
    leading.initialize(repeating: 0, count: slice.timetable.patternCount + 1)
    secondsBefore = .allocate(capacity: slice.stopCount + 1)
    secondsBefore.initialize(repeating: 0, count: slice.stopCount + 1)
    ridesBefore = .allocate(capacity: slice.stopCount + 1)
    ridesBefore.initialize(repeating: 0, count: slice.stopCount + 1)
  }

  deinit {
    seconds.deallocate()
    leading.deallocate()
    secondsBefore.deallocate()
    ridesBefore.deallocate()
  }

  /// How many rounds backwards pay: full searches have more, and no end that bounds them.
  private static let ridesMax = 10

  /// Searches backwards from the targets of a query.
  ///
  /// - Returns: false if that does not pay; then nothing is known.
  func find(_ query: StopQuery) -> Bool {
    guard query.ridesMax <= Self.ridesMax, query.before <= DaySlice.horizon else { return false }
    if rows < query.ridesMax + 1 {
      seconds.deallocate()
      rows = query.ridesMax + 1
      seconds = .allocate(capacity: rows * slice.stopCount)
    }
    var reversed = StopQuery(
      sources: query.targets, targets: [], departure: DaySlice.horizon - (query.before - 1),
      before: DaySlice.horizon - query.departure + 1)
    reversed.ridesMax = query.ridesMax
    (reversed.modes, reversed.needsWheelchair, reversed.needsBikes) =
      (query.modes, query.needsWheelchair, query.needsBikes)
    setBoundsBefore(query)
    reachedPrefix = backwards.fillArrivals(reversed, seconds: secondsBefore, rides: ridesBefore, into: seconds)
    leadingMark += 1
    for index in 0..<backwards.work.segments {
      let pattern = backwards.slice.positionPatterns[Int(backwards.scratch.segments[index].boarded)]
      leading[Int(backwards.slice.sourcePatterns[Int(pattern)])] = leadingMark
    }
    return true
  }

  /// What it takes at least to come to each stop, by what it takes to come to its cell.
  private func setBoundsBefore(_ query: StopQuery) {
    guard let bounds else { return }
    let stopCount = slice.stopCount
    var ofCell = [(seconds: UInt16, rides: UInt8)](repeating: (.max, .max), count: bounds.cellCount)
    for cell in 0..<bounds.cellCount {
      for source in query.sources {
        let index = cell * stopCount + Int(source.stop)
        let seconds = Int32(bounds.seconds[index]) + source.seconds
        ofCell[cell].seconds = min(ofCell[cell].seconds, UInt16(min(seconds, Int32(TravelBounds.unreachable))))
        ofCell[cell].rides = min(ofCell[cell].rides, bounds.rides[index])
      }
    }
    for stop in 0..<stopCount {
      let cell = bounds.cells[stop]
      (secondsBefore[stop], ridesBefore[stop]) = cell == TravelBounds.noCell ? (0, 0) : ofCell[Int(cell)]
    }
  }

  /// Whether it is too late to be at a stop with so many rides left, or to be aboard with one less.
  @inline(__always)
  func isMissed(_ stop: Int, at second: Int32, ridesLeft: Int) -> Bool {
    seconds[ridesLeft &* slice.stopCount &+ stop] > DaySlice.horizon &- second
  }

  /// Whether some trip of a pattern leads to the target in time.
  @inline(__always)
  func isLeading(_ pattern: Int) -> Bool { leading[Int(slice.sourcePatterns[pattern])] == leadingMark }

  /// How a trip was ridden backwards.
  struct Passage {
    /// Where its first position stands; each that follows stands one before.
    let reached: UnsafePointer<UInt32>
    let prefix: UInt32
    let number: UInt32

    /// Whether it pays to stay aboard up to a position.
    ///
    /// Backwards the trips of a pattern are ridden from where they are left to its end, the latest that is in time: the
    /// search has noted for each position the latest trip on which it was passed. All that come before lead there too.
    @inline(__always)
    func pays(upTo position: Int) -> Bool { (reached - position).pointee &- prefix <= number }
  }

  /// How a trip of the slice was ridden whose pattern has its first position at some.
  @inline(__always)
  func passage(of trip: Int32, from start: Int32) -> Passage {
    let place = mirror[trip]
    return Passage(
      reached: reached + Int(place.first &+ start), prefix: reachedPrefix, number: UInt32(bitPattern: place.number))
  }

  /// Whether it pays to be aboard a trip up to a position, or to wait there for a later one of its pattern, only to stay
  /// seated on it.
  ///
  /// Whoever leaves a trip somewhere, or goes on from its end, passes the stop after the one where it is boarded.
  func leads(_ trip: Int32, _ pattern: Int, upTo position: Int32) -> Bool {
    let (start, first) = (slice.positionStarts[pattern], slice.tripStarts[pattern])
    if passage(of: trip, from: start).pays(upTo: Int(position)) { return true }
    if !slice.hasSeatedLinks { return false }
    for link in slice.seatedStarts[Int(trip)]..<slice.seatedStarts[Int(trip) + 1] {
      let via = first + slice.seatedLinks[Int(link)].via
      if via != trip, passage(of: via, from: start).pays(upTo: Int(position)) { return true }
    }
    return false
  }
}
