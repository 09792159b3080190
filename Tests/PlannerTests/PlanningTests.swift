import Kernel
import Testing

@testable import Planner

/// Small worlds whose best plans are known by hand.
@Suite("Planning")
struct PlanningTests {
  /// Places on a line: going from i to j takes |i - j| times ten.
  static func line(_ count: Int) -> Travel {
    Travel(placeCount: count, durations: (0..<count * count).map { abs($0 / count - $0 % count) * 10 })
  }

  static func day(closes: Int) -> Day {
    Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 0, closes: closes)
  }

  static func plan(_ problem: Problem, steps: Int = 2000, seed: UInt64 = 1) throws -> Plan {
    let plan = try Planner(problem).plan(SearchRule(seed: seed, steps: steps))
    #expect(PlanCheck.violations(of: plan, for: problem) == [])
    return plan
  }

  @Test("what fits the day is visited, and the day says when")
  func oneVisit() throws {
    // 0 --10-- 1: there at 10, five minutes, back at 25.
    let problem = try Problem(
      activities: [Activity(at: PlaceIndex(1), duration: 5, score: 7)], days: [Self.day(closes: 25)],
      travel: Self.line(2))
    let plan = try Self.plan(problem)
    #expect(plan.score == 7)
    let visit = try #require(plan.days[0].visits.first)
    #expect([visit.arrival, visit.start, visit.end, plan.days[0].arrival] == [10, 10, 15, 25])
    #expect(visit.slack == 0)
  }

  @Test("a day one tick too short holds nothing")
  func tooShort() throws {
    let problem = try Problem(
      activities: [Activity(at: PlaceIndex(1), duration: 5, score: 7)], days: [Self.day(closes: 24)],
      travel: Self.line(2))
    #expect(try Self.plan(problem).score == 0)
  }

  @Test("with several windows a visit waits for the one it can still reach")
  func severalWindows() throws {
    let windows = [StartWindow(opens: 0, lastStart: 5), StartWindow(opens: 40, lastStart: 45)]
    let problem = try Problem(
      activities: [Activity(at: PlaceIndex(1), duration: 5, score: 7, opening: .everyDay(windows))],
      days: [Self.day(closes: 60)], travel: Self.line(2))
    let plan = try Self.plan(problem)
    #expect(plan.days[0].visits.map(\.start) == [40])
    #expect(plan.days[0].departure == 30)
  }

  @Test("a budget keeps out the dear one, and a mandatory activity goes before every score")
  func budgetAndMandatory() throws {
    var poor = Activity(at: PlaceIndex(1), duration: 1, score: 1, price: 6)
    let dear = Activity(at: PlaceIndex(1), duration: 1, score: 100, price: 6)
    let budget = Limit("money", most: 10, of: .money)
    func problem(_ first: Activity) throws -> Problem {
      try Problem(
        activities: [first, dear], days: [Self.day(closes: 100)], travel: Self.line(2), limits: [budget])
    }
    #expect(try Self.plan(problem(poor)).score == 100)
    poor.isMandatory = true
    let plan = try Self.plan(problem(poor))
    #expect(plan.score == 1)
    #expect(plan.mandatoryKept == 1)
  }

  @Test("of variants one is chosen: the longer if there is time")
  func variants() throws {
    let activity = Activity(
      at: PlaceIndex(1),
      variants: [Activity.Variant(duration: 5, score: 3), Activity.Variant(duration: 30, score: 5)])
    for (closes, score) in [(49, 3), (50, 5)] {
      let problem = try Problem(activities: [activity], days: [Self.day(closes: closes)], travel: Self.line(2))
      #expect(try Self.plan(problem).score == score)
    }
  }

  @Test("of a group there is one a day")
  func groups() throws {
    let activities = (0..<4).map { Activity(at: PlaceIndex(1), duration: 1, score: 1 + $0) }
    let group = ActivityGroup("lunch", (0..<4).map { ActivityIndex($0) }, per: .day)
    let problem = try Problem(
      activities: activities, days: [Self.day(closes: 100), Self.day(closes: 100)], travel: Self.line(2),
      groups: [group])
    #expect(try Self.plan(problem).score == 3 + 4)
  }

  @Test("what must come first comes first, on another day too")
  func precedence() throws {
    let activities = (0..<3).map { Activity(at: PlaceIndex($0 + 1), duration: 1, score: 1) }
    let problem = try Problem(
      activities: activities, days: [Self.day(closes: 100)], travel: Self.line(4),
      precedences: [
        Precedence(ActivityIndex(2), before: ActivityIndex(1)), Precedence(ActivityIndex(1), before: ActivityIndex(0)),
      ])
    #expect(try Self.plan(problem).activities == [[2, 1, 0].map { ActivityIndex($0) }])
  }

  @Test("what is pinned is done on its day at its time, whatever its hours")
  func pinned() throws {
    var activities = (0..<3).map {
      Activity(at: PlaceIndex($0 + 1), duration: 5, score: 1 + $0, opening: .everyDay([]))
    }
    activities[0].pin(toDay: 1, ofDays: 2, at: 33)
    let problem = try Problem(
      activities: activities, days: [Self.day(closes: 60), Self.day(closes: 60)], travel: Self.line(4))
    let plan = try Self.plan(problem)
    #expect(plan.activities == [[], [ActivityIndex(0)]])
    #expect(plan.days[1].visits.map(\.start) == [33])
  }

  @Test(
    "what does not fit together is refused with its place",
    arguments: [
      (ProblemError.matrixSize(name: "durations", found: 3, needed: 4), [0, 1, 1]),
      (.matrixValue(name: "durations", cell: 2, value: -1), [0, 1, -1, 0]),
    ])
  func refusals(_ error: ProblemError, _ durations: [Int]) throws {
    #expect(throws: error) {
      try Problem(
        activities: [], days: [Self.day(closes: 10)], travel: Travel(placeCount: 2, durations: durations))
    }
  }

  @Test("a day too short for its own way is refused")
  func impossibleDay() throws {
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(1), opens: 0, closes: 9)
    let problem = try Problem(activities: [], days: [day], travel: Self.line(2))
    #expect(throws: ProblemError.dayTooShort(day: 0)) { try Planner(problem) }
  }

  @Test("the same seed and steps give the same plan")
  func determinism() throws {
    let problem = try RandomProblem.make(seed: 5, activities: 30, days: 2)
    let first = try Self.plan(problem, steps: 3000, seed: 9)
    #expect(try Self.plan(problem, steps: 3000, seed: 9) == first)
  }

  @Test("travel that changes over the day is used at its best, and first in is first out", arguments: [0, 1])
  func timedTravel(_ late: Int) throws {
    // Leaving at 0 takes 50, at 100 only 10, in between less and less; the way back takes the same.
    let slow = [0, 50, 50, 0]
    let fast = [0, 10, 10, 0]
    let travel = Travel(
      placeCount: 2, profile: Travel.Profile(departures: [0, 100, 200], durations: slow + fast + fast))
    let window = StartWindow(opens: 50 + late, lastStart: 50 + late)
    let problem = try Problem(
      activities: [Activity(at: PlaceIndex(1), duration: 0, score: 1, opening: .everyDay([window]))],
      days: [Self.day(closes: 200)], travel: travel)
    let plan = try Self.plan(problem)
    // Leaving at 1 one arrives at 50.6, leaving at 3 at 51.8, rounded down. Back, leaving at 50 or 51 takes about 30.
    #expect(plan.days[0].departure == (late == 0 ? 1 : 3))
    #expect(plan.days[0].arrival == 80)
  }

  @Test("the latest departure for an arrival is the last that arrives in time", arguments: 1...5 as ClosedRange<UInt64>)
  func latestDepartures(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let durations = (0..<6 * 4).map { _ in Int.random(in: 1...60, using: &random) }
    let profile = Travel.Profile(departures: (0..<6).map { $0 * 20 }, durations: durations)
    let clock = TravelClock(profile, places: 2, nodes: [0, 1])
    defer { clock.deallocate() }
    for time in Int32(-40)...200 {
      let latest = clock.latestDeparture(from: 0, to: 1, arriving: time)
      #expect(clock.arrival(from: 0, to: 1, leaving: latest) <= time)
      #expect(clock.arrival(from: 0, to: 1, leaving: latest + 1) > time)
      // First in, first out.
      #expect(clock.arrival(from: 0, to: 1, leaving: time) <= clock.arrival(from: 0, to: 1, leaving: time + 1))
    }
  }
}
