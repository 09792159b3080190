import Testing

@testable import Planner

/// On foot, which is slow and free, or by taxi, which is fast and dear.
@Suite("Ways to go")
struct WaysTests {
  /// Places on a line: a step takes 10 on foot and is a walk of 1, 2 by taxi, which costs 5.
  static func travel(_ count: Int) -> Travel {
    let steps = (0..<count * count).map { abs($0 / count - $0 % count) }
    return Travel(
      placeCount: count,
      options: [
        .init("on foot", durations: steps.map { $0 * 10 }, walks: steps),
        .init("taxi", durations: steps.map { $0 * 2 }, fares: steps.map { $0 * 5 }),
      ])
  }

  static func problem(closes: Int, money: Int? = nil, walking: Int? = nil) throws -> Problem {
    var limits: [Limit] = []
    if let money { limits.append(Limit("money", most: money, of: .money)) }
    if let walking { limits.append(Limit("walking", most: walking, per: .day, of: .walking)) }
    return try Problem(
      activities: [
        Activity(at: PlaceIndex(1), duration: 5, score: 3), Activity(at: PlaceIndex(2), duration: 5, score: 4),
      ], days: [PlanningTests.day(closes: closes)], travel: travel(3), limits: limits)
  }

  @Test("with time enough one walks; a taxi is taken only where it brings something in, and only there")
  func chosenByLeg() throws {
    // On foot 0-1-2-0 takes 40 and 10 of visits.
    let walked = try PlanningTests.plan(Self.problem(closes: 50))
    #expect((walked.score, walked.cost) == (7, 0))
    // 8 less: one leg of one step by taxi for 5 is enough.
    let hurried = try PlanningTests.plan(Self.problem(closes: 42))
    #expect((hurried.score, hurried.cost) == (7, 5))
    #expect((hurried.days[0].visits.map(\.option) + [hurried.days[0].option]).reduce(0, +) == 1)
    // Without money for it the nearer one has to go.
    #expect(try PlanningTests.plan(Self.problem(closes: 42, money: 4)).score == 3)
  }

  @Test("who may walk little takes a taxi, if there is money")
  func walking() throws {
    let plan = try PlanningTests.plan(Self.problem(closes: 50, walking: 2))
    // Of four steps two are walked: 10 is what two cost.
    #expect((plan.score, plan.cost) == (7, 10))
    #expect(try PlanningTests.plan(Self.problem(closes: 50, money: 9, walking: 2)).score < 7)
  }

  @Test("legs at a departure time are the ways that no other beats")
  func paretoLegs() throws {
    var travel = Self.travel(2)
    travel.options.append(.init("slow taxi", durations: [0, 3, 3, 0], fares: [0, 6, 6, 0]))
    // A night taxi is dearer; before 100 it waits.
    travel.options.append(
      .init(
        "night bus", profile: .init(departures: [0, 100, 200], durations: [0, 101, 101, 0, 0, 1, 1, 0, 0, 1, 1, 0]),
        fares: [0, 4, 4, 0]))
    let day = travel.legs(from: PlaceIndex(0), to: PlaceIndex(1), leaving: 0)
    #expect(day.map(\.option) == [1, 0, 3])
    #expect(day.map(\.duration) == [2, 10, 101])
    let night = travel.legs(from: PlaceIndex(0), to: PlaceIndex(1), leaving: 150)
    #expect(night.map(\.option) == [3, 0])
    #expect(night.map(\.fare) == [4, 0])
  }

  @Test("a leg by a way that the problem does not know is found out")
  func checked() throws {
    let problem = try Self.problem(closes: 50)
    var plan = try PlanningTests.plan(problem)
    plan.days[0].option = 1
    let costs = PlanCheck.violations(of: plan, for: problem).filter {
      if case .sum("cost", 0, _) = $0 { true } else { false }
    }
    #expect(costs.count == 1)
    plan.days[0].option = 2
    #expect(PlanCheck.violations(of: plan, for: problem) == [.unknown(day: 0, visit: 2)])
  }
}
