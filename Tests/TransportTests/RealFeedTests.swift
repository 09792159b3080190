import Foundation
import Testing

@testable import Transport

/// Feeds of real operators, where a machine has them: `WAYFARE_TEST_DATA` names a folder with `gtfs/*.zip`.
private let realFeeds: [String] = {
  guard let folder = ProcessInfo.processInfo.environment["WAYFARE_TEST_DATA"] else { return [] }
  let names = (FolderFile.names(in: folder + "/gtfs") ?? []).filter { $0.hasSuffix(".zip") }
  return names.map { folder + "/gtfs/" + $0 }
}()

@Suite("Real feeds", .enabled(if: !realFeeds.isEmpty, "WAYFARE_TEST_DATA names no folder with feeds"), .serialized)
struct RealFeedTests {
  @Test("each is imported, and what is promised of the graph holds for it", arguments: realFeeds)
  func holds(path: String) throws {
    let home = TemporaryFolder()
    let report = try FeedStore(home: home.path).add(FeedName("f"), from: path)
    #expect(report.isUsable)
    let database = try SQLiteDatabase(home.path("transit/current/graph.sqlite"), .reading)
    #expect(try database.rows("pragma foreign_key_check").isEmpty)
    #expect(try database.rows("pragma integrity_check") == ["ok"])
    // Numbers are dense, positions have no gaps, times never decrease.
    for table in GraphTable.ofFeeds {
      guard let number = table.number else { continue }
      #expect(
        try database.rows("select coalesce(max(\(number)), -1) - count(*), min(\(number)) from \(table.name)").first?
          .hasPrefix("-1|") == true, "\(table.name)")
    }
    #expect(
      try database.rows(
        "select trip from stop_times group by trip having count(*) < 2 or min(position) <> 0 or max(position) <> count(*) - 1"
      ).isEmpty)
    #expect(
      try database.rows(
        """
        select a.trip, a.position from stop_times a join stop_times b on b.trip = a.trip and b.position = a.position + 1
        where b.arrival_time < a.departure_time or a.departure_time < a.arrival_time
        """
      ).isEmpty)
    #expect(try database.number("select count(*) from timetable") == database.number("select count(*) from stop_times"))
  }
}
