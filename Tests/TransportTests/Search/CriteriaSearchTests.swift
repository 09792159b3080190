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

  @Test(
    "walking alone: the search of its own finds what the search by labels does, with known journeys, an end, own ways, change times and fewer modes",
    arguments: 0..<20)
  func walking(seed: Int) throws {
    let home = TemporaryFolder()
    let text = RandomFeed(seed: UInt64(1700 + seed)).text
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
    extendLifetime(text)
    let transit = try Transit(home: home.path)
    let walks = SliceWalks(transit.timetable, changeSeconds: seed.isMultiple(of: 2) ? 0 : 150)
    let date = try LocalDate("2026-03-28")
    let slice = DaySlice(transit.timetable, on: date, walks: walks)
    let reversed = DaySlice(transit.timetable, on: date, walks: walks, isReversed: true)
    let bounds = TravelBounds(transit.timetable)
    let rounds = RoundSearch(slice, bounds: bounds)
    let ends = StopNeighbours(slice)
    let stops = try transit.stops(ofFeed: "f").values.sorted()
    let labels = LabelSearch(slice, .walk, bounds: nil)
    let forwards = CriteriaSearch(slice, .walk, bounds: bounds)
    let bounded = CriteriaSearch(slice, .walk, bounds: bounds, mirror: SliceMirror(slice, reversed))
    var random = SeededRandom(seed: UInt64(40 + seed))
    var (count, most) = (0, 0)
    for number in 0..<80 {
      guard let from = stops.randomElement(using: &random), let to = stops.randomElement(using: &random) else {
        continue
      }
      var query = StopQuery(
        sources: ends.from(from), targets: ends.to(to), departure: Int32.random(in: 0..<100_000, using: &random))
      if number % 4 == 1 {
        query.sources.append(StopAccess(stop: stops[number % stops.count], seconds: 400, way: .bike))
      }
      if number % 4 == 2 {
        query.targets.append(StopAccess(stop: stops[number % stops.count], seconds: 500, way: .taxi))
      }
      if number % 5 == 3 { query.modes = UInt32.random(in: 0...UInt32.max, using: &random) }
      if number % 3 > 0 {
        query.before = min(DaySlice.horizon, query.departure + Int32.random(in: 3600...40_000, using: &random))
        query.ridesMax = Int.random(in: 1...5, using: &random)
      }
      let walk = number.isMultiple(of: 7) ? ends.seconds(from: from, to: to) : nil
      func front(_ found: [WeighedJourney]) -> Set<Point> {
        Set(
          found.filter { !$0.journey.rides.isEmpty }.map {
            Point(arrival: $0.journey.arrival, boardings: $0.journey.boardings, walk: $0.walk, co2: 0)
          })
      }
      let expected = front(labels.journeys(query, directWalk: walk))
      let known = rounds.journeys(query)
      for search in [forwards, bounded] {
        let found = search.journeys(query, directWalk: walk, known: known)
        #expect(front(found) == expected, "seed \(seed), query \(number), \(from) to \(to) at \(query.departure)")
        #expect(front(search.journeys(query, directWalk: walk)) == expected)
        // What is told can be ridden: from a source to a target, none before the one before has arrived.
        for journey in found { try ridden(journey, query, slice) }
      }
      count += expected.count
      most = max(most, expected.count)
    }
    #expect(count > 20 && most > 1, "\(count), \(most)")
  }

  private func ridden(_ found: WeighedJourney, _ query: StopQuery, _ slice: DaySlice) throws {
    let first = try #require(found.journey.rides.first)
    let last = try #require(found.journey.rides.last)
    #expect(query.sources[found.source].stop == slice.callStops[Int(first.boarded)])
    #expect(query.targets[found.target].stop == slice.callStops[Int(last.left)])
    var walked = query.sources[found.source].walkSeconds + query.targets[found.target].walkSeconds
    for (ride, next) in zip(found.journey.rides, found.journey.rides.dropFirst()) where !next.isSeated {
      let (from, to) = (slice.callStops[Int(ride.left)], slice.callStops[Int(next.boarded)])
      if from == to { continue }
      walked += try #require(slice.walkSeconds(from: from, to: to))
    }
    #expect(walked == found.walk)
  }
}
