import Kernel
import Testing

@testable import Planner

/// A trip told in the words of guides.
@Suite("Outlines")
struct OutlineTests {
  // 2026-06-01 is a Monday.
  static func outline(_ attractions: [Attraction], days: Int = 2) throws -> TripOutline {
    let first = try LocalDate("2026-06-01")
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 32_400, closes: 72_000)
    return TripOutline(
      dates: (0..<days).map { first.adding(days: $0) }, days: [Day](repeating: day, count: days),
      attractions: attractions, travel: PlanningTests.line(4))
  }

  static func museum(_ name: String = "museum", at place: Int = 1) throws -> Attraction {
    var museum = Attraction(name, at: PlaceIndex(place), stay: .fixed(3600), score: 10)
    museum.hours = try OpeningHours("Tu-Su 10:00-18:00")
    return museum
  }

  static func plan(_ outline: TripOutline) throws -> Plan {
    try PlanningTests.plan(outline.problem(), steps: 300)
  }

  @Test("hours count by date, last admission and closed dates cut them")
  func hours() throws {
    var museum = try Self.museum()
    museum.lastAdmission = 7200
    let windows = try Self.outline([museum]).problem().activities[0].opening
    #expect(windows == .eachDay([[], [StartWindow(opens: 36_000, lastStart: 57_600, closes: 64_800)]]))
    museum.closedDates = [try LocalDate("2026-06-02")]
    let outline = try Self.outline([museum])
    let planner = try Planner(outline.problem())
    let omission = try #require(planner.omissions(of: planner.plan(AnswerTests.rule)).first)
    #expect(omission.reason == .closed)
    #expect(outline.sentence(omission).hasPrefix("it is closed on all days"))
  }

  @Test("what must be booked earlier is not offered, and that is said")
  func booking() throws {
    var museum = try Self.museum()
    museum.bookingLeadDays = 2
    var outline = try Self.outline([museum])
    outline.today = try LocalDate("2026-05-31")
    #expect(try Self.plan(outline).score == 10)
    outline.today = try LocalDate("2026-06-01")
    let planner = try Planner(outline.problem())
    let omission = try #require(planner.omissions(of: planner.plan(AnswerTests.rule)).first)
    #expect(outline.sentence(omission).hasPrefix("it has to be booked 2 days before"))
  }

  @Test("everybody pays the price of their type, and nobody more than their cap")
  func prices() throws {
    var museum = try Self.museum()
    museum.price = 12
    museum.prices = [TravellerType("child"): 5]
    var outline = try Self.outline([museum])
    outline.travellers = [TravellerType("adult"): 2, TravellerType("child"): 1]
    #expect(try Self.plan(outline).cost == 2 * 12 + 5)
    outline.personCaps = [TravellerType("adult"): 12, TravellerType("child"): 5]
    #expect(try Self.plan(outline).score == 10)
    outline.personCaps = [TravellerType("child"): 4]
    #expect(try Self.plan(outline).score == 0)
  }

  @Test("a season changes score and price, and has a name")
  func seasons() throws {
    var museum = try Self.museum()
    museum.price = 10
    museum.seasons = [Season("crowds", months: [6, 7], scorePercent: 80, pricePercent: 150)]
    let outline = try Self.outline([museum])
    let plan = try Self.plan(outline)
    #expect((plan.score, plan.cost) == (8, 15))
    let visit = try #require(plan.days[1].visits.first)
    #expect(visit.dayBonus == -2)
    #expect(outline.seasons(of: visit, on: 1) == ["crowds"])
  }

  @Test("staying on brings ever less")
  func stays() {
    let stay = Stay.range(shortest: 60, longest: 180, steps: 4, leastPercent: 60)
    let variants = stay.variants(score: 160, price: 3)
    #expect(variants.map(\.duration) == [180, 150, 120, 90, 60])
    // 40 hundredths of 160 are 64; of the sixteenths 1, 4, 9, 16 are missing.
    #expect(variants.map(\.score) == [160, 156, 144, 124, 96])
  }

  @Test("kinds have caps and budgets, meals one place a day, tags ever less")
  func caps() throws {
    var museums = try (0..<3).map { try Self.museum("museum \($0)", at: 1) }
    for index in museums.indices {
      (museums[index].kind, museums[index].tags, museums[index].price) = ("museum", ["art"], 10)
    }
    var outline = try Self.outline(museums)
    outline.kindCaps = ["museum": 2]
    #expect(try Self.plan(outline).score == 20)
    outline.varietyLosses = [0, 4]
    #expect(try Self.plan(outline).score == 16)
    outline.kindBudgets = ["museum": 19]
    #expect(try Self.plan(outline).score == 10)
    var inns = (0..<3).map { Attraction("inn \($0)", at: PlaceIndex($0 + 1), stay: .fixed(3600), score: 4) }
    for index in inns.indices { inns[index].meals = ["lunch"] }
    var table = try Self.outline(inns)
    table.meals = [Meal("lunch", from: 43_200, until: 50_400, isMandatory: true)]
    let plan = try Self.plan(table)
    #expect(plan.days.map(\.visits.count) == [1, 1])
    #expect(plan.days.allSatisfy { $0.visits.allSatisfy { (43_200...50_400).contains($0.start) } })
    #expect(plan.mandatoryKept == 2)
  }

  @Test("what is pinned, excluded, preferred or an alternative is kept to")
  func wishes() throws {
    var attractions = try (0..<3).map { try Self.museum("museum \($0)", at: $0 + 1) }
    attractions[0].wish = .excluded
    attractions[1].wish = .pinned(day: 0, at: 40_000)
    attractions[2].preferred = [StartWindow(opens: 54_000, lastStart: 57_600, bonus: 2)]
    let outline = try Self.outline(attractions)
    let planner = try Planner(outline.problem())
    let plan = planner.plan(AnswerTests.rule)
    #expect(plan.activities == [[ActivityIndex(1)], [ActivityIndex(2)]])
    #expect(plan.days[0].visits[0].start == 40_000)
    #expect((54_000...57_600).contains(plan.days[1].visits[0].start))
    #expect(plan.score == 22)
    let omission = try #require(planner.omissions(of: plan).first)
    #expect(outline.sentence(omission).hasPrefix("you left it out"))
    var either = try Self.outline(try (0..<2).map { try Self.museum("museum \($0)", at: $0 + 1) })
    either.alternatives = [[0, 1]]
    #expect(try Self.plan(either).score == 10)
  }

  @Test("as many dates as days are asked for")
  func dates() throws {
    var outline = try Self.outline([])
    outline.dates.removeLast()
    #expect(throws: ProblemError.dates(found: 1, needed: 2)) { try outline.problem() }
  }
}
