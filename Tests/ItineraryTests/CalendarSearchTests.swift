import Catalogue
import Kernel
import TestPace
import Testing

@testable import Itinerary

@Suite("Calendars", .heavy)
struct CalendarSearchTests {
  /// Journeys and stays of random prices; each night in a city is worth something, the more the later in the week.
  private struct World {
    let request: TripRequest
    let legs: [[[CalendarSearch.Leg]]]
    let stays: [[Double]]

    init(_ request: TripRequest, seed: UInt64) {
      self.request = request
      var random = SeededRandom(seed: seed)
      let places = request.destinations.count + 1
      legs = (0..<places).map { _ in
        (0..<places).map { _ in
          let price = Double.random(in: 20...200, using: &random)
          let day = CalendarSearch.Leg(price: price, nightsAway: 0)
          let isOvernight = Int.random(in: 0..<3, using: &random) == 0
          return isOvernight ? [day, CalendarSearch.Leg(price: price / 2, nightsAway: 1)] : [day]
        }
      }
      stays = request.destinations.map { _ in (0..<7).map { _ in .random(in: -120...40, using: &random) } }
    }

    func search(setsKept: Int?) -> CalendarSearch {
      CalendarSearch(
        request: request, setsKept: setsKept, legs: { from, to, _ in legs[from][to] },
        stay: { city, day, nights in (day..<(day + nights)).reduce(0) { $0 + stays[city][$1 % 7] } })
    }
  }

  private func request(_ cities: [String], optional: Int = 0) throws -> TripRequest {
    let list = cities.enumerated().map { place, name in
      #"{"place":"\#(name)","nights":{"min":1,"max":3},"optional":\#(place < optional)}"#
    }.joined(separator: ",")
    return try SampleWorld.load().question(
      """
      {"origin":"Paris","destinations":[\(list)],"dates":{"earliest":"2026-06-01","latest":"2026-06-24"}}
      """)
  }

  private static let cities = ["Amsterdam", "Berlin", "Vienna", "Rome", "Madrid", "London", "Budapest"]

  @Test("what is gone on from few sets is a calendar no better than the best, and the bound is below both")
  func bounds() throws {
    var (gaps, exact) = (0.0, 0.0)
    for seed in UInt64(1)...6 {
      let request = try request(Array(Self.cities.prefix(5)), optional: Int(seed % 3))
      let world = World(request, seed: seed)
      let best = try #require(try world.search(setsKept: nil).calendars().first)
      let wide = try #require(try world.search(setsKept: 1000).calendars().first)
      #expect(wide.calendar == best.calendar, "seed \(seed)")
      let narrow = world.search(setsKept: 3)
      let some = try #require(try narrow.calendars().first)
      #expect(some.price >= best.price - 1e-9, "seed \(seed)")
      let bound = try #require(try CalendarBound(narrow).price(below: some.price))
      #expect(bound <= best.price + 1e-6, "seed \(seed): \(bound) is no bound of \(best.price)")
      gaps += some.price - bound
      exact += abs(best.price)
    }
    // A bound that says nothing would be as far away as the prices are large.
    #expect(gaps < exact / 2, "\(gaps) of \(exact)")
  }

  @Test("more cities than can be ordered exactly are planned, with what another order could gain")
  func many() throws {
    let world = try SampleWorld.load()
    let names = (Self.cities + ["Prague", "Munich"]).map { #""\#($0)""# }.joined(separator: ",")
    let request = try world.question(
      """
      {"origin":"Paris","destinations":[\(names)],"dates":{"start":"2026-06-01","end":"2026-06-12"}}
      """)
    var effort = TripEffort.quick
    effort.calendarsMax = 1
    let answer = try TripPlanner(world.ground, effort: effort).plan(request)
    let option = try #require(answer.options.first)
    #expect(Set(option.stays.map(\.city.name)).count == 9)
    let gap = try #require(answer.orderGap)
    #expect(!gap.isNegative)
    #expect(try TripCheck(world: world).violations(answer).isEmpty)
  }
}
