import Kernel
import Testing

@testable import Planner

/// What the search keeps beside the plan itself.
@Suite("Tours")
struct ToursTests {
  /// Two ways to go, one of which changes over the day; several windows, fares, a budget, wishes.
  static func instance(_ seed: UInt64) throws -> Instance {
    let base = try RandomProblem.make(seed: seed, activities: 12, days: 2, windows: 2, closes: 900) { _, limits in
      limits = [Limit("money", most: 60, of: .money)]
    }
    var random = SeededRandom(seed: seed)
    let steady = base.travel.options[0].durations
    let departures = (0..<10).map { $0 * 90 }
    let changing = departures.flatMap { _ in steady.map { $0 + Int.random(in: 0...150, using: &random) } }
    let travel = Travel(
      placeCount: base.travel.placeCount,
      options: [
        .init("tram", profile: .init(departures: departures, durations: changing)),
        .init("taxi", durations: steady, fares: steady.map { $0 / 10 }),
      ])
    var days = base.days
    for index in days.indices { days[index].comfort.waiting = .init(1, per: 10) }
    return Instance(try base.changed { ($0.travel, $0.days) = (travel, days) })
  }

  /// Times and sums of a day.
  static func times(_ tours: borrowing Tours, _ day: Int) -> [Int64] {
    let cells = day * tours.stride..<day * tours.stride + tours.length[day]
    let times = cells.flatMap { [tours.arrive[$0], tours.early[$0], tours.late[$0]] }.map { Int64($0) }
    return times + [tours.travel[day], tours.fare[day], tours.discomfort[day]]
  }

  @Test("a day worked out from a change on is as if worked out anew", arguments: 1...12 as ClosedRange<UInt64>)
  func partly(_ seed: UInt64) throws {
    let instance = try Self.instance(seed)
    var tours = Tours(instance)
    var chance = Chance(seed: seed)
    let isPossible = tours.beginEmpty()
    #expect(isPossible)
    var partly = 0
    for _ in 0..<400 {
      let day = chance.below(instance.dayCount)
      let visit = chance.below(instance.visitCount)
      let length = tours.length[day]
      let before = tours.route(day)
      var isDone = false
      if tours.dayOf[visit] < 0 {
        let behind = chance.below(length - 1)
        tours.place(visit, on: day, behind: behind, by: Int32(chance.below(2)), onBy: Int32(chance.below(2)))
        isDone = tours.evaluate(day, from: behind + 1, through: behind + 2)
      } else if length > 3, chance.below(2) == 0 {
        let first = 1 + chance.below(length - 2)
        tours.remove(first..<min(first + 1 + chance.below(2), length - 1), from: day)
        isDone = tours.evaluate(day, from: first, through: first)
      } else {
        let position = 1 + chance.below(length - 1)
        tours.way[day * tours.stride + position] = Int32(chance.below(2))
        isDone = tours.evaluate(day, from: position, through: position)
      }
      let found = Self.times(tours, day)
      let isPossible = tours.evaluate(day)
      #expect(isDone == isPossible, "seed \(seed)")
      if isDone {
        partly += 1
        #expect(found == Self.times(tours, day), "seed \(seed)")
      } else {
        tours.remove(1..<tours.length[day] - 1, from: day)
        for stop in before.dropFirst().dropLast() {
          tours.place(Int(Stop.node(stop)), on: day, behind: tours.length[day] - 2, by: Stop.way(stop))
        }
        tours.way[day * tours.stride + before.count - 1] = before.last.map { Stop.way($0) } ?? 0
        let isAsBefore = tours.evaluate(day)
        #expect(isAsBefore)
      }
    }
    #expect(partly > 50)
  }

  @Test("the latest departure is the last that arrives in time, of short and of long travel", arguments: [1, 3000])
  func latest(_ factor: Int) {
    var random = SeededRandom(seed: 7)
    let departures = (0..<12).map { 100 + $0 * 60 }
    let durations = departures.map { _ in Int.random(in: 10...200, using: &random) * factor }
    let clock = TravelClock(.init(departures: departures, durations: durations), places: 1, nodes: [0])
    defer { clock.deallocate() }
    func arrival(_ time: Int32) -> Int32 { clock.arrival(from: 0, to: 0, leaving: time) }
    for time in Int32(-100)..<1000 {
      #expect(arrival(time) <= arrival(time + 1))
      let latest = clock.latestDeparture(from: 0, to: 0, arriving: arrival(time))
      #expect(latest >= time && arrival(latest) == arrival(time) && arrival(latest + 1) > arrival(time))
    }
    let first = durations[0]
    #expect(arrival(-100) <= Int32(first - 100))
  }
}
