extension LabelSearch {
  // MARK: The beginning of a search

  func begin(_ query: StopQuery, _ directWalk: Int32?) {
    self.query = query
    rideBags = slice.isSimple && !query.hasOwnWays ? readyBags : ownRideBags
    readyBags.begin()
    if rideBags !== readyBags { rideBags.begin() }
    work = SearchWork()
    segments.clear()
    touched.removeAll(keepingCapacity: true)
    aboard.clear()
    lastAboard.update(repeating: -1, count: slice.patternCount)
    target.removeAll(keepingCapacity: true)
    targetMarks.clear()
    ends = query.targets.indices.map { (query.targets[$0], criteria.key(query.targets[$0]), Int32($0)) }
    ends.sort { ($0.access.stop, $0.access.seconds, $0.place) < ($1.access.stop, $1.access.seconds, $1.place) }
    for index in ends.indices.reversed() { egress[Int(ends[index].access.stop)] = Int32(index) }
    setBounds()
    if let reckoner, let uses {
      reckoner.begin(from: query.departure, before: query.before) { system in
        uses.last(system) { lastTime(at: $0, ridesLeft: query.ridesMax - 1) }
      }
    }
    if let directWalk {
      let key = Key(query.departure + directWalk, criteria.contains(.walk) ? directWalk : 0, 0, 0)
      add(Target(key: key, segment: -1, position: -1, round: 0))
    }
    mark += 1
    for (place, source) in query.sources.enumerated() {
      let key = criteria.key(source) &+ Key(query.departure, 0, 0, 0)
      let tail = LabelTail(
        rival: key.w, fare: .closed(key.w), segment: -1, position: RideSegment.firstSource - Int32(place), round: 1)
      if readyBags.covers(Int(source.stop), key, tail) { continue }
      readyBags.add(key, tail, to: Int(source.stop))
      touch(source.stop)
    }
  }

  /// Lists a stop, once for each mark.
  @inline(__always)
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

  /// The latest moment at which it helps to be at a stop with so many rides left; less than any where that never does.
  @inline(__always)
  func lastTime(at stop: Int, ridesLeft: Int) -> Int32 {
    if Int(rides[stop]) > ridesLeft { return .min }
    let last = query.before &- 1 &- Int32(seconds[stop])
    guard isBoundedBackwards, let latest else { return last }
    return min(last, DaySlice.horizon &- latest.seconds[ridesLeft &* stopCount &+ stop])
  }

  /// Whether a known journey is no worse than anything that can come of being at a stop.
  ///
  /// - Parameters:
  ///   - key: of the label; its price is the least that is paid in the end.
  ///   - stop: where.
  ///   - round: how many vehicles were boarded.
  /// - Returns: true if it may be left out.
  @inline(__always)
  func isBeaten(_ key: Key, at stop: Int, _ round: Int32) -> Bool {
    var least = key
    least.x &+= Int32(seconds[stop])
    return isBeaten(least, round &+ Int32(rides[stop]))
  }

  @inline(__always)
  func isBeaten(_ key: Key, _ round: Int32) -> Bool {
    let marks = targetMarks.elements
    for index in 0..<targetMarks.count where all(marks[index].key .<= key) && marks[index].round <= round {
      return true
    }
    return false
  }

  /// The least that a label pays in the end.
  @inline(__always)
  func leastPrice(_ fare: FareState, _ ridesLeft: Int) -> Int32 {
    guard let reckoner else { return 0 }
    let discount = reckoner.discountMax == 0 ? 0 : reckoner.discountMax * Int32(ridesLeft)
    return fare.open == 0 ? fare.closed - discount : fare.paid + reckoner.facts[Int(fare.open)].least - discount
  }

  /// What a label is compared by, and what another must come below to beat it for certain.
  @inline(__always)
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
    let list = zoneList[stop]
    let (one, other) = (1 << 61 | UInt64(open), UInt64(list))
    if let known = reckoner.prices.find(one, other) { return known }
    let zones = zoneLists[Int(list)]
    let saving =
      reckoner.facts[Int(open)].isPlain
      ? reckoner.plainSaving(open, from: zones) : reckoner.saving(open, from: zones)
    reckoner.prices.insert(one, other, saving)
    return saving
  }

  /// What was paid, and what of it is still of use at a stop; nil for what is neither paid nor of use.
  ///
  /// - Parameters:
  ///   - fare: what was paid and what is open.
  ///   - stop: where.
  ///   - second: when.
  ///   - ridesLeft: how many vehicles may still be boarded.
  ///   - canWalk: whether one may board from another stop.
  /// - Returns: the same, or with nothing open.
  @inline(__always)
  func useful(_ fare: FareState, at stop: Int, _ second: Int32, _ ridesLeft: Int, canWalk: Bool) -> FareState? {
    if fare.open == 0 || isUseful(fare, at: stop, second, ridesLeft, canWalk) { return fare }
    return fare.closed < FareState.never ? .closed(fare.closed) : nil
  }

  private func isUseful(_ fare: FareState, at stop: Int, _ second: Int32, _ ridesLeft: Int, _ canWalk: Bool) -> Bool {
    guard let reckoner, let uses, ridesLeft > 0 else { return false }
    let facts = reckoner.facts[Int(fare.open)]
    if facts.secondsLeast < .max, second &- fare.first > facts.secondsMost { return false }
    if uses.has(facts.system, at: stop), second <= lastTime(at: stop, ridesLeft: ridesLeft) { return true }
    if !canWalk || !uses.has(facts.system, near: stop) { return false }
    for path in Int(slice.footpathStarts[stop])..<Int(slice.footpathStarts[stop + 1]) {
      let other = Int(slice.footpathStops[path])
      if uses.has(facts.system, at: other),
        second &+ slice.footpathSeconds[path] <= lastTime(at: other, ridesLeft: ridesLeft)
      {
        return true
      }
    }
    return false
  }

  // MARK: The target

  func add(_ end: Target) {
    target.append(end)
    targetMarks.append(Mark(key: end.key, round: end.round))
  }

  /// Notes that the target is reached, by one of the ways on from a stop.
  func reach(
    _ place: Int32, _ key: Key, _ egress: Key, _ fare: FareState, _ segment: Int32, _ position: Int32, _ round: Int32
  ) {
    var end = key
    end.w = fare.closed
    end &+= egress
    if end.x >= query.before || isBeaten(end, round) { return }
    // What has fewer rides stays.
    target.removeAll { $0.round >= round && all(end .<= $0.key) }
    target.append(Target(key: end, segment: segment, position: position, round: round, end: place))
    targetMarks.clear()
    for end in target { targetMarks.append(Mark(key: end.key, round: end.round)) }
  }
}
