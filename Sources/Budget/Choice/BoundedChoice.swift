/// A choice under several caps with small values, as flat arrays: what ``BoundedSearch`` works on.
///
/// Lines keep only alternatives that no other of theirs beats; each line's values count from its least, so that the
/// values sum to `valueMax` at most. A resource is a person's cap or a category's: every alternative uses some of it.
struct BoundedChoice {
  /// Values times alternatives times sets of prices, at most: what the beam looks at, and more than is tabulated.
  static let tableMax = 8_000_000

  let count: Int
  let width: Int
  /// Where each line's alternatives begin; one more entry than lines.
  private(set) var starts: [Int] = [0]
  private(set) var cost: [Int64] = []
  private(set) var value: [Int] = []
  /// The alternative's place in its line, as the caller knows it.
  private(set) var place: [Int] = []
  /// What each alternative uses of each resource.
  private(set) var use: [Int64] = []
  let limits: [Int64]
  let costMax: Int64
  private(set) var valueMax = 0
  /// What the lines' alternatives are worth at least: values count from there.
  private(set) var valueLeast: Int64 = 0
  /// Of the lines from each on, at least and at most; one more entry than lines.
  private(set) var restCost: [Int64]
  private(set) var restValue: [Int]
  private(set) var restUse: [(least: Int64, most: Int64)]

  /// - Parameters:
  ///   - lines: in the order in which they are gone through.
  ///   - limits: of each resource.
  ///   - costMax: the total cap.
  ///   - uses: what a cost on a line uses of a resource.
  init(_ lines: [ChoiceLine], limits: [Int64], costMax: Int64, uses: (Int64, ChoiceLine, Int) -> Int64) {
    count = lines.count
    width = limits.count
    self.limits = limits
    self.costMax = costMax
    for line in lines {
      let order = line.alternatives.indices.sorted {
        let (one, other) = (line.alternatives[$0], line.alternatives[$1])
        return (one.cost, -one.value, $0) < (other.cost, -other.value, $1)
      }
      let least = line.alternatives[order[0]].value
      valueLeast += least
      var last: Int64 = -1
      for number in order where line.alternatives[number].value > last {
        let alternative = line.alternatives[number]
        last = alternative.value
        cost.append(alternative.cost)
        value.append(Int(alternative.value - least))
        place.append(number)
        for resource in limits.indices { use.append(uses(alternative.cost, line, resource)) }
      }
      valueMax += value[value.count - 1]
      starts.append(cost.count)
    }
    restCost = Array(repeating: 0, count: count + 1)
    restValue = Array(repeating: 0, count: count + 1)
    restUse = Array(repeating: (0, 0), count: (count + 1) * width)
    for line in stride(from: count - 1, through: 0, by: -1) {
      // Of a line the first alternative costs, uses and is worth least, the last most.
      let (first, last) = (starts[line], starts[line + 1] - 1)
      restCost[line] = restCost[line + 1] + cost[first]
      restValue[line] = restValue[line + 1] + value[last]
      for resource in 0..<width {
        let rest = restUse[(line + 1) * width + resource]
        restUse[line * width + resource] = (
          rest.least + use[first * width + resource], rest.most + use[last * width + resource]
        )
      }
    }
  }
}

/// What resources are worth, and what the lines from each on cost at least for each value when resources are paid for.
///
/// For prices λ ≥ 0 of the resources, every choice that keeps the limits costs at least the least of cost + λ · (use −
/// limit) over all choices (Lagrange): a bound that needs no labels, because without limits one table by value is enough.
struct ChoicePrices {
  /// Prices of each resource, for one unit of it.
  let prices: [Double]
  /// What each alternative costs with what it uses.
  let scores: [Double]
  /// `table[line * (valueMax + 1) + v]`: the least score of the lines from `line` on that are worth v or more.
  private(set) var table: [Double]
  /// What the limits are worth.
  let offset: Double
  /// Whether cost is a resource here like others, limited by the total cap: then a score above nothing says that there
  /// is no such choice at all.
  let isAboutRoom: Bool

  init(_ choice: BoundedChoice, _ prices: [Double], isAboutRoom: Bool = false) {
    self.prices = prices
    self.isAboutRoom = isAboutRoom
    let costPrice = isAboutRoom ? choice.roomPrice : 1
    let width = choice.width
    scores = choice.cost.indices.map { alternative in
      (0..<width).reduce(costPrice * Double(choice.cost[alternative])) {
        $0 + prices[$1] * Double(choice.use[alternative * width + $1])
      }
    }
    let room = isAboutRoom && choice.hasTotal ? Double(choice.costMax) : 0
    offset = (0..<width).reduce(room) { $0 + prices[$1] * Double(choice.limits[$1]) }
    let row = choice.valueMax + 1
    table = Array(repeating: .infinity, count: row * (choice.count + 1))
    table[row * choice.count] = 0
    let scores = scores
    table.withUnsafeMutableBufferPointer { table in
      for line in stride(from: choice.count - 1, through: 0, by: -1) {
        let (here, after) = (line * row, (line + 1) * row)
        let most = choice.restValue[line + 1]
        for alternative in choice.starts[line]..<choice.starts[line + 1] {
          let (value, score) = (choice.value[alternative], scores[alternative])
          for v in 0...most {
            table[here + v + value] = min(table[here + v + value], table[after + v] + score)
          }
        }
        // Worth more is worth this too.
        for v in stride(from: choice.restValue[line] - 1, through: 0, by: -1) {
          table[here + v] = min(table[here + v], table[here + v + 1])
        }
      }
    }
  }

  /// Prices that bind about as hard as a trip that pays so much for a point of value needs: steps along the
  /// subgradient, each shorter.
  static func prices(_ choice: BoundedChoice, perPoint: Double, costPrice: Double = 1) -> [Double] {
    let width = choice.width
    var prices = Array(repeating: 0.0, count: width)
    var best = prices
    var bestBound = -Double.infinity
    for step in 1...80 {
      var bound = 0.0
      var used = Array(repeating: Int64(0), count: width)
      for line in 0..<choice.count {
        var least = Double.infinity
        var taken = choice.starts[line]
        for alternative in choice.starts[line]..<choice.starts[line + 1] {
          var score = costPrice * Double(choice.cost[alternative]) - perPoint * Double(choice.value[alternative])
          for resource in 0..<width { score += prices[resource] * Double(choice.use[alternative * width + resource]) }
          if score < least { (least, taken) = (score, alternative) }
        }
        bound += least
        for resource in 0..<width { used[resource] += choice.use[taken * width + resource] }
      }
      for resource in 0..<width { bound -= prices[resource] * Double(choice.limits[resource]) }
      if bound > bestBound { (best, bestBound) = (prices, bound) }
      for resource in 0..<width {
        let limit = Double(max(1, choice.limits[resource]))
        // A price is cost by use: its scale is what all lines cost by what they use.
        let scale = Double(choice.costScale) / Double(max(1, choice.restUse[resource].most))
        prices[resource] = max(
          0, prices[resource] + 4 / Double(step + 2) * (Double(used[resource]) - limit) / limit * scale)
      }
    }
    return best
  }
}

extension BoundedChoice {
  /// Whether tables by value fit, for five sets of prices.
  var isSmall: Bool {
    valueMax <= 1 << 20 && (valueMax + 1) * (cost.count + 1) * 5 <= Self.tableMax
      && (0..<count).allSatisfy { starts[$0 + 1] - starts[$0] <= 256 }
  }

  /// Whether the total is capped.
  var hasTotal: Bool { costMax < .max / 4 }

  /// What cost itself is worth where room is all that counts: nothing without a total cap.
  var roomPrice: Double { hasTotal ? 1 : 0 }

  /// Prices that tell for which values there is no room: those that a trip needs that would pay any price for a point.
  var roomPrices: [Double] {
    let dearest = pointPrices.last ?? 1
    let perPoint = hasTotal ? 4 * dearest : Double(costScale) / Double(max(1, valueMax))
    return ChoicePrices.prices(self, perPoint: perPoint, costPrice: roomPrice)
  }

  /// What all lines cost at most.
  var costScale: Int64 { (0..<count).reduce(0) { $0 + cost[starts[$1 + 1] - 1] } }

  /// What a point of value costs at some places between the cheapest and the dearest step of any line.
  var pointPrices: [Double] {
    var slopes: [Double] = []
    for line in 0..<count {
      for alternative in starts[line]..<(starts[line + 1] - 1) {
        slopes.append(
          Double(cost[alternative + 1] - cost[alternative]) / Double(value[alternative + 1] - value[alternative]))
      }
    }
    slopes.sort()
    if slopes.isEmpty { return [] }
    return [0.4, 0.7, 1].map { slopes[Int(Double(slopes.count - 1) * $0)] }
  }
}
