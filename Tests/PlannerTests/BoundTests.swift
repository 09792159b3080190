import Testing

@testable import Planner

@Suite("Bounds")
struct BoundTests {
  /// A day on which much fits, open all day: what exact labels are too many for.
  static func wide(_ seed: UInt64, activities: Int, days: Int) throws -> Problem {
    try RandomProblem.make(seed: seed, activities: activities, days: days, closes: 600) { activities, _ in
      for index in activities.indices { activities[index].opening = .always }
    }
  }

  @Test("merged labels never make a bound below the best plan", arguments: 1...10 as ClosedRange<UInt64>)
  func merged(_ seed: UInt64) throws {
    let problem = try LawTests.small(seed, days: Int(seed % 2) + 1, budget: seed % 3 == 0 ? 15 : nil)
    let best = ExactPlanner(problem: problem).best()
    let planner = try Planner(problem)
    for slices in [4, 96] {
      var search = BoundSearch(planner.instance)
      search.mergeLabels()
      search.sliceCount = slices
      search.run(BoundRule(rounds: 200), known: [], score: 0)
      #expect(search.bound >= best)
    }
  }

  @Test("whenever the search for a bound ends, its bound holds", arguments: 1...4 as ClosedRange<UInt64>)
  func anyTime(_ seed: UInt64) throws {
    let problem = try LawTests.small(seed, days: 2)
    let best = ExactPlanner(problem: problem).best()
    let planner = try Planner(problem)
    let nothing = planner.plan(SearchRule(seed: seed, steps: 0))
    var last = Int.max
    for rounds in 0...6 {
      let bound = planner.upperBound(BoundRule(rounds: rounds), knowing: nothing)
      #expect(bound >= best)
      // More rounds never make it worse.
      #expect(bound <= last)
      last = bound
      var asked = 0
      let stopped = BoundRule(progress: {
        asked += 1
        return Double(asked) / Double(5 + 7 * rounds)
      })
      #expect(planner.upperBound(stopped, knowing: nothing) >= best)
    }
  }

  @Test("a long day with everything open has a bound that says something within a few rounds")
  func wideDay() throws {
    let problem = try Self.wide(5, activities: 26, days: 1)
    let planner = try Planner(problem)
    let plan = planner.plan(SearchRule(seed: 1, steps: 3000))
    let all = problem.activities.reduce(0) { $0 + $1.variants[0].score }
    let search = planner.boundSearch(BoundRule(rounds: 8), knowing: plan)
    #expect(search.bound >= plan.score)
    #expect(search.bound - plan.score < (all - plan.score) / 2)
  }
}
