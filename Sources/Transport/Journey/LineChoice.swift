/// Which lines may be ridden: by their short or long names, or as `FEED:ROUTE_ID`.
package struct LineChoice: Hashable, Sendable {
  /// Not these.
  package var avoided: Set<String> = []
  /// Only these; nil for all.
  package var only: Set<String>?

  package init(avoided: Set<String> = [], only: Set<String>? = nil) {
    (self.avoided, self.only) = (avoided, only)
  }
}

extension Router {
  /// By run, whether it must not be ridden; empty if all may.
  ///
  /// - Throws: `RouteError.unknownLine` with those that are called almost so.
  func runsLeftOut(by choice: LineChoice) throws(RouteError) -> [Bool] {
    if choice.avoided.isEmpty && choice.only == nil { return [] }
    let avoided = try trips(of: choice.avoided)
    guard let only = choice.only else { return transit.timetable.runTrips.map { avoided.contains($0) } }
    let wanted = try trips(of: only)
    return transit.timetable.runTrips.map { avoided.contains($0) || !wanted.contains($0) }
  }

  private func trips(of lines: Set<String>) throws(RouteError) -> Set<Int32> {
    let names = try openNames()
    var trips: Set<Int32> = []
    for line in lines.sorted() {
      let found = try read { () throws(GraphError) in try names.trips(ofLine: line) }
      if found.isEmpty {
        let known = try read { () throws(GraphError) in try names.lines() }
        throw .unknownLine(line, near: NameDistance.nearest(to: line, among: known))
      }
      trips.formUnion(found)
    }
    return trips
  }
}

extension TransitNames {
  /// The trips of all lines of this short or long name, or of this `FEED:ROUTE_ID`, whatever the case.
  func trips(ofLine line: String) throws(GraphError) -> [Int32] {
    try numbers(
      """
      select trip from trips join routes using (route) join feeds on feeds.feed = routes.feed
      where route_short_name = ?1 collate nocase or route_long_name = ?1 collate nocase
        or feeds.name || ':' || route_id = ?1
      """, line)
  }

  /// The names of all lines.
  func lines() throws(GraphError) -> [String] {
    try texts("select distinct coalesce(route_short_name, route_long_name, route_id) from routes order by 1")
  }
}
