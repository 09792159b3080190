import Testing

@testable import Planner

@Suite("Nights")
struct NightTests {
  /// 0 home, 1 to 5 on a line; two days of which the first may end at 1 or at 4.
  static func problem(closes: Int, prices: [Int] = [0, 0], money: Int? = nil, sights: [Int] = [5]) throws -> Problem {
    let day = PlanningTests.day(closes: closes)
    return try Problem(
      activities: sights.map { Activity(at: PlaceIndex($0), duration: 5, score: 7) }, days: [day, day],
      travel: PlanningTests.line(6), limits: money.map { [Limit("money", most: $0, of: .money)] } ?? [],
      nights: [
        Night(
          afterDay: 0,
          [.init(at: PlaceIndex(1), price: prices[0]), .init(at: PlaceIndex(4), price: prices[1])])
      ])
  }

  @Test("one sleeps where the next day is worth most")
  func chosen() throws {
    // From 4 to 5 and home: 10 + 5 + 50; from 1 it would be 40 + 5 + 50.
    let plan = try PlanningTests.plan(Self.problem(closes: 65))
    #expect(plan.score == 7)
    #expect(plan.days[0].endPlace == PlaceIndex(4))
    #expect(plan.days[1].startPlace == PlaceIndex(4))
  }

  @Test("a night that is too dear is spent elsewhere, and its price is part of the cost")
  func priced() throws {
    #expect(try PlanningTests.plan(Self.problem(closes: 65, prices: [10, 30], money: 20)).score == 0)
    let plan = try PlanningTests.plan(Self.problem(closes: 65, prices: [10, 30], money: 30))
    #expect((plan.score, plan.cost, plan.days[0].lodgingPrice) == (7, 30, 30))
    // Nothing to gain from the dearer one: the cheaper.
    #expect(try PlanningTests.plan(Self.problem(closes: 100, prices: [10, 30])).cost == 10)
  }

  @Test("a plan whose day begins elsewhere than the night was spent is found out")
  func checked() throws {
    let problem = try Self.problem(closes: 65)
    var plan = try PlanningTests.plan(problem)
    plan.days[1].startPlace = PlaceIndex(1)
    #expect(PlanCheck.violations(of: plan, for: problem).contains(.dayPlaces(day: 1)))
  }

  @Test("if no lodging can be reached that is said")
  func unreachable() throws {
    let problem = try Self.problem(closes: 9)
    #expect(throws: ProblemError.nowhereToSleep) { try Planner(problem) }
  }

  @Test("days are cut by the legs that arrive and depart")
  func cut() {
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 32_400, closes: 79_200)
    let first = day.arriving(at: PlaceIndex(3), 50_000)
    #expect((first.start, first.end, first.opens, first.closes) == (PlaceIndex(3), PlaceIndex(0), 50_000, 79_200))
    let last = day.departing(from: PlaceIndex(3), 60_000)
    #expect((last.start, last.end, last.opens, last.closes) == (PlaceIndex(0), PlaceIndex(3), 32_400, 60_000))
  }

  @Test("no choice of nights beats the bound, and the best one is found", arguments: 1...6 as ClosedRange<UInt64>)
  func optimum(_ seed: UInt64) throws {
    let base = try RandomProblem.make(seed: seed, activities: 7, days: 2, closes: 160)
    let places = [0, 2, 4, 6].map { PlaceIndex($0) }
    func problem(_ lodgings: [PlaceIndex]) throws -> Problem {
      try base.changed { $0.nights = [Night(afterDay: 0, lodgings.map { .init(at: $0) })] }
    }
    // Each lodging alone, by trying all orders.
    let best = try places.compactMap { place -> Int? in
      let days = [
        Day(from: PlaceIndex(0), to: place, opens: 0, closes: 160),
        Day(from: place, to: PlaceIndex(0), opens: 0, closes: 160),
      ]
      let score = ExactPlanner(problem: try base.changed { $0.days = days }).best()
      return score < 0 ? nil : score
    }.max()
    let planner = try Planner(problem(places))
    let plan = planner.plan(SearchRule(seed: seed, steps: 2000))
    #expect(plan.score == best)
    let nothing = planner.plan(SearchRule(seed: seed, steps: 0))
    #expect(planner.upperBound(BoundRule(rounds: 200), knowing: nothing) >= plan.score)
  }

  /// A circle of 24 places, one step apart, walked round in four days; inns stand at every third place.
  static func circle() throws -> Problem {
    let count = 24
    let steps = (0..<count * count).map { cell in
      let apart = abs(cell / count - cell % count)
      return min(apart, count - apart) * 10
    }
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 0, closes: 60)
    let inns = stride(from: 0, to: count, by: 3).map { Night.Lodging(at: PlaceIndex($0)) }
    return try Problem(
      activities: (1..<count).map { Activity(at: PlaceIndex($0), duration: 0, score: 1) },
      days: [Day](repeating: day, count: 4), travel: Travel(placeCount: count, durations: steps),
      nights: (0..<3).map { Night(afterDay: $0, inns) })
  }

  @Test(
    "of many chains of nights every seed finds the one that goes all the way round",
    arguments: 1...5 as ClosedRange<UInt64>)
  func chains(_ seed: UInt64) throws {
    // Six steps a day are just enough for the circle, and only with nights at 6, 12 and 18.
    let plan = try PlanningTests.plan(Self.circle(), steps: 6000, seed: seed)
    #expect(plan.score == 23)
    #expect([6, 18].contains(plan.days[0].endPlace.position))
  }

  @Test("chains of nights follow from the seed and the steps alone")
  func determinism() throws {
    let first = try PlanningTests.plan(Self.circle(), steps: 900, seed: 3)
    #expect(try PlanningTests.plan(Self.circle(), steps: 900, seed: 3) == first)
  }
}
