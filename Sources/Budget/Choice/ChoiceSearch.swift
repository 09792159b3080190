import Kernel

/// One run of the label dynamic programme (see ``ChoiceProblem``).
struct ChoiceSearch {
  private let problem: ChoiceProblem
  private let caps: ChoiceCaps
  /// Whose caps can bind, and at what.
  private let people: [Int]
  private let limits: [Int64]
  /// Comparisons of one step where several people's caps bind.
  var comparisonsMax = LabelMerge.comparisonsMax
  /// How every label came about: two nodes joined, or a node and an alternative (see ``code(_:_:)``).
  private var nodes: [(before: Int32, other: Int32)] = []

  init(_ problem: ChoiceProblem, _ caps: ChoiceCaps) {
    self.problem = problem
    self.caps = caps
    people = ChoiceSearch.binding(problem, caps)
    limits = people.map { caps.people[$0, default: 0] * problem.finest }
  }

  /// People whose caps could be passed by some choice; of those who share every line alike only the one with least room.
  static func binding(_ problem: ChoiceProblem, _ caps: ChoiceCaps) -> [Int] {
    var tightest: [[Bool]: Int] = [:]
    for (person, cap) in caps.people.sorted(by: { $0.key < $1.key }) {
      let most = problem.lines.reduce(Int64(0)) { sum, line in
        sum + problem.share(of: line.alternatives.map(\.cost).max() ?? 0, line: line, person: person)
      }
      guard most > cap * problem.finest else { continue }
      let lines = problem.lines.map { $0.people.contains(person) }
      if let other = tightest[lines], caps.people[other, default: 0] <= cap { continue }
      tightest[lines] = person
    }
    return tightest.values.sorted()
  }

  mutating func run() throws(ChoiceError) -> [FrontierPoint] {
    let lines = problem.lines
    let order = lines.indices.sorted {
      lines[$0].category == lines[$1].category ? $0 < $1 : lines[$0].category < lines[$1].category
    }
    let total = caps.total ?? .max
    var front = LabelFront.empty(width: people.count)
    var place = 0
    while place < order.count {
      let category = lines[order[place]].category
      let end = order[place...].firstIndex { lines[$0].category != category } ?? order.count
      if let cap = caps.categories[category] {
        // The category's lines are combined alone, where its cap is one on cost, and then joined as one.
        var own = LabelFront.empty(width: people.count)
        for line in order[place..<end] { own = try combined(own, with: options(line), costMax: min(cap, total)) }
        front = try combined(front, with: own, costMax: total)
      } else {
        for line in order[place..<end] { front = try combined(front, with: options(line), costMax: total) }
      }
      place = end
    }
    // Without people's caps the front is the frontier; with them it may hold equal worth at several costs.
    return front.frontier().map { FrontierPoint(cost: $0.cost, value: $0.value, choice: choice($0.node)) }
  }

  private func options(_ index: Int) -> LabelFront {
    let line = problem.lines[index]
    var front = LabelFront(width: people.count)
    for (number, alternative) in line.alternatives.enumerated() {
      front.labels.append(
        ChoiceLabel(cost: alternative.cost, value: alternative.value, node: ChoiceSearch.code(index, number)))
      for person in people { front.shares.append(problem.share(of: alternative.cost, line: line, person: person)) }
    }
    return front
  }

  private mutating func combined(
    _ front: LabelFront, with options: LabelFront, costMax: Int64
  ) throws(ChoiceError) -> LabelFront {
    let merge = try LabelMerge(front, options, costMax: costMax, limits: limits, comparisonsMax: comparisonsMax)
    var result = try merge.pruned()
    guard result.labels.count <= ChoiceProblem.labelsMax else { throw .tooLarge(limit: ChoiceProblem.labelsMax) }
    nodes.reserveCapacity(nodes.count + result.labels.count)
    for index in result.labels.indices {
      let pair = merge.origin(result.labels[index])
      result.labels[index].node = Int32(nodes.count)
      nodes.append(pair)
    }
    return result
  }

  /// An alternative of a line as a number below zero, which no node has; -1 is the beginning.
  private static func code(_ line: Int, _ alternative: Int) -> Int32 { Int32(-2 - (line << 12 | alternative)) }

  private func choice(_ node: Int32) -> [Int] {
    var result = Array(repeating: 0, count: problem.lines.count)
    var open = [node]
    while let node = open.popLast() {
      if node >= 0 {
        open.append(nodes[Int(node)].before)
        open.append(nodes[Int(node)].other)
      } else if node < -1 {
        let code = Int(-2 - node)
        result[code >> 12] = code & 0xFFF
      }
    }
    return result
  }
}
