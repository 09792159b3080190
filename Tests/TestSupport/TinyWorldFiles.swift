import Foundation

/// Two cities, trains between them, a metro line and nine sights: a world in which trips are planned in a moment.
///
/// ```
/// Paris Nord ──rail 3 h──▶ Amsterdam Centraal ──metro 5 min── Dam ──5 min── Museumplein
///   07:00, 15:00 there; 10:00, 18:00 back, every day
/// ```
package struct TinyWorldFiles: Sendable {
  package static let cities = """
    city,country,zone,station,station_lat,station_lon,airport,airport_name,airport_lat,airport_lon
    Paris,FR,Europe/Paris,Paris Nord,48.8809,2.3553,,,,
    Amsterdam,NL,Europe/Amsterdam,Amsterdam Centraal,52.3789,4.9003,,,,
    """
  package static let sights = """
    city,name,lat,lon,category,tags,hours,minutes,price,currency,score,wheelchair
    Amsterdam,Rijksmuseum,52.3600,4.8852,museum,art history,09:00-17:00,150,23,EUR,96,yes
    Amsterdam,Van Gogh Museum,52.3584,4.8811,museum,art,09:00-18:00,110,22,EUR,92,
    Amsterdam,Canal Ring Walk,52.3702,4.8853,street,history,,75,0,EUR,78,
    Amsterdam,Dam Square,52.3731,4.8926,square,history,,30,0,EUR,58,
    Amsterdam,Royal Palace,52.3731,4.8914,palace,history,Tu-Su 10:00-17:00; Mo off,60,13,EUR,56,limited
    Amsterdam,Vondelpark,52.3580,4.8686,park,nature,,60,0,EUR,66,
    Amsterdam,Begijnhof,52.3694,4.8899,monument,history,09:00-17:00,25,0,EUR,50,no
    Paris,Montmartre,48.8867,2.3431,street,view,,60,0,EUR,85,
    Amsterdam,Night Market,52.3667,4.8913,market,food,Su 18:00-21:00,45,0,EUR,1,
    """
  package static let lodgings = """
    city,name,class,lat,lon,price,currency
    Amsterdam,Canal Hotel,comfort,52.3740,4.8890,150,EUR
    Paris,Hotel Nord,comfort,48.8800,2.3560,120,EUR
    """

  private static var tables: [String: String] {
    var trips = "route_id,service_id,trip_id,trip_headsign,direction_id,wheelchair_accessible\n"
    var times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    for hour in [7, 15] {
      trips += "rail,daily,there-\(hour),Amsterdam,0,1\n"
      times +=
        "there-\(hour),\(hour):00:00,\(hour):00:00,nord,1\nthere-\(hour),\(hour + 3):00:00,\(hour + 3):00:00,ams,2\n"
    }
    for hour in [10, 18] {
      trips += "rail,daily,back-\(hour),Paris,1,1\n"
      times +=
        "back-\(hour),\(hour):00:00,\(hour):00:00,ams,1\nback-\(hour),\(hour + 3):00:00,\(hour + 3):00:00,nord,2\n"
    }
    for quarter in 24..<92 {
      for (way, stops) in [("out", ["ams", "dam", "museum"]), ("in", ["museum", "dam", "ams"])] {
        let trip = "metro-\(way)-\(quarter)"
        trips += "m1,daily,\(trip),\(way == "out" ? "Museumplein" : "Centraal"),\(way == "out" ? 0 : 1),1\n"
        for (place, stop) in stops.enumerated() {
          let minute = quarter * 15 + place * 5
          let clock = "\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00"
          times += "\(trip),\(clock),\(clock),\(stop),\(place + 1)\n"
        }
      }
    }
    return [
      "agency.txt": """
      agency_id,agency_name,agency_url,agency_timezone
      r,Tiny Railways,https://example.org,Europe/Amsterdam

      """,
      "stops.txt": """
      stop_id,stop_name,stop_lat,stop_lon,stop_timezone
      nord,Paris Nord,48.8809,2.3553,Europe/Paris
      ams,Amsterdam Centraal,52.3789,4.9003,Europe/Amsterdam
      dam,Dam,52.3730,4.8920,Europe/Amsterdam
      museum,Museumplein,52.3590,4.8830,Europe/Amsterdam

      """,
      "routes.txt": """
      route_id,agency_id,route_short_name,route_long_name,route_type
      rail,r,IC 1,Paris – Amsterdam,2
      m1,r,M1,Centraal – Museumplein,1

      """,
      "calendar.txt": """
      service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
      daily,1,1,1,1,1,1,1,20260101,20271231

      """,
      "trips.txt": trips, "stop_times.txt": times,
    ]
  }

  /// A request: three nights in Amsterdam, from a Friday on.
  package static let request = """
    {"origin": "Paris", "destinations": [{"place": "Amsterdam", "nights": 3}], "party": 2,
     "dates": {"start": "2026-06-05", "end": "2026-06-08"}, "options": 3,
     "avoid": ["Night Market", "Royal Palace"]}
    """

  /// A data directory of its own, with the catalogue in its folder.
  package let home: String
  /// The folder of the feed, which is not imported yet.
  package let feed: String

  /// Writes the files.
  package init() throws {
    home = TestCluster.makeDirectory("tiny-world")
    feed = home + "/feed"
    try Self.write(Self.tables, to: feed)
    try Self.write(
      ["cities.csv": Self.cities, "sights.csv": Self.sights, "lodging.csv": Self.lodgings], to: home + "/catalogue")
  }

  private static func write(_ files: [String: String], to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8) }
  }
}
