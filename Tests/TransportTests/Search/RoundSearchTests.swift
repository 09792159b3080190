import Kernel
import TestPace
import Testing
import TransportOracle

@testable import Transport

@Suite("The search in rounds", .heavy)
struct RoundSearchTests {
  /// A random feed, imported and compiled, with its oracle.
  private final class World {
    let feed: RandomFeed
    let oracle: Oracle
    let home = TemporaryFolder()
    let timetable: Timetable
    let walks: SliceWalks
    let bounds: TravelBounds?
    /// By the feed's number: the graph's.
    let stops: [Int32]

    init(seed: UInt64) throws {
      feed = RandomFeed(seed: seed)
      oracle = Oracle(feed)
      let text = feed.text
      _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
      extendLifetime(text)
      let transit = try Transit(home: home.path)
      timetable = transit.timetable
      walks = SliceWalks(timetable)
      bounds = TravelBounds(timetable)
      let ids = try transit.stops(ofFeed: "f")
      stops = try (0..<RandomFeed.stopCount).map { try #require(ids["P\($0)"]) }
    }

    /// The front of the search, by number of boardings, in seconds since 1970.
    func front(_ search: RoundSearch, _ ends: StopNeighbours, _ from: Int, _ to: Int, _ second: Int32) -> [Int: Int] {
      let (start, end) = (stops[from], stops[to])
      var query = StopQuery(sources: ends.from(start), targets: ends.to(end), departure: second)
      var front: [Int: Int] = [:]
      let zero = Int(search.slice.zero.secondsSinceEpoch)
      if let walk = ends.seconds(from: start, to: end) {
        query.before = min(query.before, second + walk)
        front[0] = zero + Int(second + walk)
      }
      for journey in search.journeys(query) { front[journey.boardings] = zero + Int(journey.arrival) }
      return front
    }
  }

  @Test(
    "finds what an oracle finds that tries every run: midnight, summer time, frequencies, blocks, loops, overtaking",
    arguments: 0..<30)
  func oracle(seed: Int) throws {
    let world = try World(seed: UInt64(seed))
    var random = SeededRandom(seed: UInt64(1000 + seed))
    for day in [28, 29, 30] {
      let slice = DaySlice(world.timetable, on: try LocalDate("2026-03-\(day)"), walks: world.walks)
      #expect(Int(slice.zero.secondsSinceEpoch) == Oracle.dayStart(march: day))
      let ends = StopNeighbours(slice)
      let searches = [RoundSearch(slice, bounds: world.bounds), RoundSearch(slice, bounds: nil)]
      for _ in 0..<20 {
        let (from, to) = (
          Int.random(in: 0..<RandomFeed.stopCount, using: &random),
          Int.random(in: 0..<RandomFeed.stopCount, using: &random)
        )
        let second = Int32.random(in: 0..<86_400, using: &random)
        let zero = Oracle.dayStart(march: day)
        // A slice ends after two days: later arrivals are not looked for.
        let expected = world.oracle.front(from: from, to: to, at: zero + Int(second))
          .filter { $0.value <= zero + Int(DaySlice.horizon) }
        for search in searches {
          let found = world.front(search, ends, from, to, second)
          #expect(found == expected, "seed \(seed), 2026-03-\(day), \(from) to \(to) at \(second)")
        }
      }
    }
  }

  @Test("with walking weighed too, the journeys are the same when walking is then forgotten", arguments: 0..<10)
  func walking(seed: Int) throws {
    let world = try World(seed: UInt64(seed))
    let slice = DaySlice(world.timetable, on: try LocalDate("2026-03-28"), walks: world.walks)
    let ends = StopNeighbours(slice)
    let search = CriteriaSearch(slice, .walk, bounds: world.bounds)
    let zero = Oracle.dayStart(march: 28)
    for from in 0..<RandomFeed.stopCount {
      for to in 0..<RandomFeed.stopCount {
        let query = StopQuery(
          sources: ends.from(world.stops[from]), targets: ends.to(world.stops[to]), departure: 28_000)
        let walk = ends.seconds(from: world.stops[from], to: world.stops[to])
        var front = walk.map { [0: zero + Int(28_000 + $0)] } ?? [:]
        var best = front[0] ?? .max
        for found in search.journeys(query, directWalk: walk) where zero + Int(found.journey.arrival) < best {
          best = zero + Int(found.journey.arrival)
          front[found.journey.boardings] = best
        }
        let expected = world.oracle.front(from: from, to: to, at: zero + 28_000)
          .filter { $0.value <= zero + Int(DaySlice.horizon) }
        #expect(front == expected, "seed \(seed), \(from) to \(to)")
      }
    }
  }

  @Test("arriving by the latest departure is in time, and a second later is not", arguments: 0..<15)
  func mirror(seed: Int) throws {
    let world = try World(seed: UInt64(500 + seed))
    var random = SeededRandom(seed: UInt64(2000 + seed))
    let slice = DaySlice(world.timetable, on: try LocalDate("2026-03-28"), walks: world.walks, isReversed: true)
    let ends = StopNeighbours(slice)
    let search = RoundSearch(slice, bounds: nil)
    let zero = Oracle.dayStart(march: 28)
    var count = 0
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
        count += 1
        let leaving = zero + Int(DaySlice.horizon - journey.arrival)
        func earliest(_ departure: Int) -> Int {
          world.oracle.front(from: from, to: to, at: departure).filter { $0.key <= journey.boardings }.values.min()
            ?? .max
        }
        #expect(earliest(leaving) <= zero + deadline, "seed \(seed)")
        #expect(earliest(leaving + 1) > zero + deadline, "seed \(seed)")
      }
    }
    #expect(count > 0)
  }

  @Test("a window has all that its departures have, but for what leaves earlier and is no better", arguments: 0..<15)
  func window(seed: Int) throws {
    let world = try World(seed: UInt64(700 + seed))
    let slice = DaySlice(world.timetable, on: try LocalDate("2026-03-28"), walks: world.walks)
    let ends = StopNeighbours(slice)
    let window: ClosedRange<Int32> = 20_000...60_000
    var count = 0
    for (from, to) in (0..<RandomFeed.stopCount).map({ ($0, ($0 + 3) % RandomFeed.stopCount) }) {
      var query = StopQuery(sources: ends.from(world.stops[from]), targets: ends.to(world.stops[to]), departure: 0)
      let walk = ends.seconds(from: world.stops[from], to: world.stops[to])
      let found = RoundSearch(slice, bounds: world.bounds).journeys(query, leaving: window, directWalk: walk)
      let search = RoundSearch(slice, bounds: nil)
      var expected: Set<[Int32]> = []
      for departure in slice.departures(from: query.sources, within: window).reversed() {
        query.departure = departure
        query.before = min(DaySlice.horizon + 1, walk.map { departure + $0 } ?? .max)
        for journey in search.journeys(query) {
          let point = [departure, journey.arrival, Int32(journey.boardings)]
          if !expected.contains(where: { $0[1] <= point[1] && $0[2] <= point[2] }) { expected.insert(point) }
        }
      }
      #expect(Set(found.map { [$0.departure, $0.journey.arrival, Int32($0.journey.boardings)] }) == expected)
      #expect(found.count == expected.count)
      count += found.count
    }
    #expect(count > 0)
  }

  @Test("riders who stay seated come to the next platform in no time, however far it is on foot")
  func seatedElsewhere() throws {
    let home = TemporaryFolder()
    let text = FeedText([
      "stops.txt": """
      stop_id,stop_name,stop_lat,stop_lon
      A,Alpha,52.50,13.40
      B,Beta,52.51,13.40
      B2,Beta Yard,52.5122,13.40
      C,Gamma,52.52,13.40

      """,
      "trips.txt": "route_id,service_id,trip_id,block_id\nR,W,T,V\nR,W,U,V\n",
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence
      T,08:00:00,08:00:00,A,1
      T,08:10:00,08:10:00,B,2
      U,08:10:00,08:10:00,B2,1
      U,08:20:00,08:20:00,C,2

      """,
    ])
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
    extendLifetime(text)
    let transit = try Transit(home: home.path)
    let ids = try transit.stops(ofFeed: "f")
    let slice = DaySlice(transit.timetable, on: try LocalDate("2026-06-01"), walks: SliceWalks(transit.timetable))
    let search = RoundSearch(slice, bounds: TravelBounds(transit.timetable))
    // Somebody who knows how to be there at 8:21 asks for what is earlier.
    let query = StopQuery(
      sources: [StopAccess(stop: try #require(ids["A"]), seconds: 0)],
      targets: [StopAccess(stop: try #require(ids["C"]), seconds: 0)], departure: 8 * 3600,
      before: 8 * 3600 + 21 * 60)
    let found = search.journeys(query)
    #expect(found.count == 1)
    let arrival: Int32 = 8 * 3600 + 20 * 60
    #expect(found.first?.arrival == arrival)
    #expect(found.first?.boardings == 1)
  }

  @Test("the rides of a journey can be ridden: each leaves after the one before has arrived", arguments: 0..<10)
  func rides(seed: Int) throws {
    let world = try World(seed: UInt64(seed))
    let slice = DaySlice(world.timetable, on: try LocalDate("2026-03-28"), walks: world.walks)
    let ends = StopNeighbours(slice)
    let search = RoundSearch(slice, bounds: world.bounds)
    for from in 0..<RandomFeed.stopCount {
      for to in 0..<RandomFeed.stopCount where from != to {
        let query = StopQuery(
          sources: ends.from(world.stops[from]), targets: ends.to(world.stops[to]), departure: 30_000)
        for journey in search.journeys(query) {
          for rides in [journey.rides, RideShift(slice).shifted(journey.rides)] {
            var time: Int32 = 30_000
            var place = world.stops[from]
            for ride in rides {
              let start = slice.positionStarts[Int(slice.positionPatterns[Int(ride.boarded)])]
              let stop = slice.callStops[Int(ride.boarded)]
              if !ride.isSeated, stop != place { time += try #require(slice.walkSeconds(from: place, to: stop)) }
              #expect(slice.departure(of: ride.trip, at: Int(ride.boarded - start)) >= time, "seed \(seed)")
              time = slice.arrival(of: ride.trip, at: Int(ride.left - start))
              place = slice.callStops[Int(ride.left)]
            }
            let last = try #require(journey.rides.last)
            let walk = place == world.stops[to] ? 0 : try #require(slice.walkSeconds(from: place, to: world.stops[to]))
            #expect(time + walk == journey.arrival && rides.last?.left == last.left)
          }
        }
      }
    }
  }

  @Test("the work that kept queries take does not grow")
  func work() throws {
    var work = SearchWork()
    for seed in 0..<4 {
      let world = try World(seed: UInt64(seed))
      let slice = DaySlice(world.timetable, on: try LocalDate("2026-03-28"), walks: world.walks)
      let ends = StopNeighbours(slice)
      let search = RoundSearch(slice, bounds: world.bounds)
      for from in 0..<RandomFeed.stopCount {
        for to in 0..<RandomFeed.stopCount {
          _ = world.front(search, ends, from, to, 25_000)
          work.add(search.work)
        }
      }
    }
    // Counted once; whoever makes the search do less writes the smaller numbers here.
    #expect(work.segments <= 9401 && work.labels <= 3527 && work.rounds <= 1499, "\(work)")
  }

  @Test("the work that kept queries take with walking weighed does not grow, and a known journey spares some")
  func workWalking() throws {
    var (alone, helped) = (SearchWork(), SearchWork())
    for seed in 0..<4 {
      let world = try World(seed: UInt64(seed))
      let slice = DaySlice(world.timetable, on: try LocalDate("2026-03-28"), walks: world.walks)
      let ends = StopNeighbours(slice)
      let rounds = RoundSearch(slice, bounds: world.bounds)
      let search = CriteriaSearch(slice, .walk, bounds: world.bounds)
      for from in world.stops {
        for to in world.stops {
          let query = StopQuery(sources: ends.from(from), targets: ends.to(to), departure: 25_000)
          _ = search.journeys(query)
          alone.add(search.work)
          _ = search.journeys(query, known: rounds.journeys(query))
          helped.add(search.work)
        }
      }
    }
    #expect(alone.segments <= 5706 && alone.labels <= 5183, "\(alone)")
    #expect(helped.segments <= 5095 && helped.labels <= 3966, "\(helped)")
  }
}
