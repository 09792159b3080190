import Kernel

/// Where a journey begins or ends: what was asked for, and the stops that it means.
struct JourneyEnd {
  let name: String
  let point: Coordinate
  /// The stop or station itself; nil for a point on the map.
  let stop: Int32?
  /// Stops that it is, at no distance.
  let members: [Int32]
  /// Stops that one can come to or from it, each the fastest way that is allowed.
  let access: [StopAccess]
  /// All ways to and from stops of which none is as good as another in all that is weighed.
  let ways: [StopAccess]

  init(name: String, point: Coordinate, stop: Int32?, members: [Int32], access: [StopAccess], ways: [StopAccess]? = nil)
  {
    (self.name, self.point, self.stop, self.members) = (name, point, stop, members)
    (self.access, self.ways) = (access, ways ?? access)
  }
}

/// Understands what users call places.
struct JourneyEndFinder {
  /// Stops of one name within this distance are one place.
  private static let sameNameMetres = 500.0

  let timetable: Timetable
  let names: TransitNames
  let grid: StopGrid
  let children: [Int32: [Int32]]
  /// Metres walked at most to the first or from the last stop.
  let walkMetresMax: Int
  /// Whether a place without stops near is none.
  var needsStops = true
  /// How one may come to the first stop or on from the last.
  var ways: Set<OwnWay> = [.walk]
  var criteria: RouteCriteria = []
  /// What prices are reckoned in, where they count.
  var fares: FareModel?

  /// Reads `lat,lon`, `stop:FEED:STOP_ID` or `place:NAME`.
  ///
  /// - Parameters:
  ///   - text: as typed.
  ///   - footpaths: those that lead away from a beginning, or against their direction from an end.
  /// - Returns: the end with its stops, at least one.
  /// - Throws: `RouteError` that says what to write instead.
  func end(_ text: String, _ footpaths: FootpathTable) throws(RouteError) -> JourneyEnd {
    if text.hasPrefix("stop:") { return try stop(String(text.dropFirst(5)), text, footpaths) }
    if text.hasPrefix("place:") { return try named(String(text.dropFirst(6)), footpaths) }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, let latitude = Double(parts[0].trimmedBlanks),
      let longitude = Double(parts[1].trimmedBlanks),
      abs(latitude) <= 90, abs(longitude) <= 180
    else { throw .badPlace(text) }
    return try point(latitude, longitude, text)
  }

  private func stop(_ id: String, _ text: String, _ footpaths: FootpathTable) throws(RouteError) -> JourneyEnd {
    guard let colon = id.firstIndex(of: ":") else { throw .badPlace(text) }
    let (feed, stopID) = (String(id[..<colon]), String(id[id.index(after: colon)...]))
    let known = try read { () throws(GraphError) in try names.feeds() }
    guard known.contains(feed) else { throw .unknownFeed(feed, known: known) }
    let found = try read { () throws(GraphError) in
      try names.stops(where: "name = ? and stop_id = ?", [feed, stopID])
    }
    guard let stop = found.first else {
      let ids = try read { () throws(GraphError) in
        try names.texts("select stop_id from stops s join feeds using (feed) where name = ?", [feed])
      }
      throw .unknownStop(stopID, feed: feed, near: NameDistance.nearest(to: stopID, among: ids))
    }
    return try end(of: [stop], footpaths)
  }

  private func named(_ name: String, _ footpaths: FootpathTable) throws(RouteError) -> JourneyEnd {
    let wanted = name.trimmedBlanks
    guard !wanted.isEmpty else { throw .unknownName(name, near: []) }
    let isPlace = "(location_type = 1 or location_type = 0 and parent_station is null)"
    let escaped = wanted.replacingLikeSigns
    for (condition, value) in [
      ("stop_name = ? collate nocase", wanted), ("stop_name like ? || '%' escape '\\'", escaped),
      ("stop_name like '%' || ? || '%' escape '\\'", escaped),
    ] {
      let found = try read { () throws(GraphError) in
        try names.stops(
          where: "\(isPlace) and \(condition) order by length(stop_name), location_type desc, stop", [value])
      }
      if let end = try bestEnd(of: found, wanted, footpaths) { return end }
    }
    let alike = try read { () throws(GraphError) in try names.stopsAlike(wanted, where: isPlace) }
    if let end = try bestEnd(of: alike, wanted, footpaths) { return end }
    let known = try read { () throws(GraphError) in
      try names.texts("select distinct stop_name from stops s where stop_name is not null and \(isPlace)")
    }
    throw .unknownName(wanted, near: NameDistance.nearest(to: wanted, among: known))
  }

  /// The best match, and what is called alike and lies beside it; an error if others elsewhere are called the same.
  private func bestEnd(
    of found: [Int32], _ name: String, _ footpaths: FootpathTable
  ) throws(RouteError) -> JourneyEnd? {
    let usable = found.filter { !platforms(of: $0).isEmpty }
    guard let best = usable.first else { return nil }
    let place = timetable.place(of: Int(best))
    let beside = usable.filter { timetable.place(of: Int($0)).metres(to: place) <= Self.sameNameMetres }
    try checkUnique(usable, best, beside, name)
    return try end(of: [best] + beside.filter { $0 != best }, footpaths)
  }

  /// Stops of the very same name far away are other places: nobody can know which is meant.
  private func checkUnique(_ found: [Int32], _ best: Int32, _ beside: [Int32], _ name: String) throws(RouteError) {
    let own = try read { () throws(GraphError) in StopWords.plainWords(of: try names.stop(best).name) }
    var places: [(place: Coordinate, named: NamedPlace)] = []
    for stop in found where stop == best || !beside.contains(stop) {
      let place = timetable.place(of: Int(stop))
      if places.contains(where: { $0.place.metres(to: place) <= Self.sameNameMetres }) { continue }
      let known = try read { () throws(GraphError) in try names.stop(stop) }
      guard StopWords.plainWords(of: known.name) == own else { continue }
      let feed = String(known.id.prefix { $0 != ":" })
      places.append((place, NamedPlace(stop: known.id, name: known.name, feed: feed)))
    }
    guard places.count > 1 else { return }
    throw .ambiguousName(name, places: places.prefix(5).map(\.named), count: places.count)
  }

  /// The platforms of a station, or the stop itself.
  private func platforms(of stop: Int32) -> [Int32] {
    let own = children[stop] ?? []
    if own.isEmpty {
      let station = timetable.stopStations[Int(stop)]
      // An entrance leads to all platforms of its station.
      return isServed(stop) || station < 0 ? [stop] : (children[station] ?? [stop])
    }
    return own.flatMap { children[$0] ?? [$0] } + [stop]
  }

  private func isServed(_ stop: Int32) -> Bool { served[Int(stop)] }
  let served: [Bool]

  private func end(of stops: [Int32], _ footpaths: FootpathTable) throws(RouteError) -> JourneyEnd {
    let members = stops.flatMap(platforms)
    var best: [Int32: Int32] = [:]
    for member in members { best[member] = 0 }
    for member in members {
      for path in footpaths.paths(from: Int(member)) {
        let seconds = footpaths.seconds[path]
        best[footpaths.stops[path]] = min(best[footpaths.stops[path]] ?? .max, seconds)
      }
    }
    let place = timetable.place(of: Int(stops[0]))
    let name = try read { () throws(GraphError) in try names.stop(stops[0]).name }
    let walks = best.sorted { $0.key < $1.key }.map { StopAccess(stop: $0.key, seconds: $0.value) }
    return end(name, place, stops[0], members, walks)
  }

  /// An end with all ways to and from it, walks among them where one may walk.
  private func end(
    _ name: String, _ point: Coordinate, _ stop: Int32?, _ members: [Int32], _ walks: [StopAccess]
  ) -> JourneyEnd {
    if ways == [.walk] { return JourneyEnd(name: name, point: point, stop: stop, members: members, access: walks) }
    var all = ways.contains(.walk) ? walks : []
    for way in OwnWay.allCases where way != .walk && ways.contains(way) {
      grid.forEach(near: point, metres: OwnWays.accessMetres(way)) { stop, metres in
        let length = OwnWays.length(way, metres: metres)
        all.append(
          StopAccess(
            stop: stop, seconds: OwnWays.seconds(way, metres: metres), way: way,
            grams: Int32(OwnWays.grams(way, length: length)), price: fares?.units(way, length: length) ?? 0))
      }
    }
    return JourneyEnd(
      name: name, point: point, stop: stop, members: members, access: all.best(by: []),
      ways: all.best(by: criteria.weighed))
  }

  private func point(_ latitude: Double, _ longitude: Double, _ text: String) throws(RouteError) -> JourneyEnd {
    var access: [StopAccess] = []
    grid.forEach(near: Coordinate(latitude, longitude), metres: Double(walkMetresMax) / FootpathList.detour) {
      stop, metres in
      access.append(StopAccess(stop: stop, seconds: FootpathList.seconds(metres: metres)))
    }
    let end = end(text, Coordinate(latitude, longitude), nil, [], access)
    guard !end.access.isEmpty || !needsStops else { throw .nothingNear(text, metres: walkMetresMax) }
    return end
  }

  private func read<Result>(_ work: () throws(GraphError) -> Result) throws(RouteError) -> Result {
    do throws(GraphError) {
      return try work()
    } catch {
      throw .data(.graph(error))
    }
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  fileprivate var trimmedBlanks: String {
    var bytes = Array(utf8)[...]
    while bytes.first == 32 { bytes = bytes.dropFirst() }
    while bytes.last == 32 { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// With the signs that SQL's `like` takes for others marked.
  fileprivate var replacingLikeSigns: String {
    var text = ""
    for character in self {
      if "%_\\".contains(character) { text.append("\\") }
      text.append(character)
    }
    return text
  }
}
