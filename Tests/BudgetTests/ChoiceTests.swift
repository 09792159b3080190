import Kernel
import TestPace
import Testing

@testable import Budget

@Suite("Choices", .heavy)
struct ChoiceTests {
  private typealias Tally = (cost: Int64, value: Int64, categories: [CostCategory: Int64], people: [Int: Int64])

  private func tally(_ problem: ChoiceProblem, _ choice: [Int]) -> Tally {
    var result: Tally = (0, 0, [:], [:])
    for (line, taken) in zip(problem.lines, choice) {
      let alternative = line.alternatives[taken]
      result.cost += alternative.cost
      result.value += alternative.value
      result.categories[line.category, default: 0] += alternative.cost
      for person in line.people {
        result.people[person, default: 0] += alternative.cost * problem.finest / Int64(line.people.count)
      }
    }
    return result
  }

  private func excess(_ tally: Tally, _ caps: ChoiceCaps, _ finest: Int64) -> Bool {
    tally.cost > caps.total ?? .max || caps.categories.contains { tally.categories[$0.key, default: 0] > $0.value }
      || caps.people.contains { tally.people[$0.key, default: 0] > $0.value * finest }
  }

  private func choices(_ problem: ChoiceProblem) -> [[Int]] {
    problem.lines.reduce([[]]) { choices, line in
      choices.flatMap { choice in line.alternatives.indices.map { choice + [$0] } }
    }
  }

  private func bruteForce(_ problem: ChoiceProblem, _ caps: ChoiceCaps) -> [(Int64, Int64)] {
    let feasible = choices(problem).map { tally(problem, $0) }.filter { !excess($0, caps, problem.finest) }
    var front: [(Int64, Int64)] = []
    for one in feasible.sorted(by: { ($0.cost, -$0.value) < ($1.cost, -$1.value) })
    where one.value > front.last?.1 ?? -1 {
      front.append((one.cost, one.value))
    }
    return front
  }

  private func randomProblem(_ random: inout SeededRandom) throws -> ChoiceProblem {
    let categories = [CostCategory.lodging, .food, .transport]
    var lines: [ChoiceLine] = []
    for index in 0..<Int.random(in: 1...6, using: &random) {
      let alternatives = (0..<Int.random(in: 1...4, using: &random)).map { number in
        Alternative(
          name: "\(number)", cost: .random(in: 0...30, using: &random), value: .random(in: 0...12, using: &random))
      }
      let people = [[0, 1, 2], [0], [1, 2], [0, 2]].randomElement(using: &random) ?? [0]
      let category = categories.randomElement(using: &random) ?? .food
      lines.append(ChoiceLine(name: "\(index)", category: category, people: people, alternatives: alternatives))
    }
    func cap(_ most: Int64) -> Int64? { Bool.random(using: &random) ? .random(in: 0...most, using: &random) : nil }
    var caps = ChoiceCaps(total: cap(100))
    for category in categories { caps.categories[category] = cap(50) }
    for person in 0..<3 { caps.people[person] = cap(50) }
    return try ChoiceProblem(lines: lines, caps: caps)
  }

  @Test("frontier and relaxations equal brute force on small problems", arguments: [1, 42, 2026])
  func matchesBruteForce(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var infeasible = 0
    for round in 0..<150 {
      let problem = try randomProblem(&random)
      let expected = bruteForce(problem, problem.caps)
      switch try problem.solve() {
      case .frontier(let points):
        #expect(points.map { [$0.cost, $0.value] } == expected.map { [$0.0, $0.1] }, "round \(round)")
        for point in points {
          let tally = tally(problem, point.choice)
          #expect(tally.cost == point.cost && tally.value == point.value)
          #expect(!excess(tally, problem.caps, problem.finest))
        }
      case .infeasible(let ways):
        infeasible += 1
        #expect(expected.isEmpty)
        #expect(!ways.isEmpty)
        for way in ways { checkSmallest(way, problem, "round \(round)") }
      }
    }
    #expect(infeasible > 10)
  }

  /// Raised by these amounts something fits; with any of them one minor unit smaller nothing does.
  private func checkSmallest(_ way: [Relaxation], _ problem: ChoiceProblem, _ place: String) {
    func raised(less: Int?) -> ChoiceCaps {
      var caps = problem.caps
      for (index, relaxation) in way.enumerated() {
        let amount = relaxation.amount - (index == less ? 1 : 0)
        switch relaxation.cap {
        case .total: caps.total = caps.total.map { $0 + amount }
        case .category(let category): caps.categories[category, default: 0] += amount
        case .person(let person): caps.people[person, default: 0] += amount
        }
      }
      return caps
    }
    #expect(!bruteForce(problem, raised(less: nil)).isEmpty, "\(place): \(way)")
    for index in way.indices { #expect(bruteForce(problem, raised(less: index)).isEmpty, "\(place): \(way)") }
  }

  @Test("the search by bounds finds what the search without them finds, on larger problems", arguments: [2026])
  func boundsLoseNothing(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var bound = 0
    for round in 0..<4 {
      let lines = (0..<6).map { number in
        ChoiceLine(
          name: "\(number)", category: [.lodging, .food][number % 2],
          people: [[0, 1, 2], [0], [1, 2], [0, 2]].randomElement(using: &random) ?? [0],
          alternatives: (0..<4).map { _ in
            let cost = Int64.random(in: 100...3000, using: &random)
            return Alternative(name: "", cost: cost, value: cost / 100 + .random(in: 0...8, using: &random))
          })
      }
      var caps = ChoiceCaps(total: [nil, 5200, 6900, 6000][round])
      if round % 2 == 0 { caps.categories = [.food: 5000] }
      for person in 0..<3 { caps.people[person] = .random(in: 1800...3600, using: &random) }
      let problem = try ChoiceProblem(lines: lines, caps: caps)
      if !ChoiceSearch.binding(problem, caps).isEmpty { bound += 1 }
      var plain = ChoiceSearch(problem, caps)
      let expected = try plain.run()
      let found = try problem.frontier(under: caps)
      #expect(found.map { [$0.cost, $0.value] } == expected.map { [$0.cost, $0.value] }, "round \(round)")
      // What a little more money buys is found alone or on the frontier without a total.
      if let total = caps.total {
        var others = ChoiceSearch(problem, ChoiceCaps(categories: caps.categories, people: caps.people))
        let next = try others.run().next(after: total)
        let beyond = try problem.solveBeyond()
        #expect(beyond.next?.cost == next?.cost && beyond.next?.value == next?.value, "round \(round)")
      }
      // With a poor beam, or none, what the beam had found is left to the search that the bounds prune.
      for width in 0...1 {
        guard let poor = try problem.boundedFrontier(under: caps, beamWidth: width) else { continue }
        #expect(poor.map { [$0.cost, $0.value] } == expected.map { [$0.cost, $0.value] }, "round \(round)")
      }
      for point in found {
        let tally = tally(problem, point.choice)
        #expect(tally.cost == point.cost && tally.value == point.value && !excess(tally, caps, problem.finest))
      }
    }
    #expect(bound > 1)
  }

  @Test("a problem that would take too long is refused rather than answered roughly")
  func refusesLarge() throws {
    var random = SeededRandom(seed: 5)
    let lines = (0..<60).map { number in
      ChoiceLine(
        name: "\(number)", category: .food, people: [[0, 1, 2], [0], [1, 2], [0, 2], [3, 1]][number % 5],
        alternatives: (0..<8).map { _ in
          let cost = Int64.random(in: 1000...30_000, using: &random)
          return Alternative(name: "", cost: cost, value: cost)
        })
    }
    let caps = ChoiceCaps(people: [0: 200_000, 1: 200_000, 2: 200_000, 3: 100_000])
    var search = ChoiceSearch(try ChoiceProblem(lines: lines, caps: caps), caps)
    search.comparisonsMax = 50_000
    do {
      _ = try search.run()
      Issue.record("it was answered")
    } catch {
      guard case .tooLarge = error else { throw error }
    }
  }

  @Test("caps that cannot be kept are answered at once, however many people's caps there are")
  func relaxesLarge() throws {
    // Of sixty lines twelve are shared alike each.
    let sharers = [[0, 1, 2], [0], [1, 2], [0, 2], [3, 1]]
    let lines = (0..<60).map { number in
      ChoiceLine(
        name: "\(number)", category: .food, people: sharers[number % 5],
        alternatives: (0..<8).reversed().map { Alternative(name: "", cost: 1000 + $0, value: 7 * $0) })
    }
    // At least: 12 × (1,000 / 3 + 1,000 + 1,000 / 2) = 22,000 for person 0, 12 × (1,000 / 3 + 500 + 500) = 16,000 for
    // person 1, as much for person 2, 6,000 for person 3, 60,000 in all.
    let caps = ChoiceCaps(total: 59_999, people: [0: 21_000, 1: 15_999, 2: 16_000, 3: 10])
    let expected: [Relaxation] = [
      Relaxation(cap: .person(0), amount: 1000), Relaxation(cap: .person(1), amount: 1),
      Relaxation(cap: .person(3), amount: 5990), Relaxation(cap: .total, amount: 1),
    ]
    let problem = try ChoiceProblem(lines: lines, caps: caps)
    #expect(try problem.solve() == .infeasible([expected]))
    #expect(try problem.solveBeyond().result == .infeasible([expected]))
  }

  @Test("caps beyond all that can be spent are no caps, however large")
  func hugeCaps() throws {
    let lines = [3, 7].map { count in
      ChoiceLine(
        name: "\(count)", category: .food, people: Array(0..<count),
        alternatives: [Alternative(name: "", cost: 9, value: 1)])
    }
    let caps = ChoiceCaps(total: .max, categories: [.food: .max], people: [0: .max, 6: .max])
    let expected = FrontierPoint(cost: 18, value: 2, choice: [0, 0])
    #expect(try ChoiceProblem(lines: lines, caps: caps).solve() == .frontier([expected]))
  }

  @Test("what one more euro buys is the next point of the frontier")
  func shadowPrice() throws {
    let line = ChoiceLine(
      name: "hotel", category: .lodging, people: [0],
      alternatives: [
        Alternative(name: "A", cost: 100, value: 5), Alternative(name: "B", cost: 180, value: 9),
        Alternative(name: "C", cost: 190, value: 8),
      ])
    let problem = try ChoiceProblem(lines: [line], caps: ChoiceCaps(total: 150))
    guard case .frontier(let points) = try problem.solve() else {
      Issue.record("there is a choice")
      return
    }
    #expect(points.map(\.value) == [5])
    let whole = try problem.frontier(under: ChoiceCaps())
    #expect(whole.map(\.cost) == [100, 180])
    #expect(whole.next(after: 150)?.value == 9)
  }

  @Test("a problem that is none is refused")
  func refuses() throws {
    func line(_ alternatives: [Alternative], people: [Int] = [0]) -> ChoiceLine {
      ChoiceLine(name: "x", category: .food, people: people, alternatives: alternatives)
    }
    #expect(throws: ChoiceError.noAlternative(line: 0)) { try ChoiceProblem(lines: [line([])], caps: ChoiceCaps()) }
    #expect(throws: ChoiceError.badAlternative(line: 0, alternative: 0)) {
      try ChoiceProblem(lines: [line([Alternative(name: "a", cost: -1, value: 0)])], caps: ChoiceCaps())
    }
    #expect(throws: ChoiceError.nobody(line: 0)) {
      try ChoiceProblem(
        lines: [line([Alternative(name: "a", cost: 1, value: 0)], people: [])], caps: ChoiceCaps(people: [0: 1]))
    }
    #expect(
      try ChoiceProblem(lines: [], caps: ChoiceCaps()).solve()
        == .frontier([FrontierPoint(cost: 0, value: 0, choice: [])]))
  }
}
