import Kernel
import TestPace
import Testing

@testable import Planner

@Suite("Orders of visits cut at lodgings", .heavy)
struct NightSplitTests {
  /// Three days on a plane, with three lodgings for each of two nights; what lodgings score differs.
  static func problem(_ seed: UInt64, hours: Activity.Opening = .always) throws -> Problem {
    var random = SeededRandom(seed: seed)
    let points = (0..<10).map { _ in (Int.random(in: 0..<40, using: &random), Int.random(in: 0..<40, using: &random)) }
    let durations = points.flatMap { from in points.map { abs(from.0 - $0.0) + abs(from.1 - $0.1) } }
    let lodgings = (1...3).map { Night.Lodging(at: PlaceIndex($0), score: $0) }
    return try Problem(
      activities: (4..<10).map { place in
        var activity = Activity(at: PlaceIndex(place), duration: 3, score: 5 + place)
        activity.opening = hours
        return activity
      },
      days: (0..<3).map { Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 0, closes: 60 + 10 * $0) },
      travel: Travel(placeCount: 10, durations: durations),
      nights: [Night(afterDay: 0, lodgings), Night(afterDay: 1, lodgings)])
  }

  /// The most that any cut of an order is worth: every choice of lodgings, every visit on some day or none.
  static func most(_ order: [Int32], _ instance: Instance) -> Int64? {
    var most: Int64?
    for first in instance.lodgings.after[0] {
      for second in instance.lodgings.after[1] {
        let starts = [instance.startNode[0], first.node, second.node]
        let ends = [first.node, second.node, instance.endNode[2]]
        for choice in 0..<4096 {
          let days = order.indices.map { choice >> (2 * $0) & 3 }
          let done = days.filter { $0 < 3 }
          if done != done.sorted() { continue }
          let isPossible = (0..<3).allSatisfy { day in
            var (time, node) = (instance.opens[day], starts[day])
            for (place, visit) in order.enumerated() where days[place] == day {
              time = instance.arrival(from: Int(node), to: Int(visit), began: time)
              time = instance.start(at: Int(visit), day: day, from: time)
              if time == Instance.never { return false }
              node = visit
            }
            return instance.arrival(from: Int(node), to: Int(ends[day]), began: time) <= instance.closes[day]
          }
          if !isPossible { continue }
          let visits = zip(order, days).filter { $0.1 < 3 }.reduce(0) { $0 + instance.value[Int($1.0)] }
          most = max(most ?? .min, visits + first.value + second.value)
        }
      }
    }
    return most
  }

  @Test("no cut of an order is worth more than the one that is found", arguments: 1...6 as ClosedRange<UInt64>)
  func best(_ seed: UInt64) throws {
    let instance = Instance(try Self.problem(seed))
    let order = (0..<Int32(instance.visitCount)).map { ($0 &* 5 &+ Int32(seed)) % 6 }
    var split = NightSplit(instance, order: order)
    let routes = split.solve()
    guard let most = Self.most(order, instance) else {
      #expect(routes == nil)
      return
    }
    var tours = Tours(instance)
    let isPossible = tours.load(try #require(routes))
    let value = tours.totals.value
    #expect(isPossible)
    #expect(value == most, "seed \(seed)")
  }

  @Test("a trip whose places are always open is seen as one long day, and its visits keep their names")
  func longDay() throws {
    let problem = try Self.problem(1)
    let trip = Instance(problem)
    let long = try #require(LongDay(problem, trip))
    #expect(long.instance.dayCount == 1)
    #expect(long.instance.closes[0] == 60 + 70 + 80)
    let days: [[Int32]] = [[6, 2, 4, 7], [7, 0, 8], [8, 6]]
    #expect(long.order(of: long.route(of: days)) == [2, 4, 0])
  }

  @Test("where hours matter it is not")
  func closed() throws {
    let problem = try Self.problem(1, hours: .everyDay([StartWindow(opens: 0, lastStart: 30)]))
    #expect(LongDay(problem, Instance(problem)) == nil)
  }

  @Test("so seen, a trip is planned by seed and steps alone", arguments: [40, 3000])
  func replayed(_ steps: Int) throws {
    let planner = try Planner(Self.problem(3))
    let plans = (0..<2).map { _ in planner.plan(SearchRule(seed: 5, steps: steps)) }
    #expect(plans[0] == plans[1])
    #expect(PlanCheck.violations(of: plans[0], for: planner.problem).isEmpty)
  }
}
