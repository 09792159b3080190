import Kernel
import Testing

@testable import Transport

/// One defect, and the notice that must tell it.
struct Defect: CustomTestStringConvertible {
  let code: NoticeCode
  let severity: Severity
  let place: String
  let feed: FeedText

  init(_ code: NoticeCode, _ severity: Severity, _ place: String, _ changes: [String: String?]) {
    (self.code, self.severity, self.place) = (code, severity, place)
    feed = FeedText(changes)
  }

  /// With rows added to one of the sound files.
  init(_ code: NoticeCode, _ severity: Severity, _ place: String, _ file: String, adding rows: String) {
    (self.code, self.severity, self.place) = (code, severity, place)
    feed = FeedText().adding(rows, to: file)
  }

  var testDescription: String { code.rawValue }
}

private let stops =
  "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\nA,Alpha,52.5,13.4,,\n"
  + "B,Beta,52.51,13.4,,\nC,Gamma,52.52,13.4,,\nS,Station,52.5,13.4,1,\n"
private let times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
private let soundTimes = times + "T,08:00:00,08:00:00,A,1\nT,08:20:00,08:20:00,C,3\n"
private let calendarHead =
  "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
  + "W,1,1,1,1,1,0,0,20260601,20260630\n"
private let routesHead = "route_id,agency_id,route_short_name,route_long_name,route_type,route_color\nR,X,1,,3,\n"
private let faresHead = "fare_id,price,currency_type\n"

/// File, line, field and value of the first notice, as `stops.txt:2 stop_lat "x"`.
let defects: [Defect] = [
  Defect(.missingRequiredFile, .error, "agency.txt", ["agency.txt": nil]),
  Defect(.missingCalendar, .error, "calendar.txt", ["calendar.txt": nil]),
  Defect(.emptyFile, .note, "frequencies.txt", ["frequencies.txt": "trip_id,start_time,end_time,headway_secs\n"]),
  Defect(.unknownFile, .note, "frecuencias.txt", ["frecuencias.txt": "x\n"]),
  Defect(
    .wrongEncoding, .note, "levels.txt \"UTF-16\"",
    ["levels.txt": "l\0e\0v\0e\0l\0_\0i\0d\0,\0l\0e\0v\0e\0l\0_\0i\0n\0d\0e\0x\0\n\0"]),
  Defect(.unreadableLocations, .error, "locations.geojson", ["locations.geojson": "{\"features\": ["]),
  Defect(.missingRequiredColumn, .error, "transit", [:]),
  Defect(
    .duplicatedColumn, .warning, "levels.txt:1 level_id", ["levels.txt": "level_id,level_index,level_id\n1,1,1\n"]),
  Defect(.emptyColumnName, .note, "levels.txt:1", ["levels.txt": "level_id,,level_index\n1,,1\n"]),
  Defect(.unknownColumn, .note, "levels.txt:1 colour", ["levels.txt": "level_id,level_index,colour\n1,1,red\n"]),
  Defect(.unclosedQuote, .error, "stops.txt:5", "stops.txt", adding: "D,\"Delta,52.5,13.4\n"),
  Defect(
    .recordTooLong, .error, "stops.txt:5", "stops.txt",
    adding: "D,\"Delta,52.5,13.4\n"
      + String(repeating: "E,Epsilon of a very long name indeed,52.5,13.4\n", count: 23_000)),
  Defect(.textAfterQuote, .note, "stops.txt:5", "stops.txt", adding: "D,\"Del\"ta,52.5,13.4\n"),
  Defect(
    .tooManyFields, .warning, "stops.txt:5", "stops.txt",
    adding: "D,Delta,52.5,13.4" + String(repeating: ",", count: 1100) + "\n"),
  Defect(.rowTooShort, .warning, "stops.txt:5 \"3 instead of 4\"", "stops.txt", adding: "D,Delta,52.5\n"),
  Defect(.rowTooLong, .warning, "stops.txt:5 \"5 instead of 4\"", "stops.txt", adding: "D,Delta,52.5,13.4,x\n"),
  Defect(.emptyRow, .note, "stops.txt:5", "stops.txt", adding: "\nD,Delta,52.5,13.4\n"),
  Defect(.missingRequiredField, .error, "stops.txt:5 stop_id", "stops.txt", adding: ",Delta,52.5,13.4\n"),
  Defect(.missingRecommendedField, .note, "stops.txt:5 stop_name", "stops.txt", adding: "D,,52.5,13.4\n"),
  Defect(.invalidCharacter, .warning, "stops.txt:5 stop_name \"Del�ta\"", "stops.txt", adding: "D,Del\0ta,52.5,13.4\n"),
  Defect(
    .invalidInteger, .error, "stop_times.txt:5 stop_sequence \"+4\"", "stop_times.txt",
    adding: "T,08:30:00,08:30:00,A,+4\n"),
  Defect(.invalidNumber, .error, "stops.txt:5 stop_lat \"52,5\"", "stops.txt", adding: "D,Delta,\"52,5\",13.4\n"),
  Defect(.numberOutOfRange, .error, "stops.txt:5 stop_lat \"91\"", "stops.txt", adding: "D,Delta,91,13.4\n"),
  Defect(
    .unexpectedValue, .error, "calendar.txt:3 monday \"yes\"", "calendar.txt",
    adding: "V,yes,1,1,1,1,1,1,20260601,20260630\n"),
  Defect(
    .invalidTime, .warning, "stop_times.txt:5 arrival_time \"8.30\"", "stop_times.txt", adding: "T,8.30,08:30:00,A,4\n"),
  Defect(
    .timeWithoutSeconds, .warning, "stop_times.txt:5 arrival_time \"8:30\"", "stop_times.txt",
    adding: "T,8:30,8:30,A,4\n"),
  Defect(
    .invalidDate, .error, "calendar.txt:3 end_date \"20260631\"", "calendar.txt",
    adding: "V,1,1,1,1,1,1,1,20260601,20260631\n"),
  Defect(.invalidTimezone, .error, "agency.txt:3 agency_timezone \"Berlin\"", "agency.txt", adding: "Y,Y,,Berlin\n"),
  Defect(.invalidColor, .warning, "routes.txt:3 route_color \"red\"", ["routes.txt": routesHead + "Q,X,2,,3,red\n"]),
  Defect(
    .invalidCurrency, .error, "fare_attributes.txt:2 currency_type \"euro\"",
    ["fare_attributes.txt": faresHead + "F,2.50,euro\n"]),
  Defect(
    .invalidAmount, .error, "fare_attributes.txt:2 price \"2.505\"",
    ["fare_attributes.txt": faresHead + "F,2.505,EUR\n"]),
  Defect(.duplicateKey, .error, "stops.txt:5 stop_id \"A\"", "stops.txt", adding: "A,Alpha,52.5,13.4\n"),
  Defect(.unknownReference, .error, "trips.txt:3 route_id \"Q\"", "trips.txt", adding: "Q,W,U,\n"),
  Defect(
    .ambiguousReference, .warning, "routes.txt:3 agency_id",
    [
      "agency.txt": FeedText().files["agency.txt"].map { $0 + "Y,Y,,Europe/Berlin\n" },
      "routes.txt": routesHead + "Q,,2,,3,\n",
    ]),
  Defect(
    .inconsistentTimezone, .note, "agency.txt:3 agency_timezone \"Europe/London\"", "agency.txt",
    adding: "Y,Y,,Europe/London\n"),
  Defect(.routeWithoutName, .note, "routes.txt:3 route_short_name", ["routes.txt": routesHead + "Q,X,,,3,\n"]),
  Defect(.routeNamesAlike, .note, "routes.txt:3 route_long_name \"2\"", ["routes.txt": routesHead + "Q,X,2,2,3,\n"]),
  Defect(.stopWithoutLocation, .error, "stops.txt:5 stop_lon", "stops.txt", adding: "D,Delta,52.5,\n"),
  Defect(.pointNearOrigin, .error, "stops.txt:5 stop_lat \"0\"", "stops.txt", adding: "D,Delta,0,0\n"),
  Defect(
    .wrongParentType, .warning, "stops.txt:6 parent_station \"A\"", ["stops.txt": stops + "D,Delta,52.5,13.4,0,A\n"]),
  Defect(.missingParent, .note, "stops.txt:6 parent_station", ["stops.txt": stops + "E,Door,52.5,13.4,2,\n"]),
  Defect(
    .stationWithParent, .warning, "stops.txt:6 parent_station \"S\"", ["stops.txt": stops + "Z,Other,52.5,13.4,1,S\n"]),
  Defect(
    .stopTooFarFromParent, .note, "stops.txt:6 parent_station \"2223 m from S\"",
    ["stops.txt": stops + "D,Delta,52.52,13.4,0,S\n"]),
  Defect(
    .datesOutOfOrder, .error, "calendar.txt:3 end_date \"20260530\"", "calendar.txt",
    adding: "V,1,1,1,1,1,1,1,20260601,20260530\n"),
  Defect(
    .serviceWithoutDays, .note, "calendar.txt service_id \"V\"", "calendar.txt",
    adding: "V,0,0,0,0,0,0,0,20260601,20260630\n"),
  Defect(
    .dateOutOfReach, .error, "calendar.txt:3 end_date \"29990101\"", "calendar.txt",
    adding: "V,1,1,1,1,1,1,1,20260601,29990101\n"),
  Defect(.tripWithoutStopTimes, .note, "trips.txt trip_id \"U\"", "trips.txt", adding: "R,W,U,\n"),
  Defect(
    .unusableTrip, .error, "trips.txt trip_id \"U\"",
    [
      "trips.txt": "route_id,service_id,trip_id\nR,W,T\nR,W,U\n",
      "stop_times.txt": soundTimes + "U,08:00:00,08:00:00,A,1\n",
    ]),
  Defect(.onlyOneTime, .warning, "stop_times.txt:5 departure_time", "stop_times.txt", adding: "T,08:30:00,,A,4\n"),
  Defect(
    .departureBeforeArrival, .warning, "stop_times.txt:5 departure_time \"08:29:00 after 08:30:00\"", "stop_times.txt",
    adding: "T,08:30:00,08:29:00,A,4\n"),
  Defect(
    .decreasingTime, .error, "stop_times.txt:5 arrival_time \"00:10:00 after 08:20:00\"", "stop_times.txt",
    adding: "T,00:10:00,00:10:00,A,4\n"),
  Defect(.missingEdgeTime, .error, "stop_times.txt:5 departure_time", "stop_times.txt", adding: "T,,,A,4\n"),
  Defect(
    .stopTimeAtWrongPlace, .error, "stop_times.txt:4 stop_id \"E\"",
    [
      "stops.txt": stops + "E,Door,52.5,13.4,2,S\n", "stop_times.txt": soundTimes + "T,08:30:00,08:30:00,E,4\n",
    ]),
  Defect(
    .decreasingDistance, .note, "stop_times.txt:3 shape_dist_traveled \"1.0\"",
    [
      "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
        + "T,08:00:00,08:00:00,A,1,2\nT,08:20:00,08:20:00,C,3,1\n"
    ]),
  Defect(
    .fastTravel, .note, "stop_times.txt:5 arrival_time \"111 km in 600 s\"",
    [
      "stops.txt": stops + "D,Delta,51.52,13.4,,\n",
      "stop_times.txt": FeedText().files["stop_times.txt"].map { $0 + "T,08:30:00,08:30:00,D,4\n" },
    ]),
  Defect(
    .windowWithTimes, .warning, "stop_times.txt:4 arrival_time \"08:00:00\"",
    [
      "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,start_pickup_drop_off_window,"
        + "end_pickup_drop_off_window\nT,08:00:00,08:00:00,A,1,,\nT,08:20:00,08:20:00,C,3,,\n"
        + "T,08:00:00,,A,4,09:00:00,10:00:00\n"
    ]),
  Defect(
    .incompleteWindow, .error, "stop_times.txt:4 end_pickup_drop_off_window",
    [
      "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,start_pickup_drop_off_window,"
        + "end_pickup_drop_off_window\nT,08:00:00,08:00:00,A,1,,\nT,08:20:00,08:20:00,C,3,,\nT,,,A,4,09:00:00,\n"
    ]),
  Defect(
    .overlappingFrequency, .note, "frequencies.txt:3 start_time \"08:30:00\"",
    [
      "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nT,08:00:00,09:00:00,600\nT,08:30:00,10:00:00,300\n"
    ]),
  Defect(
    .incompleteTransfer, .error, "transfers.txt:2 to_stop_id",
    ["transfers.txt": "from_stop_id,to_stop_id,transfer_type\nA,,0\n"]),
  Defect(
    .timeframeOutOfOrder, .error, "timeframes.txt:2 end_time \"06:00:00\"",
    [
      "timeframes.txt": "timeframe_group_id,start_time,end_time,service_id\nN,22:00:00,06:00:00,W\n"
    ]),
  Defect(
    .shapeWithOnePoint, .note, "shapes.txt:2 shape_id \"P\"",
    [
      "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nP,52.5,13.4,1\n"
    ]),
]

@Suite("Notices")
struct NoticeTests {
  @Test("every defect is told with its place, and the rest of the feed is still read", arguments: defects)
  func tells(_ defect: Defect) throws {
    if defect.code == .missingRequiredColumn { return try tellsColumn() }
    let report = try defect.feed.report()
    let notice = try #require(
      report.notices.first { $0.code == defect.code && $0.severity == defect.severity },
      "\(report.notices.map { "\($0.severity) \($0.code.rawValue)" })")
    #expect(place(notice) == defect.place)
    #expect(notice.message.contains("; ") && notice.message.contains(": "), "\(notice.message)")
    if defect.severity != .error { #expect(report.trips == 1) }
    let needed: Set<NoticeCode> = [.missingRequiredFile, .missingCalendar]
    if !needed.contains(defect.code) { #expect(report.isUsable) }
  }

  private func tellsColumn() throws {
    let report = try FeedText(["levels.txt": "level_name\nGround\n"]).report()
    #expect(
      report.notices.filter { $0.code == .missingRequiredColumn }.map(place)
        == ["levels.txt:1 level_id", "levels.txt:1 level_index"])
    #expect(report.isUsable)
  }

  private func place(_ notice: Notice) -> String {
    var text = notice.file ?? ""
    if let line = notice.line { text += ":\(line)" }
    if let field = notice.field { text += " \(field)" }
    if let value = notice.value { text += " \"\(value)\"" }
    return text
  }

  @Test("every code has a defect above; two are of zips and folders, and are tested there")
  func complete() {
    let elsewhere: Set<NoticeCode> = [.repeatedFile, .nestedFolder]
    #expect(Set(defects.map(\.code)).union(elsewhere) == Set(NoticeCode.allCases))
  }

  @Test("a sound feed has no notices")
  func sound() throws {
    let report = try FeedText().report()
    #expect(report.notices.isEmpty, "\(report.notices)")
    #expect(report.trips == 1 && report.stops == 3 && report.routes == 1)
    #expect(report.firstDate?.description == "2026-06-01" && report.lastDate?.description == "2026-06-30")
  }

  @Test("of a kind a hundred are kept and all are counted")
  func bounded() throws {
    let rows = (0..<250).map { "D\($0),Delta,x,13.4\n" }.joined()
    let report = try FeedText().adding(rows, to: "stops.txt").report()
    #expect(report.notices.count == NoticeLog.examplesMax)
    #expect(report.noticeCounts == [NoticeCount(severity: .error, code: .invalidNumber, count: 250)])
  }

  @Test("what a feed contains cannot play tricks with a terminal")
  func harmless() throws {
    let report = try FeedText().adding("D,Delta,\u{1B}[2J\(String(repeating: "x", count: 500)),13\n", to: "stops.txt")
      .report()
    let value = try #require(report.notices.first?.value)
    #expect(value.hasPrefix("\u{FFFD}[2J"))
    #expect(value.count == 100)
  }
}
