import Kernel

/// Where a journey begins or ends: what was asked for, and the stops that it means.
struct JourneyEnd {
  let name: String
  let point: PathPoint
  /// The stop or station itself; nil for a point on the map.
  let stop: Int32?
  /// Stops that it is, at no distance.
  let members: [Int32]
  /// Stops that one can walk to or from it.
  let access: [StopAccess]
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
    guard let stop = found.first else { throw .unknownStop(stopID, feed: feed) }
    return try end(of: [stop], footpaths)
  }

  private func named(_ name: String, _ footpaths: FootpathTable) throws(RouteError) -> JourneyEnd {
    let wanted = name.trimmedBlanks
    guard !wanted.isEmpty else { throw .unknownName(name) }
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
      if let end = try bestEnd(of: found, footpaths) { return end }
    }
    let alike = try read { () throws(GraphError) in try names.stopsAlike(wanted, where: isPlace) }
    if let end = try bestEnd(of: alike, footpaths) { return end }
    throw .unknownName(wanted)
  }

  /// The best match, and what is called alike and lies beside it.
  private func bestEnd(of found: [Int32], _ footpaths: FootpathTable) throws(RouteError) -> JourneyEnd? {
    guard let best = found.first(where: { !platforms(of: $0).isEmpty }) else { return nil }
    let place = timetable.place(of: Int(best))
    let beside = found.filter { timetable.place(of: Int($0)).metres(to: place) <= Self.sameNameMetres }
    return try end(of: [best] + beside.filter { $0 != best }, footpaths)
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
    return JourneyEnd(
      name: name, point: PathPoint(place.latitude, place.longitude), stop: stops[0], members: members,
      access: best.sorted { $0.key < $1.key }.map { StopAccess(stop: $0.key, seconds: $0.value) })
  }

  private func point(_ latitude: Double, _ longitude: Double, _ text: String) throws(RouteError) -> JourneyEnd {
    var access: [StopAccess] = []
    grid.forEach(near: Place(latitude, longitude), metres: Double(walkMetresMax) / FootpathList.detour) {
      stop, metres in
      access.append(StopAccess(stop: stop, seconds: FootpathList.seconds(metres: metres)))
    }
    guard !access.isEmpty else { throw .nothingNear(text, metres: walkMetresMax) }
    return JourneyEnd(
      name: text, point: PathPoint(latitude, longitude), stop: nil, members: [], access: access)
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
