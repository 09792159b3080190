import Testing

@testable import Planner

@Suite("Wishes and variety")
struct ComfortTests {
  static func problem(
    _ activities: [Activity], closes: Int = 100, varieties: [Variety] = [], _ change: (inout Comfort) -> Void = { _ in }
  ) throws -> Problem {
    var day = PlanningTests.day(closes: closes)
    change(&day.comfort)
    return try Problem(activities: activities, days: [day], travel: PlanningTests.line(3), varieties: varieties)
  }

  @Test("being out late costs its points, and what is not worth them is left out")
  func lateness() throws {
    let activities = [1, 2].map { Activity(at: PlaceIndex($0), duration: 10, score: 5) }
    // Both: 60 of the day; late from 50 on at a point for 2 makes 5.
    let mild = try PlanningTests.plan(
      Self.problem(activities) {
        $0.lateFrom = 50
        $0.lateness = .init(1, per: 3)
      })
    #expect(mild.score == 10 - 3)
    #expect(mild.days[0].discomforts == [.init(kind: .lateness, ticks: 10, points: 3)])
    let strict = try PlanningTests.plan(
      Self.problem(activities) {
        $0.lateFrom = 50
        $0.lateness = .init(1, per: 1)
      })
    #expect(strict.score == 5)
    #expect(strict.days[0].discomforts == [])
  }

  @Test("waiting costs its points; leaving later is no waiting")
  func waiting() throws {
    let late = Activity(at: PlaceIndex(1), duration: 5, score: 3, opening: .everyDay([.init(opens: 60, lastStart: 60)]))
    let alone = try PlanningTests.plan(Self.problem([late]) { $0.waiting = .init(1, per: 10) })
    #expect(alone.score == 3)
    let early = Activity(at: PlaceIndex(1), duration: 5, score: 9, opening: .everyDay([.init(opens: 0, lastStart: 10)]))
    // Done at 15, then 45 of waiting until 60: 4 points, more than the later one is worth.
    let both = try PlanningTests.plan(Self.problem([early, late]) { $0.waiting = .init(1, per: 10) })
    #expect(both.score == 9)
    let patient = try PlanningTests.plan(Self.problem([early, late]) { $0.waiting = .init(1, per: 20) })
    #expect(patient.score == 12 - 2)
    #expect(patient.days[0].discomforts.map(\.kind) == [.waiting])
  }

  @Test("after so long without a rest going on costs; a meal is a rest")
  func rest() throws {
    var activities = [1, 2].map { Activity(at: PlaceIndex($0), duration: 20, score: 9) }
    // Out for 80 without a rest; more than 50 costs a point for 10.
    func wish(_ comfort: inout Comfort) {
      comfort.restAfter = 50
      comfort.restLasts = 20
      comfort.haste = .init(1, per: 10)
    }
    let hasty = try PlanningTests.plan(Self.problem(activities, wish))
    #expect(hasty.score == 18 - 3)
    activities[1].isRest = true
    // One of 10, 20, 10 (40) before the meal, 20 after it; or the meal first.
    let rested = try PlanningTests.plan(Self.problem(activities, wish))
    #expect(rested.score == 18)
  }

  @Test("the third of a kind is worth less, and one that is worth nothing any more stays out")
  func variety() throws {
    let activities = (0..<3).map { _ in Activity(at: PlaceIndex(1), duration: 1, score: 5) }
    let all = (0..<3).map { ActivityIndex($0) }
    let plan = try PlanningTests.plan(Self.problem(activities, varieties: [Variety("museum", all, losses: [0, 2, 6])]))
    #expect(plan.score == 5 + 3)
    #expect(plan.repetitions == [.init(variety: 0, count: 2, points: 2)])
    let lines = try Planner(Self.problem(activities, varieties: [Variety("museum", all, losses: [0, 2])]))
    let tired = lines.plan(AnswerTests.rule)
    #expect(tired.score == 15 - 4)
    #expect(lines.explain(tired, name: { "\($0.position)" }, clock: { "\($0)" }).contains("3 times museum: -4"))
  }

  @Test("a plan that hides its discomfort is found out")
  func checked() throws {
    let problem = try Self.problem([Activity(at: PlaceIndex(2), duration: 10, score: 9)]) {
      $0.lateFrom = 40
      $0.lateness = .init(1, per: 5)
    }
    var plan = try PlanningTests.plan(problem)
    #expect(plan.score == 7)
    plan.score = 9
    #expect(PlanCheck.violations(of: plan, for: problem) == [.sum(of: "score", said: 9, found: 7)])
  }

  @Test("preferred hours and a season are told with the visit")
  func reasons() throws {
    var activity = Activity(
      at: PlaceIndex(1), duration: 5, score: 9, price: 4,
      opening: .everyDay([.init(opens: 0, lastStart: 80), .init(opens: 40, lastStart: 50, bonus: 3)]))
    activity.dayBonuses = [-2]
    activity.daySurcharges = [1]
    let planner = try Planner(Self.problem([activity]))
    let plan = planner.plan(AnswerTests.rule)
    #expect((plan.score, plan.cost) == (10, 5))
    let line = planner.explain(plan, name: { _ in "tower" }, clock: { "\($0)" })[1]
    #expect(line == "  40-45 tower, at the latest 50, costs 5, hours +3, season -2")
  }
}
