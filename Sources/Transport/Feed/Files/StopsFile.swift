import Kernel

/// `stops.txt`: stops, stations and their parts.
///
/// Parents may come after their children, so rows wait until all are read.
struct StopsFile: FeedFile {
  static let name = "stops.txt"

  private struct Waiting {
    var stop: StopRow
    let parentID: String?
    let line: Int
  }

  private let id, code, stopName, spokenName, about, latitude, longitude, zone, url, type, parent, timezone: FeedColumn
  private let wheelchair, level, platform, access: FeedColumn
  private var waiting: [Waiting] = []

  init(_ table: FeedTable) {
    id = table.requiredColumn("stop_id")
    code = table.column("stop_code")
    stopName = table.column("stop_name")
    spokenName = table.column("tts_stop_name")
    about = table.column("stop_desc")
    latitude = table.column("stop_lat")
    longitude = table.column("stop_lon")
    zone = table.column("zone_id")
    url = table.column("stop_url")
    type = table.column("location_type")
    parent = table.column("parent_station")
    timezone = table.column("stop_timezone")
    wheelchair = table.column("wheelchair_boarding")
    level = table.column("level_id")
    platform = table.column("platform_code")
    access = table.column("stop_access")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let identifier = try row.requiredText(id)
    let type = row.value(type, default: LocationType.stop)
    let place = try place(row, type)
    let stop = StopRow(
      feed: context.feed, stopID: identifier, stopCode: row.text(code), stopName: row.text(stopName),
      stopDesc: row.text(about), stopLat: place?.latitude, stopLon: place?.longitude, zoneID: row.text(zone),
      stopURL: row.text(url), locationType: type, parentStation: nil, stopTimezone: row.zone(timezone),
      wheelchairBoarding: row.value(wheelchair, default: Accessibility.unknown),
      level: row.reference(level, in: context.levels), platformCode: row.text(platform),
      ttsStopName: row.text(spokenName), stopAccess: row.integer(access, in: 0...1))
    if stop.stopName == nil, type != .node, type != .boardingArea {
      row.notice(.missingRecommendedField, .usedAsItIs, stopName)
    }
    let parentID = row.text(parent)
    guard context.stops.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    waiting.append(Waiting(stop: stop, parentID: parentID, line: row.line))
    // Nodes without coordinates of their own are never looked for by place.
    context.stopFacts.append(
      .init(latitude: place?.latitude ?? .nan, longitude: place?.longitude ?? .nan, type: type))
  }

  private func place(
    _ row: FeedTable, _ type: LocationType
  ) throws(RowDropped) -> (latitude: Double, longitude: Double)? {
    if row.isEmpty(latitude) || row.isEmpty(longitude) {
      if type == .node || type == .boardingArea { return nil }
      throw row.drop(.stopWithoutLocation, row.isEmpty(latitude) ? latitude : longitude)
    }
    let place = (try row.requiredReal(latitude, in: -90...90), try row.requiredReal(longitude, in: -180...180))
    if abs(place.0) < 0.5 && abs(place.1) < 0.5 { throw row.drop(.pointNearOrigin, latitude) }
    return place
  }

  // MARK: Parents

  mutating func end(_ context: ImportContext) {
    for index in waiting.indices {
      if let parent = parent(of: waiting[index], context) {
        waiting[index].stop.parentStation = parent
        checkDistance(waiting[index], to: parent, context)
      }
    }
    // A boarding area is a child of a platform, which must have its own from its station before.
    for isArea in [false, true] {
      for index in waiting.indices where (waiting[index].stop.locationType == .boardingArea) == isArea {
        guard let parent = waiting[index].stop.parentStation else { continue }
        let station = waiting[Int(parent.number - context.stops.base)].stop
        waiting[index].stop.inherit(from: station)
      }
    }
    for entry in waiting { context.add(entry.stop) }
    waiting = []
  }

  private func parent(of entry: Waiting, _ context: ImportContext) -> GraphKey<StopRow>? {
    func notice(_ code: NoticeCode, _ consequence: NoticeConsequence) {
      context.notices.add(
        code, consequence, file: Self.name, line: entry.line, field: "parent_station", value: entry.parentID)
    }
    let type = entry.stop.locationType
    guard let parentID = entry.parentID else {
      if type == .entrance || type == .node || type == .boardingArea { notice(.missingParent, .usedAsItIs) }
      return nil
    }
    guard let parent = withBytes(of: parentID, { context.stops.find($0) }) else {
      notice(.unknownReference, .fieldIgnored)
      return nil
    }
    if type == .station {
      notice(.stationWithParent, .fieldIgnored)
      return nil
    }
    guard context.facts(of: parent).type == (type == .boardingArea ? .stop : .station) else {
      notice(.wrongParentType, .fieldIgnored)
      return nil
    }
    return parent
  }

  private func checkDistance(_ entry: Waiting, to parent: GraphKey<StopRow>, _ context: ImportContext) {
    guard let latitude = entry.stop.stopLat, let longitude = entry.stop.stopLon else { return }
    let other = context.facts(of: parent)
    let metres = Coordinate(latitude, longitude).metres(to: Coordinate(other.latitude, other.longitude))
    guard metres > 1000 else { return }
    context.notices.add(
      .stopTooFarFromParent, .usedAsItIs, file: Self.name, line: entry.line, field: "parent_station",
      value: "\(Int(min(metres, 1e8))) m from \(entry.parentID ?? "")")
  }

}

extension StopRow {
  /// A platform is in the zone of its station, and as accessible unless it says so itself.
  fileprivate mutating func inherit(from station: StopRow) {
    stopTimezone = station.stopTimezone ?? stopTimezone
    if wheelchairBoarding == .unknown { wheelchairBoarding = station.wheelchairBoarding }
  }
}

/// Hands over the bytes of a text as if a file held them.
func withBytes<Result>(of text: String, _ body: (FieldBytes) -> Result) -> Result {
  var copy = text
  return copy.withUTF8 { bytes in
    guard let start = bytes.baseAddress else {
      return withUnsafePointer(to: UInt8(0)) { body(FieldBytes(trimming: $0, count: 0)) }
    }
    return body(FieldBytes(trimming: start, count: bytes.count))
  }
}
