/// The choice under several caps, exactly, by labels that are held against bounds.
///
/// The idea: first a narrow search (a beam) finds good choices, `best[v]` being the least known cost of one worth v or
/// more. Then all partial choices are gone through line by line, and one is kept only while some value is left that it
/// could still reach for less than the best known, as its prices' tables bound it (``ChoicePrices``), and while no other
/// is worth as much for no more of anything that still matters. What a resource has left beyond what the remaining
/// lines can use does not matter. The invariant: every choice that is better than the best known extends a kept label.
/// Labels pruned by bounds go back to Marsten and Morin, "A hybrid approach to discrete mathematical programming", 1978.
struct BoundedSearch {
  private struct Label {
    var cost: Int64
    var value: Int32
    /// The values that a completion might still be worth for less than is known.
    var low: Int32
    var high: Int32
    var node: Int32
  }

  /// How many labels before it one is held against; being beaten by others goes unnoticed, which costs time alone.
  private static let rivalsMax = 200
  /// Looks at bounds and comparisons of labels, at most.
  ///
  /// They take a few seconds; more are refused.
  private static let stepsMax = 1_500_000_000

  private let choice: BoundedChoice
  private let prices: [ChoicePrices]
  private var nodes: [(before: Int32, alternative: Int32)] = []
  private var best: [Int64]
  private let beamWidth: Int
  private var steps = 0
  private var found: [(cost: Int64, value: Int, node: Int32)] = []
  private let valueMin: Int

  /// - Parameters:
  ///   - choice: what is chosen among.
  ///   - valueMin: if above nothing, only the cheapest choice of at least this worth is sought.
  ///   - beamWidth: with how many sets of prices the beam goes, at most; the answer is the same with any.
  init(_ choice: BoundedChoice, valueMin: Int = 0, beamWidth: Int = .max) {
    self.choice = choice
    self.valueMin = valueMin
    self.beamWidth = beamWidth
    var sets = [Array(repeating: 0.0, count: choice.width)]
    for perPoint in choice.pointPrices {
      let prices = ChoicePrices.prices(choice, perPoint: perPoint)
      if !sets.contains(prices) { sets.append(prices) }
    }
    prices = sets.map { ChoicePrices(choice, $0) } + [ChoicePrices(choice, choice.roomPrices, isAboutRoom: true)]
    // What costs more than the total cap is of no interest.
    best = Array(repeating: choice.costMax + 1, count: choice.valueMax + 1)
  }

  /// For each efficient choice, cheapest first, which alternative of each line is taken.
  mutating func run() throws(ChoiceError) -> [[Int]] {
    searchNarrowly()
    if valueMin > 0 {
      // What costs as much is of interest only where it is worth more.
      for value in valueMin..<best.count { best[value] = min(best[value], best[valueMin] + (value > valueMin ? 1 : 0)) }
    }
    try searchWholly()
    found.sort { ($0.cost, -$0.value, $0.node) < ($1.cost, -$1.value, $1.node) }
    var last = valueMin - 1
    var result: [[Int]] = []
    for end in found where end.value > last {
      last = end.value
      result.append(path(end.node))
    }
    return result
  }

  private func path(_ end: Int32) -> [Int] {
    var result = Array(repeating: 0, count: choice.count)
    var node = end
    var line = choice.count - 1
    while node >= 0 {
      result[line] = choice.place[Int(nodes[Int(node)].alternative)]
      node = nodes[Int(node)].before
      line -= 1
    }
    return result
  }

  private mutating func find(_ cost: Int64, _ value: Int, _ node: Int32) {
    guard value >= valueMin, cost < best[value] else { return }
    found.append((cost, value, node))
    var v = value
    while v >= 0, best[v] > cost {
      best[v] = cost
      v -= 1
    }
  }

  private func isAllowed(_ use: Int64, _ resource: Int, after line: Int) -> Bool {
    use + choice.restUse[(line + 1) * choice.width + resource].least <= choice.limits[resource]
  }

  // MARK: The beam

  /// Keeps for each value and each set of prices the one partial choice of the least score.
  private mutating func searchNarrowly() {
    let (width, slots) = (choice.width, min(prices.count, beamWidth))
    let size = (choice.valueMax + 1) * slots
    var scores = Array(repeating: Double.infinity, count: size)
    var costs = Array(repeating: Int64(0), count: size)
    var uses = Array(repeating: Int64(0), count: size * width)
    var ends = Array(repeating: Int32(-1), count: size)
    for slot in 0..<slots { scores[slot] = 0 }
    var most = 0
    var used = Array(repeating: Int64(0), count: width)
    for line in 0..<choice.count {
      var nextScores = Array(repeating: Double.infinity, count: size)
      var nextCosts = costs
      var nextUses = uses
      var nextEnds = Array(repeating: Int32(-1), count: size)
      var nextAlternatives = Array(repeating: Int32(-1), count: size)
      for at in 0..<((most + 1) * slots) where scores[at] < .infinity {
        // Slots of one value often hold the same label.
        if at % slots > 0, scores[at - 1] < .infinity, ends[at] == ends[at - 1] { continue }
        for alternative in choice.starts[line]..<choice.starts[line + 1] {
          let cost = costs[at] + choice.cost[alternative]
          guard cost + choice.restCost[line + 1] <= choice.costMax else { break }
          var isAllowed = true
          for resource in 0..<width {
            used[resource] = uses[at * width + resource] + choice.use[alternative * width + resource]
            if !self.isAllowed(used[resource], resource, after: line) { isAllowed = false }
          }
          guard isAllowed else { break }
          let to = (at / slots + choice.value[alternative]) * slots
          for slot in 0..<slots {
            var score = prices[slot].isAboutRoom ? 0 : Double(cost)
            for resource in 0..<width { score += prices[slot].prices[resource] * Double(used[resource]) }
            guard score < nextScores[to + slot] else { continue }
            nextScores[to + slot] = score
            nextCosts[to + slot] = cost
            nextEnds[to + slot] = ends[at]
            nextAlternatives[to + slot] = Int32(alternative)
            for resource in 0..<width { nextUses[(to + slot) * width + resource] = used[resource] }
          }
        }
      }
      most += choice.value[choice.starts[line + 1] - 1]
      for at in 0..<((most + 1) * slots) where nextScores[at] < .infinity {
        if at % slots > 0, nextScores[at - 1] < .infinity, nextCosts[at] == nextCosts[at - 1],
          (0..<width).allSatisfy({ nextUses[at * width + $0] == nextUses[(at - 1) * width + $0] })
        {
          nextEnds[at] = nextEnds[at - 1]
          continue
        }
        nodes.append((nextEnds[at], nextAlternatives[at]))
        nextEnds[at] = Int32(nodes.count - 1)
      }
      (scores, costs, uses, ends) = (nextScores, nextCosts, nextUses, nextEnds)
    }
    for at in scores.indices.reversed() where scores[at] < .infinity { find(costs[at], at / slots, ends[at]) }
  }

  // MARK: All labels

  private mutating func searchWholly() throws(ChoiceError) {
    let (width, slots) = (choice.width, prices.count)
    var labels = [Label(cost: 0, value: 0, low: Int32(valueMin), high: Int32(choice.valueMax), node: -1)]
    var uses = Array(repeating: Int64(0), count: width)
    var scores = prices.map { -$0.offset }
    for line in 0..<choice.count {
      var next: [Label] = []
      var nextUses: [Int64] = []
      var nextScores: [Double] = []
      var reached = Array(repeating: 0.0, count: slots)
      for (index, label) in labels.enumerated() {
        for alternative in choice.starts[line]..<choice.starts[line + 1] {
          let cost = label.cost + choice.cost[alternative]
          guard cost + choice.restCost[line + 1] <= choice.costMax,
            (0..<width).allSatisfy({
              isAllowed(uses[index * width + $0] + choice.use[alternative * width + $0], $0, after: line)
            })
          else { break }
          for slot in 0..<slots { reached[slot] = scores[index * slots + slot] + prices[slot].scores[alternative] }
          var grown = label
          grown.cost = cost
          grown.value += Int32(choice.value[alternative])
          guard narrow(&grown, reached, after: line) else { continue }
          guard steps <= Self.stepsMax else { throw .tooLarge(limit: next.count) }
          grown.node = Int32(index) << 8 | Int32(alternative - choice.starts[line])
          next.append(grown)
          nextScores += reached
          for resource in 0..<width {
            // Room that the remaining lines cannot use up does not tell labels apart.
            let free = choice.limits[resource] - choice.restUse[(line + 1) * width + resource].most
            nextUses.append(max(uses[index * width + resource] + choice.use[alternative * width + resource], free))
          }
        }
      }
      steps += next.count * Self.rivalsMax / 4
      let kept = steps > Self.stepsMax ? [] : unbeaten(next, nextUses)
      guard steps <= Self.stepsMax, kept.count <= ChoiceProblem.labelsMax >> 2 else {
        throw .tooLarge(limit: ChoiceProblem.labelsMax >> 2)
      }
      let before = labels
      labels = []
      uses = []
      scores = []
      for index in kept {
        var label = next[index]
        let origin = before[Int(label.node >> 8)].node
        nodes.append((origin, Int32(choice.starts[line]) + label.node & 0xFF))
        label.node = Int32(nodes.count - 1)
        labels.append(label)
        uses += nextUses[(index * width)..<((index + 1) * width)]
        scores += nextScores[(index * slots)..<((index + 1) * slots)]
      }
    }
    for label in labels { find(label.cost, Int(label.value), label.node) }
  }

  /// Takes the values from both ends of a label's range that it cannot reach for less than is known; false if none is
  /// left.
  private mutating func narrow(_ label: inout Label, _ scores: [Double], after line: Int) -> Bool {
    let row = choice.valueMax + 1
    let start = (line + 1) * row
    let value = Int(label.value)
    // Worth less than it is already: then what it is worth is bettered too.
    var low = max(Int(label.low), value)
    var high = min(Int(label.high), value + choice.restValue[line + 1])
    // The prices that said no last are asked first: neighbours are mostly closed by the same.
    var asked = 0
    func isClosed(_ target: Int, _ slot: Int, _ bound: Double) -> Bool {
      let limit = prices[slot].isAboutRoom ? 1e-3 + prices[slot].offset * 1e-12 : bound
      return scores[slot] + prices[slot].table[start + target - value] > limit
    }
    func isOpen(_ target: Int) -> Bool {
      // Costs are whole numbers: to cost less is to cost one less. The margin is what doubles may be off.
      let known = Double(best[target])
      let bound = known - 1 + 1e-3 + known * 1e-12
      if isClosed(target, asked, bound) { return false }
      for slot in scores.indices where slot != asked && isClosed(target, slot, bound) {
        asked = slot
        return false
      }
      return true
    }
    let (before, width) = (high - low, prices.count)
    while low <= high, !isOpen(low) { low += 1 }
    while low < high, !isOpen(high) { high -= 1 }
    steps += max(1, before - max(0, high - low)) * width
    (label.low, label.high) = (Int32(low), Int32(high))
    return low <= high
  }

  /// The labels that no other of the last few is as good as in everything.
  private func unbeaten(_ labels: [Label], _ uses: [Int64]) -> [Int] {
    let width = choice.width
    let order = labels.indices.sorted {
      let (one, other) = (labels[$0], labels[$1])
      return (-one.value, one.cost, Int32($0)) < (-other.value, other.cost, Int32($1))
    }
    var kept: [Int] = []
    // What is compared, one label after the other.
    var costs: [Int64] = []
    var used: [Int64] = []
    for index in order {
      let cost = labels[index].cost
      var isBeaten = false
      for rival in max(0, kept.count - Self.rivalsMax)..<kept.count where costs[rival] <= cost {
        isBeaten = true
        for resource in 0..<width where used[rival * width + resource] > uses[index * width + resource] {
          isBeaten = false
          break
        }
        if isBeaten { break }
      }
      if isBeaten { continue }
      kept.append(index)
      costs.append(cost)
      used += uses[(index * width)..<((index + 1) * width)]
    }
    return kept
  }
}
