/// A partial choice: what it costs, what it is worth, and how it came about.
struct ChoiceLabel {
  var cost: Int64
  var value: Int64
  var node: Int32
}

/// Partial choices none of which is beaten by another, with what each costs the people whose caps bind.
struct LabelFront {
  let width: Int
  var labels: [ChoiceLabel] = []
  /// `width` numbers per label.
  var shares: [Int64] = []

  init(width: Int) { self.width = width }

  /// Nothing chosen yet.
  static func empty(width: Int) -> LabelFront {
    var front = LabelFront(width: width)
    front.labels = [ChoiceLabel(cost: 0, value: 0, node: -1)]
    front.shares = Array(repeating: 0, count: width)
    return front
  }

  /// The labels that no other beats in cost and worth, cheapest first.
  func frontier() -> [ChoiceLabel] {
    var result: [ChoiceLabel] = []
    for label in labels.sorted(by: { ($0.cost, -$0.value, $0.node) < ($1.cost, -$1.value, $1.node) })
    where label.value > result.last?.value ?? -1 {
      result.append(label)
    }
    return result
  }
}

/// Every pair of a front's label and an option, reduced to those that no other pair beats.
struct LabelMerge {
  private let front: LabelFront
  private let options: LabelFront
  private let costMax: Int64
  private let limits: [Int64]

  /// Pairs that are looked at in one step; more are refused.
  static let pairsMax = 64_000_000
  /// Comparisons of one step where several people's caps bind; more are refused: about a second.
  static let comparisonsMax = 500_000_000
  /// Sums of values up to this are kept in an array by value.
  private static let denseMax: Int64 = 1 << 18

  private let comparisonsMax: Int

  init(
    _ front: LabelFront, _ options: LabelFront, costMax: Int64, limits: [Int64],
    comparisonsMax: Int = Self.comparisonsMax
  ) throws(ChoiceError) {
    guard front.labels.count * options.labels.count <= Self.pairsMax else {
      throw .tooLarge(limit: ChoiceProblem.labelsMax)
    }
    self.front = front
    self.options = options
    self.costMax = costMax
    self.limits = limits
    self.comparisonsMax = comparisonsMax
  }

  /// What a label that ``pruned()`` gave is made of.
  func origin(_ label: ChoiceLabel) -> (before: Int32, other: Int32) {
    let pair = Int(label.node)
    let count = options.labels.count
    return (front.labels[pair / count].node, options.labels[pair % count].node)
  }

  /// The pairs that keep the caps and that none beats, each with its number for a node.
  func pruned() throws(ChoiceError) -> LabelFront {
    let valueMax = (front.labels.map(\.value).max() ?? 0) + (options.labels.map(\.value).max() ?? 0)
    if front.width == 0, valueMax <= Self.denseMax { return prunedByValue(Int(valueMax)) }
    let candidates = candidates()
    return front.width < 2 ? prunedByStaircase(candidates) : try prunedByScan(candidates)
  }

  /// One number beside worth, cost: the least cost for each worth, then only what costs less than anything worth more.
  private func prunedByValue(_ valueMax: Int) -> LabelFront {
    var cheapest = [Int64](repeating: .max, count: valueMax + 1)
    var pairs = [Int32](repeating: -1, count: valueMax + 1)
    let count = options.labels.count
    front.labels.withUnsafeBufferPointer { labels in
      options.labels.withUnsafeBufferPointer { options in
        for (row, label) in labels.enumerated() {
          let room = costMax - label.cost
          for column in 0..<count where options[column].cost <= room {
            let value = Int(label.value + options[column].value)
            let cost = label.cost + options[column].cost
            if cost < cheapest[value] {
              cheapest[value] = cost
              pairs[value] = Int32(row * count + column)
            }
          }
        }
      }
    }
    var result = LabelFront(width: 0)
    var least = Int64.max
    for value in stride(from: valueMax, through: 0, by: -1) where cheapest[value] < least {
      least = cheapest[value]
      result.labels.append(ChoiceLabel(cost: least, value: Int64(value), node: pairs[value]))
    }
    return result
  }

  private typealias Candidate = (cost: Int64, value: Int64, share: Int64, pair: Int32)

  /// Every pair that keeps the caps, the most worth first and then the cheapest: none is beaten by a later one.
  private func candidates() -> [Candidate] {
    let width = front.width
    var result: [Candidate] = []
    for (row, label) in front.labels.enumerated() {
      for (column, option) in options.labels.enumerated() where option.cost <= costMax - label.cost {
        let keeps = (0..<width).allSatisfy {
          front.shares[row * width + $0] + options.shares[column * width + $0] <= limits[$0]
        }
        guard keeps else { continue }
        let share = width > 0 ? front.shares[row * width] + options.shares[column * width] : 0
        let pair = Int32(row * options.labels.count + column)
        result.append((label.cost + option.cost, label.value + option.value, share, pair))
      }
    }
    result.sort { one, other in
      if one.value != other.value { return one.value > other.value }
      return (one.cost, one.share, one.pair) < (other.cost, other.share, other.pair)
    }
    return result
  }

  /// At most two numbers beside worth: those seen so far form a staircase, dearer steps with smaller shares.
  private func prunedByStaircase(_ candidates: [Candidate]) -> LabelFront {
    var result = LabelFront(width: front.width)
    var stairs: [(cost: Int64, share: Int64)] = []
    for candidate in candidates {
      // The last step that costs no more has the smallest share among them.
      var (low, high) = (0, stairs.count)
      while low < high {
        let middle = (low + high) / 2
        if stairs[middle].cost <= candidate.cost { low = middle + 1 } else { high = middle }
      }
      if low > 0, stairs[low - 1].share <= candidate.share { continue }
      var end = low
      while end < stairs.count, stairs[end].share >= candidate.share { end += 1 }
      let start = low > 0 && stairs[low - 1].cost == candidate.cost ? low - 1 : low
      stairs.replaceSubrange(start..<end, with: [(cost: candidate.cost, share: candidate.share)])
      append(candidate, to: &result)
    }
    return result
  }

  /// Any number of caps: each candidate against all that were kept.
  private func prunedByScan(_ candidates: [Candidate]) throws(ChoiceError) -> LabelFront {
    let width = front.width
    var result = LabelFront(width: width)
    var comparisons = 0
    for candidate in candidates {
      comparisons += result.labels.count
      guard comparisons <= comparisonsMax else { throw .tooLarge(limit: result.labels.count) }
      let shares = self.shares(candidate)
      let isBeaten = result.labels.indices.contains { index in
        result.labels[index].cost <= candidate.cost
          && (0..<width).allSatisfy { result.shares[index * width + $0] <= shares[$0] }
      }
      if !isBeaten { append(candidate, to: &result) }
    }
    return result
  }

  private func append(_ candidate: Candidate, to result: inout LabelFront) {
    result.labels.append(ChoiceLabel(cost: candidate.cost, value: candidate.value, node: candidate.pair))
    if front.width > 0 { result.shares += shares(candidate) }
  }

  private func shares(_ candidate: Candidate) -> [Int64] {
    let (row, column) = Int(candidate.pair).quotientAndRemainder(dividingBy: options.labels.count)
    return (0..<front.width).map {
      front.shares[row * front.width + $0] + options.shares[column * front.width + $0]
    }
  }
}
