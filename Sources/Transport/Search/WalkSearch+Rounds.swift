extension WalkSearch {
  // MARK: The rounds

  /// The rounds, in one function: all that the loops need is bound to locals once and nothing is counted or checked twice.
  func search(_ query: StopQuery, isBounded: Bool) {
    ready.begin()
    aboard.begin()
    let isSimple = slice.isSimple && !query.hasOwnWays
    let ready = ready
    let ridden = isSimple ? ready : ownRidden
    if !isSimple { ridden.begin() }
    let slice = slice
    let (aboard, least, egress, listMarks) = (aboard, least, egress, listMarks)
    let (readyList, riddenList, offerEnds, candidates) = (readyList, riddenList, offerEnds, candidates)
    let (placeStarts, places) = (slice.placeStarts, slice.places)
    let (arrivals, departures, alightStops) = (slice.arrivals, slice.departures, slice.alightStops)
    let (positionPatterns, positionStarts) = (slice.positionPatterns, slice.positionStarts)
    let (eventStarts, tripStarts) = (slice.eventStarts, slice.tripStarts)
    let stopCount = slice.stopCount
    let (isFiltered, hasSeatedLinks) = (query.isFiltered, slice.hasSeatedLinks)
    let limits = limits.table
    let latest = isBounded ? latest : nil
    // Everybody walks so much from where they leave the last vehicle.
    let egressWalk = query.targets.map(\.walkSeconds).min() ?? 0

    segmentCount = 0
    mark += 1
    var (readyCount, labels, round) = (0, 0, 0)
    for (place, source) in query.sources.enumerated() {
      let tail = Tail(segment: -1, position: RideSegment.firstSource - Int32(place), round: 1)
      guard ready.add(Int(source.stop), query.departure + source.seconds, source.walkSeconds, tail),
        listMarks[Int(source.stop)] != mark
      else { continue }
      listMarks[Int(source.stop)] = mark
      readyList[readyCount] = source.stop
      readyCount += 1
    }
    while readyCount > 0, round < query.ridesMax {
      round += 1
      let ridesLeft = query.ridesMax - round
      let stops = collectOffers(readyCount, limits, egressWalk, after: round - 1)
      let offers = offers
      mark += 1
      let mark = mark
      var riddenCount = 0
      var first = 0
      for number in 0..<stops {
        let stop = Int(offerEnds[number].stop)
        let last = Int(offerEnds[number].end)
        defer { first = last }
        let (bound, ridesBound) = (Int32(least[stop].seconds), Int(least[stop].rides))
        let earliest = offers[first].second
        let placesStart = Int(placeStarts[stop])
        // Where anything leaves in time is found without branches, so that the memory of all is read at once.
        var count = 0
        for place in placesStart..<Int(placeStarts[stop &+ 1]) {
          let boarding = places[place]
          let end = departures[Int(boarding.departures) &+ Int(boarding.tripCount) &- 1]
          candidates[count] = Int32(truncatingIfNeeded: place)
          count = count &+ (end >= earliest ? 1 : 0)
        }
        for candidate in 0..<count {
          let boarding = places[Int(candidates[candidate])]
          let row = departures + Int(boarding.departures)
          let position = Int(boarding.position)
          // Who walks least comes first, so that who walks more is boarded only on earlier trips.
          var index = last
          while index > first {
            index &-= 1
            let offer = offers[index]
            let before = Int(min(aboard.least(position, within: offer.walk) ?? .max, boarding.tripCount))
            if before == 0 || row[before &- 1] < offer.second { continue }
            // The first departure in time: the last one before `before` is, so the search has no other ending.
            var (low, size) = (0, before)
            while size > 1 {
              let half = size >> 1
              // Written so that the compiler makes no branch of it.
              low = low &+ (half & (Int(row[low &+ half &- 1] &- offer.second) >> 63))
              size = size &- half
            }
            if row[low] &+ bound >= limits[round &- 1 &+ ridesBound, offer.walk &+ egressWalk] { continue }
            if let latest, latest.isMissed(stop, at: row[low], ridesLeft: ridesLeft &+ 1) { continue }
            let pattern = Int(positionPatterns[position])
            if isFiltered, !slice.isAllowed(pattern, query) { break }
            let tripInPattern = Int32(truncatingIfNeeded: low)
            let segment = addSegment(
              RideSegment(
                trip: tripStarts[pattern] &+ tripInPattern, boarded: boarding.position, parent: offer.segment,
                parentPosition: offer.position))
            var next: Stretch? = Stretch(
              pattern: Int32(truncatingIfNeeded: pattern), tripInPattern: tripInPattern, position: boarding.position,
              walk: offer.walk, segment: segment)
            while let stretch = next {
              defer { next = hasSeatedLinks ? stretches.popLast() : nil }
              let (pattern, position) = (Int(stretch.pattern), Int(stretch.position))
              guard aboard.add(position, stretch.tripInPattern, stretch.walk, NoTail()) else { continue }
              if hasSeatedLinks { staySeated(stretch, query, rides: round, egressWalk, latest) }
              let (start, end) = (Int(positionStarts[pattern]), Int(positionStarts[pattern &+ 1]))
              let times =
                arrivals + (Int(eventStarts[pattern]) &+ Int(stretch.tripInPattern) &* (end &- start) &- start)
              let walk = stretch.walk &+ egressWalk
              let passage = latest?.passage(
                of: tripStarts[pattern] &+ stretch.tripInPattern, from: Int32(truncatingIfNeeded: start))
              var at = position &+ 1
              while at < end {
                let second = times[at]
                if second >= limits[round, walk] { break }
                if let passage, !passage.pays(upTo: at) { break }
                let stop = Int(alightStops[at])
                let bound = least[stop]
                if Int(bound.rides) <= ridesLeft, stop < stopCount,
                  second &+ Int32(bound.seconds) < limits[round &+ Int(bound.rides), walk],
                  !(latest?.isMissed(stop, at: second, ridesLeft: ridesLeft) ?? false)
                {
                  let tail = Tail(
                    segment: stretch.segment, position: Int32(truncatingIfNeeded: at),
                    round: Int32(truncatingIfNeeded: 2 &* round))
                  if ridden.add(stop, second, stretch.walk, tail) {
                    labels &+= 1
                    if listMarks[stop] != mark {
                      listMarks[stop] = mark
                      riddenList[riddenCount] = Int32(truncatingIfNeeded: stop)
                      riddenCount &+= 1
                    }
                    if egress[stop] < .max { reach(stop, second, stretch.walk, tail, rides: round) }
                  }
                }
                if !aboard.add(at, stretch.tripInPattern, stretch.walk, NoTail()) { break }
                at &+= 1
              }
            }
          }
        }
      }
      readyCount = change(riddenCount, ridden, query, egressWalk, rides: round, latest)
    }
    work = SearchWork(rounds: round, segments: segmentCount, labels: labels)
  }

  /// Lists what a round rides from: its own labels may remove those of the round before from their fronts.
  ///
  /// - Returns: how many stops have offers; those of each stand together, the earliest first.
  private func collectOffers(_ readyCount: Int, _ limits: WalkLimits.Table, _ egressWalk: Int32, after round: Int)
    -> Int
  {
    var (stops, count) = (0, 0)
    for index in 0..<readyCount {
      let stop = Int(readyList[index])
      let front = ready.fronts[stop]
      while offerCapacity < count + Int(front.count) { growOffers(count) }
      let bound = least[stop]
      let (pairs, tails) = (ready.pairs + Int(front.start), ready.tails + Int(front.start))
      let start = count
      for place in 0..<Int(front.count) {
        let (pair, tail) = (pairs[place], tails[place])
        if Int(tail.round >> 1) != round { continue }
        let limit = limits[round &+ Int(bound.rides), pair.second &+ egressWalk]
        if pair.first &+ Int32(bound.seconds) >= limit { continue }
        offers[count] = Offer(second: pair.first, walk: pair.second, segment: tail.segment, position: tail.position)
        count &+= 1
      }
      if count > start {
        offerEnds[stops] = (Int32(stop), Int32(count))
        stops &+= 1
      }
    }
    return stops
  }

  private func growOffers(_ count: Int) {
    let more = UnsafeMutablePointer<Offer>.allocate(capacity: 2 * offerCapacity)
    more.update(from: offers, count: count)
    offers.deallocate()
    offers = more
    offerCapacity *= 2
  }

  private func addSegment(_ segment: RideSegment) -> Int32 {
    if segmentCount == segmentCapacity {
      let more = UnsafeMutablePointer<RideSegment>.allocate(capacity: 2 * segmentCapacity)
      more.update(from: segments, count: segmentCount)
      segments.deallocate()
      segments = more
      segmentCapacity *= 2
    }
    segments[segmentCount] = segment
    segmentCount += 1
    return Int32(segmentCount - 1)
  }

  // MARK: Changing and walking

  /// From where a round's rides were left riders change where they are, or walk.
  ///
  /// - Returns: how many stops are ready then.
  private func change(
    _ riddenCount: Int, _ ridden: PairFronts<Tail>, _ query: StopQuery, _ egressWalk: Int32, rides: Int,
    _ latest: LatestTimes?
  ) -> Int {
    let (slice, ready, least, listMarks, readyList) = (slice, ready, least, listMarks, readyList)
    let (pathStarts, pathStops, pathSeconds) = (slice.footpathStarts, slice.footpathStops, slice.footpathSeconds)
    let limits = limits.table
    let ridesLeft = query.ridesMax - rides
    let isSimple = ridden === ready
    let own = Int32(2 * rides)
    mark += 1
    let mark = mark
    var readyCount = 0
    @inline(__always) func list(_ stop: Int) {
      if listMarks[stop] == mark { return }
      listMarks[stop] = mark
      readyList[readyCount] = Int32(truncatingIfNeeded: stop)
      readyCount &+= 1
    }
    @inline(__always) func offer(_ stop: Int, _ second: Int32, _ walk: Int32, _ tail: Tail) {
      let bound = least[stop]
      if Int(bound.rides) > ridesLeft { return }
      if second &+ Int32(bound.seconds) >= limits[rides &+ Int(bound.rides), walk &+ egressWalk] { return }
      if let latest, latest.isMissed(stop, at: second, ridesLeft: ridesLeft) { return }
      if ready.add(stop, second, walk, tail) { list(stop) }
    }
    for index in 0..<riddenCount {
      let stop = Int(riddenList[index])
      if isSimple { list(stop) }
      let paths = Int(pathStarts[stop])..<Int(pathStarts[stop &+ 1])
      let change = slice.changes[stop]
      if isSimple ? paths.isEmpty : paths.isEmpty && change < 0 { continue }
      for place in 0..<ridden.count(stop) {
        let index = Int(ridden.fronts[stop].start) &+ place
        let (pair, ride) = (ridden.pairs[index], ridden.tails[index])
        if ride.round != own { continue }
        let tail = Tail(segment: ride.segment, position: ride.position, round: own + 1)
        if !isSimple, change >= 0 { offer(stop, pair.first &+ change, pair.second, tail) }
        for path in paths {
          let (second, walk) = (pair.first &+ pathSeconds[path], pair.second &+ pathSeconds[path])
          if second >= limits[rides, walk &+ egressWalk] { break }
          offer(Int(pathStops[path]), second, walk, tail)
        }
      }
    }
    return readyCount
  }

  // MARK: Staying seated

  /// Boards what a rider reaches without leaving the vehicle.
  private func staySeated(
    _ stretch: Stretch, _ query: StopQuery, rides: Int, _ egressWalk: Int32, _ latest: LatestTimes?
  ) {
    let own = slice.tripStarts[Int(stretch.pattern)]
    let trip = Int(own + stretch.tripInPattern)
    for link in slice.seatedStarts[trip]..<slice.seatedStarts[trip + 1] {
      let seated = slice.seatedLinks[Int(link)]
      let pattern = Int(seated.pattern)
      if query.isFiltered, !slice.isAllowed(pattern, query) { continue }
      let start = slice.positionStarts[pattern]
      let known = aboard.least(Int(start), within: stretch.walk)
      if let known, known <= seated.tripInPattern { continue }
      let departure = slice.departures[Int(slice.eventStarts[pattern]) + Int(seated.tripInPattern)]
      let stop = Int(slice.callStops[Int(start)])
      if let latest, !latest.leads(seated.trip, pattern, upTo: start + 1) { continue }
      if departure + Int32(least[stop].seconds) >= limits.table[rides, stretch.walk + egressWalk] { continue }
      var parent = stretch.segment
      if own + seated.via != Int32(trip) {
        // Riders wait for a later trip of the same pattern, only to stay seated on it.
        let segment = segments[Int(stretch.segment)]
        parent = addSegment(
          RideSegment(
            trip: own + seated.via, boarded: segment.boarded, parent: segment.parent,
            parentPosition: segment.parentPosition))
      }
      let segment = addSegment(
        RideSegment(trip: seated.trip, boarded: start, parent: parent, parentPosition: RoundScratch.seated))
      stretches.append(
        Stretch(
          pattern: seated.pattern, tripInPattern: seated.tripInPattern, position: start, walk: stretch.walk,
          segment: segment))
    }
  }
}
