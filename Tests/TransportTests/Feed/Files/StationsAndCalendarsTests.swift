import Kernel
import Testing

@testable import Transport

@Suite("agency.txt and feed_info.txt")
struct AgencyFileTests {
  @Test("an agency has a zone; with only one, its id may be left out, and routes without one are its own")
  func lonely() throws {
    let imported = try FeedText([
      "agency.txt": "agency_name,agency_timezone\nOnly,America/Sao_Paulo\n",
      "routes.txt": "route_id,route_short_name,route_type\nR,1,3\n",
      "feed_info.txt": "feed_publisher_name,feed_lang,feed_start_date,feed_version\nP,de,20260601,7\n",
    ]).graph()
    #expect(imported.codes.isEmpty)
    #expect(
      try imported.rows("select agency_id, agency_name, agency_timezone from agency") == ["|Only|America/Sao_Paulo"])
    #expect(try imported.graph.all(RouteRow.self).map(\.agency.index) == [0])
    #expect(try imported.rows("select feed_start_date, feed_version from feed_info") == ["2026-06-01|7"])
  }
}

@Suite("stops.txt")
struct StopsFileTests {
  /// S is a station with platforms P and Q; Q has an area for boarding; E is a door and N a node inside.
  private let station = """
    stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,stop_timezone,wheelchair_boarding,level_id,platform_code
    B,,,,4,Q,,,,
    P,Platform 1,52.5,13.4,0,S,,,L,1
    Q,Platform 2,52.5,13.4,,S,Europe/London,2,,2
    S,Central,52.5,13.4,1,,Europe/Paris,1,,
    E,Door,52.5,13.4,2,S,,,,
    N,,,,3,S,,,,
    C,Gamma,52.52,13.40,,,,,,

    """

  @Test("parents may come later; platforms inherit zone and access from their station")
  func inheritance() throws {
    let imported = try FeedText([
      "stops.txt": station, "levels.txt": "level_id,level_index,level_name\nL,-1.5,Below\n",
      "pathways.txt": """
      pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time,stair_count
      W1,E,P,2,1,12.5,30,-20
      W2,E,Q,8,1,,,
      W1,E,Q,1,0,,,

      """,
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence
      T,08:00:00,08:00:00,P,1
      T,08:20:00,08:20:00,C,3

      """,
    ]).graph()
    #expect(imported.codes == ["error duplicate_key 1", "error unexpected_enum_value 1"])
    #expect(
      try imported.rows(
        """
        select s.stop_id, p.stop_id, s.stop_timezone, s.wheelchair_boarding, level_index from stops s
        left join stops p on p.stop = s.parent_station left join levels on levels.level = s.level order by s.stop
        """) == [
          "B|Q|Europe/Paris|2|", "P|S|Europe/Paris|1|-1.5", "Q|S|Europe/Paris|2|", "S||Europe/Paris|1|",
          "E|S|Europe/Paris|1|", "N|S|Europe/Paris|1|", "C|||0|",
        ])
    #expect(
      try imported.rows("select pathway_id, length, traversal_time, stair_count from pathways") == ["W1|12.5|30|-20"])
    #expect(try imported.rows("select stop_id from stations") == ["S", "C"])
  }

  @Test("padded headers and fields, a mark, quotes and line breaks inside are read as what they mean")
  func untidy() throws {
    let text =
      "\u{FEFF}stop_lon , stop_lat,stop_id ,\"stop_name\"\r\n 13.40 ,52.50, A ,\"Al, \"\"pha\"\"\r\nWest\"\r\n13.4,52.51,B,Beta\r\n13.4,52.52,C,Gamma"
    let imported = try FeedText(["stops.txt": text]).graph()
    #expect(imported.codes.isEmpty)
    #expect(try imported.rows("select stop_id, stop_lon from stops") == ["A|13.4", "B|13.4", "C|13.4"])
    #expect(try imported.graph.all(StopRow.self)[0].stopName == "Al, \"pha\"\r\nWest")
  }
}

@Suite("routes.txt")
struct RoutesFileTests {
  @Test(
    "basic and extended types become the modes that riders know",
    arguments: [
      (0, "tram"), (1, "metro"), (2, "rail"), (3, "bus"), (4, "ferry"), (5, "cable_tram"), (6, "gondola"),
      (7, "funicular"), (11, "trolleybus"), (12, "monorail"), (101, "rail"), (109, "rail"), (200, "coach"),
      (401, "metro"), (405, "monorail"), (700, "bus"), (715, "bus"), (800, "trolleybus"), (900, "tram"),
      (1000, "ferry"), (1100, "flight"), (1300, "gondola"), (1400, "funicular"), (1501, "taxi"), (1700, "other"),
    ])
  func modes(_ type: Int, _ mode: String) {
    #expect(RouteMode(routeType: type)?.rawValue == mode)
  }

  @Test("a type that GTFS does not have keeps its route, as something else")
  func unknownType() throws {
    #expect(RouteMode(routeType: 8) == nil && RouteMode(routeType: 5000) == nil)
    let imported = try FeedText([
      "routes.txt": "route_id,route_short_name,route_type,route_color,network_id\nR,1,42,ff00aa,N\n"
    ]).graph()
    #expect(imported.codes == ["note unexpected_enum_value 1"])
    #expect(try imported.rows("select mode, route_type, route_color from routes") == ["other|42|FF00AA"])
    #expect(try imported.rows("select network_id, route from networks join route_networks using (network)") == ["N|0"])
  }
}

@Suite("calendar.txt and calendar_dates.txt")
struct CalendarFileTests {
  /// June 2026 begins on a Monday.
  ///
  /// W runs on weekdays of the first week, not on the 3rd, but on Saturday the 6th.
  @Test("days are weekdays in a range, less and plus the exceptions")
  func days() throws {
    let imported = try FeedText([
      "calendar.txt": """
      service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
      W,1,1,1,1,1,0,0,20260601,20260607

      """,
      "calendar_dates.txt":
        "service_id,date,exception_type\nW,20260606,1\nW,20260603,2\nD,20260610,1\nD,20260610,2\nW,20260602,3\n",
      "trips.txt": "route_id,service_id,trip_id\nR,W,T\nR,D,U\n",
    ]).graph()
    #expect(imported.codes == ["error duplicate_key 1", "error unexpected_enum_value 1", "note unused_trip 1"])
    #expect(
      try imported.rows(
        "select service_id, date from service_days join services using (service) order by service, date")
        == [
          "W|2026-06-01", "W|2026-06-02", "W|2026-06-04", "W|2026-06-05", "W|2026-06-06", "D|2026-06-10",
        ])
    #expect(try imported.rows("select first_date, last_date from feeds") == ["2026-06-01|2026-06-10"])
    #expect(try imported.rows("select count(*), max(weekday) from days") == ["10|7"])
    #expect(try imported.graph.all(CalendarRow.self).map(\.friday) == [true])
    #expect(try imported.graph.all(CalendarDateRow.self).map(\.exceptionType) == [.removed, .added, .added])
  }
}

@Suite("shapes.txt, frequencies.txt and transfers.txt")
struct ShapesAndTransfersTests {
  @Test("points in any order become a shape; one that repeats a place in it is left out")
  func shapes() throws {
    let imported = try FeedText([
      "shapes.txt": """
      shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled
      Q,52.5,13.4,1,0
      P,52.6,13.5,20,7
      P,52.5,13.4,10,0
      P,52.7,13.5,20,8
      P,52.8,13.6,30,5
      Q,52.6,13.4,2,

      """,
      "trips.txt": "route_id,service_id,trip_id,shape_id\nR,W,T,P\n",
    ]).graph()
    #expect(imported.codes == ["error duplicate_key 1", "warning decreasing_shape_distance 1"])
    #expect(
      try imported.rows(
        "select shape_id, position, shape_pt_lat, shape_dist_traveled from shape_points join shapes using (shape) order by shape, position"
      )
        == ["Q|0|52.5|0.0", "Q|1|52.6|", "P|0|52.5|0.0", "P|1|52.6|7.0", "P|2|52.8|"])
    #expect(try imported.graph.all(TripRow.self)[0].shape?.index == 1)
  }

  @Test("both kinds of frequencies are kept, in the order of their times")
  func frequencies() throws {
    let imported = try FeedText([
      "frequencies.txt": """
      trip_id,start_time,end_time,headway_secs,exact_times
      T,10:00:00,25:00:00,600,0
      T,06:00:00,10:00:00,300,1
      T,25:00:00,26:00:00,0,0
      X,06:00:00,10:00:00,300,1

      """
    ]).graph()
    #expect(imported.codes == ["error foreign_key_violation 1", "error number_out_of_range 1"])
    #expect(
      try imported.graph.all(FrequencyRow.self).map {
        "\($0.startTime) \($0.endTime) \($0.headwaySecs) \($0.exactTimes)"
      }
        == ["06:00:00 10:00:00 300 true", "10:00:00 25:00:00 600 false"])
  }

  @Test("all six types of transfers, for stops, routes and trips; one that points nowhere must not come to mean more")
  func transfers() throws {
    let imported = try FeedText([
      "trips.txt": "route_id,service_id,trip_id\nR,W,T\nR,W,U\n",
      "stop_times.txt":
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,08:00:00,08:00:00,A,1\nT,08:20:00,08:20:00,C,3\nU,09:00:00,09:00:00,C,1\nU,09:20:00,09:20:00,A,3\n",
      "transfers.txt": """
      from_stop_id,to_stop_id,from_route_id,to_trip_id,from_trip_id,transfer_type,min_transfer_time
      A,B,,,,,
      A,B,R,,,1,
      A,B,,U,,2,120
      A,C,,,,3,
      ,,,U,T,4,
      A,A,,U,T,5,
      A,B,,,,6,
      A,B,X,,,3,
      ,,,U,,4,

      """,
    ]).graph()
    #expect(
      imported.codes == [
        "error foreign_key_violation 1", "error incomplete_transfer 1", "error unexpected_enum_value 1",
      ])
    #expect(
      try imported.rows(
        "select from_stop, to_stop, from_route, from_trip, to_trip, transfer_type, min_transfer_time from transfers")
        == ["0|1||||0|", "0|1|0|||1|", "0|1|||1|2|120", "0|2||||3|", "|||0|1|4|", "0|0||0|1|5|"])
  }
}
