extension LabelSearch {
  // MARK: Patterns of a round

  /// Lists the patterns that stop where something new was found, each with the first and the last such position.
  func collectPatterns(_ round: Int32) {
    mark += 1
    patterns.removeAll(keepingCapacity: true)
    offers.clear()
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
      riders.clear()
      scan(Int(pattern), from: firstPosition[Int(pattern)], round, boardingMark)
    }
    // Riders who stay seated: what they board they ride at once, and perhaps on from there.
    var index = 0
    while index < seated.count {
      let (pattern, rider) = seated[index]
      index += 1
      riders.clear()
      riders.append(rider)
      scan(Int(pattern), from: slice.positionStarts[Int(pattern)], round, nil)
    }
  }

  private func scan(_ pattern: Int, from first: Int32, _ round: Int32, _ boardingMark: Int32?) {
    let (start, end) = (slice.positionStarts[pattern], slice.positionStarts[pattern + 1])
    let length = Int(end - start)
    let events = slice.arrivals + Int(slice.eventStarts[pattern])
    let (callStops, alightStops) = (slice.callStops, slice.alightStops)
    let zoneBits = zoneBits(pattern)
    let rate = emissions?.rate(of: pattern, slice)
    let ridesLeft = query.ridesMax - Int(round)
    let lastBoarding = boardingMark == nil ? -1 : lastPosition[pattern]
    var position = first
    while position < end, riders.count > 0 || position <= lastBoarding {
      let stop = Int(callStops[Int(position)])
      if riders.count > 0 {
        if let zoneBits { passThrough(stop, zoneBits) }
        let last = lastTime(at: stop, ridesLeft: ridesLeft)
        if last >= 0, Int(alightStops[Int(position)]) < stopCount {
          for index in 0..<riders.count {
            let time = events[Int(riders.elements[index].trip) * length + Int(position - start)]
            if time <= last { alight(index, pattern, stop, time, position, round, ridesLeft, rate?.perKilometre ?? 0) }
          }
        }
      }
      if let boardingMark, stopMarks[stop] == boardingMark, placeOfPosition[Int(position)] >= 0 {
        board(pattern, stop, position, round, rate)
      }
      leave(position)
      position += 1
    }
  }

  /// Takes those off for whom it does not pay to go on.
  @inline(__always)
  private func leave(_ position: Int32) {
    var kept = 0
    for index in 0..<riders.count where riders.elements[index].last > position {
      if kept != index { riders.elements[kept] = riders.elements[index] }
      kept &+= 1
    }
    riders.cut(to: kept)
  }

  /// The bits of zones where the fares of a pattern want to know which are passed through.
  func zoneBits(_ pattern: Int) -> [UInt64]? {
    guard let reckoner, fareClasses[pattern] >= 0 else { return nil }
    let system = Int(reckoner.systemOfClass[Int(fareClasses[pattern])])
    return reckoner.traits[system].namesZonesPassed ? reckoner.model.zoneBits[system] : nil
  }

  private func passThrough(_ stop: Int, _ zoneBits: [UInt64]) {
    let zone = Int(zoneOfStop[stop])
    let bits = zone < zoneBits.count ? zoneBits[zone] : 0
    for index in 0..<riders.count { riders.elements[index].zonesPassed |= bits }
  }

  // MARK: Alighting

  @inline(__always)
  private func alight(
    _ index: Int, _ pattern: Int, _ stop: Int, _ time: Int32, _ position: Int32, _ round: Int32, _ ridesLeft: Int,
    _ perKilometre: Int32
  ) {
    let rider = riders.elements + index
    var key = Key(time, rider.pointee.walk, rider.pointee.co2, rider.pointee.least)
    if let emissions {
      key.z += Int32(ModeRates.amount(Int(perKilometre), Int(emissions.metres[Int(position)] - rider.pointee.metres)))
    }
    if isBeaten(key, at: stop, round) { return }
    guard let reckoner else {
      return add(key, .none, 0, index, pattern, stop, position, round)
    }
    let zone = zoneOfStop[stop]
    let before = rider.pointee.fare
    if rider.pointee.fareClass < 0 {
      return land(.closed(before.closed + FareReckoner.unknown), key, index, pattern, stop, position, round, ridesLeft)
    }
    let (same, fresh) = (rider.pointee.same, rider.pointee.fresh)
    if fresh == Self.depends {
      reckoner.reckon(
        before,
        FareReckoner.Ride(
          fareClass: rider.pointee.fareClass, from: rider.pointee.zone, to: zone,
          zonesPassed: rider.pointee.zonesPassed, departure: rider.pointee.departure, arrival: time))
      for fare in reckoner.outcomes { land(fare, key, index, pattern, stop, position, round, ridesLeft) }
      return
    }
    if rider.pointee.priceZone != zone {
      rider.pointee.priceZone = zone
      if same != 0 { rider.pointee.samePrice = reckoner.price(abs(same), to: zone) }
      if fresh != 0 { rider.pointee.freshPrice = reckoner.price(abs(fresh), to: zone) }
    }
    if same != 0,
      let fare = FareReckoner.state(
        same, paid: before.paid, first: rider.pointee.sameFirst, price: rider.pointee.samePrice, isSingle: false)
    {
      land(fare, key, index, pattern, stop, position, round, ridesLeft)
    }
    if before.closed == FareState.never || rider.pointee.isSameNoWorse { return }
    guard fresh != 0 else {
      return land(.closed(before.closed + FareReckoner.unknown), key, index, pattern, stop, position, round, ridesLeft)
    }
    if let fare = FareReckoner.state(
      fresh, paid: before.closed, first: rider.pointee.freshFirst, price: rider.pointee.freshPrice, isSingle: true)
    {
      land(fare, key, index, pattern, stop, position, round, ridesLeft)
    }
  }

  /// Leaves a trip with so much paid.
  @inline(__always)
  private func land(
    _ fare: FareState, _ key: Key, _ index: Int, _ pattern: Int, _ stop: Int, _ position: Int32, _ round: Int32,
    _ ridesLeft: Int
  ) {
    guard let fare = useful(fare, at: stop, key.x, ridesLeft, canWalk: true) else { return }
    var key = key
    key.w = leastPrice(fare, ridesLeft)
    if isBeaten(key, at: stop, round) { return }
    let (price, rival) = compared(fare, at: stop)
    key.w = price
    add(key, fare, rival, index, pattern, stop, position, round)
  }

  private func add(
    _ key: Key, _ fare: FareState, _ rival: Int32, _ index: Int, _ pattern: Int, _ stop: Int, _ position: Int32,
    _ round: Int32
  ) {
    var tail = LabelTail(rival: rival, fare: fare, segment: -1, position: position, round: 2 * round)
    if fare.open != 0, let reckoner { tail.hurts = reckoner.facts[Int(fare.open)].mayHurt }
    if rideBags.covers(stop, key, tail) { return }
    let rider = riders.elements + index
    if rider.pointee.segment < 0 { rider.pointee.segment = addSegment(rider.pointee, pattern) }
    tail.segment = rider.pointee.segment
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

  /// Notes a ride, for those who come by it.
  func addSegment(_ rider: Rider, _ pattern: Int) -> Int32 {
    segments.append(
      RideSegment(
        trip: slice.tripStarts[pattern] + rider.trip, boarded: rider.boarded, parent: rider.parent,
        parentPosition: rider.parentPosition))
    return Int32(segments.count - 1)
  }
}
