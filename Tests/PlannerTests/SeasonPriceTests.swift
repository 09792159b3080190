import Kernel
import Testing

@testable import Planner

/// Prices by type of traveller that change with the season.
@Suite("Prices by season and type")
struct SeasonPriceTests {
  static let adult = TravellerType("adult")
  static let child = TravellerType("child")

  /// The last Sunday of May and the first Tuesday of June; the season begins with June.
  static func outline(_ attractions: [Attraction]) throws -> TripOutline {
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 0, closes: 80_000)
    var outline = TripOutline(
      dates: [try LocalDate("2026-05-31"), try LocalDate("2026-06-02")], days: [day, day], attractions: attractions,
      travel: PlanningTests.line(4))
    outline.travellers = [adult: 3, child: 1]
    return outline
  }

  /// 5 for an adult and 3 for a child, in the season half as much again.
  static func museum() -> Attraction {
    var museum = Attraction("museum", at: PlaceIndex(1), stay: .fixed(3600), score: 10)
    museum.price = 5
    museum.prices = [child: 3]
    museum.kind = "museum"
    museum.seasons = [Season("summer", months: [6, 7, 8], pricePercent: 150)]
    return museum
  }

  static func plan(_ outline: TripOutline) throws -> Plan {
    let problem = try outline.problem()
    let plan = try PlanningTests.plan(problem, steps: 3000)
    #expect(PlanCheck.violations(of: plan, for: problem).allSatisfy { if case .missing = $0 { true } else { false } })
    return plan
  }

  @Test("everybody pays the season's price of their own type, rounded for each, and all together what they pay")
  func sums() throws {
    // 3 · 5 + 3 before the season, which is cheaper.
    var museum = Self.museum()
    let open = try Self.plan(Self.outline([museum]))
    #expect((open.cost, open.days[0].visits.count) == (18, 1))
    // 3 · 7 + 4 in it: halves are nobody's to pay.
    museum.wish = .pinned(day: 1, at: nil)
    let pinned = try Self.plan(Self.outline([museum]))
    #expect((pinned.cost, pinned.days[1].visits.first?.price) == (25, 25))
  }

  @Test("a person's cap counts the season's price of the type: too dear in summer is cheap enough in May")
  func caps() throws {
    var museum = Self.museum()
    for (type, price) in [(Self.adult, 7), (Self.child, 4)] {
      var outline = try Self.outline([museum])
      outline.personCaps = [type: price - 1]
      #expect(try Self.plan(outline).days.map(\.visits.count) == [1, 0])
    }
    museum.wish = .pinned(day: 1, at: nil)
    for (type, price) in [(Self.adult, 7), (Self.child, 4)] {
      var outline = try Self.outline([museum])
      outline.personCaps = [type: price]
      #expect(try Self.plan(outline).mandatoryKept == 1)
      outline.personCaps = [type: price - 1]
      let planner = try Planner(outline.problem())
      let omission = try #require(planner.omissions(of: planner.plan(AnswerTests.rule)).first)
      #expect(outline.sentence(omission) == "money of one \(type.name) would have to be 1 more")
    }
  }

  @Test("the budget of a kind counts what all types pay in the season")
  func kinds() throws {
    var museum = Self.museum()
    museum.wish = .pinned(day: 1, at: nil)
    var outline = try Self.outline([museum])
    outline.kindBudgets = ["museum": 25]
    #expect(try Self.plan(outline).mandatoryKept == 1)
    outline.kindBudgets = ["museum": 24]
    let planner = try Planner(outline.problem())
    let omission = try #require(planner.omissions(of: planner.plan(AnswerTests.rule)).first)
    #expect(outline.sentence(omission) == "money for museum would have to be 1 more")
  }

  @Test(
    "of all ways to share attractions out over the days the best within all caps is found",
    arguments: 1...12 as ClosedRange<UInt64>)
  func optimum(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let attractions = (0..<5).map { number -> Attraction in
      var attraction = Attraction(
        "\(number)", at: PlaceIndex(1), stay: .fixed(60), score: Int.random(in: 5...20, using: &random))
      attraction.price = Int.random(in: 3...9, using: &random)
      attraction.prices = [Self.child: Int.random(in: 0...5, using: &random)]
      let percents = [50, 80, 130, 170]
      attraction.seasons = [
        Season(
          "summer", months: [6], scorePercent: percents[Int.random(in: 0..<4, using: &random)],
          pricePercent: percents[Int.random(in: 0..<4, using: &random)])
      ]
      return attraction
    }
    var outline = try Self.outline(attractions)
    let caps = [Self.adult: Int.random(in: 8...20, using: &random), Self.child: Int.random(in: 4...10, using: &random)]
    outline.personCaps = caps
    outline.budget = Int.random(in: 25...70, using: &random)
    var best = 0
    // Each in no day, in May or in June.
    for code in 0..<243 {
      var (rest, score, adult, child) = (code, 0, 0, 0)
      for attraction in attractions {
        let (place, season) = (rest % 3, attraction.seasons[0])
        rest /= 3
        func changed(_ amount: Int, _ percent: Int) -> Int { place == 2 ? amount * percent / 100 : amount }
        if place == 0 { continue }
        score += changed(attraction.score, season.scorePercent)
        adult += changed(attraction.price, season.pricePercent)
        child += changed(attraction.prices[Self.child] ?? 0, season.pricePercent)
      }
      let isWithin =
        adult <= caps[Self.adult] ?? 0 && child <= caps[Self.child] ?? 0 && 3 * adult + child <= outline.budget ?? 0
      if isWithin { best = max(best, score) }
    }
    #expect(try Self.plan(outline).score == best, "seed \(seed)")
  }
}
