/// What a search writes, made once and used again by every search of one thread over one slice.
///
/// Nothing is cleared between searches: every value is kept with the number of its search in its highest bits, counted
/// down, so that whatever an older search wrote is greater than anything that this one writes, which means "not yet".
final class RoundScratch {
  /// A stretch of a trip that is ridden.
  struct Segment {
    /// The first arrival and position that are looked at, and how many.
    let event: Int32
    let position: Int32
    let count: Int32
    /// The trip, and the position at which it was boarded.
    let trip: Int32
    let boarded: Int32
    /// The segment ridden before and the position at which it was left; -1 at the beginning of the journey, and -2 for
    /// the position when riders stayed seated.
    let parent: Int32
    let parentPosition: Int32
  }

  /// Where riders came from who are at a stop.
  struct Origin {
    let segment: Int32
    let position: Int32
  }

  static let timeBits: UInt32 = 19
  static let timeMask: UInt32 = 1 << timeBits - 1
  static let seated: Int32 = -2
  private static let searchesMax: UInt32 = 1 << (32 - timeBits) - 2

  /// By stop, one more for "nowhere": when a vehicle arrives, and when riders can board.
  let ride, ready: UnsafeMutablePointer<UInt32>
  let rideOrigins, readyOrigins: UnsafeMutablePointer<Origin>
  /// By position: the earliest trip on which riders leave it.
  let reached: UnsafeMutablePointer<UInt32>
  /// By stop: in which round of which search it was last listed.
  let rideMarks, readyMarks: UnsafeMutablePointer<UInt32>
  let rideList, readyList: UnsafeMutablePointer<Int32>
  /// Places of one stop that are looked at.
  let candidates: UnsafeMutablePointer<Int32>
  /// By stop: seconds from alighting there to the target.
  let egress: UnsafeMutablePointer<UInt32>
  /// By stop: the least seconds and rides to the target.
  let bounds: UnsafeMutablePointer<UInt16>
  let rideBounds: UnsafeMutablePointer<UInt8>
  private(set) var segments: UnsafeMutablePointer<Segment>
  private(set) var segmentCapacity: Int
  private(set) var egressStops: [Int32] = []
  private(set) var mark: UInt32 = 0
  private var search: UInt32 = 0
  private let stopCount: Int
  private let positionCount: Int

  init(_ slice: DaySlice) {
    stopCount = slice.stopCount + 1
    positionCount = slice.positionCount + 1
    func words(_ count: Int) -> UnsafeMutablePointer<UInt32> {
      let memory = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    (ride, ready, reached) = (words(stopCount), words(stopCount), words(positionCount))
    (rideMarks, readyMarks, egress) = (words(stopCount), words(stopCount), words(stopCount))
    rideOrigins = .allocate(capacity: stopCount)
    readyOrigins = .allocate(capacity: stopCount)
    rideList = .allocate(capacity: stopCount)
    readyList = .allocate(capacity: stopCount)
    bounds = .allocate(capacity: stopCount)
    bounds.initialize(repeating: 0, count: stopCount)
    rideBounds = .allocate(capacity: stopCount)
    rideBounds.initialize(repeating: 0, count: stopCount)
    egress.update(repeating: .max, count: stopCount)
    candidates = .allocate(capacity: slice.placesMax + 1)
    segmentCapacity = 1 << 14
    segments = .allocate(capacity: segmentCapacity)
    clear()
  }

  deinit {
    ride.deallocate()
    ready.deallocate()
    reached.deallocate()
    rideMarks.deallocate()
    readyMarks.deallocate()
    egress.deallocate()
    rideOrigins.deallocate()
    readyOrigins.deallocate()
    rideList.deallocate()
    readyList.deallocate()
    bounds.deallocate()
    rideBounds.deallocate()
    segments.deallocate()
    candidates.deallocate()
  }

  /// Begins a search: what its times and its trips are marked with.
  func begin() -> (times: UInt32, trips: UInt32) {
    search += 1
    if search > Self.searchesMax || mark > .max - 64 { clear() }
    let prefix = (Self.searchesMax + 1 - search) << Self.timeBits
    return (prefix, Self.tripPrefix(of: prefix))
  }

  /// What trips are marked with in the search whose times are marked with a prefix.
  static func tripPrefix(of prefix: UInt32) -> UInt32 { prefix >> (timeBits - 16) }

  /// A number that no list was marked with before.
  func nextMark() -> UInt32 {
    mark += 1
    return mark
  }

  func setEgress(_ targets: [StopAccess]) {
    for stop in egressStops { egress[Int(stop)] = .max }
    egressStops = targets.map(\.stop)
    for target in targets { egress[Int(target.stop)] = min(egress[Int(target.stop)], UInt32(target.seconds)) }
  }

  /// Room for more segments.
  func grow() {
    let larger = UnsafeMutablePointer<Segment>.allocate(capacity: 2 * segmentCapacity)
    larger.moveInitialize(from: segments, count: segmentCapacity)
    segments.deallocate()
    segments = larger
    segmentCapacity *= 2
  }

  private func clear() {
    search = 1
    mark = 0
    ride.update(repeating: .max, count: stopCount)
    ready.update(repeating: .max, count: stopCount)
    reached.update(repeating: .max, count: positionCount)
    rideMarks.update(repeating: 0, count: stopCount)
    readyMarks.update(repeating: 0, count: stopCount)
    // Nobody gets to where nobody may alight.
    ride[stopCount - 1] = 0
    ready[stopCount - 1] = 0
  }
}
