extension LabelSearch {
  // MARK: Patterns of a round

  /// Lists the patterns that stop where something new was found, each with the first and the last such position.
  func collectPatterns(_ round: Int32) {
    mark += 1
    patterns.removeAll(keepingCapacity: true)
    offers.removeAll(keepingCapacity: true)
    for stop in touched {
      collectOffers(Int(stop), round)
      if offerStarts[Int(stop)] == offerEnds[Int(stop)] { continue }
      stopMarks[Int(stop)] = mark
      for place in Int(slice.placeStarts[Int(stop)])..<Int(slice.placeStarts[Int(stop) + 1]) {
        let position = slice.places[place].position
        let pattern = Int(slice.positionPatterns[Int(position)])
        if patternMarks[pattern] == mark {
          firstPosition[pattern] = min(firstPosition[pattern], position)
          lastPosition[pattern] = max(lastPosition[pattern], position)
        } else if isBoundedBackwards, let latest, !latest.isLeading(pattern) {
          continue
        } else if !query.isFiltered || slice.isAllowed(pattern, query) {
          patternMarks[pattern] = mark
          (firstPosition[pattern], lastPosition[pattern]) = (position, position)
          patterns.append(Int32(pattern))
        }
      }
    }
  }

  /// What a round rides from: its own labels may remove those of the round before from their bags.
  private func collectOffers(_ stop: Int, _ round: Int32) {
    offerStarts[stop] = Int32(offers.count)
    for place in 0..<readyBags.count(stop) {
      let tail = readyBags.tail(stop, place)
      if tail.round >> 1 == round - 1 { offers.append(Offer(key: readyBags.key(stop, place), tail: tail)) }
    }
    offerEnds[stop] = Int32(offers.count)
  }

  func ride(_ round: Int32) {
    let boardingMark = mark
    mark += 1
    touched.removeAll(keepingCapacity: true)
    seated.removeAll(keepingCapacity: true)
    for pattern in patterns {
      riders.removeAll(keepingCapacity: true)
      scan(Int(pattern), from: firstPosition[Int(pattern)], round, boardingMark)
    }
    // Riders who stay seated: what they board they ride at once, and perhaps on from there.
    var index = 0
    while index < seated.count {
      let (pattern, rider) = seated[index]
      index += 1
      riders.removeAll(keepingCapacity: true)
      riders.append(rider)
      scan(Int(pattern), from: slice.positionStarts[Int(pattern)], round, nil)
    }
  }

  private func scan(_ pattern: Int, from first: Int32, _ round: Int32, _ boardingMark: Int32?) {
    let (start, end) = (slice.positionStarts[pattern], slice.positionStarts[pattern + 1])
    let length = Int(end - start)
    let events = slice.arrivals + Int(slice.eventStarts[pattern])
    let zoneBits = zoneBits(pattern)
    let rate = emissions?.rate(of: pattern, slice)
    let lastBoarding = boardingMark == nil ? -1 : lastPosition[pattern]
    var position = first
    while position < end, !riders.isEmpty || position <= lastBoarding {
      let stop = Int(slice.callStops[Int(position)])
      if !riders.isEmpty {
        if let zoneBits { passThrough(stop, zoneBits) }
        if Int(slice.alightStops[Int(position)]) < stopCount {
          for index in riders.indices {
            let time = events[Int(riders[index].trip) * length + Int(position - start)]
            alight(index, pattern, stop, time, position, round, rate?.perKilometre ?? 0)
          }
        }
      }
      if let boardingMark, stopMarks[stop] == boardingMark, placeOfPosition[Int(position)] >= 0 {
        board(pattern, stop, position, round, rate)
      }
      if riders.contains(where: { $0.last <= position }) { riders.removeAll { $0.last <= position } }
      position += 1
    }
  }

  /// The bits of zones where the fares of a pattern want to know which are passed through.
  private func zoneBits(_ pattern: Int) -> [UInt64]? {
    guard let model = reckoner?.model, fareClasses[pattern] >= 0 else { return nil }
    let system = Int(model.classes[Int(fareClasses[pattern])].system)
    guard case .tickets(let tickets) = model.systems[system], tickets.namesZonesPassed else { return nil }
    return model.zoneBits[system]
  }

  private func passThrough(_ stop: Int, _ zoneBits: [UInt64]) {
    let zone = Int(reckoner?.model.zoneOfStop[stop] ?? 0)
    let bits = zone < zoneBits.count ? zoneBits[zone] : 0
    for index in riders.indices { riders[index].zonesPassed |= bits }
  }

  // MARK: Boarding

  private func board(
    _ pattern: Int, _ stop: Int, _ position: Int32, _ round: Int32, _ rate: (base: Int32, perKilometre: Int32)?
  ) {
    let boarding = slice.places[Int(placeOfPosition[Int(position)])]
    let row = slice.departures + Int(boarding.departures)
    let count = Int(boarding.tripCount)
    let lastStart = lastStart(pattern)
    let ridesLeft = query.ridesMax - Int(round)
    for index in offerStarts[stop]..<offerEnds[stop] {
      let (key, tail) = (offers[Int(index)].key, offers[Int(index)].tail)
      if row[count - 1] < key.x { continue }
      var (low, size) = (0, count)
      while size > 1 {
        let half = size >> 1
        low = row[low + half - 1] < key.x ? low + half : low
        size -= half
      }
      var least = key
      least.w = leastPrice(tail.fare, ridesLeft + 1)
      repeat {
        least.x = row[low] + Int32(seconds[stop])
        if least.x >= query.before || isTooLate(stop, departing: row[low], ridesLeft: ridesLeft) || isBeaten(least) {
          break
        }
        if leads(slice.tripStarts[pattern] + Int32(low), pattern, upTo: position + 1) {
          addRider(pattern, stop, position, Int32(low), row[low], key, tail, rate)
        }
        low += 1
      } while low < count && row[low - 1] < lastStart
    }
  }

  /// Until when boarding a later trip can lead to a lower price.
  private func lastStart(_ pattern: Int) -> Int32 {
    guard let reckoner, fareClasses[pattern] >= 0 else { return .min }
    return reckoner.lastStarts[Int(reckoner.model.classes[Int(fareClasses[pattern])].system)]
  }

  /// Whether it matters when a ride begins.
  func isTimed(of fareClass: Int32) -> Bool {
    guard let reckoner, fareClass >= 0 else { return false }
    return reckoner.isTimed[Int(reckoner.model.classes[Int(fareClass)].system)]
  }

  private func addRider(
    _ pattern: Int, _ stop: Int, _ position: Int32, _ trip: Int32, _ departure: Int32, _ key: Key,
    _ tail: LabelTail, _ rate: (base: Int32, perKilometre: Int32)?
  ) {
    let model = reckoner?.model
    let zone = model?.zoneOfStop[stop] ?? 0
    var rider = Rider(
      trip: trip, walk: key.y, co2: key.z + (rate?.base ?? 0), metres: emissions?.metres[Int(position)] ?? 0,
      fare: tail.fare, rival: tail.rival, zone: zone, departure: departure,
      zonesPassed: zoneBits(pattern).map { Int(zone) < $0.count ? $0[Int(zone)] : 0 } ?? 0, boarded: position,
      last: position, segment: -1, parent: tail.segment, parentPosition: tail.position, fareClass: fareClasses[pattern])
    for other in riders where isNoWorse(other, rider, pattern, position, rate?.perKilometre ?? 0) { return }
    rider.last = lastPaying(slice.tripStarts[pattern] + trip, pattern, from: position)
    riders.removeAll {
      $0.boarded == position && isNoWorse(rider, $0, pattern, position, rate?.perKilometre ?? 0)
    }
    if rider.last > position { riders.append(rider) }
    if slice.hasSeatedLinks { addSeated(rider, pattern) }
  }

  /// Whether one rider can do whatever another can who has just boarded at a position.
  private func isNoWorse(
    _ one: Rider, _ other: Rider, _ pattern: Int, _ position: Int32, _ perKilometre: Int32
  ) -> Bool {
    guard one.trip <= other.trip, one.walk <= other.walk else { return false }
    if let emissions {
      let metres = emissions.metres[Int(position)] - one.metres
      let own = one.co2 + Int32(ModeRates.amount(Int(perKilometre), Int(metres)))
      // Rounded up, so that a whole ride emits no more than its parts do.
      if own > other.co2 { return false }
    }
    guard let reckoner else { return true }
    let isSameStart = one.boarded == other.boarded && one.trip == other.trip
    if !isSameStart {
      if isTimed(of: one.fareClass) || one.zone != other.zone || one.zonesPassed != other.zonesPassed { return false }
    }
    return hasPaidNoMore(one, other, reckoner)
  }

  /// Whether what one rider has paid leaves no reason to be the other.
  func hasPaidNoMore(_ one: Rider, _ other: Rider, _ reckoner: FareReckoner) -> Bool {
    let hurts = reckoner.facts[Int(one.fare.open)].mayHurt
    if !hurts, one.fare.closed <= other.rival { return true }
    return one.fare.open == other.fare.open && one.fare.isNoWorse(other.fare, hurts: hurts)
  }

  // MARK: Alighting

  private func alight(
    _ index: Int, _ pattern: Int, _ stop: Int, _ time: Int32, _ position: Int32, _ round: Int32, _ perKilometre: Int32
  ) {
    let rider = riders[index]
    let ridesLeft = query.ridesMax - Int(round)
    var key = Key(time, rider.walk, rider.co2, 0)
    if let emissions {
      key.z += Int32(ModeRates.amount(Int(perKilometre), Int(emissions.metres[Int(position)] - rider.metres)))
    }
    guard let reckoner else {
      if isHopeless(stop, key, ridesLeft) { return }
      return add(key, .none, 0, index, pattern, stop, position, round)
    }
    key.w = leastPrice(rider.fare, ridesLeft + 1)
    if isHopeless(stop, key, ridesLeft) { return }
    reckoner.reckon(
      rider.fare,
      FareReckoner.Ride(
        fareClass: rider.fareClass, from: rider.zone, to: reckoner.model.zoneOfStop[stop],
        zonesPassed: rider.zonesPassed, departure: rider.departure, arrival: time))
    for fare in reckoner.outcomes {
      key.w = leastPrice(fare, ridesLeft)
      if isHopeless(stop, key, ridesLeft) { continue }
      let (price, rival) = compared(fare, at: stop)
      key.w = price
      add(key, fare, rival, index, pattern, stop, position, round)
    }
  }

  private func add(
    _ key: Key, _ fare: FareState, _ rival: Int32, _ index: Int, _ pattern: Int, _ stop: Int, _ position: Int32,
    _ round: Int32
  ) {
    var tail = LabelTail(rival: rival, fare: fare, segment: -1, position: position, round: 2 * round)
    if rideBags.covers(stop, key, tail) { return }
    if riders[index].segment < 0 { riders[index].segment = addSegment(riders[index], pattern) }
    tail.segment = riders[index].segment
    rideBags.add(key, tail, to: stop)
    work.labels += 1
    touch(Int32(stop))
    guard egress[stop] < .max, fare.closed < FareState.never else { return }
    var place = Int(egress[stop])
    while place < ends.count, Int(ends[place].access.stop) == stop {
      reach(ends[place].place, key, ends[place].key, fare, tail.segment, position, round)
      place += 1
    }
  }

  /// Notes that the target is reached, by one of the ways on from a stop.
  private func reach(
    _ place: Int32, _ key: Key, _ egress: Key, _ fare: FareState, _ segment: Int32, _ position: Int32, _ round: Int32
  ) {
    var end = key
    end.w = fare.closed
    end &+= egress
    if end.x >= query.before || isBeaten(end) { return }
    // What an earlier round has found stays, as it has fewer rides.
    target.removeAll { $0.round == round && all(end .<= $0.key) }
    target.append(Target(key: end, segment: segment, position: position, round: round, end: place))
  }

  /// Notes a ride, for those who come by it.
  func addSegment(_ rider: Rider, _ pattern: Int) -> Int32 {
    segments.append(
      RideSegment(
        trip: slice.tripStarts[pattern] + rider.trip, boarded: rider.boarded, parent: rider.parent,
        parentPosition: rider.parentPosition))
    return Int32(segments.count - 1)
  }
}
