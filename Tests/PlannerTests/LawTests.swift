import Kernel
import Testing

@testable import Planner

/// What must hold for every problem, tried on small ones drawn at random; the argument is the seed.
@Suite("Laws of planning")
struct LawTests {
  static func small(_ seed: UInt64, days: Int = 1, budget: Int? = nil, closes: Int = 300) throws -> Problem {
    try RandomProblem.make(seed: seed, activities: 7, days: days, windows: Int(seed % 3) + 1, closes: closes) {
      _, limits in
      if let budget { limits = [Limit("money", most: budget, of: .money)] }
    }
  }

  @Test(
    "the search finds the best of small problems, and the bound is never below it",
    arguments: 1...12 as ClosedRange<UInt64>)
  func optimum(_ seed: UInt64) throws {
    let problem = try Self.small(seed, days: Int(seed % 2) + 1, budget: seed % 4 == 0 ? 15 : nil)
    let best = ExactPlanner(problem: problem).best()
    let planner = try Planner(problem)
    let plan = planner.plan(SearchRule(seed: seed, steps: 2000))
    #expect(PlanCheck.violations(of: plan, for: problem) == [])
    #expect(plan.score == best)
    // Knowing nothing, so that the bound does not stop early.
    let nothing = planner.plan(SearchRule(seed: seed, steps: 0))
    let bound = planner.upperBound(BoundRule(rounds: 200), knowing: nothing)
    #expect(bound >= best)
    #expect(planner.upperBound(BoundRule(rounds: 200), knowing: plan) >= best)
  }

  @Test("more money, more time or another place never lowers the optimum", arguments: 1...8 as ClosedRange<UInt64>)
  func moreIsNeverLess(_ seed: UInt64) throws {
    let problem = try Self.small(seed, budget: 15)
    let best = ExactPlanner(problem: problem).best()
    let richer = try problem.limiting(LimitIndex(0), to: 25)
    let longer = try problem.changed { $0.days[0].closes += 50 }
    let fewer = try problem.changed { $0.activities.removeLast() }
    for more in [richer, longer] {
      let optimum = ExactPlanner(problem: more).best()
      #expect(optimum >= best)
      // The search finds both, so that its answers have this property too.
      #expect(try Planner(more).plan(SearchRule(seed: seed, steps: 2000)).score == optimum)
    }
    #expect(ExactPlanner(problem: fewer).best() <= best)
    #expect(try Planner(fewer).plan(SearchRule(seed: seed, steps: 2000)).score <= best)
  }

  @Test(
    "another way to go never lowers what is found, and no plan beats the bound", arguments: 1...5 as ClosedRange<UInt64>
  )
  func waysAndBounds(_ seed: UInt64) throws {
    let base = try Self.small(seed, days: 2, budget: 40, closes: 200)
    let tags = [Variety("odd", [1, 3, 5].map { ActivityIndex($0) }, losses: [0, 1, 2])]
    let walked = try base.changed { $0.varieties = tags }
    let ridden = try walked.changed { parts in
      let durations = parts.travel.options[0].durations
      parts.travel.options.append(.init("taxi", durations: durations.map { $0 / 3 }, fares: durations.map { $0 / 8 }))
      for day in parts.days.indices {
        parts.days[day].comfort.lateFrom = 150
        parts.days[day].comfort.lateness = .init(0, per: 1)
      }
    }
    let scores = try [walked, ridden].map { problem in
      let planner = try Planner(problem)
      let plan = planner.plan(SearchRule(seed: seed, steps: 2500))
      #expect(PlanCheck.violations(of: plan, for: problem) == [])
      let nothing = planner.plan(SearchRule(seed: seed, steps: 0))
      #expect(planner.upperBound(BoundRule(rounds: 200), knowing: nothing) >= plan.score)
      return plan.score
    }
    #expect(scores[1] >= scores[0])
  }

  @Test("relabelling the activities changes nothing", arguments: 1...6 as ClosedRange<UInt64>)
  func relabelling(_ seed: UInt64) throws {
    let problem = try Self.small(seed, days: 2)
    let turned = try Problem(
      activities: problem.activities.reversed(), days: problem.days, travel: problem.travel)
    let rule = SearchRule(seed: seed, steps: 3000)
    #expect(try Planner(problem).plan(rule).score == Planner(turned).plan(rule).score)
  }

  @Test("relabelling the places changes nothing", arguments: 1...4 as ClosedRange<UInt64>)
  func relabelledPlaces(_ seed: UInt64) throws {
    let problem = try Self.small(seed, days: 2)
    let count = problem.travel.placeCount
    // Place p is called count - 1 - p.
    let turned = try problem.changed { parts in
      parts.travel.options[0].durations.reverse()
      func renamed(_ place: PlaceIndex) -> PlaceIndex { PlaceIndex(count - 1 - place.position) }
      for index in parts.activities.indices { parts.activities[index].place = renamed(parts.activities[index].place) }
      for index in parts.days.indices {
        parts.days[index].start = renamed(parts.days[index].start)
        parts.days[index].end = renamed(parts.days[index].end)
      }
    }
    let rule = SearchRule(seed: seed, steps: 1000)
    let (plan, other) = try (Planner(problem).plan(rule), Planner(turned).plan(rule))
    #expect(plan.activities == other.activities)
    #expect((plan.score, plan.cost, plan.travelTime) == (other.score, other.cost, other.travelTime))
  }

  @Test("whatever is asked for, the plan keeps every rule", arguments: 1...4 as ClosedRange<UInt64>)
  func everyPlanIsChecked(_ seed: UInt64) throws {
    let base = try RandomProblem.make(seed: seed, activities: 25, days: 3, windows: 2) { activities, limits in
      limits = [
        Limit("money", most: 40, of: .money), Limit("pace", most: 4, per: .day),
        Limit("walking", most: 150, per: .day, of: .walking),
      ]
      for index in activities.indices {
        activities[index].uses = [.init(of: LimitIndex(1), amount: 1)]
        activities[index].dayBonuses = [index % 3, 0, -(index % 2)]
        if index % 5 == 0 { activities[index].variants.append(.init(duration: 3, score: 2)) }
        if index % 7 == 0 { activities[index].isMandatory = true }
      }
    }
    var travel = base.travel
    travel.options[0].walks = travel.options[0].durations
    travel.options[0].fares = travel.options[0].durations.map { $0 / 60 }
    let problem = try Problem(
      activities: base.activities, days: base.days, travel: travel, limits: base.limits,
      groups: [ActivityGroup("lunch", [3, 4, 6].map { ActivityIndex($0) }, per: .day)],
      precedences: [Precedence(ActivityIndex(1), before: ActivityIndex(2))])
    let plan = try Planner(problem).plan(SearchRule(seed: seed, steps: 1200))
    let violations = PlanCheck.violations(of: plan, for: problem).filter {
      if case .missing = $0 { false } else { true }
    }
    #expect(violations == [])
    #expect(plan.score > 0)
  }

  @Test("days of several plans, combined anew, visit nothing twice", arguments: 1...5 as ClosedRange<UInt64>)
  func combinedDays(_ seed: UInt64) throws {
    let problem = try RandomProblem.make(seed: seed, activities: 40, days: 4, closes: 250)
    let plan = try Planner(problem).plan(SearchRule(seed: seed, steps: 2500))
    #expect(PlanCheck.violations(of: plan, for: problem) == [])
  }

  @Test("a wrong plan is found out")
  func checkFindsFaults() throws {
    let problem = try Self.small(3)
    let plan = try Planner(problem).plan(SearchRule(seed: 1, steps: 500))
    #expect(plan.days[0].visits.count > 1)
    var early = plan
    early.days[0].visits[1].arrival -= 1
    early.days[0].visits[1].start -= 1
    early.days[0].visits[1].end -= 1
    #expect(PlanCheck.violations(of: early, for: problem) != [])
    var twice = plan
    twice.days[0].visits.append(plan.days[0].visits[0])
    #expect(PlanCheck.violations(of: twice, for: problem).contains(.twice(plan.days[0].visits[0].activity)))
    var boasting = plan
    boasting.score += 1
    #expect(
      PlanCheck.violations(of: boasting, for: problem) == [.sum(of: "score", said: plan.score + 1, found: plan.score)])
  }
}
