/// The rows of `stop_times.txt` that have a window instead of times: places served on demand.
struct FlexStopTimes {
  private let stop, group, location, start, end, arrival, departure, pickup, dropOff, headsign: FeedColumn
  private let pickupRule, dropOffRule: FeedColumn

  init(_ table: FeedTable) {
    stop = table.column("stop_id")
    group = table.column("location_group_id")
    location = table.column("location_id")
    start = table.column("start_pickup_drop_off_window")
    end = table.column("end_pickup_drop_off_window")
    arrival = table.column("arrival_time")
    departure = table.column("departure_time")
    pickup = table.column("pickup_type")
    dropOff = table.column("drop_off_type")
    headsign = table.column("stop_headsign")
    pickupRule = table.column("pickup_booking_rule_id")
    dropOffRule = table.column("drop_off_booking_rule_id")
    // Estimates that nothing here uses yet.
    for name: StaticString in [
      "mean_duration_factor", "mean_duration_offset", "safe_duration_factor", "safe_duration_offset",
    ] {
      _ = table.column(name)
    }
  }

  /// Whether a row is one of these.
  func claims(_ row: FeedTable) -> Bool {
    (start.isThere && !row.isEmpty(start)) || (end.isThere && !row.isEmpty(end))
      || (group.isThere && !row.isEmpty(group)) || (location.isThere && !row.isEmpty(location))
  }

  func read(
    _ row: FeedTable, _ trip: GraphKey<TripRow>, _ sequence: Int32, into context: ImportContext
  ) throws(RowDropped) {
    guard !row.isEmpty(start), !row.isEmpty(end) else {
      throw row.drop(.incompleteWindow, row.isEmpty(start) ? start : end)
    }
    let (opens, closes) = (try row.requiredTime(start), try row.requiredTime(end))
    guard opens < closes else { throw row.drop(.incompleteWindow, end) }
    if !row.isEmpty(arrival) || !row.isEmpty(departure) { row.notice(.windowWithTimes, .fieldIgnored, arrival) }
    let call = FlexStopTimeRow(
      trip: trip, stopSequence: sequence, stop: try row.strictReference(stop, in: context.stops),
      locationGroup: try row.strictReference(group, in: context.locationGroups),
      location: try row.strictReference(location, in: context.locations), windowStart: opens, windowEnd: closes,
      pickupType: row.value(pickup, default: .regular), dropOffType: row.value(dropOff, default: .regular),
      stopHeadsign: row.text(headsign), pickupBookingRule: row.reference(pickupRule, in: context.bookingRules),
      dropOffBookingRule: row.reference(dropOffRule, in: context.bookingRules))
    if call.stop == nil, call.locationGroup == nil, call.location == nil {
      throw row.drop(.missingRequiredField, stop)
    }
    context.flexTrips.insert(trip)
    context.add(call)
  }
}
