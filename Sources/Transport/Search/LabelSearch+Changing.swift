extension LabelSearch {
  // MARK: Changing and walking

  /// From where a round's rides were left riders change where they are, or walk.
  func change(_ round: Int32) {
    mark += 1
    let ridesLeft = query.ridesMax - Int(round)
    let ridden = touched
    let isSimple = rideBags === readyBags
    touched.removeAll(keepingCapacity: true)
    for stop in ridden {
      let change = slice.changes[Int(stop)]
      if isSimple { touch(stop) }
      for place in 0..<rideBags.count(Int(stop)) {
        var tail = rideBags.tail(Int(stop), place)
        if tail.round != 2 * round { continue }
        let key = rideBags.key(Int(stop), place)
        tail.round += 1
        if !isSimple, change >= 0 { offer(stop, key &+ Key(change, 0, 0, 0), tail, ridesLeft, round) }
        walk(from: Int(stop), key, tail, ridesLeft, round)
      }
    }
  }

  private func walk(from stop: Int, _ key: Key, _ tail: LabelTail, _ ridesLeft: Int, _ round: Int32) {
    let isWeighed = criteria.contains(.walk)
    for path in Int(slice.footpathStarts[stop])..<Int(slice.footpathStarts[stop + 1]) {
      let seconds = slice.footpathSeconds[path]
      if key.x + seconds >= query.before { break }
      offer(slice.footpathStops[path], key &+ Key(seconds, isWeighed ? seconds : 0, 0, 0), tail, ridesLeft, round)
    }
  }

  @inline(__always)
  private func offer(_ stop: Int32, _ key: Key, _ tail: LabelTail, _ ridesLeft: Int, _ round: Int32) {
    if key.x > lastTime(at: Int(stop), ridesLeft: ridesLeft) { return }
    var (key, tail) = (key, tail)
    var least = key
    if tail.fare.open != 0 {
      guard let fare = useful(tail.fare, at: Int(stop), key.x, ridesLeft, canWalk: false) else { return }
      // What is open saves something else from another stop on.
      tail.fare = fare
      (key.w, tail.rival) = compared(fare, at: Int(stop))
    }
    least.w = leastPrice(tail.fare, ridesLeft)
    if isBeaten(least, at: Int(stop), round) { return }
    if readyBags.covers(Int(stop), key, tail) { return }
    readyBags.add(key, tail, to: Int(stop))
    touch(stop)
  }

  // MARK: Staying seated

  /// Boards what a rider reaches without leaving the vehicle, and what can be reached from there.
  func addSeated(_ rider: Rider, _ pattern: Int, _ round: Int32) {
    let trip = slice.tripStarts[pattern] + rider.trip
    for link in slice.seatedStarts[Int(trip)]..<slice.seatedStarts[Int(trip) + 1] {
      let seated = slice.seatedLinks[Int(link)]
      let next = Int(seated.pattern)
      if query.isFiltered, !slice.isAllowed(next, query) { continue }
      let start = slice.positionStarts[next]
      if !leads(seated.trip, next, upTo: start + 1) { continue }
      var following = rider
      if seated.via != rider.trip, !wait(&following, for: seated.via, pattern, round) { continue }
      let last = slice.positionStarts[pattern + 1] - 1
      let rate = emissions?.rate(of: pattern, slice)
      let metres = (emissions?.metres[Int(last)] ?? 0) - following.metres
      following.co2 += Int32(ModeRates.amount(Int(rate?.perKilometre ?? 0), Int(metres)))
      let least = Key(
        slice.departures[Int(slice.eventStarts[next]) + Int(seated.tripInPattern)]
          + Int32(seconds[Int(slice.callStops[Int(start)])]), following.walk, following.co2, following.least)
      if least.x >= query.before || isBeaten(least, round) { continue }
      let via = following
      following.zonesPassed = zonesToTheEnd(via, pattern)
      following.trip = seated.tripInPattern
      (following.metres, following.boarded) = (emissions?.metres[Int(start)] ?? 0, start)
      let isNew =
        following.fresh == Self.depends
        ? !isKnownSeated(following, next) : !isKnown(following, next, following.metres, 0)
      if !isNew { continue }
      following.last = lastPaying(seated.trip, next, from: start)
      (following.segment, following.priceZone) = (-1, -1)
      (following.parent, following.parentPosition) = (addSegment(via, pattern), RoundScratch.seated)
      note(following, next)
      if following.last > start { self.seated.append((seated.pattern, following)) }
      addSeated(following, next, round)
    }
  }

  /// Takes a later trip, only to stay seated on it.
  ///
  /// - Returns: false for whoever cannot pay for it then.
  private func wait(_ rider: inout Rider, for trip: Int32, _ pattern: Int, _ round: Int32) -> Bool {
    let start = slice.positionStarts[pattern]
    let trips = slice.tripStarts[pattern + 1] - slice.tripStarts[pattern]
    rider.trip = trip
    if rider.parentPosition == RoundScratch.seated { return true }
    let departure = slice.departures[
      Int(slice.eventStarts[pattern] + (rider.boarded - start) * trips + trip)]
    return self.start(&rider, at: departure, query.ridesMax - Int(round))
  }

  /// The same for those of whom it matters which zones they have passed through: compared are those who stay seated too.
  private func isKnownSeated(_ rider: Rider, _ pattern: Int) -> Bool {
    var index = Int(lastAboard[pattern])
    while index >= 0 {
      let other = aboard.elements[index]
      if other.boarded == rider.boarded, other.parentPosition == RoundScratch.seated, other.trip <= rider.trip,
        other.walk <= rider.walk, other.co2 <= rider.co2, other.fareClass == rider.fareClass,
        hasPaidNoMore(other, rider, reckoner)
      {
        return true
      }
      index = Int(other.before)
    }
    return false
  }

  private func zonesToTheEnd(_ rider: Rider, _ pattern: Int) -> UInt64 {
    guard let model = reckoner?.model, rider.fareClass >= 0 else { return 0 }
    let bits = model.zoneBits[Int(model.classes[Int(rider.fareClass)].system)]
    var passed = rider.zonesPassed
    for position in rider.boarded..<slice.positionStarts[pattern + 1] {
      let zone = Int(model.zoneOfStop[Int(slice.callStops[Int(position)])])
      if zone < bits.count { passed |= bits[zone] }
    }
    return passed
  }
}
