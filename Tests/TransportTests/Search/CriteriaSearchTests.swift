import Kernel
import TestPace
import Testing
import TransportOracle

@testable import Transport

@Suite("The search with more criteria", .heavy)
struct CriteriaSearchTests {
  private struct Point: Hashable {
    let arrival: Int32
    let boardings: Int
    let walk: Int32
    let co2: Int32
  }

  @Test(
    "searching backwards first changes nothing: midnight, frequencies, blocks, loops, overtaking", arguments: 0..<15)
  func backwards(seed: Int) throws {
    let home = TemporaryFolder()
    let text = RandomFeed(seed: UInt64(900 + seed)).text
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
    extendLifetime(text)
    let transit = try Transit(home: home.path)
    let walks = SliceWalks(transit.timetable)
    let date = try LocalDate("2026-03-28")
    let slice = DaySlice(transit.timetable, on: date, walks: walks)
    let reversed = DaySlice(transit.timetable, on: date, walks: walks, isReversed: true)
    let bounds = TravelBounds(transit.timetable)
    let ends = StopNeighbours(slice)
    let stops = try transit.stops(ofFeed: "f").values.sorted()
    let pruned = CriteriaSearch(slice, [.walk, .co2], bounds: bounds, mirror: SliceMirror(slice, reversed))
    let plain = CriteriaSearch(slice, [.walk, .co2], bounds: nil)
    var random = SeededRandom(seed: UInt64(seed))
    var count = 0
    for _ in 0..<60 {
      guard let from = stops.randomElement(using: &random), let to = stops.randomElement(using: &random) else {
        continue
      }
      var query = StopQuery(
        sources: ends.from(from), targets: ends.to(to), departure: Int32.random(in: 0..<100_000, using: &random))
      query.before = min(DaySlice.horizon, query.departure + Int32.random(in: 3600...40_000, using: &random))
      query.ridesMax = Int.random(in: 1...5, using: &random)
      func front(_ search: CriteriaSearch) -> Set<Point> {
        Set(
          search.journeys(query, directWalk: ends.seconds(from: from, to: to)).map {
            Point(arrival: $0.journey.arrival, boardings: $0.journey.boardings, walk: $0.walk, co2: $0.co2)
          })
      }
      let (own, expected) = (front(pruned), front(plain))
      #expect(own == expected, "seed \(seed), \(from) to \(to) at \(query.departure)")
      count += expected.count
    }
    #expect(count > 0)
  }
}
