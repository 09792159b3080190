import Testing

@testable import Planner

@Suite("Answers")
struct AnswerTests {
  static var rule: SearchRule { SearchRule(seed: 1, steps: 1500) }

  @Test("what is left out has its reason: closed, too far, too dear, no time")
  func omissions() throws {
    let activities = [
      Activity(at: PlaceIndex(1), duration: 5, score: 9),
      Activity(at: PlaceIndex(1), duration: 5, score: 1, opening: .everyDay([])),
      Activity(at: PlaceIndex(9), duration: 5, score: 1),
      Activity(at: PlaceIndex(1), duration: 5, score: 1, price: 12),
      Activity(at: PlaceIndex(1), duration: 31, score: 1),
    ]
    // 10 there, 5 of visit, 10 back: 25 of 55, so 31 more lack 1.
    let problem = try Problem(
      activities: activities, days: [PlanningTests.day(closes: 55)], travel: PlanningTests.line(10),
      limits: [Limit("money", most: 10, of: .money)])
    let planner = try Planner(problem)
    let plan = planner.plan(Self.rule)
    #expect(plan.activities == [[ActivityIndex(0)]])
    #expect(
      planner.omissions(of: plan).map(\.reason) == [
        .closed, .tooFar, .limit(LimitIndex(0), lacking: 2), .noTime(day: 0, lacking: 1),
      ])
    let lines = planner.explain(plan, name: { "A\($0.position)" }, clock: { "\($0)" })
    #expect(lines[0] == "day 1, 0 to 25")
    #expect(lines[1] == "  10-15 A0, at the latest 40")
    #expect(lines.count == 6)
  }

  @Test("what is left out names the limit or group in the caller's words, and so does what could give way")
  func names() throws {
    let sight = Activity(at: PlaceIndex(1), duration: 5, score: 9)
    var ticket = Activity(at: PlaceIndex(1), duration: 5, score: 1)
    ticket.uses = [.init(of: LimitIndex(1), amount: 7)]
    ticket.isMandatory = true
    let steps = (0..<16).map { abs($0 / 4 - $0 % 4) * 10 }
    let far = Activity(at: PlaceIndex(3), duration: 5, score: 1)
    let problem = try Problem(
      activities: [sight, ticket, far, Activity(at: PlaceIndex(1), duration: 5, score: 1)],
      days: [PlanningTests.day(closes: 100)],
      travel: Travel(placeCount: 4, durations: steps, walks: steps),
      limits: [
        Limit("walking", most: 40, per: .day, of: .walking), Limit("money of one child", most: 4), Limit("", most: 0),
      ],
      groups: [ActivityGroup("lunch", [ActivityIndex(0), ActivityIndex(3)])])
    let planner = try Planner(problem)
    let omissions = planner.omissions(of: planner.plan(Self.rule))
    #expect(
      omissions.map(\.description) == [
        "money of one child would have to be 3 more",
        // To the third place and back one walks 60.
        "walking would have to be 20 more",
        "lunch is settled; it would replace what was chosen",
      ])
    let relaxations = try planner.relaxations(Self.rule)
    #expect(
      relaxations.map { problem.sentence($0, name: { "A\($0.position)" }) } == ["raise money of one child to 7"])
    #expect(problem.sentence(.raise(LimitIndex(2), to: 5), name: { _ in "" }) == "raise limit 2 to 5")
    #expect(problem.sentence(.drop(ActivityIndex(1)), name: { "A\($0.position)" }) == "do without A1")
  }

  @Test("the frontier over money rises, and a coin more is worth what it brings")
  func frontier() throws {
    let prices = [10, 20, 40]
    let activities = prices.map { Activity(at: PlaceIndex(1), duration: 1, score: $0 / 10, price: $0) }
    let problem = try Problem(
      activities: activities, days: [PlanningTests.day(closes: 100)], travel: PlanningTests.line(2),
      limits: [Limit("money", most: 1000, of: .money)])
    let points = try Planner(problem).frontier(over: LimitIndex(0), points: 7, each: Self.rule)
    #expect(points.map(\.limit) == [10, 20, 30, 40, 50, 60, 70])
    #expect(points.map(\.plan.score) == [1, 2, 3, 4, 5, 6, 7])
    #expect(points.dropFirst().allSatisfy { $0.shadowPrice == 0.1 })
  }

  @Test("a repaired plan keeps what can stay where it was")
  func repair() throws {
    var activities = (0..<4).map { Activity(at: PlaceIndex($0 + 1), duration: 5, score: 5) }
    func problem() throws -> Problem {
      try Problem(
        activities: activities, days: [PlanningTests.day(closes: 70), PlanningTests.day(closes: 110)],
        travel: PlanningTests.line(5))
    }
    let old = try Planner(problem()).plan(Self.rule)
    #expect(old.score == 20)
    let closed = try #require(old.days[1].visits.first?.activity)
    activities[closed.position].opening = .everyDay([])
    let repair = try Planner(problem()).repair(old, Self.rule)
    #expect(repair.dropped == [closed])
    #expect(repair.moved == [] && repair.added == [])
    #expect(repair.kept.count == 3)
    #expect(repair.scoreLost == 5)
  }

  @Test("what cannot be has its smallest mend, no larger than needed")
  func relaxations() throws {
    var first = Activity(at: PlaceIndex(1), duration: 5, score: 1, price: 8)
    var second = Activity(at: PlaceIndex(2), duration: 5, score: 1, price: 8)
    first.isMandatory = true
    second.isMandatory = true
    func planner(closes: Int, money: Int) throws -> Planner {
      try Planner(
        Problem(
          activities: [first, second], days: [PlanningTests.day(closes: closes)], travel: PlanningTests.line(3),
          limits: [Limit("money", most: money, of: .money)]))
    }
    #expect(try planner(closes: 50, money: 16).relaxations(Self.rule) == [])
    #expect(try planner(closes: 50, money: 15).relaxations(Self.rule) == [.raise(LimitIndex(0), to: 16)])
    #expect(try planner(closes: 48, money: 16).relaxations(Self.rule) == [.lengthen(day: 0, by: 2)])
    // Two ways of giving way would do as well, but one is less.
    let fewest = try planner(closes: 48, money: 15).relaxations(Self.rule)
    #expect(fewest == [.drop(ActivityIndex(0))] || fewest == [.drop(ActivityIndex(1))])
  }

  @Test("the frontier over pace falls off where days are given less")
  func paceFrontier() throws {
    var activities = (1...3).map { Activity(at: PlaceIndex(1), duration: 10, score: $0) }
    for index in activities.indices { activities[index].uses = [.init(of: LimitIndex(0), amount: 10)] }
    let problem = try Problem(
      activities: activities, days: [PlanningTests.day(closes: 100)], travel: PlanningTests.line(2),
      limits: [Limit("hours on one's feet", most: 60, per: .day)])
    let points = try Planner(problem).frontier(over: LimitIndex(0), points: 3, each: Self.rule)
    #expect(points.map(\.limit) == [10, 20, 30])
    #expect(points.map(\.plan.score) == [3, 5, 6])
  }

  @Test("an answer says how far from the best it may be")
  func verdict() throws {
    let problem = try RandomProblem.make(seed: 2, activities: 12, days: 2)
    let answer = try Planner(problem).answer(SearchRule(seed: 1, steps: 4000), bound: BoundRule(rounds: 300))
    #expect(answer.upperBound >= answer.plan.score)
    #expect(answer.verdict == "proved optimal" || answer.verdict.hasSuffix("from the best possible"))
    var worse = answer
    worse.upperBound = 1000
    worse.plan.score = 992
    #expect(worse.verdict == "at most 0.8 % from the best possible")
  }

  @Test("a late train cuts the first day, and the repair says what it cost")
  func lateTrain() throws {
    let activities = (0..<4).map { Activity(at: PlaceIndex($0 + 1), duration: 5, score: 5, price: $0) }
    let whole = try Problem(
      activities: activities, days: [PlanningTests.day(closes: 70), PlanningTests.day(closes: 110)],
      travel: PlanningTests.line(5))
    let old = try Planner(whole).plan(Self.rule)
    let late = try whole.changed { $0.days[1] = $0.days[1].arriving(at: PlaceIndex(0), 60) }
    let repair = try Planner(late).repair(old, Self.rule)
    #expect(repair.scoreLost == old.score - repair.plan.score && repair.scoreLost > 0)
    #expect(repair.costMore == repair.plan.cost - old.cost)
    #expect(repair.dropped.count == repair.scoreLost / 5)
    #expect(PlanCheck.violations(of: repair.plan, for: late) == [])
  }
}
