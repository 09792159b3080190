import Foundation
import Kernel
import Testing

@testable import Transport

@Suite("The graph")
struct GraphTests {
  private let directory = TemporaryFolder()

  /// Every kind of row that the graph has.
  private static let tables: [GraphTable] = [
    FeedRow.table, FeedInfoRow.table, NoticeRow.table, NoticeCountRow.table, AgencyRow.table, LevelRow.table,
    StopRow.table, PathwayRow.table, StopLinkRow.table, NetworkRow.table, RouteRow.table, RouteNetworkRow.table,
    ServiceRow.table, CalendarRow.table, CalendarDateRow.table, ShapeRow.table, ShapePointRow.table, TripRow.table,
    StopTimeRow.table, FrequencyRow.table, TransferRow.table, FareAttributeRow.table, FareRuleRow.table, AreaRow.table,
    StopAreaRow.table, FareMediumRow.table, RiderCategoryRow.table, FareProductRow.table, TimeframeRow.table,
    FareLegRuleRow.table, FareLegJoinRuleRow.table, FareTransferRuleRow.table, BookingRuleRow.table,
    LocationGroupRow.table, LocationGroupStopRow.table, LocationRow.table, FlexStopTimeRow.table, TranslationRow.table,
    AttributionRow.table,
  ]

  @Test("every table has exactly the columns, in the order, that its rows have")
  func schema() throws {
    let writer = try GraphWriter(directory.path("graph.sqlite"))
    for table in Self.tables {
      let statement = try writer.database.prepare("select name from pragma_table_info('\(table.name)') order by cid")
      var names: [String] = []
      while try statement.step() {
        var row = statement.row
        names.append(row.next())
      }
      #expect(names == (table.number.map { [$0] } ?? []) + table.columns.map(\.name), "\(table.name)")
    }
    let all = try writer.database.number("select count(*) from sqlite_schema where type = 'table'")
    #expect(all == Self.tables.count + 1, "each table but `days` has a kind of row")
  }

  @Test("what is written is read again, in order and by its number")
  func roundTrip() throws {
    let path = directory.path("graph.sqlite")
    let writer = try GraphWriter(path)
    let feed = FeedRow.Key(0)
    let stops = ["B", "A"].map { id in
      StopRow(
        feed: feed, stopID: id, stopCode: nil, stopName: "", stopDesc: nil, stopLat: 1.5, stopLon: -2, zoneID: nil,
        stopURL: nil, locationType: .station, parentStation: nil, stopTimezone: ZoneName("Europe/Berlin"),
        wheelchairBoarding: .impossible, level: nil, platformCode: "1", ttsStopName: nil, stopAccess: nil)
    }
    // Not a multiple of how many are written at once.
    let many = (0..<100).map { _ in stops }.flatMap { $0 } + [stops[0]]
    for stop in many { try writer.add(stop) }
    #expect(writer.count(StopRow.self) == 201)
    try writer.add(
      FeedRow(
        name: "a", source: "a.zip", sourceBytes: 5, fingerprint: "f", firstDate: LocalDate("2026-06-01"), lastDate: nil)
    )
    let link = StopLinkRow(fromStop: StopRow.Key(1), toStop: StopRow.Key(0), distanceMetres: 12, hasSameName: true)
    try writer.add(link)
    // Ids that repeat would not do for an index.
    try writer.flush()
    try writer.database.execute("update stops set stop_id = stop_id || stop where stop > 1")
    try writer.finish()
    let graph = try Graph(path)
    #expect(try graph.all(StopRow.self).map(\.stopName) == many.map(\.stopName))
    #expect(try graph.all(StopRow.self).prefix(2) == stops.prefix(2))
    #expect(try graph.all(StopLinkRow.self) == [link])
    #expect(try graph.all(FeedRow.self)[feed.index].firstDate?.description == "2026-06-01")
    #expect(try graph.count(StopTimeRow.self) == 0)
  }

  @Test("what is no graph, or one of another version, or has strange values is named with the mend")
  func errors() throws {
    let path = directory.path("graph.sqlite")
    func error() -> GraphError? { #expect(throws: GraphError.self) { _ = try Graph(path).all(StopRow.self) } }
    #expect(error() == .missing(path: path))
    try
      "this is no SQLite file, and longer than the header of one is: a hundred bytes, which is not many at all for a file"
      .write(toFile: path, atomically: true, encoding: .utf8)
    if case .notAGraph = error() {} else { Issue.record("a text file is no graph") }
    try FileManager.default.removeItem(atPath: path)
    try GraphWriter(path).finish()
    let database = try SQLiteDatabase(path, .creating)
    try database.execute("pragma user_version = 7")
    #expect(error() == .otherVersion(path: path, found: 7, wanted: Graph.version))
    try database.execute(
      """
      pragma user_version = \(Graph.version); pragma ignore_check_constraints = on;
      insert into stops (stop, feed, stop_id, location_type, wheelchair_boarding) values (0, 0, 'x', 9, 0)
      """)
    #expect(error() == .strangeValue(path: path, table: "stops", column: "location_type"))
    try database.execute("pragma application_id = 1")
    #expect(error() == .notAGraph(path: path, reason: "it is another program's"))
  }
}
