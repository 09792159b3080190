import Kernel
import TestPace
import Testing
import TransportOracle

@testable import Transport

@Suite("Days on which things go otherwise than planned", .heavy)
struct OverlayTests {
  /// A random feed with disturbances, and an oracle that knows of them.
  private struct World {
    let home = TemporaryFolder()
    let transit: Transit
    let overlay: RealtimeOverlay
    let disturbances: Disturbances
    let oracle: Oracle
    let stops: [Int32]

    init(seed: UInt64) throws {
      let feed = RandomFeed(seed: seed)
      let text = feed.text
      _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
      extendLifetime(text)
      transit = try Transit(home: home.path)
      disturbances = Disturbances(feed, seed: seed + 5000)
      oracle = Oracle(feed, changed: disturbances.changed, added: disturbances.added)
      let message = try RealtimeFeed(disturbances.text.bytes, name: "rt")
      overlay = try RealtimeOverlay([RealtimeSource(message)], transit)
      let ids = try transit.stops(ofFeed: "f")
      stops = try (0..<RandomFeed.stopCount).map { try #require(ids["P\($0)"]) }
    }

    func slice(_ day: Int, isReversed: Bool = false) throws -> DaySlice {
      DaySlice(
        transit.timetable, on: try LocalDate("2026-03-\(day)"), walks: SliceWalks(transit.timetable),
        isReversed: isReversed, changes: SliceChanges(overlay: overlay))
    }
  }

  @Test("a search finds what an oracle finds that has the delays written into its timetable", arguments: 0..<60)
  func oracle(seed: Int) throws {
    let world = try World(seed: UInt64(9000 + seed))
    #expect(world.overlay.report.mismatches.isEmpty, "\(world.overlay.report.mismatches)")
    var random = SeededRandom(seed: UInt64(100 + seed))
    let bounds = try #require(TravelBounds(world.transit.timetable))
    let live = bounds.holding(for: world.overlay, world.transit.timetable, walks: SliceWalks(world.transit.timetable))
    for day in [28, 29, 30] {
      let slice = try world.slice(day)
      let ends = StopNeighbours(slice)
      let searches = [RoundSearch(slice, bounds: live), RoundSearch(slice, bounds: nil)]
      let zero = Oracle.dayStart(march: day)
      for _ in 0..<20 {
        let (from, to) = (
          Int.random(in: 0..<RandomFeed.stopCount, using: &random),
          Int.random(in: 0..<RandomFeed.stopCount, using: &random)
        )
        let second = Int32.random(in: 0..<86_400, using: &random)
        let expected = world.oracle.front(from: from, to: to, at: zero + Int(second))
          .filter { $0.value <= zero + Int(DaySlice.horizon) }
        for search in searches {
          var query = StopQuery(
            sources: ends.from(world.stops[from]), targets: ends.to(world.stops[to]), departure: second)
          var front: [Int: Int] = [:]
          if let walk = ends.seconds(from: world.stops[from], to: world.stops[to]) {
            query.before = min(query.before, second + walk)
            front[0] = zero + Int(second + walk)
          }
          for journey in search.journeys(query) { front[journey.boardings] = zero + Int(journey.arrival) }
          #expect(front == expected, "seed \(seed), 2026-03-\(day), \(from) to \(to) at \(second)")
        }
      }
    }
  }

  @Test("within a pattern no trip overtakes another, whatever is late")
  func order() throws {
    for seed in 0..<10 {
      let world = try World(seed: UInt64(9000 + seed))
      for isReversed in [false, true] {
        let slice = try world.slice(29, isReversed: isReversed)
        for pattern in 0..<slice.patternCount {
          let length = Int(slice.positionStarts[pattern + 1] - slice.positionStarts[pattern])
          for trip in slice.tripStarts[pattern]..<slice.tripStarts[pattern + 1] - 1 {
            for position in 0..<length {
              #expect(slice.arrival(of: trip, at: position) <= slice.arrival(of: trip + 1, at: position))
              #expect(slice.departure(of: trip, at: position) <= slice.departure(of: trip + 1, at: position))
            }
          }
        }
      }
    }
  }

  @Test("arriving by the latest departure is in time, and a second later is not", arguments: 0..<10)
  func mirror(seed: Int) throws {
    let world = try World(seed: UInt64(9500 + seed))
    var random = SeededRandom(seed: UInt64(seed))
    let slice = try world.slice(28, isReversed: true)
    let ends = StopNeighbours(slice)
    let search = RoundSearch(slice, bounds: nil)
    let zero = Oracle.dayStart(march: 28)
    for _ in 0..<40 {
      let (from, to) = (
        Int.random(in: 0..<RandomFeed.stopCount, using: &random),
        Int.random(in: 0..<RandomFeed.stopCount, using: &random)
      )
      if world.oracle.walk(from: from, to: to) != nil { continue }
      let deadline = Int.random(in: 90_000..<172_800, using: &random)
      let query = StopQuery(
        sources: ends.from(world.stops[to]), targets: ends.to(world.stops[from]),
        departure: DaySlice.horizon - Int32(deadline))
      for journey in search.journeys(query) {
        let leaving = zero + Int(DaySlice.horizon - journey.arrival)
        func earliest(_ departure: Int) -> Int {
          world.oracle.front(from: from, to: to, at: departure).filter { $0.key <= journey.boardings }.values.min()
            ?? .max
        }
        #expect(earliest(leaving) <= zero + deadline, "seed \(seed)")
        #expect(earliest(leaving + 1) > zero + deadline, "seed \(seed)")
      }
    }
  }
}
