/// The earliest arrivals with one ride, two rides and so on.
///
/// Round `k` rides whatever can be boarded at the stops that round `k - 1` has improved (RAPTOR: Delling, Pajor, Werneck
/// 2012). Three things keep rounds small. A trip is ridden only from where no earlier trip of its pattern has been
/// ridden before, in any round, and only as far (as in trip-based routing: Witt 2015): since no trip overtakes within a
/// pattern, the earlier one is nowhere worse. A stop is improved only if the target could be reached from there in
/// time, by a lower bound of the travel time. And whatever arrives later than a known way to the target is left out.
///
/// Invariant: after round `k`, `ride[s]` is the earliest arrival at `s` with at most `k` rides unless the target cannot
/// be reached from it any earlier than known. Exact for arrival and number of rides.
///
/// One object serves one thread; searching allocates nothing but its answer.
package final class RoundSearch {
  package let slice: DaySlice
  package internal(set) var work = SearchWork()
  let scratch: RoundScratch
  private let bounds: TravelBounds?

  /// - Parameters:
  ///   - slice: what runs.
  ///   - bounds: lower bounds of travel times in the direction of the slice; nil to do without.
  package init(_ slice: DaySlice, bounds: TravelBounds?) {
    self.slice = slice
    self.bounds = bounds
    scratch = RoundScratch(slice)
  }

  /// All journeys of which none is both earlier and of fewer rides than another, the fewest rides first.
  ///
  /// Most of what a search can reach is reached with needless rides or long after the target. So first only journeys
  /// of as few rides as the bounds allow are looked for, then of one more until there are some: the bounds show for most
  /// stops that they are on no such journey. What is then looked for among all must be earlier than what is known,
  /// which the bounds on time show to be impossible for most stops.
  package func journeys(_ query: StopQuery) -> [FoundJourney] {
    work = SearchWork()
    scratch.setEgress(query.targets)
    let lower = lowerBounds(query)
    guard !query.targets.isEmpty, bounds != nil,
      let least = query.sources.map({ Int(lower.rides[Int($0.stop)]) }).min()
    else { return found(query, lower) }
    if least > query.ridesMax { return [] }
    var next = query
    var few: [FoundJourney] = []
    for more in 0...Self.ridesMoreMax where few.isEmpty {
      next.ridesMax = min(query.ridesMax, max(1, least) + more)
      few = found(next, lower)
    }
    guard next.ridesMax < query.ridesMax else { return few }
    if let last = few.last { next.before = last.arrival }
    next.ridesMax = query.ridesMax
    return few + found(next, lower)
  }

  /// The same without those than which another is better that is known.
  func journeys(_ query: StopQuery, betterThan known: [FoundJourney]) -> [FoundJourney] {
    func before(_ boardings: Int) -> Int32 {
      known.reduce(.max) { $1.boardings <= boardings ? min($0, $1.arrival) : $0 }
    }
    let lower = lowerBounds(query)
    let least = max(1, query.sources.map { Int(lower.rides[Int($0.stop)]) }.min() ?? 1)
    // Whatever is better has so many rides at least, and so is earlier than those known that have no more.
    guard before(least) < .max else { return journeys(query).filter { $0.arrival < before($0.boardings) } }
    work = SearchWork()
    scratch.setEgress(query.targets)
    var next = query
    next.before = min(query.before, before(least))
    return found(next, lower).filter { $0.arrival < before($0.boardings) }
  }

  /// How many rides more than the bound are tried one by one before all are.
  private static let ridesMoreMax = 1

  private func found(_ query: StopQuery, _ lower: LowerBounds) -> [FoundJourney] {
    var ends: [RoundEnd] = []
    search(query, lower, &ends)
    return ends.map { end in
      FoundJourney(
        arrival: end.arrival, boardings: end.round, rides: rides(endingWith: end.segment, left: end.position))
    }
  }

  struct RoundEnd {
    let arrival: Int32
    let round: Int
    let segment: Int32
    let position: Int32
  }

  private func rides(endingWith last: Int32, left: Int32) -> [FoundJourney.Ride] {
    var rides: [FoundJourney.Ride] = []
    var (index, position) = (last, left)
    while index >= 0 {
      let segment = scratch.segments[Int(index)]
      let isSeated = segment.parentPosition == RoundScratch.seated
      rides.append(
        FoundJourney.Ride(trip: segment.trip, boarded: segment.boarded, left: position, isSeated: isSeated))
      if isSeated {
        let before = scratch.segments[Int(segment.parent)]
        position = slice.positionStarts[Int(slice.positionPatterns[Int(before.boarded)]) + 1] - 1
      } else {
        position = segment.parentPosition
      }
      index = segment.parent
    }
    return rides.reversed()
  }

  /// By stop: the least seconds and rides to the targets; zeros where nothing is known.
  struct LowerBounds {
    let seconds: UnsafePointer<UInt16>
    let rides: UnsafePointer<UInt8>
  }

  func lowerBounds(_ query: StopQuery) -> LowerBounds {
    let stopCount = slice.stopCount
    let (seconds, rides) = (scratch.bounds, scratch.rideBounds)
    let result = LowerBounds(seconds: UnsafePointer(seconds), rides: UnsafePointer(rides))
    guard let bounds, let allSeconds = bounds.seconds.baseAddress, let allRides = bounds.rides.baseAddress,
      !query.targets.isEmpty, let cells = bounds.cells(of: query.targets)
    else {
      seconds.update(repeating: 0, count: stopCount + 1)
      rides.update(repeating: 0, count: stopCount + 1)
      return result
    }
    for (index, cell) in cells.enumerated() {
      let (row, rideRow) = (allSeconds + cell * stopCount, allRides + cell * stopCount)
      if index == 0 {
        seconds.update(from: row, count: stopCount)
        rides.update(from: rideRow, count: stopCount)
      } else {
        for stop in 0..<stopCount {
          seconds[stop] = min(seconds[stop], row[stop])
          rides[stop] = min(rides[stop], rideRow[stop])
        }
      }
    }
    return result
  }

  // MARK: The search

  /// The rounds, in one function: all that the loops need is bound to locals once and nothing is counted or checked twice.
  @discardableResult
  func search(
    _ query: StopQuery, _ lowerBounds: LowerBounds, _ ends: inout [RoundEnd],
    after rounds: ((Int, UInt32) -> Void)? = nil
  ) -> UInt32 {
    let (prefix, tripPrefix) = scratch.begin()
    let (lower, lowerRides) = (lowerBounds.seconds, lowerBounds.rides)
    let egressMax = UInt32(query.targets.map(\.seconds).max() ?? 0)
    let slice = slice
    let scratch = scratch
    let (ride, ready, reached) = (scratch.ride, scratch.ready, scratch.reached)
    let (rideOrigins, readyOrigins) = (scratch.rideOrigins, scratch.readyOrigins)
    let (rideMarks, readyMarks) = (scratch.rideMarks, scratch.readyMarks)
    let (rideList, readyList, egress) = (scratch.rideList, scratch.readyList, scratch.egress)
    var segments = scratch.segments
    var capacity = scratch.segmentCapacity
    let (placeStarts, places) = (slice.placeStarts, slice.places)
    let candidates = scratch.candidates
    let (arrivals, departures) = (slice.arrivals, slice.departures)
    let (boardStarts, boardTimes, boardEntries) = (slice.boardStarts, slice.boardTimes, slice.boardEntries)
    let (alightStops, positionPatterns) = (slice.alightStops, slice.positionPatterns)
    let (positionStarts, eventStarts, tripStarts) = (slice.positionStarts, slice.eventStarts, slice.tripStarts)
    let (pathStarts, pathStops, pathSeconds) = (slice.footpathStarts, slice.footpathStops, slice.footpathSeconds)
    let changes = slice.changes
    let isSimple = slice.isSimple && !query.hasOwnWays
    let gate = isSimple ? ready : ride
    let isFiltered = query.isFiltered
    let hasSeatedLinks = slice.hasSeatedLinks

    var best = prefix &+ UInt32(query.before)
    var readyCount = 0
    var segmentCount = 0
    var labels = 0
    var mark = scratch.nextMark()
    for source in query.sources {
      let stop = Int(source.stop)
      let key = prefix &+ UInt32(query.departure + source.seconds)
      guard key < ready[stop], key &+ UInt32(lower[stop]) < best, Int(lowerRides[stop]) <= query.ridesMax else {
        continue
      }
      ready[stop] = key
      readyOrigins[stop] = RoundScratch.Origin(segment: -1, position: -1)
      if readyMarks[stop] != mark {
        readyMarks[stop] = mark
        readyList[readyCount] = source.stop
        readyCount += 1
      }
    }
    var round = 0
    rounds?(0, prefix)
    while readyCount > 0, round < query.ridesMax {
      round += 1
      let ridesLeft = query.ridesMax - round
      let roundStart = segmentCount
      // Board what leaves earlier than anything ridden so far.
      for index in 0..<readyCount {
        let stop = Int(readyList[index])
        let time = Int32(bitPattern: ready[stop] &- prefix)
        let bound = UInt32(lower[stop])
        let placesStart = Int(placeStarts[stop])
        let placesCount = Int(placeStarts[stop &+ 1]) &- placesStart
        // Where departures are few for the lines there are, those within the time that is left are looked at, if they
        // are fewer than the lines.
        let board = Int(boardStarts[stop])
        let boardEnd = Int(boardStarts[stop &+ 1])
        let limit = Int32(bitPattern: best &- prefix &- bound)
        var next = boardEnd
        if board < boardEnd {
          next = board &+ Self.first(boardTimes + board, boardEnd &- board, from: time)
          if boardTimes[next] < time { next = boardEnd }
        }
        let last = min(next &+ placesCount, boardEnd)
        let isOnBoard = board < boardEnd && (last < next &+ placesCount || boardTimes[last &- 1] >= limit)
        var offers = 0
        if isOnBoard {
          while next < last, boardTimes[next] < limit {
            let departure = boardEntries[next]
            candidates[offers] = Int32(truncatingIfNeeded: next)
            let key = tripPrefix | UInt32(bitPattern: departure.trip)
            offers = offers &+ (reached[Int(departure.position)] > key ? 1 : 0)
            next = next &+ 1
          }
        } else {
          // Which lines have an earlier trip to offer is found without branches, so that the memory of all is read at
          // once; few have.
          for index in 0..<placesCount {
            let boarding = places[placesStart &+ index]
            let before = min(reached[Int(boarding.position)] &- tripPrefix, UInt32(bitPattern: boarding.tripCount))
            // There is one unused time in front of all departures.
            let latest = departures[Int(boarding.departures) &+ Int(before) &- 1]
            candidates[offers] = Int32(truncatingIfNeeded: placesStart &+ index)
            offers = offers &+ ((latest >= time ? 1 : 0) & (before != 0 ? 1 : 0))
          }
        }
        for offer in 0..<offers {
          let position: Int
          let low: Int
          // Another offer of this stop may have been the same trip, or an earlier one.
          if isOnBoard {
            let departure = boardEntries[Int(candidates[offer])]
            (position, low) = (Int(departure.position), Int(departure.trip))
            if reached[position] <= tripPrefix | UInt32(low) { continue }
          } else {
            let boarding = places[Int(candidates[offer])]
            position = Int(boarding.position)
            let before = Int(min(reached[position] &- tripPrefix, UInt32(bitPattern: boarding.tripCount)))
            let row = departures + Int(boarding.departures)
            if before == 0 || row[before &- 1] < time { continue }
            low = Self.first(row, before, from: time)
            if row[low] >= limit { continue }
          }
          if isFiltered, !slice.isAllowed(Int(positionPatterns[position]), query) { continue }
          let key = tripPrefix | UInt32(low)
          let pattern = Int(positionPatterns[position])
          let start = Int(positionStarts[pattern])
          let end = Int(positionStarts[pattern &+ 1])
          var last = position
          while last < end, reached[last] > key {
            reached[last] = key
            last = last &+ 1
          }
          let count = min(last, end - 1) - position
          if segmentCount + 2 >= capacity {
            scratch.grow()
            (segments, capacity) = (scratch.segments, scratch.segmentCapacity)
          }
          let origin = readyOrigins[stop]
          (segments + segmentCount).initialize(
            to: RoundScratch.Segment(
              event: eventStarts[pattern] + Int32(low * (end - start) + position - start + 1),
              position: Int32(position + 1), count: Int32(count), trip: tripStarts[pattern] + Int32(low),
              boarded: Int32(position), parent: origin.segment, parentPosition: origin.position))
          segmentCount += 1
        }
      }
      if hasSeatedLinks {
        addSeated(from: roundStart, &segmentCount, tripPrefix, prefix, best, lower)
        (segments, capacity) = (scratch.segments, scratch.segmentCapacity)
      }
      // Ride.
      mark = scratch.nextMark()
      var rideCount = 0
      var end: RoundEnd?
      for index in roundStart..<segmentCount {
        let segment = segments[index]
        let times = arrivals + Int(segment.event)
        let stops = alightStops + Int(segment.position)
        for step in 0..<Int(segment.count) {
          let key = prefix &+ UInt32(bitPattern: times[step])
          if key >= best { break }
          let stop = Int(stops[step])
          if key >= gate[stop] { continue }
          // Whoever stays aboard has no less to go from here: the bound holds for the rest of the ride too.
          if key &+ UInt32(lower[stop]) >= best { break }
          if Int(lowerRides[stop]) > ridesLeft { continue }
          gate[stop] = key
          ride[stop] = key
          rideOrigins[stop] = RoundScratch.Origin(segment: Int32(index), position: segment.position + Int32(step))
          labels &+= 1
          if rideMarks[stop] != mark {
            rideMarks[stop] = mark
            rideList[rideCount] = Int32(stop)
            rideCount += 1
          }
          if UInt32(lower[stop]) <= egressMax, egress[stop] != .max, key &+ egress[stop] < best {
            best = key &+ egress[stop]
            end = RoundEnd(
              arrival: Int32(bitPattern: best &- prefix), round: round, segment: Int32(index),
              position: segment.position + Int32(step))
          }
        }
      }
      if let end { ends.append(end) }
      // Change and walk.
      mark = scratch.nextMark()
      readyCount = 0
      for index in 0..<rideCount {
        let stop = Int(rideList[index])
        let key = ride[stop]
        let origin = rideOrigins[stop]
        if isSimple {
          // Somebody who has walked here is no later: what could be reached from here is reached from there.
          if ready[stop] < key { continue }
          readyOrigins[stop] = origin
          if readyMarks[stop] != mark {
            readyMarks[stop] = mark
            readyList[readyCount] = Int32(stop)
            readyCount += 1
          }
        } else if changes[stop] >= 0 {
          let after = key &+ UInt32(bitPattern: changes[stop])
          if after < ready[stop] {
            ready[stop] = after
            readyOrigins[stop] = origin
            if readyMarks[stop] != mark {
              readyMarks[stop] = mark
              readyList[readyCount] = Int32(stop)
              readyCount += 1
            }
          }
        }
        var path = Int(pathStarts[stop])
        let pathsEnd = Int(pathStarts[stop + 1])
        while path < pathsEnd {
          let there = key &+ UInt32(bitPattern: pathSeconds[path])
          if there >= best { break }
          let to = Int(pathStops[path])
          path += 1
          if there >= ready[to] || there &+ UInt32(lower[to]) >= best || Int(lowerRides[to]) > ridesLeft { continue }
          ready[to] = there
          readyOrigins[to] = origin
          if readyMarks[to] != mark {
            readyMarks[to] = mark
            readyList[readyCount] = Int32(to)
            readyCount += 1
          }
        }
      }
      rounds?(round, prefix)
    }
    work.add(SearchWork(rounds: round, segments: segmentCount, labels: labels))
    return prefix
  }

  /// Which of ascending times is the first that is not before a time; the last of all if none is.
  @inline(__always)
  private static func first(_ times: UnsafePointer<Int32>, _ count: Int, from time: Int32) -> Int {
    var (low, size) = (0, count)
    while size > 1 {
      let half = size >> 1
      // Written so that the compiler makes no branch of it.
      low = low &+ (half & (Int(times[low &+ half &- 1] &- time) >> 63))
      size = size &- half
    }
    return low
  }

  /// Boards what riders of this round's segments reach without leaving their seats, and what can be reached from there.
  private func addSeated(
    from roundStart: Int, _ count: inout Int, _ tripPrefix: UInt32, _ prefix: UInt32, _ best: UInt32,
    _ lower: UnsafePointer<UInt16>
  ) {
    let reached = scratch.reached
    var index = roundStart
    while index < count {
      let segment = scratch.segments[index]
      for link in slice.seatedStarts[Int(segment.trip)]..<slice.seatedStarts[Int(segment.trip) + 1] {
        let seated = slice.seatedLinks[Int(link)]
        let pattern = Int(seated.pattern)
        let (start, end) = (Int(slice.positionStarts[pattern]), Int(slice.positionStarts[pattern + 1]))
        let key = tripPrefix | UInt32(bitPattern: seated.tripInPattern)
        guard reached[start] > key else { continue }
        let departure = slice.departures[Int(slice.eventStarts[pattern]) + Int(seated.tripInPattern)]
        if prefix &+ UInt32(bitPattern: departure) >= best { continue }
        while scratch.segmentCapacity < count + 2 { scratch.grow() }
        var parent = Int32(index)
        let own = slice.tripStarts[Int(slice.positionPatterns[Int(segment.boarded)])]
        if own + seated.via != segment.trip {
          // Riders wait for a later trip of the same pattern, only to stay seated on it.
          (scratch.segments + count).initialize(
            to: RoundScratch.Segment(
              event: 0, position: segment.position, count: 0, trip: own + seated.via, boarded: segment.boarded,
              parent: segment.parent, parentPosition: segment.parentPosition))
          parent = Int32(count)
          count += 1
        }
        var last = start
        while last < end, reached[last] > key {
          reached[last] = key
          last += 1
        }
        (scratch.segments + count).initialize(
          to: RoundScratch.Segment(
            event: slice.eventStarts[pattern] + seated.tripInPattern * Int32(end - start) + 1,
            position: Int32(start + 1), count: Int32(min(last, end - 1) - start), trip: seated.trip,
            boarded: Int32(start), parent: parent, parentPosition: RoundScratch.seated))
        count += 1
      }
      index += 1
    }
  }
}
