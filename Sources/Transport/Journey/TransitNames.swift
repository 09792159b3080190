import Kernel

/// Names and texts of what a timetable has only numbers for, read from the graph one by one.
final class TransitNames {
  struct Stop {
    let id: String
    let name: String
    let platform: String?
    let zone: String?
    let code: String?
  }

  struct Trip {
    let id: String
    let route: String
    let line: String?
    let headsign: String?
    let agency: String
    let mode: String
    let shape: Int32?
    let agencyID: String
    let routeType: Int
    let direction: Int?
  }

  private let database: SQLiteDatabase
  private let stops: SQLiteStatement
  private let trips: SQLiteStatement
  private let headsigns: SQLiteStatement

  init(_ path: String) throws(GraphError) {
    database = try SQLiteDatabase(path, .reading)
    stops = try database.prepare(
      """
      select feeds.name || ':' || s.stop_id, coalesce(s.stop_name, p.stop_name, s.stop_id), s.platform_code,
        coalesce(s.stop_timezone, p.stop_timezone), coalesce(s.stop_code, p.stop_code)
      from stops s join feeds using (feed) left join stops p on p.stop = s.parent_station where s.stop = ?
      """)
    trips = try database.prepare(
      """
      select feeds.name || ':' || trip_id, feeds.name || ':' || route_id,
        coalesce(route_short_name, route_long_name, trip_short_name), trip_headsign, agency_name, mode, shape,
        agency_id, route_type, direction_id
      from trips join routes using (route) join agency using (agency) join feeds on feeds.feed = trips.feed
      where trip = ?
      """)
    headsigns = try database.prepare("select stop_headsign from stop_times where trip = ? and position = ?")
  }

  func stop(_ number: Int32) throws(GraphError) -> Stop {
    var parameters = stops.parameters
    parameters.bind(number)
    guard try stops.step() else { throw .strangeValue(path: database.path, table: "stops", column: "stop") }
    defer { stops.reset() }
    var row = stops.row
    return Stop(id: row.next(), name: row.next(), platform: row.next(), zone: row.next(), code: row.next())
  }

  /// - Parameters:
  ///   - number: the trip.
  ///   - position: where it is boarded, as a headsign can change on the way.
  /// - Returns: what travellers see of it.
  /// - Throws: `GraphError` if the graph has no such trip.
  func trip(_ number: Int32, from position: Int) throws(GraphError) -> Trip {
    var parameters = trips.parameters
    parameters.bind(number)
    guard try trips.step() else { throw .strangeValue(path: database.path, table: "trips", column: "trip") }
    defer { trips.reset() }
    var row = trips.row
    let (id, route): (String, String) = (row.next(), row.next())
    let (line, headsign): (String?, String?) = (row.next(), row.next())
    let (agency, mode): (String, String) = (row.next(), row.next())
    let shape: Int32? = row.next()
    let (agencyID, routeType): (String, Int) = (row.next(), row.next())
    let direction: Int? = row.next()
    return Trip(
      id: id, route: route, line: line, headsign: try ownHeadsign(number, position) ?? headsign, agency: agency,
      mode: mode, shape: shape, agencyID: agencyID, routeType: routeType, direction: direction)
  }

  private func ownHeadsign(_ trip: Int32, _ position: Int) throws(GraphError) -> String? {
    var parameters = headsigns.parameters
    parameters.bind(trip)
    parameters.bind(position)
    guard try headsigns.step() else { return nil }
    defer { headsigns.reset() }
    var row = headsigns.row
    return row.next()
  }

  /// The points of a shape, with the distances that the feed gives.
  func shape(_ number: Int32) throws(GraphError) -> [(point: Coordinate, distance: Double?)] {
    let statement = try database.prepare(
      "select shape_pt_lat, shape_pt_lon, shape_dist_traveled from shape_points where shape = ? order by position")
    var parameters = statement.parameters
    parameters.bind(number)
    var points: [(Coordinate, Double?)] = []
    while try statement.step() {
      var row = statement.row
      points.append((Coordinate(row.next(), row.next()), row.next()))
    }
    return points
  }

  /// The distances along the shape at which a trip calls at two positions.
  func distances(_ trip: Int32, _ from: Int, _ to: Int) throws(GraphError) -> (from: Double, to: Double)? {
    let statement = try database.prepare(
      """
      select a.shape_dist_traveled, b.shape_dist_traveled from stop_times a join stop_times b on b.trip = a.trip
      where a.trip = ? and a.position = ? and b.position = ?
      """)
    var parameters = statement.parameters
    parameters.bind(trip)
    parameters.bind(from)
    parameters.bind(to)
    guard try statement.step() else { return nil }
    var row = statement.row
    let (start, end): (Double?, Double?) = (row.next(), row.next())
    statement.reset()
    guard let start, let end, start < end else { return nil }
    return (start, end)
  }

  // MARK: Finding

  /// Stops and stations whose columns answer a condition, best first.
  func stops(where condition: String, _ values: [String]) throws(GraphError) -> [Int32] {
    let statement = try database.prepare(
      "select stop from stops s join feeds using (feed) where \(condition)")
    var parameters = statement.parameters
    for value in values { parameters.bind(value) }
    var found: [Int32] = []
    while try statement.step() {
      var row = statement.row
      found.append(row.next())
    }
    return found
  }

  /// Stops that answer a condition and whose names begin, word by word, with those wanted, whatever the accents; the
  /// shortest names first.
  ///
  /// - Complexity: O(*n*) in the stops; it is asked when the names as written find nothing.
  func stopsAlike(_ name: String, where condition: String) throws(GraphError) -> [Int32] {
    let wanted = StopWords.plainWords(of: name)
    guard !wanted.isEmpty else { return [] }
    let statement = try database.prepare("select stop, stop_name from stops where \(condition)")
    var found: [(stop: Int32, words: Int, length: Int)] = []
    while try statement.step() {
      var row = statement.row
      let stop: Int32 = row.next()
      guard let text: String = row.next() else { continue }
      let words = StopWords.plainWords(of: text)
      guard wanted.allSatisfy({ want in words.contains { $0.hasPrefix(want) } }) else { continue }
      found.append((stop, words.count, text.utf8.count))
    }
    return found.sorted { ($0.words, $0.length, $0.stop) < ($1.words, $1.length, $1.stop) }.map(\.stop)
  }

  /// The names of all feeds.
  func feeds() throws(GraphError) -> [String] { try texts("select name from feeds order by feed") }

  /// The first column of a query, a text.
  func texts(_ query: String, _ values: [String] = []) throws(GraphError) -> [String] {
    let statement = try database.prepare(query)
    var parameters = statement.parameters
    for value in values { parameters.bind(value) }
    var texts: [String] = []
    while try statement.step() {
      var row = statement.row
      texts.append(row.next())
    }
    return texts
  }

  /// The first column of a query, a number.
  func numbers(_ query: String, _ value: String) throws(GraphError) -> [Int32] {
    let statement = try database.prepare(query)
    var parameters = statement.parameters
    parameters.bind(value)
    var numbers: [Int32] = []
    while try statement.step() {
      var row = statement.row
      numbers.append(row.next())
    }
    return numbers
  }
}
