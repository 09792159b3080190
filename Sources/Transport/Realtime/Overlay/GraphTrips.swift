import Kernel

/// Finds what real-time data name: trips, calls and stops by the ids of their feeds.
final class GraphTrips {
  struct Calls {
    var sequences: [Int32] = []
    var stops: [Int32] = []
    var ids: [String] = []
  }

  let feeds: [(number: Int32, name: String)]
  private let trip, ofRoute, calls, stop: SQLiteStatement
  private let database: SQLiteDatabase

  init(_ path: String) throws(GraphError) {
    database = try SQLiteDatabase(path, .reading)
    let names = try database.prepare("select feed, name from feeds order by feed")
    var feeds: [(Int32, String)] = []
    while try names.step() {
      var row = names.row
      feeds.append((row.next(), row.next()))
    }
    self.feeds = feeds
    trip = try database.prepare("select trip from trips where feed = ? and trip_id = ?")
    ofRoute = try database.prepare(
      """
      select trip from trips join routes using (route)
      where routes.feed = ? and route_id = ? and (? < 0 or direction_id = ?) order by trip
      """)
    calls = try database.prepare(
      "select stop_sequence, stop, stop_id from stop_times join stops using (stop) where trip = ? order by position")
    stop = try database.prepare("select stop from stops where feed = ? and stop_id = ?")
  }

  func trip(_ id: String, feed: Int32) throws(GraphError) -> Int32? {
    var parameters = trip.parameters
    parameters.bind(feed)
    parameters.bind(id)
    guard try trip.step() else { return nil }
    defer { trip.reset() }
    var row = trip.row
    return row.next()
  }

  /// The trips of a route, in one direction or both.
  func trips(ofRoute id: String, direction: Int?, feed: Int32) throws(GraphError) -> [Int32] {
    var parameters = ofRoute.parameters
    parameters.bind(feed)
    parameters.bind(id)
    parameters.bind(direction ?? -1)
    parameters.bind(direction ?? -1)
    var found: [Int32] = []
    while try ofRoute.step() {
      var row = ofRoute.row
      found.append(row.next())
    }
    return found
  }

  func calls(of trip: Int32) throws(GraphError) -> Calls {
    var parameters = calls.parameters
    parameters.bind(trip)
    var result = Calls()
    while try calls.step() {
      var row = calls.row
      result.sequences.append(row.next())
      result.stops.append(row.next())
      result.ids.append(row.next())
    }
    return result
  }

  func stop(_ id: String, feed: Int32) throws(GraphError) -> Int32? {
    var parameters = stop.parameters
    parameters.bind(feed)
    parameters.bind(id)
    guard try stop.step() else { return nil }
    defer { stop.reset() }
    var row = stop.row
    return row.next()
  }

  /// Whether a table of a feed has a row of this id.
  func has(_ table: String, _ column: String, _ id: String, feed: Int32) throws(GraphError) -> Bool {
    let statement = try database.prepare("select 1 from \(table) where feed = ? and \(column) = ?")
    var parameters = statement.parameters
    parameters.bind(feed)
    parameters.bind(id)
    return try statement.step()
  }
}
