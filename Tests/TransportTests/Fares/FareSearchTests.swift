import Kernel
import TestPace
import Testing
import TransportOracle

@testable import Transport

@Suite("The search with prices", .heavy)
struct FareSearchTests {
  /// A random feed, imported and compiled, with its fares.
  final class World {
    let feed: RandomFares
    let home = TemporaryFolder()
    let transit: Transit
    let slice: DaySlice
    let mirror: SliceMirror
    let ends: StopNeighbours
    let bounds: TravelBounds?
    let fares: FareModel
    /// By the feed's number: the graph's.
    let stops: [Int32]

    // `names`: by the feed's number of a stop, the number in its id.
    init(_ feed: RandomFares, adding extra: RandomFares.Trip? = nil, names: [Int]? = nil) throws {
      self.feed = feed
      let names = names ?? Array(0..<RandomFares.stopCount)
      let text = feed.text(adding: extra).naming(stops: names)
      _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
      extendLifetime(text)
      transit = try Transit(home: home.path)
      let walks = SliceWalks(transit.timetable)
      let date = try LocalDate("2026-06-01")
      slice = DaySlice(transit.timetable, on: date, walks: walks)
      mirror = SliceMirror(slice, DaySlice(transit.timetable, on: date, walks: walks, isReversed: true))
      ends = StopNeighbours(slice)
      bounds = TravelBounds(transit.timetable)
      fares = try transit.fares()
      let ids = try transit.stops(ofFeed: "f")
      stops = try names.map { try #require(ids["P\($0)"]) }
    }

    func search(_ criteria: RouteCriteria, isPruned: Bool) -> CriteriaSearch {
      CriteriaSearch(
        slice, criteria, bounds: isPruned ? bounds : nil, mirror: isPruned ? mirror : nil, fares: fares)
    }

    func journeys(_ search: CriteriaSearch, _ query: Query) -> [WeighedJourney] {
      var request = StopQuery(
        sources: ends.from(stops[query.from]), targets: ends.to(stops[query.to]), departure: Int32(query.departure))
      request.before = Int32(query.before)
      request.ridesMax = query.ridesMax
      var walk = ends.seconds(from: stops[query.from], to: stops[query.to])
      if let seconds = walk, query.departure + Int(seconds) >= query.before { walk = nil }
      var found = search.journeys(request, directWalk: walk)
      if let walk {
        let alone = FoundJourney(arrival: request.departure + walk, boardings: 0, rides: [])
        found.append(
          WeighedJourney(journey: alone, walk: search.criteria.contains(.walk) ? walk : 0, co2: 0, price: 0))
      }
      return found
    }
  }

  struct Query {
    let from: Int
    let to: Int
    let departure: Int
    let before: Int
    let ridesMax: Int

    init(_ random: inout SeededRandom) {
      from = Int.random(in: 0..<RandomFares.stopCount, using: &random)
      to = Int.random(in: 0..<RandomFares.stopCount, using: &random)
      departure = 28_000 + Int.random(in: 0...3000, using: &random)
      before = departure + Int.random(in: 3000...9000, using: &random)
      ridesMax = Int.random(in: 1...4, using: &random)
    }
  }

  private static let subsets: [RouteCriteria] = (1..<32).map { bits in
    var criteria: RouteCriteria = []
    for (bit, named) in RouteCriteria.named.enumerated() where bits >> bit & 1 == 1 { criteria.insert(named.criterion) }
    return criteria
  }

  private static func values(_ point: FareOracle.Point, _ criteria: RouteCriteria) -> [Int] {
    var values: [Int] = []
    if criteria.contains(.arrival) { values.append(point.arrival) }
    if criteria.contains(.transfers) { values.append(point.boardings) }
    if criteria.contains(.price) { values.append(point.unknown << 25 + point.price) }
    if criteria.contains(.walk) { values.append(point.walk) }
    if criteria.contains(.co2) { values.append(point.grams) }
    return values
  }

  private static func values(_ found: WeighedJourney, _ criteria: RouteCriteria, _ unit: Int64) -> [Int] {
    let unknown = (Int(found.price) + 1 << 24) >> 25
    let price = (Int(found.price) - unknown << 25) * Int(unit)
    return values(
      FareOracle.Point(
        arrival: Int(found.journey.arrival), boardings: found.journey.boardings, unknown: unknown, price: price,
        walk: Int(found.walk), grams: Int(found.co2)), criteria)
  }

  // The last five have an agency with one route, and tickets with rules for that route beside rules for any.
  @Test(
    "finds for every subset of criteria the front of all journeys there are, paid in every way",
    arguments: Array(0..<80) + [270, 366, 462, 550, 558])
  func oracle(seed: Int) throws {
    try compare(RandomFares(seed: UInt64(seed), isLegs: seed % 2 == 1), seed)
  }

  @Test("finds the same where tickets last and only zones at both ends matter", arguments: 0..<60)
  func zonalOracle(seed: Int) throws {
    try compare(RandomFares(seed: UInt64(5000 + seed), isLegs: false, isZonal: true), seed)
  }

  private func compare(_ feed: RandomFares, _ seed: Int) throws {
    let world = try World(feed)
    let oracle = FareOracle(feed)
    var random = SeededRandom(seed: UInt64(7000 + seed))
    let weighed = Set(Self.subsets.map(\.weighed))
    let searches = weighed.map { (world.search($0, isPruned: true), world.search($0, isPruned: false)) }
    for _ in 0..<30 {
      let query = Query(&random)
      let all = oracle.journeys(
        from: query.from, to: query.to, at: query.departure, before: query.before, ridesMax: query.ridesMax)
      for (pruned, plain) in searches {
        let found = world.journeys(pruned, query)
        let other = world.journeys(plain, query)
        for criteria in Self.subsets where criteria.weighed == pruned.criteria {
          let expected = FareOracle.front(all) { Self.values($0, criteria) }
          for found in [found, other] {
            let own = Set(found.best(by: criteria).map { Self.values($0, criteria, world.fares.unit) })
            #expect(
              own == expected,
              "seed \(seed), \(found == other ? "plain" : "pruned"), criteria \(criteria.rawValue), \(query)")
          }
        }
      }
    }
  }

  @Test("what a search says of prices is what pricing the journeys says", arguments: 0..<20)
  func prices(seed: Int) throws {
    let world = try World(RandomFares(seed: UInt64(300 + seed), isLegs: seed % 2 == 1))
    let router = Router(world.transit)
    let search = world.search([.price], isPruned: true)
    var random = SeededRandom(seed: UInt64(seed))
    let request = RouteRequest(from: "", to: "", time: .departAt(.first))
    for _ in 0..<40 {
      for found in world.journeys(search, Query(&random)) where !found.journey.rides.isEmpty {
        let priced = try router.price(found.journey.rides, request, world.slice, try router.openNames())
        #expect(priced.units == found.price, "seed \(seed)")
        #expect(priced.price.isComplete == found.isPriced)
        if found.isPriced { #expect(priced.price.amount?.minorUnits == world.fares.minorUnits(found.price)) }
      }
    }
  }

  @Test("the work that kept queries take with prices weighed does not grow")
  func work() throws {
    var work = SearchWork()
    for seed in 0..<12 {
      let feed = RandomFares(seed: UInt64(800 + seed), isLegs: seed % 3 == 1, isZonal: seed % 3 == 2)
      let world = try World(feed)
      let search = world.search([.price], isPruned: true)
      var random = SeededRandom(seed: UInt64(seed))
      for _ in 0..<40 {
        _ = world.journeys(search, Query(&random))
        work.add(search.work)
      }
    }
    // Counted once; whoever makes the search do less writes the smaller numbers here.
    #expect(work.segments <= 327 && work.labels <= 423, "\(work)")
  }

  @Test("other names and another order of the stops change no journey", arguments: 0..<10)
  func relabelling(seed: Int) throws {
    let feed = RandomFares(seed: UInt64(650 + seed), isLegs: seed % 2 == 1)
    var random = SeededRandom(seed: UInt64(seed))
    let (world, other) = (
      try World(feed), try World(feed, names: Array(0..<RandomFares.stopCount).shuffled(using: &random))
    )
    #expect(Set(world.stops) == Set(other.stops))
    #expect(seed > 0 || world.stops != other.stops)
    let all: RouteCriteria = [.arrival, .transfers, .price, .walk, .co2]
    for criteria in [all, [.arrival, .transfers, .price], [.arrival, .transfers, .walk]] {
      let searches = (world.search(criteria.weighed, isPruned: true), other.search(criteria.weighed, isPruned: true))
      for _ in 0..<30 {
        let query = Query(&random)
        let (own, others) = (world.journeys(searches.0, query), other.journeys(searches.1, query))
        #expect(
          Set(own.map { Self.values($0, criteria, 1) }) == Set(others.map { Self.values($0, criteria, 1) }),
          "seed \(seed)")
      }
    }
  }

  @Test("a trip more never makes any criterion worse", arguments: 0..<10)
  func oneTripMore(seed: Int) throws {
    let feed = RandomFares(seed: UInt64(600 + seed), isLegs: seed % 2 == 1)
    let extra = RandomFares.Trip(
      route: seed % 3,
      calls: [0, 2, 4, 1].enumerated().map { index, stop in
        RandomFares.Call(stop: stop, arrival: 29_400 + index * 500, departure: 29_400 + index * 500)
      })
    let (world, more) = (try World(feed), try World(feed, adding: extra))
    let all: RouteCriteria = [.arrival, .transfers, .price, .walk, .co2]
    let (search, searchMore) = (world.search(all.weighed, isPruned: true), more.search(all.weighed, isPruned: true))
    var random = SeededRandom(seed: UInt64(seed))
    for _ in 0..<40 {
      let query = Query(&random)
      let (before, after) = (world.journeys(search, query), more.journeys(searchMore, query))
      for journey in before {
        let own = Self.values(journey, all, 1)
        #expect(after.contains { zip(Self.values($0, all, 1), own).allSatisfy { $0 <= $1 } }, "seed \(seed)")
      }
    }
  }
}
