package import Kernel

/// A line of a timetable as riders look it up: what it is, and where it calls.
package struct LineSheet: Sendable {
  /// A stop on its way.
  package struct Stop: Sendable {
    /// `FEED:ID`.
    package let stop: String
    package let name: String
    package let platform: String?
    package let point: Coordinate
  }

  /// One way along it.
  package struct Direction: Sendable {
    package let headsign: String?
    /// Trips in the timetable, of whatever day.
    package let tripCount: Int
    /// Seconds after the start of the service day at which the first trip of any day leaves; may pass 24 hours.
    package let firstDeparture: Int
    /// The same of the last.
    package let lastDeparture: Int
    /// The stops of the longest trip; others may leave some out.
    package let stops: [Stop]
  }

  /// `FEED:ID`.
  package let route: String
  package let line: String?
  package let name: String?
  package let mode: String
  package let agency: String
  /// Six hexadecimal digits.
  package let color: String?
  package let url: String?
  package let directions: [Direction]
}

extension Router {
  /// A line by its feed and id, `FEED:ROUTE_ID`; nil where there is none.
  ///
  /// - Throws: `RouteError` when the data cannot be read.
  /// - Complexity: O(*n*) in the calls of the line's trips.
  package func line(_ id: String) throws(RouteError) -> LineSheet? {
    guard let colon = id.firstIndex(of: ":") else { return nil }
    let (feed, route) = (String(id[..<colon]), String(id[id.index(after: colon)...]))
    return try read { () throws(GraphError) in try LineReader(transit).line(feed, route) }
  }
}

/// Reads lines from the graph.
private struct LineReader {
  /// What tells the directions apart: where a feed does not say, trips of one headsign go one way.
  private static let way = "coalesce(cast(direction_id as text), 'to ' || coalesce(trip_headsign, ''))"

  let database: SQLiteDatabase

  init(_ transit: Transit) throws(GraphError) { database = try SQLiteDatabase(transit.graphPath, .reading) }

  func line(_ feed: String, _ id: String) throws(GraphError) -> LineSheet? {
    let statement = try database.prepare(
      """
      select route, route_short_name, route_long_name, mode, agency_name, route_color, route_url
      from routes join agency using (agency) join feeds on feeds.feed = routes.feed
      where feeds.name = ? and route_id = ?
      """)
    var parameters = statement.parameters
    parameters.bind(feed)
    parameters.bind(id)
    guard try statement.step() else { return nil }
    var row = statement.row
    let number: Int32 = row.next()
    let (line, name): (String?, String?) = (row.next(), row.next())
    let (mode, agency): (String, String) = (row.next(), row.next())
    let (color, url): (String?, String?) = (row.next(), row.next())
    statement.reset()
    return LineSheet(
      route: "\(feed):\(id)", line: line, name: name, mode: mode, agency: agency, color: color, url: url,
      directions: try directions(number))
  }

  private func directions(_ route: Int32) throws(GraphError) -> [LineSheet.Direction] {
    let statement = try database.prepare(
      """
      select \(Self.way), count(*),
        min(coalesce((select min(start_time) from frequencies where frequencies.trip = trips.trip), departure_time)),
        max(coalesce((select max(end_time) from frequencies where frequencies.trip = trips.trip), departure_time))
      from trips join stop_times on stop_times.trip = trips.trip and position = 0
      where route = ? group by 1 order by 1
      """)
    var parameters = statement.parameters
    parameters.bind(route)
    var found: [(way: String, count: Int, first: Int, last: Int)] = []
    while try statement.step() {
      var row = statement.row
      found.append((row.next(), row.next(), row.next(), row.next()))
    }
    var directions: [LineSheet.Direction] = []
    for (way, count, first, last) in found {
      let (headsign, stops) = try longest(route, way)
      directions.append(
        LineSheet.Direction(
          headsign: headsign, tripCount: count, firstDeparture: first, lastDeparture: last, stops: stops))
    }
    return directions
  }

  private func longest(_ route: Int32, _ way: String) throws(GraphError) -> (String?, [LineSheet.Stop]) {
    let statement = try database.prepare(
      """
      select trips.trip, trip_headsign from trips join stop_times using (trip)
      where route = ? and \(Self.way) = ? group by trips.trip order by count(*) desc, trips.trip limit 1
      """)
    var parameters = statement.parameters
    parameters.bind(route)
    parameters.bind(way)
    guard try statement.step() else { return (nil, []) }
    var row = statement.row
    let trip: Int32 = row.next()
    let headsign: String? = row.next()
    statement.reset()
    return (headsign, try calls(trip))
  }

  private func calls(_ trip: Int32) throws(GraphError) -> [LineSheet.Stop] {
    let statement = try database.prepare(
      """
      select feeds.name || ':' || s.stop_id, coalesce(s.stop_name, p.stop_name, s.stop_id), s.platform_code, s.stop_lat,
        s.stop_lon
      from stop_times join stops s using (stop) join feeds on feeds.feed = s.feed
        left join stops p on p.stop = s.parent_station
      where trip = ? order by position
      """)
    var parameters = statement.parameters
    parameters.bind(trip)
    var stops: [LineSheet.Stop] = []
    while try statement.step() {
      var row = statement.row
      stops.append(
        LineSheet.Stop(
          stop: row.next(), name: row.next(), platform: row.next(), point: Coordinate(row.next(), row.next())))
    }
    return stops
  }
}
