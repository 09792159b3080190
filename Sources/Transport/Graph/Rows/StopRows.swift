import Kernel

/// A floor of a station.
struct LevelRow: GraphRow, Hashable {
  static let table = GraphTable(
    "levels", number: "level", scope: .feed,
    columns: [
      .feed, .value("level_id"), .value("level_index"), .value("level_name"),
    ])

  var feed: GraphKey<FeedRow>
  var levelID: String
  /// 0 is the ground, below is negative.
  var levelIndex: Double
  var levelName: String?
}

extension LevelRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), levelID: row.next(), levelIndex: row.next(), levelName: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(levelID)
    row.bind(levelIndex)
    row.bind(levelName)
  }
}

/// A place where vehicles stop, or a part of one.
struct StopRow: GraphRow, Hashable {
  static let table = GraphTable(
    "stops", number: "stop", scope: .feed,
    columns: [
      .feed, .value("stop_id"), .value("stop_code"), .value("stop_name"), .value("stop_desc"), .value("stop_lat"),
      .value("stop_lon"), .value("zone_id"), .value("stop_url"), .value("location_type"),
      .number("parent_station", of: "stops"), .value("stop_timezone"), .value("wheelchair_boarding"),
      .number("level", of: "levels"), .value("platform_code"), .value("tts_stop_name"), .value("stop_access"),
    ])

  var feed: GraphKey<FeedRow>
  var stopID: String
  var stopCode: String?
  var stopName: String?
  var stopDesc: String?
  /// Nil only for nodes and boarding areas.
  var stopLat: Double?
  var stopLon: Double?
  var zoneID: String?
  var stopURL: String?
  var locationType: LocationType
  var parentStation: GraphKey<StopRow>?
  /// The parent's where it has one; nil: the agency's.
  var stopTimezone: ZoneName?
  var wheelchairBoarding: Accessibility
  var level: GraphKey<LevelRow>?
  var platformCode: String?
  var ttsStopName: String?
  var stopAccess: Int?
}

extension StopRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), stopID: row.next(), stopCode: row.next(), stopName: row.next(), stopDesc: row.next(),
      stopLat: row.next(), stopLon: row.next(), zoneID: row.next(), stopURL: row.next(), locationType: row.next(),
      parentStation: row.next(), stopTimezone: row.next(), wheelchairBoarding: row.next(), level: row.next(),
      platformCode: row.next(), ttsStopName: row.next(), stopAccess: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(stopID)
    row.bind(stopCode)
    row.bind(stopName)
    row.bind(stopDesc)
    row.bind(stopLat)
    row.bind(stopLon)
    row.bind(zoneID)
    row.bind(stopURL)
    row.bind(locationType)
    row.bind(parentStation)
    row.bind(stopTimezone)
    row.bind(wheelchairBoarding)
    row.bind(level)
    row.bind(platformCode)
    row.bind(ttsStopName)
    row.bind(stopAccess)
  }
}

/// A way from one part of a station to another.
struct PathwayRow: GraphRow, Hashable {
  static let table = GraphTable(
    "pathways", number: "pathway", scope: .feed,
    columns: [
      .feed, .value("pathway_id"), .number("from_stop", of: "stops"), .number("to_stop", of: "stops"),
      .value("pathway_mode"), .value("is_bidirectional"), .value("length"), .value("traversal_time"),
      .value("stair_count"), .value("max_slope"), .value("min_width"), .value("signposted_as"),
      .value("reversed_signposted_as"),
    ])

  var feed: GraphKey<FeedRow>
  var pathwayID: String
  var fromStop: GraphKey<StopRow>
  var toStop: GraphKey<StopRow>
  var pathwayMode: PathwayMode
  var isBidirectional: Bool
  /// Metres.
  var length: Double?
  /// Seconds.
  var traversalTime: Int?
  var stairCount: Int?
  var maxSlope: Double?
  /// Metres.
  var minWidth: Double?
  var signpostedAs: String?
  var reversedSignpostedAs: String?
}

extension PathwayRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), pathwayID: row.next(), fromStop: row.next(), toStop: row.next(), pathwayMode: row.next(),
      isBidirectional: row.next(), length: row.next(), traversalTime: row.next(), stairCount: row.next(),
      maxSlope: row.next(), minWidth: row.next(), signpostedAs: row.next(), reversedSignpostedAs: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(pathwayID)
    row.bind(fromStop)
    row.bind(toStop)
    row.bind(pathwayMode)
    row.bind(isBidirectional)
    row.bind(length)
    row.bind(traversalTime)
    row.bind(stairCount)
    row.bind(maxSlope)
    row.bind(minWidth)
    row.bind(signpostedAs)
    row.bind(reversedSignpostedAs)
  }
}

/// Two stops of different feeds that are one place; both directions have a row.
struct StopLinkRow: GraphRow, Hashable {
  static let table = GraphTable(
    "stop_links", scope: .derived,
    columns: [
      .number("from_stop", of: "stops"), .number("to_stop", of: "stops"), .value("distance_metres"),
      .value("has_same_name"),
    ])

  var fromStop: GraphKey<StopRow>
  var toStop: GraphKey<StopRow>
  var distanceMetres: Int
  var hasSameName: Bool
}

extension StopLinkRow {
  init(_ row: inout ColumnReader) {
    self.init(
      fromStop: row.next(), toStop: row.next(), distanceMetres: row.next(), hasSameName: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(fromStop)
    row.bind(toStop)
    row.bind(distanceMetres)
    row.bind(hasSameName)
  }
}
