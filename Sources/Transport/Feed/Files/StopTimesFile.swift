/// `stop_times.txt`: when trips call at stops.
struct StopTimesFile: FeedFile {
  static let name = "stop_times.txt"

  private let trip, sequence, stop, arrival, departure, headsign, pickup, dropOff, distance, timepoint: FeedColumn
  private let continuousPickup, continuousDropOff, pickupRule, dropOffRule: FeedColumn
  private let flex: FlexStopTimes
  private var columns = StopTimeColumns()
  /// Rows of a trip mostly follow one another.
  private var lastTrip: GraphKey<TripRow>?
  private var lastTripID: [UInt8] = []

  init(_ table: FeedTable) {
    trip = table.requiredColumn("trip_id")
    sequence = table.requiredColumn("stop_sequence")
    stop = table.column("stop_id")
    arrival = table.column("arrival_time")
    departure = table.column("departure_time")
    headsign = table.column("stop_headsign")
    pickup = table.column("pickup_type")
    dropOff = table.column("drop_off_type")
    distance = table.column("shape_dist_traveled")
    timepoint = table.column("timepoint")
    continuousPickup = table.column("continuous_pickup")
    continuousDropOff = table.column("continuous_drop_off")
    pickupRule = table.column("pickup_booking_rule_id")
    dropOffRule = table.column("drop_off_booking_rule_id")
    flex = FlexStopTimes(table)
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let trip = try findTrip(row, context)
    let number = try row.requiredInteger(sequence, in: 0...Int(Int32.max))
    if flex.claims(row) {
      try flex.read(row, trip, Int32(number), into: context)
      return
    }
    let stop = try row.requiredReference(stop, in: context.stops)
    let type = context.facts(of: stop).type
    if type != .stop {
      // Feeds that have no platforms call at stations, and everybody knows what they mean.
      guard type == .station else { throw row.drop(.stopTimeAtWrongPlace, self.stop) }
      row.notice(.stopTimeAtWrongPlace, .usedAsItIs, self.stop)
    }
    columns.trips.append(trip.number - context.trips.base)
    columns.sequences.append(Int32(number))
    columns.stops.append(stop.number)
    columns.arrivals.append(row.time(arrival)?.seconds ?? StopTimeColumns.none)
    columns.departures.append(row.time(departure)?.seconds ?? StopTimeColumns.none)
    columns.lines.append(Int32(row.line))
    columns.flags.append(flags(row))
    if distance.isThere { columns.distances.append(row.real(distance, in: 0...1e9) ?? .nan) }
    if headsign.isThere { columns.headsigns.append(context.intern(row.bytes(headsign))) }
    if pickupRule.isThere {
      columns.pickupRules.append(row.reference(pickupRule, in: context.bookingRules)?.number ?? StopTimeColumns.none)
    }
    if dropOffRule.isThere {
      columns.dropOffRules.append(row.reference(dropOffRule, in: context.bookingRules)?.number ?? StopTimeColumns.none)
    }
  }

  private mutating func findTrip(_ row: FeedTable, _ context: ImportContext) throws(RowDropped) -> GraphKey<TripRow> {
    let bytes = row.bytes(trip)
    if let lastTrip, bytes.count == lastTripID.count {
      var isSame = true
      for index in 0..<bytes.count where bytes.start[index] != lastTripID[index] { isSame = false }
      if isSame { return lastTrip }
    }
    let found = try row.requiredReference(trip, in: context.trips)
    lastTrip = found
    lastTripID = Array(UnsafeBufferPointer(start: bytes.start, count: bytes.count))
    return found
  }

  private func flags(_ row: FeedTable) -> StopTimeColumns.Flags {
    var flags = StopTimeColumns.Flags()
    if pickup.isThere { flags.pickup = row.value(pickup, default: .regular) }
    if dropOff.isThere { flags.dropOff = row.value(dropOff, default: .regular) }
    if continuousPickup.isThere { flags.continuousPickup = row.choice(continuousPickup) }
    if continuousDropOff.isThere { flags.continuousDropOff = row.choice(continuousDropOff) }
    if timepoint.isThere, !row.isEmpty(timepoint) { flags.timepoint = row.flag(timepoint) }
    return flags
  }

  mutating func end(_ context: ImportContext) {
    var assembly = TripAssembly(columns, context)
    columns = StopTimeColumns()
    assembly.run()
  }
}
