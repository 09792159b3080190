import Kernel
import Testing

@testable import Planner

/// The parts of a step of the search, each by itself.
@Suite("Steps of the search")
struct StepTests {
  @Test(
    "limits noted before a look say what exact sums say, with more limits than a word has bits too",
    arguments: [3, 80])
  func limits(_ limitCount: Int) throws {
    let days = 3
    var random = SeededRandom(seed: UInt64(limitCount))
    let problem = try RandomProblem.make(seed: 5, activities: 40, days: days) { activities, limits in
      limits = (0..<limitCount).map { Limit("limit \($0)", most: 1 + $0 % 5, per: $0 % 2 == 0 ? .trip : .day) }
      limits.append(Limit("money", most: 90, of: .money))
      for index in activities.indices {
        activities[index].opening = .always
        activities[index].uses = (0..<3).map { _ in
          .init(
            of: LimitIndex(Int.random(in: 0..<limitCount, using: &random)),
            amount: Int.random(in: 1...2, using: &random))
        }
      }
    }
    let instance = Instance(problem)
    var tours = Tours(instance)
    var chance = Chance(seed: 3)
    tours.beginEmpty()
    var (refused, allowed) = (0, 0)
    for _ in 0..<300 {
      let (day, visit) = (chance.below(days), chance.below(instance.visitCount))
      if tours.dayOf[visit] < 0 {
        if tours.limitsAllow(visit, on: day) { tours.place(visit, on: day, behind: 0) }
      } else {
        let home = Int(tours.dayOf[visit])
        let position = tours.position(of: visit, on: home)
        tours.remove(position..<position + 1, from: home)
      }
      for day in 0..<days { tours.noteFullLimits(on: day) }
      for visit in 0..<instance.visitCount where tours.dayOf[visit] < 0 {
        for day in 0..<days {
          let (noted, exact) = (tours.notedLimitsAllow(visit, on: day), tours.limitsAllow(visit, on: day))
          #expect(noted == exact)
          if exact { allowed += 1 } else { refused += 1 }
        }
      }
    }
    #expect(refused > 100 && allowed > 100)
  }

  /// What a step opens besides strings.
  enum Move: CaseIterable {
    case crossing, slice
  }

  @Test(
    "days that exchange their ends, and slices through days, leave every visit in one day and all sums right",
    arguments: Move.allCases, 1...3)
  func moves(_ move: Move, _ days: Int) throws {
    if move == .crossing, days == 1 { return }
    let instance = Instance(try RandomProblem.make(seed: UInt64(days), activities: 40, days: days))
    var search = Search(instance, seed: 1)
    search.run(SearchRule(steps: 200))
    search.temperature = search.meanValue
    var (opened, changed) = (0, 0)
    for _ in 0..<300 {
      let before = (0..<days).map { search.tours.route($0) }
      switch move {
      case .crossing: search.crossDays()
      case .slice: search.openSlice()
      }
      if !search.touched.isEmpty { opened += 1 }
      search.judge()
      let routes = (0..<days).map { search.tours.route($0) }
      if routes != before { changed += 1 }
      let visits = routes.flatMap { Stop.visits($0) }
      #expect(Set(visits).count == visits.count)
      #expect(visits.count + search.tours.outCount == instance.visitCount)
      var anew = Tours(instance)
      let isPossible = anew.load(routes)
      #expect(isPossible)
      let (found, right) = (search.tours.totals, anew.totals)
      #expect(found == right)
    }
    #expect(opened > 100 && changed > 10)
  }
}
