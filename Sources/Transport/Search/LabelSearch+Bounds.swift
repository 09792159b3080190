extension LabelSearch {
  // MARK: The beginning of a search

  func begin(_ query: StopQuery, _ directWalk: Int32?) {
    self.query = query
    rideBags = slice.isSimple && !query.hasOwnWays ? readyBags : ownRideBags
    readyBags.begin()
    if rideBags !== readyBags { rideBags.begin() }
    work = SearchWork()
    segments.removeAll(keepingCapacity: true)
    touched.removeAll(keepingCapacity: true)
    seatedKnown.removeAll(keepingCapacity: true)
    target.removeAll(keepingCapacity: true)
    ends = query.targets.indices.map { (query.targets[$0], criteria.key(query.targets[$0]), Int32($0)) }
    ends.sort { ($0.access.stop, $0.access.seconds, $0.place) < ($1.access.stop, $1.access.seconds, $1.place) }
    for index in ends.indices.reversed() { egress[Int(ends[index].access.stop)] = Int32(index) }
    setBounds()
    reckoner?.begin(from: query.departure, before: query.before)
    if let directWalk {
      let key = Key(query.departure + directWalk, criteria.contains(.walk) ? directWalk : 0, 0, 0)
      target.append(Target(key: key, segment: -1, position: -1, round: 0))
    }
    mark += 1
    for (place, source) in query.sources.enumerated() {
      let key = criteria.key(source) &+ Key(query.departure, 0, 0, 0)
      let tail = LabelTail(
        rival: key.w, fare: FareState(paid: key.w, closed: key.w, open: 0, first: 0, firstArrival: 0), segment: -1,
        position: RideSegment.firstSource - Int32(place), round: 1)
      if readyBags.covers(Int(source.stop), key, tail) { continue }
      readyBags.add(key, tail, to: Int(source.stop))
      touch(source.stop)
    }
  }

  /// Lists a stop, once for each mark.
  func touch(_ stop: Int32) {
    if listMarks[Int(stop)] == mark { return }
    listMarks[Int(stop)] = mark
    touched.append(stop)
  }

  private func setBounds() {
    isBoundedBackwards = latest?.find(query) ?? false
    guard let bounds, !query.targets.isEmpty, let cells = bounds.cells(of: query.targets) else {
      seconds.update(repeating: 0, count: stopCount)
      rides.update(repeating: 0, count: stopCount)
      return
    }
    for (index, cell) in cells.enumerated() {
      let (ownSeconds, ownRides) = (bounds.seconds, bounds.rides)
      if index == 0 {
        for stop in 0..<stopCount {
          seconds[stop] = ownSeconds[cell * stopCount + stop]
          rides[stop] = ownRides[cell * stopCount + stop]
        }
      } else {
        for stop in 0..<stopCount {
          seconds[stop] = min(seconds[stop], ownSeconds[cell * stopCount + stop])
          rides[stop] = min(rides[stop], ownRides[cell * stopCount + stop])
        }
      }
    }
  }

  /// Whether it pays to be aboard a trip up to a position.
  func leads(_ trip: Int32, _ pattern: Int, upTo position: Int32) -> Bool {
    guard isBoundedBackwards, let latest else { return true }
    return latest.leads(trip, pattern, upTo: position)
  }

  /// The last position at which it pays to leave a trip that is boarded at some, that one if it never does.
  func lastPaying(_ trip: Int32, _ pattern: Int, from position: Int32) -> Int32 {
    let (start, end) = (slice.positionStarts[pattern], slice.positionStarts[pattern + 1] - 1)
    guard isBoundedBackwards, let latest else { return end }
    let passage = latest.passage(of: trip, from: start)
    var last = position
    while last < end, passage.pays(upTo: Int(last + 1)) { last += 1 }
    return last
  }

  // MARK: What cannot matter

  /// Whether nothing new can come of being at a stop: too late, too many rides, or a known journey is no worse.
  ///
  /// - Parameters:
  ///   - stop: where.
  ///   - key: of the label; its price is the least that is paid in the end.
  ///   - ridesLeft: how many vehicles may still be boarded.
  /// - Returns: true if the label may be left out.
  @inline(__always)
  func isHopeless(_ stop: Int, _ key: Key, _ ridesLeft: Int) -> Bool {
    var least = key
    least.x += Int32(seconds[stop])
    if least.x >= query.before || Int(rides[stop]) > ridesLeft { return true }
    if isBoundedBackwards, let latest, latest.isMissed(stop, at: key.x, ridesLeft: ridesLeft) { return true }
    return isBeaten(least)
  }

  /// Whether it is too late to be aboard something that departs from a stop.
  @inline(__always)
  func isTooLate(_ stop: Int, departing second: Int32, ridesLeft: Int) -> Bool {
    guard isBoundedBackwards, let latest else { return false }
    return latest.isMissed(stop, at: second, ridesLeft: ridesLeft + 1)
  }

  @inline(__always)
  func isBeaten(_ key: Key) -> Bool {
    target.withUnsafeBufferPointer { targets in
      for index in 0..<targets.count where all(targets[index].key .<= key) { return true }
      return false
    }
  }

  /// The least that a label pays in the end.
  func leastPrice(_ fare: FareState, _ ridesLeft: Int) -> Int32 {
    guard let reckoner else { return 0 }
    let discount = reckoner.discountMax == 0 ? 0 : reckoner.discountMax * Int32(ridesLeft)
    return fare.open == 0 ? fare.closed - discount : fare.paid + reckoner.facts[Int(fare.open)].least - discount
  }

  /// What a label is compared by, and what another must come below to beat it for certain.
  func compared(_ fare: FareState, at stop: Int) -> (price: Int32, rival: Int32) {
    guard fare.open != 0, let facts = reckoner?.facts[Int(fare.open)] else { return (fare.closed, fare.closed) }
    let saving = facts.savingMax ?? saving(fare.open, at: stop)
    return (
      facts.mayHurt ? FareState.never : fare.closed,
      saving == FareState.never ? -FareState.never : min(fare.closed, fare.paid - saving)
    )
  }

  /// What is open can save at most to whoever goes on from a stop, or from where one can walk from there.
  private func saving(_ open: Int32, at stop: Int) -> Int32 {
    guard let reckoner else { return 0 }
    let (one, other) = (1 << 61 | UInt64(open), UInt64(stop))
    if let known = reckoner.prices.find(one, other) { return known }
    var zones: Set<Int32> = [reckoner.model.zoneOfStop[stop]]
    for path in Int(slice.footpathStarts[stop])..<Int(slice.footpathStarts[stop + 1]) {
      zones.insert(reckoner.model.zoneOfStop[Int(slice.footpathStops[path])])
    }
    let saving = reckoner.saving(open, from: zones.sorted())
    reckoner.prices.insert(one, other, saving)
    return saving
  }
}
