import Foundation
import JSON
import TestSupport
import Testing

@testable import wayfare

/// Two lines that meet at a station, and one that goes on without a change.
///
///     A ──1── S1 ═ S2 ──2── B      A 08:00, S1 08:10; S2 08:15 (and 08:45), B 08:30 (and 09:00)
///     A ──────────3──────── B      08:05 to 08:50
private func makeFeed() throws -> String {
  let folder = TestCluster.makeDirectory("feed")
  let files = [
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Xpress,https://x.example,Europe/Berlin\n",
    "stops.txt": """
    stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code
    A,Alpha,52.50,13.40,0,,
    S,Central Station,52.60,13.40,1,,
    S1,Central Station,52.60,13.40,0,S,1
    S2,Central Station,52.60,13.4001,0,S,2
    B,Beta,52.70,13.40,0,,

    """,
    "routes.txt": "route_id,agency_id,route_short_name,route_type\n1,X,1,3\n2,X,RE2,2\n3,X,3,3\n",
    "calendar_dates.txt": "service_id,date,exception_type\nW,20260601,1\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\n1,W,T1,Centre\n2,W,T2,Beta\n2,W,T2b,Beta\n3,W,T3,Beta\n",
    "stop_times.txt": """
    trip_id,arrival_time,departure_time,stop_id,stop_sequence
    T1,08:00:00,08:00:00,A,1
    T1,08:10:00,08:10:00,S1,2
    T2,08:15:00,08:15:00,S2,1
    T2,08:30:00,08:30:00,B,2
    T2b,08:45:00,08:45:00,S2,1
    T2b,09:00:00,09:00:00,B,2
    T3,08:05:00,08:05:00,A,1
    T3,08:50:00,08:50:00,B,2

    """,
  ]
  for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
  return folder
}

@Suite("wayfare route and wayfare reach")
struct RouteCommandTests {
  private let home: String

  init() throws {
    home = TestCluster.makeDirectory("home")
    let added = try ServerProcess.run(["feed", "add", "x", makeFeed()], environment: ["WAYFARE_HOME": home])
    try #require(added.status == 0, "\(added.errors)")
  }

  private func wayfare(_ words: [String]) throws -> (status: Int32, output: String, errors: String) {
    let result = try ServerProcess.run(words, environment: ["WAYFARE_HOME": home])
    return (result.status, result.output, result.errors)
  }

  private func route(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
    try wayfare(["route", "--from", "stop:x:A", "--to", "stop:x:B"] + words)
  }

  @Test("a name is found without its accents and by the beginnings of its words")
  func names() throws {
    let result = try wayfare([
      "route", "--from", "stop:x:A", "--to", "place:statión céntral", "--at", "2026-06-01T07:55", "--json",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Central Station"))
    let none = try wayfare(["route", "--from", "stop:x:A", "--to", "place:xyzzy", "--at", "2026-06-01T07:55"])
    #expect(none.status != 0 && none.errors.contains("write more or less of its name"), "\(none.errors)")
  }

  @Test("the faster journey with a change and the one without are both told")
  func text() throws {
    let result = try route("--at", "2026-06-01T07:55")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output == """
        1  08:00 → 08:30   30 min, 1 change, 1 min on foot
             08:00  Alpha
               │    bus 1 to Centre · 1 stop, 10 min
             08:10  Central Station, platform 1
             08:10  walk 1 min (9 m) to Central Station, platform 2
                    wait 4 min
             08:15  Central Station, platform 2
               │    rail RE2 to Beta · 1 stop, 15 min
             08:30  Beta

        2  08:05 → 08:50   45 min, no change
             08:05  Alpha
               │    bus 3 to Beta · 1 stop, 45 min
             08:50  Beta

        """)
  }

  @Test("programs get times with offsets, ids with the feed's name, and a polyline")
  func json() throws {
    let result = try route("--at", "2026-06-01T07:55", "--json")
    let root = try JSONDocument(text: result.output).root
    #expect(try root.find("/journeys/0/departure")?.string == "2026-06-01T08:00:00+02:00")
    #expect(try root.find("/journeys/0/arrival")?.string == "2026-06-01T08:30:00+02:00")
    #expect(try root.find("/journeys/0/transfers")?.int == 1)
    #expect(try root.find("/journeys/0/durationSeconds")?.int == 1800)
    #expect(try root.find("/journeys/0/legs/0/from/stop")?.string == "x:A")
    #expect(try root.find("/journeys/0/legs/0/trip")?.string == "x:T1")
    #expect(try root.find("/journeys/0/legs/1/mode")?.string == "walk")
    #expect(try root.find("/journeys/0/legs/2/line")?.string == "RE2")
    #expect(try root.find("/journeys/0/legs/2/headsign")?.string == "Beta")
    // 52.6,13.4001 to 52.7,13.4, computed by another program.
    #expect(try root.find("/journeys/0/legs/2/geometry")?.string == "_m``IsexpA_pRR")
    #expect(try root.find("/stats/rounds")?.int ?? 0 > 0)
  }

  @Test("arriving by a time leaves as late as that allows; a station means its platforms")
  func arriveBy() throws {
    let result = try route("--arrive-by", "2026-06-01T09:05")
    #expect(result.output.hasPrefix("1  08:05 → 08:50"), "\(result.output)")
    let late = try wayfare([
      "route", "--from", "place:central station", "--to", "stop:x:B", "--arrive-by", "2026-06-01T09:05+02:00",
    ])
    #expect(late.output.hasPrefix("1  08:45 → 09:00"), "\(late.output)")
    let near = try wayfare(["route", "--from", "52.5001,13.4", "--to", "stop:x:S", "--at", "2026-06-01T07:50"])
    #expect(near.output.contains("walk 12 s") && near.output.contains("Central Station"), "\(near.output)")
  }

  @Test("a window tells every good departure, modes and changes are heeded, nothing found exits 1")
  func wishes() throws {
    let window = try route("--at", "2026-06-01T07:30", "--window", "2h")
    #expect(
      window.output.contains("1  08:00 → 08:30") && window.output.contains("2  08:05 → 08:50"), "\(window.output)")
    let bus = try route("--at", "2026-06-01T07:55", "--modes", "bus")
    #expect(bus.output.hasPrefix("1  08:05 → 08:50") && !bus.output.contains("rail"), "\(bus.output)")
    let none = try route("--at", "2026-06-01T12:00")
    #expect(none.status == 1 && none.output.isEmpty && none.errors.contains("no journey"), "\(none)")
  }

  @Test("places to come by, lines to avoid and to prefer, and why each journey is told")
  func choices() throws {
    let via = try route("--at", "2026-06-01T07:55", "--via", "stop:x:S,20")
    #expect(via.output.contains("1  08:00 → 09:00"), "\(via)")
    let avoided = try route("--at", "2026-06-01T07:55", "--avoid-lines", "RE2")
    #expect(avoided.output.hasPrefix("1  08:05 → 08:50"), "\(avoided)")
    let explained = try route("--at", "2026-06-01T07:55", "--explain")
    #expect(
      explained.output.contains(
        "   why: arrives first; against 2: arrives 20 min earlier for 1 change more\n"), "\(explained)")
    let json = try route("--at", "2026-06-01T07:55", "--explain", "--json")
    let root = try JSONDocument(text: json.output).root
    #expect(try root.find("/journeys/1/explanation/best/0")?.string == "transfers")
    #expect(try root.find("/journeys/1/explanation/against/0/costs/arrival")?.int == 1200)
  }

  @Test("less walking is a reason of its own where it is asked for")
  func walking() throws {
    // The journey without a change is also the one without a walk.
    let both = try route("--at", "2026-06-01T07:55", "--criteria", "arrival,transfers,walk")
    #expect(both.status == 0 && both.output.contains("2  08:05 → 08:50"), "\(both)")
    let window = try route("--at", "2026-06-01T07:55", "--criteria", "walk", "--window", "1h")
    #expect(window.status == 0 && window.output.hasPrefix("1  08:05 → 08:50"), "\(window)")
  }

  @Test("reach lists the stops in the order of arrival")
  func reach() throws {
    let result = try wayfare(["reach", "--from", "stop:x:A", "--at", "2026-06-01T08:00", "--minutes", "12"])
    #expect(result.output == "0 s          Alpha\n10 min       Central Station\n11 min       Central Station\n")
    let points = try wayfare([
      "reach", "--from", "stop:x:A", "--at", "2026-06-01T08:00", "--minutes", "40", "--geojson",
    ])
    let root = try JSONDocument(text: points.output).root
    // The area comes first, then the stops.
    #expect(try root.find("/features/0/properties/minutes")?.int == 40)
    #expect(try root.find("/features/0/geometry/type")?.string == "MultiPolygon")
    #expect(try root.find("/features/4/properties/seconds")?.int == 1800)
    let bands = try wayfare([
      "reach", "--from", "stop:x:A", "--at", "2026-06-01T08:00", "--minutes", "20,40", "--geojson",
    ])
    #expect(try JSONDocument(text: bands.output).root.find("/features/1/properties/minutes")?.int == 20)
  }

  @Test(
    "what is typed wrongly ends with exit 2 and one sentence that names it and the mend",
    arguments: [
      (["--from", "stop:x:A"], "wants --to"), (["--from", "x", "--to", "stop:x:B"], "lat,lon or stop:FEED:STOP_ID"),
      (["--from", "stop:y:A", "--to", "stop:x:B"], "there are x"),
      (["--from", "stop:x:Z", "--to", "stop:x:B"], "has no stop \"Z\""),
      (["--from", "place:Nowhere", "--to", "stop:x:B"], "no stop is called"),
      (["--from", "10,10", "--to", "stop:x:B"], "--max-walk"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--at", "tomorrow"], "2026-06-01T08:00"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--modes", "buss"], "did you mean bus?"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--criteria", "comfort"], "arrival,transfers,price,walk,co2"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--currency", "XYZ"], "--currency"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--at", "2027-01-01T08:00"], "2026-06-01 to 2026-06-01"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--window", "soon"], "90m or 2h"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--avoid-lines", "RE22"], "did you mean RE2?"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--avoid-modes", "buss"], "did you mean bus?"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--via", "stop:x:S,9999"], "from 0 to 1440 minutes"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--realtime", "/nowhere.pb"], "name a file or a URL"),
      (["--from", "stop:x:A", "--to", "stop:x:B", "--realtime", "/etc/hostname"], "is no GTFS-Realtime"),
      (["--replan", "/nowhere.json"], "name a file that is there"),
    ])
  func refuses(_ words: [String], _ hint: String) throws {
    // The last time given counts for those that have none.
    let time = words.contains("--at") ? [] : ["--at", "2026-06-01T08:00"]
    let result = try wayfare(["route"] + words + time)
    #expect(result.status == 2, "\(result.errors)")
    #expect(result.errors.contains(hint), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
  }
}
