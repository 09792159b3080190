import Testing

@testable import Transport

@Suite("stop_times.txt")
struct StopTimesFileTests {
  private let head = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"

  private func calls(_ text: FeedText, extra: String = "") throws -> [String] {
    try text.graph().rows("select stop_id, arrival, departure\(extra) from timetable order by trip, position")
  }

  @Test("rows in any order become trips in order, with positions without gaps")
  func ordered() throws {
    let text = FeedText([
      "trips.txt": "route_id,service_id,trip_id\nR,W,T\nR,W,U\n",
      "stop_times.txt": head + "U,09:20:00,09:20:00,C,30\nT,08:20:00,08:20:00,C,7\nU,09:00:00,09:00:00,A,10\n"
        + "T,08:00:00,08:00:00,A,5\n",
    ])
    let imported = try text.graph()
    #expect(imported.codes.isEmpty)
    #expect(
      try imported.rows(
        "select trip, position, stop_sequence, stop_id from stop_times join stops using (stop) order by trip, position")
        == [
          "0|0|5|A", "0|1|7|C", "1|0|10|A", "1|1|30|C",
        ])
  }

  @Test("times pass midnight, and four days")
  func pastMidnight() throws {
    let text = FeedText([
      "stop_times.txt": head + "T,23:50:00,24:10:00,A,1\nT,25:10:00,97:00:00,B,2\nT,99:59:59,99:59:59,C,3\n"
    ])
    #expect(try calls(text) == ["A|23:50:00|24:10:00", "B|25:10:00|97:00:00", "C|99:59:59|99:59:59"])
  }

  @Test("a row that cannot be costs that row only")
  func badRows() throws {
    // B arrives before A is left; the second 3 repeats a sequence; X is no stop.
    let text = FeedText([
      "stop_times.txt": head + "T,08:00:00,08:05:00,A,1\nT,08:04:00,08:04:00,B,2\nT,08:20:00,08:20:00,C,3\n"
        + "T,08:21:00,08:21:00,B,3\nT,08:30:00,08:30:00,X,4\n"
    ])
    let imported = try text.graph()
    #expect(try imported.rows("select stop_id from timetable order by position") == ["A", "C"])
    #expect(
      imported.codes == [
        "error duplicate_key 1", "error foreign_key_violation 1",
        "error stop_time_with_arrival_before_previous_departure_time 1",
      ])
  }

  @Test("a trip may visit a stop twice")
  func loops() throws {
    let text = FeedText([
      "stop_times.txt": head + "T,08:00:00,08:00:00,A,1\nT,08:10:00,08:10:00,B,2\nT,08:20:00,08:20:00,A,3\n"
    ])
    #expect(try calls(text).map { $0.prefix(1) } == ["A", "B", "A"])
  }

  @Test("boarding rules, headsigns and timepoints are kept; a headsign like the trip's is not repeated")
  func details() throws {
    let text = FeedText([
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence,stop_headsign,pickup_type,drop_off_type,timepoint,continuous_pickup
      T,08:00:00,08:00:00,A,1,via Beta,,1,1,2
      T,08:10:00,08:10:00,B,2,Gamma,3,0,0,
      T,08:20:00,08:20:00,C,3,,1,9,,

      """
    ])
    let imported = try text.graph()
    #expect(
      try imported.rows(
        "select stop_headsign, pickup_type, drop_off_type, timepoint, continuous_pickup from stop_times") == [
          "via Beta|0|1|1|2", "|3|0|0|", "|1|0|1|",
        ])
    #expect(imported.codes == ["warning unexpected_enum_value 1"])
    let rows = try imported.graph.all(StopTimeRow.self)
    #expect(rows.map(\.pickupType) == [.regular, .askDriver, .none])
    #expect(rows[0].continuousPickup == .phoneFirst && rows[1].continuousPickup == nil)
  }

  @Test("places served on demand are kept apart, with their windows")
  func flex() throws {
    let text = FeedText([
      "booking_rules.txt": "booking_rule_id,booking_type,prior_notice_duration_min,phone_number\nK,1,30,123\n",
      "location_groups.txt": "location_group_id,location_group_name\nG,Villages\n",
      "location_group_stops.txt": "location_group_id,stop_id\nG,A\nG,B\n",
      "locations.geojson": """
      {"type": "FeatureCollection", "features": [{"type": "Feature", "id": "Z", "properties": {"stop_name": "Zone"},
        "geometry": {"type": "Polygon", "coordinates": [[[13, 52], [14, 52], [14, 53], [13, 52]]]}}]}
      """,
      "trips.txt": "route_id,service_id,trip_id\nR,W,T\nR,W,U\n",
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,location_group_id,location_id,stop_sequence,start_pickup_drop_off_window,end_pickup_drop_off_window,pickup_type,drop_off_type,pickup_booking_rule_id
      T,08:00:00,08:00:00,A,,,1,,,,,
      T,08:20:00,08:20:00,C,,,2,,,,,
      U,,,,G,,1,09:00:00,12:00:00,2,1,K
      U,,,,,Z,2,09:00:00,12:00:00,1,2,K

      """,
    ])
    let imported = try text.graph()
    #expect(imported.codes.isEmpty, "\(imported.report.notices)")
    #expect(imported.report.trips == 2)
    #expect(
      try imported.graph.all(FlexStopTimeRow.self).map {
        "\($0.trip.number) \($0.windowStart)-\($0.windowEnd) \($0.pickupType)"
      }
        == ["1 09:00:00-12:00:00 phoneFirst", "1 09:00:00-12:00:00 none"])
    #expect(
      try imported.rows("select location_id, stop_name, json_extract(geometry, '$.type') from locations") == [
        "Z|Zone|Polygon"
      ])
    #expect(try imported.rows("select booking_rule_id, phone_number from booking_rules") == ["K|123"])
    #expect(try imported.rows("select stop from location_group_stops") == ["0", "1"])
    #expect(try imported.rows("pragma foreign_key_check").isEmpty)
  }
}

@Suite("Times that a feed leaves out")
struct TimeInterpolationTests {
  private let stops = """
    stop_id,stop_name,stop_lat,stop_lon
    A,Alpha,52.50,13.40
    B,Beta,52.51,13.40
    C,Gamma,52.53,13.40
    D,Delta,52.54,13.40

    """

  private func times(_ files: [String: String?]) throws -> [String] {
    let imported = try FeedText(files.merging(["stops.txt": stops]) { mine, _ in mine }).graph()
    #expect(imported.codes.isEmpty, "\(imported.codes)")
    return try imported.rows(
      "select arrival, departure, is_interpolated, timepoint from timetable join stop_times using (trip, position) order by position"
    )
  }

  private func text(_ rows: String, head: String = "trip_id,arrival_time,departure_time,stop_id,stop_sequence")
    -> String
  {
    head + "\n" + rows
  }

  /// A ── B ──── C ── D: one, two and one hundredths of a degree, so a quarter, a half and a quarter of the hour.
  @Test("straight lines share the time out where there is nothing better")
  func straight() throws {
    let rows = "T,08:00:00,08:00:00,A,1\nT,,,B,2\nT,,,C,3\nT,09:00:00,09:05:00,D,4\n"
    #expect(
      try times(["stop_times.txt": text(rows)]) == [
        "08:00:00|08:00:00|0|1", "08:15:00|08:15:00|1|0", "08:45:00|08:45:00|1|0", "09:00:00|09:05:00|0|1",
      ])
  }

  @Test("stated distances go before straight lines")
  func stated() throws {
    let rows = "T,08:00:00,08:00:00,A,1,0\nT,,,B,2,5\nT,,,C,3,7.5\nT,09:00:00,09:00:00,D,4,10\n"
    let head = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled"
    #expect(
      try times(["stop_times.txt": text(rows, head: head)]).map { $0.prefix(8) } == [
        "08:00:00", "08:30:00", "08:45:00", "09:00:00",
      ])
  }

  /// The vehicle goes three hundredths of a degree east, comes back to where it began, and then goes north.
  ///
  ///           D
  ///           │         A → E and back: 2 × 0.02, then A → D: 0.04 (a hundredth east is 0.609 of one north)
  ///     E ←── A
  @Test("a shape that comes back on itself is followed in order, not to the nearest point")
  func shape() throws {
    let loop = """
      stop_id,stop_name,stop_lat,stop_lon
      A,Alpha,52.50,13.40
      E,East,52.50,13.43
      D,Delta,52.54,13.40

      """
    let shape =
      "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nS,52.50,13.40,1\nS,52.50,13.43,2\nS,52.50,13.40,3\nS,52.54,13.40,4\n"
    let rows = "T,08:00:00,08:00:00,A,1\nT,,,E,2\nT,,,A,3\nT,09:00:00,09:00:00,D,4\n"
    let found = try times([
      "stops.txt": loop, "shapes.txt": shape, "stop_times.txt": text(rows),
      "trips.txt": "route_id,service_id,trip_id,shape_id\nR,W,T,S\n",
    ])
    // 0.03 × 0.609 = 0.01826 each way and 0.04 north: 14:19, 28:39 and 60:00 minutes of the way.
    #expect(found.map { $0.prefix(5) } == ["08:00", "08:14", "08:28", "09:00"])
  }

  @Test("stops at one place share the time out evenly")
  func evenly() throws {
    let same = "stop_id,stop_name,stop_lat,stop_lon\nA,Alpha,52.5,13.4\nB,Beta,52.5,13.4\nC,Gamma,52.5,13.4\n"
    let rows = "T,08:00:00,08:00:00,A,1\nT,,,B,2\nT,09:00:00,09:00:00,C,3\n"
    #expect(
      try times(["stops.txt": same, "stop_times.txt": text(rows)]).map { $0.prefix(8) } == [
        "08:00:00", "08:30:00", "09:00:00",
      ])
  }

  @Test("rows before the first and after the last time are left out")
  func edges() throws {
    let rows = "T,,,A,1\nT,08:10:00,08:10:00,B,2\nT,08:20:00,08:20:00,C,3\nT,,,D,4\n"
    let imported = try FeedText(["stops.txt": stops, "stop_times.txt": text(rows)]).graph()
    #expect(try imported.rows("select stop_id from timetable order by position") == ["B", "C"])
    #expect(imported.codes == ["error missing_trip_edge_time 2"])
  }
}
