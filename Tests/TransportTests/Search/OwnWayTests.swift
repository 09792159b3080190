import Kernel
import TestPace
import Testing
import TransportOracle

@testable import Transport

@Suite("Ways without a timetable", .heavy)
struct OwnWayTests {
  /// What journeys are compared by.
  private typealias Values = [Int32]

  private static func values(_ found: WeighedJourney, _ criteria: RouteCriteria) -> Values {
    [
      found.journey.arrival, Int32(found.journey.boardings), criteria.contains(.walk) ? found.walk : 0,
      criteria.contains(.co2) ? found.co2 : 0, criteria.contains(.price) ? found.price : 0,
    ]
  }

  private static func front(_ all: [Values]) -> Set<Values> {
    let distinct = Set(all)
    return distinct.filter { own in
      !distinct.contains { other in other != own && zip(other, own).allSatisfy { $0 <= $1 } }
    }
  }

  private static func accesses(_ world: FareSearchTests.World, _ random: inout SeededRandom) -> [StopAccess] {
    (0..<Int.random(in: 2...5, using: &random)).map { number in
      // One of them is not on foot: footpaths all lie within what is walked all the way, which other ways do not.
      let way = OwnWay.allCases[Int.random(in: number == 0 ? 1..<4 : 0..<4, using: &random)]
      return StopAccess(
        stop: world.stops[Int.random(in: 0..<RandomFares.stopCount, using: &random)],
        seconds: Int32.random(in: 0...900, using: &random), way: way,
        grams: way == .walk ? 0 : Int32.random(in: 0...400, using: &random),
        price: way == .walk ? 0 : Int32.random(in: 0...40, using: &random))
    }
  }

  @Test(
    "several ways to and from stops give the front of all pairs of them, each searched alone", arguments: 0..<24)
  func pairs(seed: Int) throws {
    let world = try FareSearchTests.World(RandomFares(seed: UInt64(300 + seed), isLegs: seed % 2 == 1))
    var random = SeededRandom(seed: UInt64(8000 + seed))
    var count = 0
    for criteria in [RouteCriteria.walk, [.co2], [.price], [.walk, .co2, .price]] {
      let (search, single) = (world.search(criteria, isPruned: true), world.search(criteria, isPruned: false))
      for _ in 0..<8 {
        let drawn = FareSearchTests.Query(&random)
        let (sources, targets) = (Self.accesses(world, &random), Self.accesses(world, &random))
        var query = StopQuery(
          sources: sources, targets: targets, departure: Int32(drawn.departure), before: Int32(drawn.before))
        query.ridesMax = drawn.ridesMax
        let found = search.journeys(query)
        var all: [Values] = []
        for source in sources {
          for target in targets {
            // The times count in the search; what else the ways cost is added by hand.
            query.sources = [StopAccess(stop: source.stop, seconds: source.seconds, way: .bike)]
            query.targets = [StopAccess(stop: target.stop, seconds: target.seconds, way: .bike)]
            let costs = criteria.key(source) &+ criteria.key(target)
            for journey in single.journeys(query) {
              var own = Self.values(journey, criteria)
              for (index, cost) in [(2, costs.y), (3, costs.z), (4, costs.w)] { own[index] += cost }
              all.append(own)
            }
          }
        }
        let own = Set(found.map { Self.values($0, criteria) })
        #expect(own == Self.front(all), "seed \(seed), criteria \(criteria.rawValue)")
        for journey in found {
          #expect(sources.indices.contains(journey.source) && targets.indices.contains(journey.target))
        }
        count += found.count
      }
    }
    #expect(count > 0)
  }

  @Test("so they do where only arrival and changes count", arguments: 0..<24)
  func fastestPairs(seed: Int) throws {
    let world = try FareSearchTests.World(RandomFares(seed: UInt64(600 + seed), isLegs: false))
    var random = SeededRandom(seed: UInt64(9000 + seed))
    let (search, single) = (RoundSearch(world.slice, bounds: world.bounds), RoundSearch(world.slice, bounds: nil))
    var count = 0
    for _ in 0..<12 {
      let drawn = FareSearchTests.Query(&random)
      let sources = Self.accesses(world, &random).best(by: [])
      let targets = Self.accesses(world, &random).best(by: [])
      var query = StopQuery(
        sources: sources, targets: targets, departure: Int32(drawn.departure), before: Int32(drawn.before))
      query.ridesMax = drawn.ridesMax
      let found = search.journeys(query).map { [$0.arrival, Int32($0.boardings)] }
      var all: [Values] = []
      for source in sources {
        for target in targets {
          query.sources = [StopAccess(stop: source.stop, seconds: source.seconds, way: .bike)]
          query.targets = [StopAccess(stop: target.stop, seconds: target.seconds, way: .bike)]
          all += single.journeys(query).map { [$0.arrival, Int32($0.boardings)] }
        }
      }
      #expect(Set(found) == Self.front(all), "seed \(seed)")
      count += found.count
    }
    #expect(count > 0)
  }

  // MARK: Told journeys

  /// Two trains a day from a town to another 30 km away; a house 4 km from the first and another 3 km from the second.
  private func router(_ home: TemporaryFolder, fares: Bool = true) throws -> Router {
    var files = [
      "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Rail,https://a.example,Europe/Berlin\n",
      "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nX,Xtown,52.0,13.0\nY,Ytown,52.27,13.0\n",
      "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,A,RE1,2\n",
      "trips.txt": "route_id,service_id,trip_id\nR,D,T\nR,D,U\n",
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence
      T,08:30:00,08:30:00,X,1
      T,08:55:00,08:55:00,Y,2
      U,09:30:00,09:30:00,X,1
      U,09:55:00,09:55:00,Y,2

      """,
      "calendar_dates.txt": "service_id,date,exception_type\nD,20260601,1\nD,20260602,1\n",
    ]
    if fares {
      files["fare_attributes.txt"] = "fare_id,price,currency_type,payment_method,transfers\nF,7.00,EUR,0,0\n"
      files["fare_rules.txt"] = "fare_id,route_id\nF,R\n"
    }
    let text = FeedText(files)
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
    extendLifetime(text)
    return Router(try Transit(home: home.path))
  }

  private func request(_ change: (inout RouteRequest) -> Void) throws -> RouteRequest {
    // 4 km west of the first station, 3 km east of the second.
    var request = RouteRequest(
      from: "52.0,12.9416", to: "52.27,13.044", time: .departAt(try Instant("2026-06-01T08:00:00+02:00")))
    change(&request)
    return request
  }

  @Test("on foot no station is near; by bicycle to the train and by taxi from it one is in time for the first")
  func accessAndEgress() throws {
    let home = TemporaryFolder()
    let router = try router(home)
    #expect(throws: RouteError.nothingNear("52.0,12.9416", metres: 1000)) { _ = try router.route(request { _ in }) }
    let answer = try router.route(
      request {
        $0.accessWays = [.walk, .bike]
        $0.egressWays = [.taxi]
      })
    let journey = try #require(answer.journeys.first)
    #expect(answer.journeys.count == 1)
    #expect(journey.legs.map(\.mode) == ["bike", "rail", "taxi"])
    #expect(journey.walkSeconds == 0)
    // 4 km and a third more at 15 km/h, and three minutes besides.
    let ride = Int(journey.legs[0].departure.seconds(until: journey.legs[0].arrival))
    #expect(abs(ride - (5200 * 36 / 150 + 180)) <= 10)
    #expect(journey.legs[0].arrival == journey.legs[1].departure, "one leaves as late as possible")
    // The train's 7 euros; a taxi of 3.9 km costs 4.50 and 2.40 a kilometre, to the next ten cents.
    let price = try #require(journey.price)
    #expect(price.isComplete && price.products.map(\.name) == ["F", "taxi"])
    let taxi = try #require(price.products.last).amount.minorUnits
    #expect(taxi == (450 + (240 * Int64(journey.legs[2].metres) + 999) / 1000 + 9) / 10 * 10)
    #expect(price.amount?.minorUnits == 700 + taxi)
    let grams = Emissions.table.amount(mode: "taxi", metres: journey.legs[2].metres)
    #expect(journey.co2Grams >= grams && grams > 500)
  }

  @Test("where price counts the dear fast way and the cheap slow one are both told, and no more")
  func weighed() throws {
    let home = TemporaryFolder()
    let router = try router(home)
    let answer = try router.route(
      request {
        $0.accessWays = [.bike, .taxi]
        $0.egressWays = [.bike, .taxi]
        $0.criteria = [.arrival, .transfers, .price]
      })
    // All reach the first train, so nobody takes a taxi to it.
    #expect(answer.journeys.map { $0.legs.map(\.mode) } == [["bike", "rail", "taxi"], ["bike", "rail", "bike"]])
    #expect(answer.journeys[0].arrival < answer.journeys[1].arrival)
    #expect(answer.journeys[1].price?.amount?.minorUnits == 700)
    let explained = Explanation.all(of: answer.journeys, by: [.arrival, .price])
    #expect(explained[0].best == [.arrival] && explained[1].best == [.price])
  }

  @Test("by car, bicycle or taxi all the way is told beside the rides and leaves none out", arguments: [false, true])
  func direct(isBackwards: Bool) throws {
    let home = TemporaryFolder()
    let router = try router(home)
    let moment = try Instant("2026-06-01T09:30:00+02:00")
    let answer = try router.route(
      request {
        ($0.accessWays, $0.egressWays) = ([.bike], [.bike])
        $0.directWays = [.bike, .car, .taxi]
        if isBackwards { $0.time = .arriveBy(moment) }
      })
    let modes = Set(answer.journeys.map { $0.legs.map(\.mode) })
    // 30.8 km are a little more than 40 with detours: nobody is sent there by bicycle.
    #expect(modes == [["bike", "rail", "bike"], ["car"], ["taxi"]])
    for journey in answer.journeys where journey.legs.count == 1 {
      if isBackwards { #expect(journey.arrival == moment) }
      #expect(journey.transfers == 0 && journey.walkMetres == 0)
    }
    let car = try #require(answer.journeys.first { $0.legs[0].mode == "car" })
    #expect(car.price?.isComplete == true && car.price?.products.map(\.name) == ["car"])
    #expect(car.co2Grams > 5000)
  }

  @Test("a place without any stop near can be left by car; a way that is too far is not told")
  func remote() throws {
    let home = TemporaryFolder()
    let router = try router(home)
    let answer = try router.route(
      request {
        $0.from = "51.0,12.0"
        $0.directWays = [.car, .bike]
      })
    #expect(answer.journeys.map { $0.legs.map(\.mode) } == [["car"]])
  }

  @Test("what is not known of a currency is said, and a journey that costs it comes last")
  func unknownPrice() throws {
    let home = TemporaryFolder()
    let router = try router(home, fares: false)
    let answer = try router.route(
      request {
        ($0.accessWays, $0.egressWays) = ([.bike], [.bike, .taxi])
        $0.criteria = [.arrival, .transfers, .price]
      })
    let last = try #require(answer.journeys.first { $0.legs.last?.mode == "taxi" })
    #expect(last.price?.isComplete == false)
    #expect(last.price?.missing.contains { $0.contains("taxi") } == true)
    let priced = try router.route(
      request {
        ($0.accessWays, $0.egressWays) = ([.bike], [.taxi])
        $0.currency = "EUR"
      })
    #expect(priced.journeys.first?.price?.products.map(\.name) == ["taxi"])
  }

  @Test("the tables are read whole")
  func tables() {
    for way in [OwnWay.bike, .car, .taxi] {
      #expect(OwnWays.accessMetres(way) > 1000 && OwnWays.isDirect(way, metres: 1000))
      #expect(OwnWays.seconds(way, metres: 10_000) < FootpathList.seconds(metres: 10_000))
    }
    #expect(OwnWays.accessMetres(.walk) == 0, "walking has its own limit")
    #expect(OwnWays.price(.taxi, length: 10_000, .euro) == 2850, "where only the currency is known")
    #expect(OwnWays.price(.car, length: 10_000, .euro) == 250)
    #expect(OwnWays.taxiPrice(length: 10_000, country: "GR") == Money(minorUnits: 1400, .euro))
    #expect(OwnWays.taxiPrice(length: 10_000, country: "CH").currency.code == "CHF")
    #expect(OwnWays.taxiPrice(length: 0, country: "XX") == Money(minorUnits: 450, .euro), "as the euro area")
    #expect(Emissions.table.rate(of: "car").perKilometre == 167 && Emissions.table.rate(of: "bike").perKilometre == 0)
  }
}
