/// A run of a vehicle, on every day of its service.
struct TripRow: GraphRow, Hashable {
  static let table = GraphTable(
    "trips", number: "trip", scope: .feed,
    columns: [
      .feed, .value("trip_id"), .number("route", of: "routes"), .number("service", of: "services"),
      .value("trip_headsign"), .value("trip_short_name"), .value("direction_id"), .value("block_id"),
      .number("shape", of: "shapes"), .value("wheelchair_accessible"), .value("bikes_allowed"),
      .value("cars_allowed"),
    ])

  var feed: GraphKey<FeedRow>
  var tripID: String
  var route: GraphKey<RouteRow>
  var service: GraphKey<ServiceRow>
  var tripHeadsign: String?
  var tripShortName: String?
  var directionID: Int?
  /// Unique within the feed only.
  var blockID: String?
  var shape: GraphKey<ShapeRow>?
  var wheelchairAccessible: Accessibility
  var bikesAllowed: Accessibility
  var carsAllowed: Accessibility
}

extension TripRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), tripID: row.next(), route: row.next(), service: row.next(), tripHeadsign: row.next(),
      tripShortName: row.next(), directionID: row.next(), blockID: row.next(), shape: row.next(),
      wheelchairAccessible: row.next(), bikesAllowed: row.next(), carsAllowed: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(tripID)
    row.bind(route)
    row.bind(service)
    row.bind(tripHeadsign)
    row.bind(tripShortName)
    row.bind(directionID)
    row.bind(blockID)
    row.bind(shape)
    row.bind(wheelchairAccessible)
    row.bind(bikesAllowed)
    row.bind(carsAllowed)
  }
}

/// A call of a trip at a stop; rows come trip by trip, in order.
struct StopTimeRow: GraphRow, Hashable {
  static let table = GraphTable(
    "stop_times", scope: .parent("trips"),
    columns: [
      .number("trip", of: "trips"), .value("position"), .number("stop", of: "stops"), .value("arrival_time"),
      .value("departure_time"), .value("is_interpolated"), .value("timepoint"), .value("pickup_type"),
      .value("drop_off_type"), .value("stop_sequence"), .value("stop_headsign"), .value("shape_dist_traveled"),
      .value("continuous_pickup"), .value("continuous_drop_off"), .number("pickup_booking_rule", of: "booking_rules"),
      .number("drop_off_booking_rule", of: "booking_rules"),
    ])

  var trip: GraphKey<TripRow>
  /// From 0 without gaps.
  var position: Int32
  var stop: GraphKey<StopRow>
  var arrivalTime: ServiceTime
  var departureTime: ServiceTime
  /// The feed has no time; it was computed from its neighbours.
  var isInterpolated: Bool
  /// The time is kept, not approximate.
  var timepoint: Bool
  var pickupType: BoardingRule
  var dropOffType: BoardingRule
  var stopSequence: Int32
  /// Only where it differs from the trip's.
  var stopHeadsign: String?
  var shapeDistTraveled: Double?
  var continuousPickup: Continuous?
  var continuousDropOff: Continuous?
  var pickupBookingRule: GraphKey<BookingRuleRow>?
  var dropOffBookingRule: GraphKey<BookingRuleRow>?
}

extension StopTimeRow {
  init(_ row: inout ColumnReader) {
    self.init(
      trip: row.next(), position: row.next(), stop: row.next(), arrivalTime: row.next(), departureTime: row.next(),
      isInterpolated: row.next(), timepoint: row.next(), pickupType: row.next(), dropOffType: row.next(),
      stopSequence: row.next(), stopHeadsign: row.next(), shapeDistTraveled: row.next(), continuousPickup: row.next(),
      continuousDropOff: row.next(), pickupBookingRule: row.next(), dropOffBookingRule: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(trip)
    row.bind(position)
    row.bind(stop)
    row.bind(arrivalTime)
    row.bind(departureTime)
    row.bind(isInterpolated)
    row.bind(timepoint)
    row.bind(pickupType)
    row.bind(dropOffType)
    row.bind(stopSequence)
    row.bind(stopHeadsign)
    row.bind(shapeDistTraveled)
    row.bind(continuousPickup)
    row.bind(continuousDropOff)
    row.bind(pickupBookingRule)
    row.bind(dropOffBookingRule)
  }
}

/// A trip repeated at a headway.
struct FrequencyRow: GraphRow, Hashable {
  static let table = GraphTable(
    "frequencies", scope: .parent("trips"),
    columns: [
      .number("trip", of: "trips"), .value("start_time"), .value("end_time"), .value("headway_secs"),
      .value("exact_times"),
    ])

  var trip: GraphKey<TripRow>
  var startTime: ServiceTime
  var endTime: ServiceTime
  var headwaySecs: Int
  /// A timetable written short, not only a headway.
  var exactTimes: Bool
}

extension FrequencyRow {
  init(_ row: inout ColumnReader) {
    self.init(
      trip: row.next(), startTime: row.next(), endTime: row.next(), headwaySecs: row.next(), exactTimes: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(trip)
    row.bind(startTime)
    row.bind(endTime)
    row.bind(headwaySecs)
    row.bind(exactTimes)
  }
}

/// What holds for changing from one trip to another.
struct TransferRow: GraphRow, Hashable {
  static let table = GraphTable(
    "transfers", number: "transfer", scope: .feed,
    columns: [
      .feed, .number("from_stop", of: "stops"), .number("to_stop", of: "stops"), .number("from_route", of: "routes"),
      .number("to_route", of: "routes"), .number("from_trip", of: "trips"), .number("to_trip", of: "trips"),
      .value("transfer_type"), .value("min_transfer_time"),
    ])

  var feed: GraphKey<FeedRow>
  var fromStop: GraphKey<StopRow>?
  var toStop: GraphKey<StopRow>?
  var fromRoute: GraphKey<RouteRow>?
  var toRoute: GraphKey<RouteRow>?
  var fromTrip: GraphKey<TripRow>?
  var toTrip: GraphKey<TripRow>?
  var transferType: TransferType
  /// Seconds.
  var minTransferTime: Int?
}

extension TransferRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), fromStop: row.next(), toStop: row.next(), fromRoute: row.next(), toRoute: row.next(),
      fromTrip: row.next(), toTrip: row.next(), transferType: row.next(), minTransferTime: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(fromStop)
    row.bind(toStop)
    row.bind(fromRoute)
    row.bind(toRoute)
    row.bind(fromTrip)
    row.bind(toTrip)
    row.bind(transferType)
    row.bind(minTransferTime)
  }
}
