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
        if !isSimple, change >= 0 { offer(stop, key &+ Key(change, 0, 0, 0), tail, ridesLeft) }
        walk(from: Int(stop), key, tail, ridesLeft)
      }
    }
  }

  private func walk(from stop: Int, _ key: Key, _ tail: LabelTail, _ ridesLeft: Int) {
    let isWeighed = criteria.contains(.walk)
    for path in Int(slice.footpathStarts[stop])..<Int(slice.footpathStarts[stop + 1]) {
      let seconds = slice.footpathSeconds[path]
      if key.x + seconds >= query.before { break }
      offer(slice.footpathStops[path], key &+ Key(seconds, isWeighed ? seconds : 0, 0, 0), tail, ridesLeft)
    }
  }

  private func offer(_ stop: Int32, _ key: Key, _ tail: LabelTail, _ ridesLeft: Int) {
    var least = key
    least.w = leastPrice(tail.fare, ridesLeft)
    // What is open saves something else from another stop on.
    var tail = tail
    if tail.fare.open != 0 { tail.rival = compared(tail.fare, at: Int(stop)).rival }
    if isHopeless(Int(stop), least, ridesLeft) || readyBags.covers(Int(stop), key, tail) { return }
    readyBags.add(key, tail, to: Int(stop))
    touch(stop)
  }

  // MARK: Staying seated

  /// Boards what a rider reaches without leaving the vehicle, and what can be reached from there.
  func addSeated(_ rider: Rider, _ pattern: Int) {
    let trip = slice.tripStarts[pattern] + rider.trip
    for link in slice.seatedStarts[Int(trip)]..<slice.seatedStarts[Int(trip) + 1] {
      let seated = slice.seatedLinks[Int(link)]
      var via = rider
      if seated.via != rider.trip { via = waiting(rider, for: seated.via, pattern) }
      let next = Int(seated.pattern)
      let start = slice.positionStarts[next]
      let last = slice.positionStarts[pattern + 1] - 1
      let rate = emissions?.rate(of: pattern, slice)
      let metres = (emissions?.metres[Int(last)] ?? 0) - via.metres
      var key = Key(
        slice.departures[Int(slice.eventStarts[next]) + Int(seated.tripInPattern)], via.walk,
        via.co2 + Int32(ModeRates.amount(Int(rate?.perKilometre ?? 0), Int(metres))), 0)
      key.w = leastPrice(via.fare, query.ridesMax)
      let stop = Int(slice.callStops[Int(start)])
      if query.isFiltered, !slice.isAllowed(next, query) { continue }
      var least = key
      least.x += Int32(seconds[stop])
      if least.x >= query.before || !leads(seated.trip, next, upTo: start + 1) || isBeaten(least) { continue }
      let following = Rider(
        trip: seated.tripInPattern, walk: via.walk, co2: key.z, metres: emissions?.metres[Int(start)] ?? 0,
        fare: via.fare, rival: via.rival, zone: via.zone, departure: via.departure,
        zonesPassed: zonesToTheEnd(via, pattern), boarded: start,
        last: lastPaying(seated.trip, next, from: start), segment: -1,
        parent: addSegment(via, pattern), parentPosition: RoundScratch.seated, fareClass: via.fareClass)
      if isKnown(following, next) { continue }
      seatedKnown[seated.pattern, default: []].append(following)
      if following.last > start { self.seated.append((seated.pattern, following)) }
      addSeated(following, next)
    }
  }

  /// The same rider on a later trip, taken only to stay seated on it.
  private func waiting(_ rider: Rider, for trip: Int32, _ pattern: Int) -> Rider {
    let start = slice.positionStarts[pattern]
    let trips = slice.tripStarts[pattern + 1] - slice.tripStarts[pattern]
    let departure = slice.departures[
      Int(slice.eventStarts[pattern] + (rider.boarded - start) * trips + trip)]
    return Rider(
      trip: trip, walk: rider.walk, co2: rider.co2, metres: rider.metres, fare: rider.fare, rival: rider.rival,
      zone: rider.zone, departure: rider.parentPosition == RoundScratch.seated ? rider.departure : departure,
      zonesPassed: rider.zonesPassed, boarded: rider.boarded, last: rider.last, segment: -1, parent: rider.parent,
      parentPosition: rider.parentPosition, fareClass: rider.fareClass)
  }

  private func isKnown(_ rider: Rider, _ pattern: Int) -> Bool {
    guard let known = seatedKnown[Int32(pattern)] else { return false }
    return known.contains { other in
      guard other.trip <= rider.trip, other.walk <= rider.walk, other.co2 <= rider.co2 else { return false }
      guard let reckoner else { return true }
      // Fares are those of the trip that was boarded, wherever its vehicle goes on.
      return other.zone == rider.zone && other.zonesPassed == rider.zonesPassed
        && other.fareClass == rider.fareClass
        && (other.departure == rider.departure || !isTimed(of: rider.fareClass))
        && hasPaidNoMore(other, rider, reckoner)
    }
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
