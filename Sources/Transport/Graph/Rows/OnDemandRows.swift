/// How a ride is booked.
struct BookingRuleRow: GraphRow, Hashable {
  static let table = GraphTable(
    "booking_rules", number: "booking_rule", scope: .feed,
    columns: [
      .feed, .value("booking_rule_id"), .value("booking_type"), .value("prior_notice_duration_min"),
      .value("prior_notice_duration_max"), .value("prior_notice_last_day"), .value("prior_notice_last_time"),
      .value("prior_notice_start_day"), .value("prior_notice_start_time"),
      .number("prior_notice_service", of: "services"), .value("message"), .value("pickup_message"),
      .value("drop_off_message"), .value("phone_number"), .value("info_url"), .value("booking_url"),
    ])

  var feed: GraphKey<FeedRow>
  var bookingRuleID: String
  var bookingType: Int
  /// Minutes.
  var priorNoticeDurationMin: Int?
  var priorNoticeDurationMax: Int?
  var priorNoticeLastDay: Int?
  var priorNoticeLastTime: ServiceTime?
  var priorNoticeStartDay: Int?
  var priorNoticeStartTime: ServiceTime?
  var priorNoticeService: GraphKey<ServiceRow>?
  var message: String?
  var pickupMessage: String?
  var dropOffMessage: String?
  var phoneNumber: String?
  var infoURL: String?
  var bookingURL: String?
}

extension BookingRuleRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), bookingRuleID: row.next(), bookingType: row.next(), priorNoticeDurationMin: row.next(),
      priorNoticeDurationMax: row.next(), priorNoticeLastDay: row.next(), priorNoticeLastTime: row.next(),
      priorNoticeStartDay: row.next(), priorNoticeStartTime: row.next(), priorNoticeService: row.next(),
      message: row.next(), pickupMessage: row.next(), dropOffMessage: row.next(), phoneNumber: row.next(),
      infoURL: row.next(), bookingURL: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(bookingRuleID)
    row.bind(bookingType)
    row.bind(priorNoticeDurationMin)
    row.bind(priorNoticeDurationMax)
    row.bind(priorNoticeLastDay)
    row.bind(priorNoticeLastTime)
    row.bind(priorNoticeStartDay)
    row.bind(priorNoticeStartTime)
    row.bind(priorNoticeService)
    row.bind(message)
    row.bind(pickupMessage)
    row.bind(dropOffMessage)
    row.bind(phoneNumber)
    row.bind(infoURL)
    row.bind(bookingURL)
  }
}

/// Stops that are served on demand together.
struct LocationGroupRow: GraphRow, Hashable {
  static let table = GraphTable(
    "location_groups", number: "location_group", scope: .feed,
    columns: [
      .feed, .value("location_group_id"), .value("location_group_name"),
    ])

  var feed: GraphKey<FeedRow>
  var locationGroupID: String
  var locationGroupName: String?
}

extension LocationGroupRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), locationGroupID: row.next(), locationGroupName: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(locationGroupID)
    row.bind(locationGroupName)
  }
}

/// That a stop belongs to such a group.
struct LocationGroupStopRow: GraphRow, Hashable {
  static let table = GraphTable(
    "location_group_stops", scope: .parent("location_groups"),
    columns: [
      .number("location_group", of: "location_groups"), .number("stop", of: "stops"),
    ])

  var locationGroup: GraphKey<LocationGroupRow>
  var stop: GraphKey<StopRow>
}

extension LocationGroupStopRow {
  init(_ row: inout ColumnReader) {
    self.init(
      locationGroup: row.next(), stop: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(locationGroup)
    row.bind(stop)
  }
}

/// An area that is served on demand.
struct LocationRow: GraphRow, Hashable {
  static let table = GraphTable(
    "locations", number: "location", scope: .feed,
    columns: [
      .feed, .value("location_id"), .value("stop_name"), .value("stop_desc"), .value("geometry"),
    ])

  var feed: GraphKey<FeedRow>
  var locationID: String
  var stopName: String?
  var stopDesc: String?
  /// GeoJSON.
  var geometry: String
}

extension LocationRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), locationID: row.next(), stopName: row.next(), stopDesc: row.next(), geometry: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(locationID)
    row.bind(stopName)
    row.bind(stopDesc)
    row.bind(geometry)
  }
}

/// A window in which a trip serves a place on demand.
struct FlexStopTimeRow: GraphRow, Hashable {
  static let table = GraphTable(
    "flex_stop_times", scope: .parent("trips"),
    columns: [
      .number("trip", of: "trips"), .value("stop_sequence"), .number("stop", of: "stops"),
      .number("location_group", of: "location_groups"), .number("location", of: "locations"),
      .value("start_pickup_drop_off_window"), .value("end_pickup_drop_off_window"), .value("pickup_type"),
      .value("drop_off_type"), .value("stop_headsign"), .number("pickup_booking_rule", of: "booking_rules"),
      .number("drop_off_booking_rule", of: "booking_rules"),
    ])

  var trip: GraphKey<TripRow>
  var stopSequence: Int32
  var stop: GraphKey<StopRow>?
  var locationGroup: GraphKey<LocationGroupRow>?
  var location: GraphKey<LocationRow>?
  var windowStart: ServiceTime
  var windowEnd: ServiceTime
  var pickupType: BoardingRule
  var dropOffType: BoardingRule
  var stopHeadsign: String?
  var pickupBookingRule: GraphKey<BookingRuleRow>?
  var dropOffBookingRule: GraphKey<BookingRuleRow>?
}

extension FlexStopTimeRow {
  init(_ row: inout ColumnReader) {
    self.init(
      trip: row.next(), stopSequence: row.next(), stop: row.next(), locationGroup: row.next(), location: row.next(),
      windowStart: row.next(), windowEnd: row.next(), pickupType: row.next(), dropOffType: row.next(),
      stopHeadsign: row.next(), pickupBookingRule: row.next(), dropOffBookingRule: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(trip)
    row.bind(stopSequence)
    row.bind(stop)
    row.bind(locationGroup)
    row.bind(location)
    row.bind(windowStart)
    row.bind(windowEnd)
    row.bind(pickupType)
    row.bind(dropOffType)
    row.bind(stopHeadsign)
    row.bind(pickupBookingRule)
    row.bind(dropOffBookingRule)
  }
}
