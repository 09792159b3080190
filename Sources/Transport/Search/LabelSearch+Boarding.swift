extension LabelSearch {
  // MARK: Boarding

  func board(
    _ pattern: Int, _ stop: Int, _ position: Int32, _ round: Int32, _ rate: (base: Int32, perKilometre: Int32)?
  ) {
    let boarding = slice.places[Int(placeOfPosition[Int(position)])]
    let row = slice.departures + Int(boarding.departures)
    let count = Int(boarding.tripCount)
    let ridesLeft = query.ridesMax - Int(round)
    let last = lastTime(at: stop, ridesLeft: ridesLeft + 1)
    let rounds = max(round, round - 1 + Int32(rides[stop]))
    let bound = Int32(seconds[stop])
    for index in offerStarts[stop]..<offerEnds[stop] {
      let offer = offers.elements + Int(index)
      let ready = offer.pointee.key.x
      if ready > last || row[count - 1] < ready { continue }
      var (low, size) = (0, count)
      while size > 1 {
        let half = size >> 1
        low = row[low + half - 1] < ready ? low + half : low
        size -= half
      }
      if row[low] > last { continue }
      guard let rider = newcomer(pattern, stop, position, offer.pointee, ridesLeft, rate) else { continue }
      let lastStart = lastStart(rider)
      var least = offer.pointee.key
      least.w = rider.least
      repeat {
        least.x = row[low] &+ bound
        if row[low] > last || isBeaten(least, rounds) { break }
        if leads(slice.tripStarts[pattern] + Int32(low), pattern, upTo: position + 1) {
          addRider(rider, Int32(low), row[low], pattern, position, ridesLeft, rate?.perKilometre ?? 0, round)
        }
        low += 1
      } while low < count && row[low - 1] < lastStart
    }
  }

  /// Until when boarding a later trip can lead to a lower price.
  @inline(__always)
  private func lastStart(_ rider: Rider) -> Int32 {
    guard let reckoner, rider.fareClass >= 0 else { return .min }
    if rider.fresh != Self.depends { return rider.fresh > 0 ? reckoner.lastStart(of: rider.fresh) : .min }
    return reckoner.lastStart(ofAny: reckoner.systemOfClass[Int(rider.fareClass)])
  }

  /// What a ride makes of what is open is known only where it ends.
  static let depends = Int32.min

  /// Somebody who boards some trip; nil for whoever cannot pay for that.
  private func newcomer(
    _ pattern: Int, _ stop: Int, _ position: Int32, _ offer: Offer, _ ridesLeft: Int,
    _ rate: (base: Int32, perKilometre: Int32)?
  ) -> Rider? {
    let zone = zoneOfStop[stop]
    var rider = Rider(
      trip: 0, walk: offer.key.y, co2: offer.key.z + (rate?.base ?? 0),
      metres: emissions?.metres[Int(position)] ?? 0, fare: offer.tail.fare, rival: offer.tail.rival, zone: zone,
      departure: 0, zonesPassed: zoneBits(pattern).map { Int(zone) < $0.count ? $0[Int(zone)] : 0 } ?? 0,
      boarded: position, last: position, parent: offer.tail.segment, parentPosition: offer.tail.position,
      fareClass: fareClasses[pattern])
    guard let reckoner else { return rider }
    let system = rider.fareClass < 0 ? -1 : reckoner.systemOfClass[Int(rider.fareClass)]
    if rider.fare.open != 0, reckoner.facts[Int(rider.fare.open)].system != system {
      // A ride of another operator ends what is open.
      if rider.fare.closed == FareState.never { return nil }
      (rider.fare, rider.rival) = (.closed(rider.fare.closed), rider.fare.closed)
    }
    if system >= 0 {
      rider.fresh =
        reckoner.traits[Int(system)].isKnownBefore
        ? reckoner.begun(rider.fareClass, from: zone, through: 0) : Self.depends
    }
    rider.least = leastPrice(aboard: rider, ridesLeft)
    return rider
  }

  /// The least that somebody aboard pays in the end.
  private func leastPrice(aboard rider: Rider, _ ridesLeft: Int) -> Int32 {
    guard let reckoner, rider.fare.open == 0, rider.fresh != Self.depends else {
      return leastPrice(rider.fare, ridesLeft + 1)
    }
    let own = rider.fresh == 0 ? FareReckoner.unknown : reckoner.facts[Int(abs(rider.fresh))].least
    return leastPrice(rider.fare, ridesLeft + 1) + own
  }

  /// Reckons what boarding at some second makes of what is open.
  ///
  /// - Returns: false for whoever cannot pay for the ride.
  @inline(__always)
  func start(_ rider: inout Rider, at departure: Int32, _ ridesLeft: Int) -> Bool {
    rider.departure = departure
    guard let reckoner, rider.fareClass >= 0 else { return true }
    if rider.fresh == Self.depends {
      rider.freshFirst = reckoner.start(departure, ofAny: reckoner.systemOfClass[Int(rider.fareClass)])
      return true
    }
    rider.freshFirst = rider.fresh > 0 ? reckoner.start(departure, of: rider.fresh) : 0
    if rider.fare.open == 0 { return true }
    rider.same = reckoner.continued(rider.fare, rider.fareClass, through: 0, at: departure)
    if rider.same == 0 {
      rider.isSameNoWorse = false
      if rider.fare.closed == FareState.never { return false }
      (rider.fare, rider.rival) = (.closed(rider.fare.closed), rider.fare.closed)
      rider.least = leastPrice(aboard: rider, ridesLeft)
    } else {
      rider.sameFirst = rider.same > 0 ? reckoner.start(rider.fare.first, of: rider.same) : 0
      rider.isSameNoWorse =
        rider.same > 0 && rider.fresh != 0 && rider.fare.closed < FareState.never
        && rider.fare.paid &+ reckoner.disadvantage(of: rider.same, to: abs(rider.fresh)) <= rider.fare.closed
    }
    return true
  }

  @inline(__always)
  private func addRider(
    _ newcomer: Rider, _ trip: Int32, _ departure: Int32, _ pattern: Int, _ position: Int32, _ ridesLeft: Int,
    _ perKilometre: Int32, _ round: Int32
  ) {
    var rider = newcomer
    rider.trip = trip
    guard start(&rider, at: departure, ridesLeft) else { return }
    let metres = emissions?.metres[Int(position)] ?? 0
    if rider.fresh == Self.depends {
      // What they have passed through is known of those who are aboard only.
      for index in 0..<riders.count where isNoWorse(riders.elements[index], rider, metres, perKilometre, reckoner) {
        return
      }
    } else if isKnown(rider, pattern, metres, perKilometre) {
      return
    }
    rider.last = lastPaying(slice.tripStarts[pattern] + trip, pattern, from: position)
    let isComparable = emissions == nil && rider.fresh != Self.depends
    var kept = 0
    for index in 0..<riders.count {
      // What a ride emits from here on is not told by what it has emitted so far, nor is what has run out when it began
      // known of those whose tickets depend on the zones that they pass through.
      if isComparable || riders.elements[index].boarded == position,
        isNoWorse(rider, riders.elements[index], metres, perKilometre, reckoner)
      {
        continue
      }
      if kept != index { riders.elements[kept] = riders.elements[index] }
      kept &+= 1
    }
    riders.cut(to: kept)
    note(rider, pattern)
    if rider.last > position { riders.append(rider) }
    if slice.hasSeatedLinks { addSeated(rider, pattern, round) }
  }

  /// Notes that somebody is aboard, for all rounds that follow.
  func note(_ rider: Rider, _ pattern: Int) {
    var rider = rider
    rider.before = lastAboard[pattern]
    lastAboard[pattern] = Int32(aboard.count)
    aboard.append(rider)
  }

  /// Whether somebody has been aboard, in any round, who can do whatever a rider can who has just boarded.
  func isKnown(_ rider: Rider, _ pattern: Int, _ metres: Int32, _ perKilometre: Int32) -> Bool {
    let reckoner = reckoner
    var index = Int(lastAboard[pattern])
    while index >= 0 {
      let other = aboard.elements + index
      index = Int(other.pointee.before)
      if other.pointee.trip > rider.trip || other.pointee.boarded > rider.boarded
        || other.pointee.fareClass != rider.fareClass
      {
        continue
      }
      if isNoWorse(other.pointee, rider, metres, perKilometre, reckoner) { return true }
    }
    return false
  }

  // MARK: Who is no worse

  /// Whether one rider can do whatever another can who has just boarded where the trip has come so far.
  @inline(__always)
  private func isNoWorse(
    _ one: Rider, _ other: Rider, _ metres: Int32, _ perKilometre: Int32, _ reckoner: FareReckoner?
  ) -> Bool {
    guard one.trip <= other.trip, one.walk <= other.walk else { return false }
    if emissions != nil {
      let own = one.co2 + Int32(ModeRates.amount(Int(perKilometre), Int(metres - one.metres)))
      // Rounded up, so that a whole ride emits no more than its parts do.
      if own > other.co2 { return false }
    }
    return hasPaidNoMore(one, other, reckoner)
  }

  /// Whether what one rider has paid leaves no reason to be another of the same fares who boards no earlier a trip.
  @inline(__always)
  func hasPaidNoMore(_ one: Rider, _ other: Rider, _ reckoner: FareReckoner?) -> Bool {
    guard let reckoner else { return true }
    if one.fareClass < 0 { return one.fare.closed <= other.fare.closed }
    if one.fresh == Self.depends {
      guard one.zone == other.zone, one.zonesPassed == other.zonesPassed, one.freshFirst == other.freshFirst
      else { return false }
      let hurts = reckoner.facts[Int(one.fare.open)].mayHurt
      if !hurts, one.fare.closed <= other.rival { return true }
      return one.fare.open == other.fare.open && one.fare.isNoWorse(other.fare, hurts: hurts)
    }
    let beginsNoWorse = one.fresh == other.fresh && one.freshFirst >= other.freshFirst
    if beginsNoWorse, one.fare.closed <= other.rival, one.fresh != 0 || other.same == 0 { return true }
    if other.fare.closed < FareState.never, !other.isSameNoWorse,
      !beginsNoWorse || one.fare.closed > other.fare.closed
    {
      guard one.same > 0, other.fresh != 0,
        one.fare.paid &+ reckoner.disadvantage(of: one.same, to: abs(other.fresh)) <= other.fare.closed
      else { return false }
    }
    if other.same == 0 { return true }
    if one.same == other.same { return one.fare.paid <= other.fare.paid && one.sameFirst >= other.sameFirst }
    return one.same > 0
      && one.fare.paid &+ reckoner.disadvantage(of: one.same, to: abs(other.same)) <= other.fare.paid
  }
}
