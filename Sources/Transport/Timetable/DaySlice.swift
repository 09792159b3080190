package import Kernel

/// What runs from the start of a service day for two days, cut out of a timetable and laid out for searching.
///
/// Holds the runs of that day, those of days before that still run, and those of the day after, of all time zones: a
/// search never asks on which days a service runs. Times are seconds from the start of the day in the timetable's main
/// zone, so that runs of all zones have one clock, and days on which clocks are changed are as long as they are.
///
/// Its trips are grouped so that none overtakes another of its pattern, neither arriving nor departing: whoever boards
/// the first that comes arrives first everywhere.
///
/// A reversed slice is the same day seen backwards (time runs from its end, trips from their last stop): searching it
/// from the target finds the latest departure as searching the other finds the earliest arrival.
package final class DaySlice: Sendable {
  /// How long a slice is: nothing departs later, and nothing that arrives later is found.
  package static let horizon: Int32 = 172_800
  /// Trips of one pattern at most; the search keeps their numbers in 16 bits.
  static let tripsMax = 60_000

  /// A position of a pattern at which riders can board, as its stop sees it.
  struct BoardingPlace {
    /// Where the departures at this position begin; those of all trips stand together, ascending.
    let departures: Int32
    let tripCount: Int32
    /// The position among those of all patterns, and where its pattern's end.
    let position: Int32
    let end: Int32
  }

  /// A trip that riders reach without leaving the vehicle.
  struct SeatedLink {
    /// The trip on which they sit before, of the pattern that the link belongs to.
    let via: Int32
    /// The trip on which they go on, among those of all patterns.
    let trip: Int32
    let pattern: Int32
    /// The same, among those of its pattern.
    let tripInPattern: Int32
  }

  package let timetable: Timetable
  package let date: LocalDate
  /// The moment that is second 0.
  package let zero: Instant
  package let isReversed: Bool
  /// What boarding and leaving takes; it is in the times below.
  let boarding: BoardingTimes
  let footpaths: FootpathTable
  let patternCount: Int
  let tripCount: Int
  let positionCount: Int
  /// Whether walking on from where one has walked to never helps, and changing takes no time anywhere.
  let isSimple: Bool
  let hasSeatedLinks: Bool
  /// The most places that any stop has.
  let placesMax: Int

  // Memory of this object, freed with it and never changed once it is made.
  private let memory: SliceMemory
  /// By pattern, and one more.
  nonisolated(unsafe) let positionStarts, eventStarts, tripStarts: UnsafePointer<Int32>
  /// The timetable's pattern of each.
  nonisolated(unsafe) let sourcePatterns: UnsafePointer<Int32>
  /// By position: its pattern, its stop, and the stop that is reached by alighting (one too many where nobody may).
  nonisolated(unsafe) let positionPatterns, callStops, alightStops: UnsafePointer<Int32>
  /// Trip by trip.
  nonisolated(unsafe) let arrivals: UnsafePointer<Int32>
  /// Position by position.
  nonisolated(unsafe) let departures: UnsafePointer<Int32>
  /// By trip: the timetable's run and the service day.
  nonisolated(unsafe) let tripRuns, tripDays: UnsafePointer<Int32>
  /// What differs from the timetable, and by trip which of its trips it is, -1 for one that runs as planned.
  let overlay: RealtimeOverlay?
  nonisolated(unsafe) let tripLives: UnsafePointer<Int32>
  /// By stop, and one more.
  nonisolated(unsafe) let placeStarts: UnsafePointer<Int32>
  nonisolated(unsafe) let places: UnsafePointer<BoardingPlace>
  /// By stop, and one more: its board of departures, which is empty where lines run often.
  nonisolated(unsafe) let boardStarts, boardTimes: UnsafePointer<Int32>
  nonisolated(unsafe) let boardEntries: UnsafePointer<DepartureBoards.Entry>
  /// By stop: seconds to change, -1 where one cannot.
  nonisolated(unsafe) let changes: UnsafePointer<Int32>
  nonisolated(unsafe) let footpathStarts, footpathStops, footpathSeconds: UnsafePointer<Int32>
  /// By trip, and one more: the links of it and all later trips of its pattern, for each next pattern the first.
  nonisolated(unsafe) let seatedStarts: UnsafePointer<Int32>
  nonisolated(unsafe) let seatedLinks: UnsafePointer<SeatedLink>

  /// Cuts a slice.
  ///
  /// - Parameters:
  ///   - timetable: what runs on all days.
  ///   - date: the day, in the timetable's main zone.
  ///   - walks: other footpaths than those of the timetable, and the least time for changing.
  ///   - isReversed: seen from its end.
  ///   - changes: what runs otherwise, or is left out.
  /// - Complexity: O(calls of the runs of these days, log of the trips of a pattern): 5 to 50 ms for a region.
  package convenience init(
    _ timetable: Timetable, on date: LocalDate, walks: SliceWalks, isReversed: Bool = false,
    changes: SliceChanges = SliceChanges()
  ) {
    self.init(SliceLayout(timetable, on: date, walks: walks, isReversed: isReversed, changes: changes))
  }

  private init(_ layout: SliceLayout) {
    let memory = SliceMemory()
    self.memory = memory
    (timetable, date, zero, isReversed) = (layout.timetable, layout.date, layout.zero, layout.isReversed)
    (footpaths, boarding) = (layout.footpaths, layout.boarding)
    patternCount = layout.sourcePatterns.count
    tripCount = layout.tripRuns.count
    positionCount = layout.callStops.count
    isSimple = layout.isSimple
    hasSeatedLinks = !layout.seatedLinks.isEmpty
    positionStarts = memory.copy(layout.positionStarts)
    eventStarts = memory.copy(layout.eventStarts)
    tripStarts = memory.copy(layout.tripStarts)
    sourcePatterns = memory.copy(layout.sourcePatterns)
    positionPatterns = memory.copy(layout.positionPatterns)
    callStops = memory.copy(layout.callStops)
    alightStops = memory.copy(layout.alightStops)
    arrivals = memory.copy(layout.arrivals)
    // One in front: a search reads ahead of the first departure, and does not heed what it finds.
    departures = memory.copy([0] + layout.departures) + 1
    placesMax =
      (0..<layout.timetable.stopCount).map { Int(layout.placeStarts[$0 + 1] - layout.placeStarts[$0]) }.max() ?? 0
    tripRuns = memory.copy(layout.tripRuns)
    tripDays = memory.copy(layout.tripDays)
    overlay = layout.changesOfPlan.overlay
    tripLives = memory.copy(layout.tripLives)
    placeStarts = memory.copy(layout.placeStarts)
    places = memory.copy(layout.places)
    let boards = DepartureBoards(
      places: layout.places, placeStarts: layout.placeStarts, departures: layout.departures)
    boardStarts = memory.copy(boards.starts)
    boardTimes = memory.copy(boards.times)
    boardEntries = memory.copy(boards.entries)
    changes = memory.copy(layout.changes)
    footpathStarts = memory.copy(layout.footpaths.starts)
    footpathStops = memory.copy(layout.footpaths.stops)
    footpathSeconds = memory.copy(layout.footpaths.seconds)
    seatedStarts = memory.copy(layout.seatedStarts)
    seatedLinks = memory.copy(layout.seatedLinks)
  }

  var stopCount: Int { timetable.stopCount }

  /// The moment of a second of this slice.
  package func instant(_ second: Int32) -> Instant {
    zero.adding(seconds: Int64(isReversed ? Self.horizon - second : second))
  }

  /// The second of this slice at a moment, or nil if it lies outside.
  package func second(_ moment: Instant) -> Int32? {
    let seconds = zero.seconds(until: moment)
    guard (0...Int64(Self.horizon)).contains(seconds) else { return nil }
    return isReversed ? Self.horizon - Int32(seconds) : Int32(seconds)
  }
}

/// How riders change and walk between stops in a slice.
package struct SliceWalks: Sendable {
  let footpaths: FootpathTable
  let changeSeconds: Int32
  /// What the feeds say of changing at a stop is left out.
  let ignoresStopChanges: Bool
  /// What boarding and leaving vehicles takes.
  let boarding: BoardingTimes

  /// The footpaths of the timetable.
  package init(_ timetable: Timetable, changeSeconds: Int32 = 0, boarding: BoardingTimes = .none) {
    footpaths = FootpathTable(timetable)
    (self.changeSeconds, self.boarding) = (changeSeconds, boarding)
    ignoresStopChanges = false
  }

  /// Footpaths of one's own, and nothing that the feeds say.
  package init(_ timetable: Timetable, footpaths: [Footpath], changeSeconds: Int32 = 0) {
    self.footpaths = FootpathTable(footpaths, stopCount: timetable.stopCount)
    (self.changeSeconds, boarding) = (changeSeconds, .none)
    ignoresStopChanges = true
  }
}

/// What a slice has otherwise than its timetable.
package struct SliceChanges: Sendable {
  /// How trips run in fact.
  let overlay: RealtimeOverlay?
  /// By run: whether it is left out, as nobody wants to ride it; empty for none.
  let avoided: [Bool]

  package init(overlay: RealtimeOverlay? = nil) { self.init(overlay: overlay, avoided: []) }

  init(overlay: RealtimeOverlay?, avoided: [Bool]) {
    (self.overlay, self.avoided) = (overlay, avoided)
  }

  func leavesOut(_ run: Int) -> Bool { !avoided.isEmpty && avoided[run] }
}

/// The arrays of a slice outside of Swift's counting of references.
private final class SliceMemory: Sendable {
  // Only added to while the one slice that owns this is made.
  private nonisolated(unsafe) var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
    // One more, so that reading ahead of the last element reads memory of ours.
    let size = (elements.count + 1) * MemoryLayout<Element>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    blocks.append(block)
    elements.withUnsafeBytes { block.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(block), byteCount: $0.count) }
    return UnsafePointer(block.assumingMemoryBound(to: Element.self))
  }
}
