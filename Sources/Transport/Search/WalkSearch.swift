/// All journeys of which none is at once earlier, of fewer rides and of less walking.
///
/// Rounds as in ``RoundSearch``, with a front of arrivals and walking at every stop. A trip is ridden from a stop only as
/// far as nobody who walks no more has been aboard it or an earlier one, in any round: every position has a front of
/// trips and walking for that. What cannot be better than a journey that is known, in this round or one that the lower
/// bound of rides leads to, is left out, as is what comes too late for the end of the query (``LatestTimes``).
final class WalkSearch {
  struct Tail: BitwiseCopyable {
    /// The ride that led here and the position at which it was left; -1 where the journey begins.
    var segment: Int32
    var position: Int32
    /// Doubled; odd for those who have walked or changed since they rode.
    var round: Int32
  }

  struct NoTail: BitwiseCopyable {}

  /// What a stop offers to a round: somebody the round before has found there.
  struct Offer: BitwiseCopyable {
    let second: Int32
    let walk: Int32
    let segment: Int32
    let position: Int32
  }

  /// Somebody aboard who is to be ridden with.
  struct Stretch: BitwiseCopyable {
    let pattern: Int32
    let tripInPattern: Int32
    let position: Int32
    let walk: Int32
    let segment: Int32
  }

  /// What it takes at least from a stop to the targets.
  struct Least: BitwiseCopyable {
    var seconds: UInt16
    var rides: UInt8
  }

  struct End {
    let arrival: Int32
    let walk: Int32
    let segment: Int32
    let position: Int32
    let rides: Int
    /// Which of the query's targets it is.
    let target: Int
  }

  let slice: DaySlice
  private let bounds: TravelBounds?
  let latest: LatestTimes?
  var work = SearchWork()
  /// By stop: arrivals and walking of those who can board.
  let ready: PairFronts<Tail>
  /// The same of those who have just ridden, where changing takes time.
  private(set) lazy var ownRidden = PairFronts<Tail>(count: slice.stopCount + 1, firstCapacity: 8)
  /// By position: trips and walking of those who leave it aboard.
  let aboard: PairFronts<NoTail>
  let least: UnsafeMutablePointer<Least>
  let limits = WalkLimits()
  /// By stop: the first of its `ways`; the largest number where there is none.
  let egress: UnsafeMutablePointer<Int32>
  /// The ways on from the query's targets, stop by stop, each with its place among these.
  private var ways: [(access: StopAccess, place: Int)] = []
  private var ends: [End] = []
  let listMarks, readyList, riddenList, candidates: UnsafeMutablePointer<Int32>
  var mark: Int32 = 0
  /// By number in the list of stops that are ready: the stop, and the last of its offers and one more.
  let offerEnds: UnsafeMutablePointer<(stop: Int32, end: Int32)>
  var offers: UnsafeMutablePointer<Offer>
  var offerCapacity = 1 << 12
  var segments: UnsafeMutablePointer<RideSegment>
  var segmentCapacity = 1 << 12
  var segmentCount = 0
  var stretches: [Stretch] = []

  init(_ slice: DaySlice, bounds: TravelBounds?, mirror: SliceMirror?) {
    (self.slice, self.bounds) = (slice, bounds)
    latest = mirror.map { LatestTimes(slice, $0, bounds: bounds) }
    let count = slice.stopCount + 1
    ready = PairFronts(count: count, firstCapacity: 8)
    aboard = PairFronts(count: slice.positionCount + 1, firstCapacity: 2)
    least = .allocate(capacity: count)
    least.initialize(repeating: Least(seconds: 0, rides: 0), count: count)
    (egress, listMarks) = (.allocate(capacity: count), .allocate(capacity: count))
    egress.initialize(repeating: .max, count: count)
    listMarks.initialize(repeating: 0, count: count)
    (readyList, riddenList) = (.allocate(capacity: count), .allocate(capacity: count))
    candidates = .allocate(capacity: slice.placesMax + 1)
    offerEnds = .allocate(capacity: count)
    offers = .allocate(capacity: offerCapacity)
    segments = .allocate(capacity: segmentCapacity)
  }

  deinit {
    for memory in [egress, listMarks, readyList, riddenList, candidates] { memory.deallocate() }
    least.deallocate()
    offerEnds.deallocate()
    offers.deallocate()
    segments.deallocate()
  }

  /// See ``CriteriaSearch/journeys(_:directWalk:known:)``.
  func journeys(_ query: StopQuery, directWalk: Int32?, known: [FoundJourney]) -> [WeighedJourney] {
    begin(query, directWalk, known)
    search(query, isBounded: latest?.find(query) ?? false)
    for way in ways { egress[Int(way.access.stop)] = .max }
    let found = ends.map { end in
      let (rides, source) = RideSegment.rides(
        endingWith: end.segment, left: end.position,
        of: UnsafeBufferPointer(start: segments, count: segmentCount), in: slice)
      var found = WeighedJourney(
        journey: FoundJourney(arrival: end.arrival, boardings: end.rides, rides: rides), walk: end.walk, co2: 0,
        price: 0)
      (found.source, found.target) = (source, end.target)
      return found
    }
    return found.sorted { ($0.journey.boardings, $0.journey.arrival) < ($1.journey.boardings, $1.journey.arrival) }
  }

  private func begin(_ query: StopQuery, _ directWalk: Int32?, _ known: [FoundJourney]) {
    ends.removeAll(keepingCapacity: true)
    ways = query.targets.indices.map { (query.targets[$0], $0) }
    ways.sort { ($0.access.stop, $0.access.seconds, $0.place) < ($1.access.stop, $1.access.seconds, $1.place) }
    for index in ways.indices.reversed() { egress[Int(ways[index].access.stop)] = Int32(index) }
    setLeast(query)
    limits.begin(ridesMax: known.map(\.boardings).max() ?? 0, before: query.before)
    for journey in known {
      // What is as good is found again, and told with all that it was compared by.
      guard let walk = walk(of: journey, query) else { continue }
      limits.note(rides: journey.boardings, walk: walk, before: journey.arrival + 1)
    }
    if let directWalk { limits.note(rides: 0, walk: directWalk, before: query.departure + directWalk) }
  }

  private func setLeast(_ query: StopQuery) {
    let stopCount = slice.stopCount
    guard let bounds, let allSeconds = bounds.seconds.baseAddress, let allRides = bounds.rides.baseAddress,
      !query.targets.isEmpty, let cells = bounds.cells(of: query.targets)
    else {
      least.update(repeating: Least(seconds: 0, rides: 0), count: stopCount)
      return
    }
    for (index, cell) in cells.enumerated() {
      let (seconds, rides) = (allSeconds + cell * stopCount, allRides + cell * stopCount)
      for stop in 0..<stopCount {
        let own = Least(seconds: seconds[stop], rides: rides[stop])
        let other = index == 0 ? own : least[stop]
        least[stop] = Least(seconds: min(own.seconds, other.seconds), rides: min(own.rides, other.rides))
      }
    }
  }

  /// How much somebody walks at most who makes a journey that is known; nil if that cannot be told.
  private func walk(of journey: FoundJourney, _ query: StopQuery) -> Int32? {
    guard let first = journey.rides.first, let last = journey.rides.last else { return nil }
    let (start, end) = (slice.callStops[Int(first.boarded)], slice.callStops[Int(last.left)])
    let access = query.sources.lazy.filter { $0.stop == start }.map(\.walkSeconds).max()
    let position = last.left - slice.positionStarts[Int(slice.positionPatterns[Int(last.left)])]
    let arrival = slice.arrival(of: last.trip, at: Int(position))
    let egress = query.targets.lazy.filter { $0.stop == end && arrival + $0.seconds <= journey.arrival }
      .map(\.walkSeconds).min()
    guard let access, let egress else { return nil }
    var sum = access + egress
    for (ride, next) in zip(journey.rides, journey.rides.dropFirst()) where !next.isSeated {
      let (from, to) = (slice.callStops[Int(ride.left)], slice.callStops[Int(next.boarded)])
      if from == to { continue }
      guard let seconds = slice.walkSeconds(from: from, to: to) else { return nil }
      sum += seconds
    }
    return sum
  }

  /// Notes that the target is reached, by one of the ways on from a stop.
  func reach(_ stop: Int, _ second: Int32, _ walk: Int32, _ tail: Tail, rides: Int) {
    var index = Int(egress[stop])
    while index < ways.count, Int(ways[index].access.stop) == stop {
      let (access, place) = ways[index]
      index += 1
      let (arrival, sum) = (second + access.seconds, walk + access.walkSeconds)
      if arrival >= limits.table[rides, sum] || ends.contains(where: { $0.arrival <= arrival && $0.walk <= sum }) {
        continue
      }
      // What an earlier round has found stays, as it has fewer rides.
      ends.removeAll { $0.rides == rides && arrival <= $0.arrival && sum <= $0.walk }
      ends.append(
        End(
          arrival: arrival, walk: sum, segment: tail.segment, position: tail.position, rides: rides, target: place))
      limits.note(rides: min(rides, limits.ridesMax), walk: sum, before: arrival)
    }
  }
}
