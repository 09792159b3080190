import Foundation
import Kernel
import Testing

@testable import Transport

/// Answers of other programs, where a machine has them: `WAYFARE_TEST_DATA` names a folder with `reference-routes/*`.
private let references: [String] = {
  guard let folder = ProcessInfo.processInfo.environment["WAYFARE_TEST_DATA"] else { return [] }
  let names = (FolderFile.names(in: folder + "/reference-routes") ?? []).filter { !$0.contains(".") }
  return names.sorted().map { folder + "/reference-routes/" + $0 }
}()

@Suite(
  "Routes that other programs have found", .enabled(if: !references.isEmpty, "WAYFARE_TEST_DATA has none"), .serialized)
struct ReferenceRoutesTests {
  private struct Point: Hashable {
    let arrival: Int32
    let transfers: Int
    let walk: Int32
  }

  /// The cells of a file of plain values, without its header.
  private func rows(_ path: String) throws -> [[String]] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",").map(String.init) }
  }

  @Test("are found too, all of them and no others: arrival and changes, and with walking", arguments: references)
  func equal(folder: String) throws {
    let home = TemporaryFolder()
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: folder + "/feed_used.zip")
    let transit = try Transit(home: home.path)
    let stops = try transit.stops(ofFeed: "f")
    let footpaths = try rows(folder + "/footpaths.csv").map { row in
      Footpath(
        from: try #require(stops[row[0]]), to: try #require(stops[row[1]]), seconds: try #require(Int32(row[2])))
    }
    let walks = SliceWalks(transit.timetable, footpaths: footpaths)
    let queries = try rows(folder + "/queries.csv")
    let date = try LocalDate(try #require(queries.first)[2].prefix(10))
    let slice = DaySlice(transit.timetable, on: date, walks: walks)
    let bounds = TravelBounds(transit.timetable, walks: walks)
    let (two, three) = (try expected(folder + "/answers2.csv"), try expected(folder + "/answers3.csv"))
    let (search, walkSearch) = (RoundSearch(slice, bounds: bounds), CriteriaSearch(slice, .walk, bounds: bounds))
    let ends = StopNeighbours(slice)
    for (index, row) in queries.enumerated() {
      let clock = row[2].dropFirst(11).split(separator: ":").compactMap { Int32($0) }
      let (from, to) = (try #require(stops[row[0]]), try #require(stops[row[1]]))
      var query = StopQuery(
        sources: ends.from(from), targets: ends.to(to), departure: clock[0] * 3600 + clock[1] * 60 + clock[2])
      let walk = ends.seconds(from: from, to: to)
      // Three criteria without optimisation take long: some are enough, the benchmark compares all.
      if index < 10 {
        var front = Set(walk.map { [Point(arrival: query.departure + $0, transfers: -1, walk: $0)] } ?? [])
        for found in walkSearch.journeys(query, directWalk: walk) {
          front.insert(Point(arrival: found.journey.arrival, transfers: found.journey.boardings - 1, walk: found.walk))
        }
        #expect(front == three[index] ?? [], "query \(index) of \(folder)")
      }
      var front = Set(walk.map { [Point(arrival: query.departure + $0, transfers: -1, walk: 0)] } ?? [])
      if let walk { query.before = min(query.before, query.departure + walk) }
      for journey in search.journeys(query) {
        front.insert(Point(arrival: journey.arrival, transfers: journey.boardings - 1, walk: 0))
      }
      #expect(front == two[index] ?? [], "query \(index) of \(folder)")
    }
  }

  private func expected(_ path: String) throws -> [Int: Set<Point>] {
    var fronts: [Int: Set<Point>] = [:]
    for row in try rows(path) {
      let point = Point(
        arrival: try #require(Int32(row[1])), transfers: try #require(Int(row[2])),
        walk: row.count > 3 ? try #require(Int32(row[3])) : 0)
      fronts[try #require(Int(row[0])), default: []].insert(point)
    }
    return fronts
  }
}
