/// Makes whole trips of stop times: puts them in order, takes out what cannot be, fills in times that are not given.
///
/// After it, a trip's positions run from 0 without gaps, times never decrease, and there are at least two calls.
struct TripAssembly {
  private let columns: StopTimeColumns
  private let context: ImportContext
  private var interpolation: TimeInterpolation
  private var speeds: SpeedCheck
  /// The rows of the trip in hand that are still good, in order.
  private var rows: [Int] = []
  private var times: [CallTimes] = []

  init(_ columns: StopTimeColumns, _ context: ImportContext) {
    self.columns = columns
    self.context = context
    interpolation = TimeInterpolation(context)
    speeds = SpeedCheck(context)
  }

  mutating func run() {
    let order = GroupedOrder(groups: columns.trips, count: context.trips.count, ranks: columns.sequences)
    for trip in 0..<context.trips.count where context.failure == nil {
      assemble(GraphKey(context.trips.base + Int32(trip)), order.members(of: trip))
    }
  }

  private mutating func assemble(_ trip: GraphKey<TripRow>, _ members: ArraySlice<Int32>) {
    let isOnDemand = context.flexTrips.contains(trip)
    guard !members.isEmpty else {
      if isOnDemand { context.usableTrips += 1 } else { noticeTrip(.tripWithoutStopTimes, .usedAsItIs, trip) }
      return
    }
    takeRows(members)
    takeTimes()
    cutUntimedEnds()
    dropDecreasing()
    guard rows.count >= 2 else {
      if isOnDemand { context.usableTrips += 1 } else { noticeTrip(.unusableTrip, .tripLeftOut, trip) }
      return
    }
    if times.contains(where: { !$0.isGiven }) { interpolation.fill(&times, rows, columns, of: trip) }
    checkDistances()
    speeds.check(times, rows, columns, of: trip)
    write(trip)
    context.usableTrips += 1
  }

  // MARK: Rows

  /// Leaves out all but the first row of a stop_sequence.
  private mutating func takeRows(_ members: ArraySlice<Int32>) {
    rows.removeAll(keepingCapacity: true)
    for row in members.lazy.map(Int.init) {
      if let last = rows.last, columns.sequences[last] == columns.sequences[row] {
        notice(.duplicateKey, .rowLeftOut, row, "stop_sequence", "\(columns.sequences[row])")
      } else {
        rows.append(row)
      }
    }
  }

  private mutating func takeTimes() {
    times.removeAll(keepingCapacity: true)
    for row in rows {
      var (arrival, departure) = (columns.arrivals[row], columns.departures[row])
      let isGiven = arrival >= 0 || departure >= 0
      if isGiven && (arrival < 0 || departure < 0) {
        notice(.onlyOneTime, .repaired, row, arrival < 0 ? "arrival_time" : "departure_time", nil)
        if arrival < 0 { arrival = departure } else { departure = arrival }
      }
      if departure < arrival {
        let value = "\(ServiceTime(seconds: departure)) after \(ServiceTime(seconds: arrival))"
        notice(.departureBeforeArrival, .repaired, row, "departure_time", value)
        departure = arrival
      }
      times.append(CallTimes(arrival: arrival, departure: departure, isGiven: isGiven))
    }
  }

  /// Without a time at its ends, nothing can be computed for the rows there.
  private mutating func cutUntimedEnds() {
    while let last = times.last, !last.isGiven {
      notice(.missingEdgeTime, .rowLeftOut, rows.removeLast(), "departure_time", nil)
      times.removeLast()
    }
    let untimed = times.prefix { !$0.isGiven }.count
    for row in rows.prefix(untimed) { notice(.missingEdgeTime, .rowLeftOut, row, "arrival_time", nil) }
    rows.removeFirst(untimed)
    times.removeFirst(untimed)
  }

  private mutating func dropDecreasing() {
    var last: Int32 = 0
    guard
      times.contains(where: { time in
        defer { if time.isGiven { last = time.departure } }
        return time.isGiven && time.arrival < last
      })
    else { return }
    var (keptRows, keptTimes): ([Int], [CallTimes]) = ([], [])
    last = 0
    for (row, time) in zip(rows, times) {
      if time.isGiven && time.arrival < last {
        let value = "\(ServiceTime(seconds: time.arrival)) after \(ServiceTime(seconds: last))"
        notice(.decreasingTime, .rowLeftOut, row, "arrival_time", value)
        continue
      }
      if time.isGiven { last = time.departure }
      keptRows.append(row)
      keptTimes.append(time)
    }
    (rows, times) = (keptRows, keptTimes)
    // What was left out may have been the end that gave those before it a time.
    cutUntimedEnds()
  }

  private func checkDistances() {
    guard !columns.distances.isEmpty else { return }
    var last = -1.0
    for row in rows {
      guard let distance = columns.distance(row) else { continue }
      if distance < last { notice(.decreasingDistance, .usedAsItIs, row, "shape_dist_traveled", "\(distance)") }
      last = max(last, distance)
    }
  }

  // MARK: Writing

  private func write(_ trip: GraphKey<TripRow>) {
    let tripHeadsign = context.facts(of: trip).headsign
    for (position, row) in rows.enumerated() {
      let (flags, time, headsign) = (columns.flags[row], times[position], columns.headsign(row))
      context.add(
        StopTimeRow(
          trip: trip, position: Int32(position), stop: GraphKey(columns.stops[row]),
          arrivalTime: ServiceTime(seconds: time.arrival), departureTime: ServiceTime(seconds: time.departure),
          isInterpolated: !time.isGiven, timepoint: flags.timepoint ?? time.isGiven, pickupType: flags.pickup,
          dropOffType: flags.dropOff, stopSequence: columns.sequences[row],
          stopHeadsign: headsign < 0 || headsign == tripHeadsign ? nil : context.headsigns.text(GraphKey(headsign)),
          shapeDistTraveled: columns.distance(row), continuousPickup: flags.continuousPickup,
          continuousDropOff: flags.continuousDropOff, pickupBookingRule: columns.rule(columns.pickupRules, row),
          dropOffBookingRule: columns.rule(columns.dropOffRules, row)))
    }
  }

  private func notice(
    _ code: NoticeCode, _ consequence: NoticeConsequence, _ row: Int, _ field: String, _ value: String?
  ) {
    context.notices.add(
      code, consequence, file: StopTimesFile.name, line: Int(columns.lines[row]), field: field, value: value)
  }

  private func noticeTrip(_ code: NoticeCode, _ consequence: NoticeConsequence, _ trip: GraphKey<TripRow>) {
    context.notices.add(
      code, consequence, file: TripsFile.name, field: "trip_id", value: context.trips.text(trip))
  }
}

/// When a trip calls somewhere.
struct CallTimes: Hashable {
  var arrival: Int32
  var departure: Int32
  /// By the feed, not computed.
  let isGiven: Bool
}
