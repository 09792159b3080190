import Testing

@testable import Planner

/// Days of a pool put together anew.
@Suite("Packing")
struct PackingTests {
  /// A pool of random days of at most three visits, for a problem with a budget and likeness.
  static func problem(_ seed: UInt64, days: Int) throws -> Problem {
    let base = try RandomProblem.make(seed: seed, activities: 9, days: days, closes: 600) { activities, limits in
      limits = [Limit("money", most: 22, of: .money)]
      for index in activities.indices { activities[index].opening = .always }
      if seed % 2 == 0 { activities[0].dayBonuses = (0..<days).map { $0 } }
    }
    let alike = (0..<5).map { ActivityIndex($0) }
    return try base.changed { $0.varieties = [Variety("art", alike, losses: [0, 2, 5, 9, 14])] }
  }

  @Test(
    "the best choice of the pool is found, or nothing where none is better", arguments: 1...10 as ClosedRange<UInt64>)
  func best(_ seed: UInt64) throws {
    let dayCount = 3
    let instance = Instance(try Self.problem(seed, days: dayCount))
    var tours = Tours(instance)
    var pool = RoutePool(instance)
    var chance = Chance(seed: seed)
    tours.beginEmpty()
    var routes: [Set<[Int32]>] = [[], [], []]
    for _ in 0..<40 {
      let day = chance.below(dayCount)
      for _ in 0..<1 + chance.below(3) {
        let visit = chance.below(instance.visitCount)
        if tours.dayOf[visit] < 0 { tours.place(visit, on: day, behind: tours.length[day] - 2) }
      }
      if tours.evaluate(day), tours.keepsLimits {
        pool.record(tours, day)
        routes[pool.isSame ? 0 : day].insert(tours.route(day))
      }
      tours.remove(1..<tours.length[day] - 1, from: day)
    }
    let empty = (0..<dayCount).map { [instance.startNode[$0], instance.endNode[$0]] }
    var most: Int64 = 0
    func descend(_ day: Int, _ chosen: [[Int32]]) {
      if day == dayCount {
        let visits = chosen.flatMap { Stop.visits($0) }
        guard Set(visits).count == visits.count, tours.load(chosen) else { return }
        most = max(most, tours.totals.value)
        return
      }
      for route in routes[pool.isSame ? 0 : day].union([empty[day]]) { descend(day + 1, chosen + [route]) }
    }
    descend(0, [])
    for known in [0, most - 1, most] {
      var prices = PackingPrices(instance)
      var packing = RoutePacking(pool, instance, above: known, testsMax: 1_000_000)
      let cells = packing.solve(&prices, rounds: 40)
      #expect(cells.isEmpty == (known == most), "seed \(seed)")
      if cells.isEmpty { continue }
      var chosen = empty
      for (place, cell) in cells.enumerated() {
        chosen[pool.isSame ? place : Int(pool.entries[cell].day)] = pool.route(cell)
      }
      let isPossible = tours.load(chosen)
      #expect(isPossible && tours.totals.value == most, "seed \(seed)")
    }
  }
}
