/// An upper bound on the score of any plan, by column generation.
///
/// The idea: at prices π ≥ 0 for visits and limits, no plan scores more than Σ π · right side + Σ over days of the best
/// route's gain (Lagrange). Good prices are the duals of the ``MasterProgram``, whose routes ``RoutePricing`` finds. Prices are
/// whole numbers of ``unit``, so that the bound is exact whatever rounding went into them, and prices are smoothed
/// towards the best known (Wentges, "Weighted Dantzig–Wolfe decomposition for linear mixed-integer programming", 1997).
/// Once no route improves the mixture, its routes that return to a visit are forbidden by longer memories, and on it goes
/// (Roberti and Mingozzi, "Dynamic ng-path relaxation for the delivery man problem", 2014). Days that are too long for exact
/// pricing are priced with merged labels, in ever finer slices of time; every such round gives a bound too.
///
/// What is left out (fares, walking, precedences, discomfort, staying where the day before ended, prices of lodgings) can
/// only make plans worse, so the bound holds with them. What a lodging scores is added for the best of each night. What
/// activities that are alike lose has prices too: a variety of price μ adds at most max over n of μ · n − loss(n).
struct BoundSearch {
  /// What one of the score is in prices.
  static let unit: Int64 = 1 << 16

  let instance: Instance
  let neighbours: Neighbours
  var memory: RouteMemory
  /// The score of each visit, by the instance's cells.
  let scores: [Int64]
  /// Days that are the same, by their first.
  let kinds: [(day: Int, count: Int)]
  let slotFirst: Int
  let tagFirst: Int
  let kindFirst: Int
  let varieties: VarietyColumns
  var master: MasterProgram
  /// The routes of the master's columns.
  var routes: [(visits: [Int32], kind: Int)] = []
  var best: Int64
  /// The prices of the best bound.
  var bestPrices: [Double]
  /// What all scores are multiples of; 1 where something else than scores counts.
  let divisor: Int64
  var known: Set<[Int32]> = []
  private(set) var rounds = 0
  /// How labels are kept apart where a bound is to come of it, and by how many slices of time.
  var precision = RoutePricing.Precision.exact
  var sliceCount = RoutePricing.slicesAtFirst
  /// How many labels exact pricing may have: few until merged labels can lower the bound no further.
  var exactLabelsMax = 40_000
  /// Which part of a day was gone through when labels last ran out.
  private var partPriced = 1.0

  init(_ instance: Instance) {
    self.instance = instance
    neighbours = Neighbours(instance, most: RouteMemory.sizeMax)
    memory = RouteMemory(instance, neighbours, size: 7)
    let cells = instance.dayStride == 0 ? instance.visitCount : instance.visitCount * instance.dayCount
    scores = (0..<cells).map { instance.value[$0] % instance.mandatoryValue }
    kinds = BoundSearch.kinds(of: instance)
    slotFirst = instance.visitCount
    tagFirst = slotFirst + instance.limits.slotCount
    varieties = VarietyColumns(instance.varieties, firstRow: tagFirst)
    kindFirst = tagFirst + varieties.rowCount
    master = MasterProgram(rightSides: [])
    bestPrices = [Double](repeating: 0, count: kindFirst + kinds.count)
    let isPure = instance.varieties.isEmpty && !instance.comfort.hasAny && instance.lodgingValueMost == 0
    divisor = isPure ? max(1, scores.reduce(0) { greatestCommonDivisor($0, $1) }) : 1
    best = BoundSearch.sumOfAll(instance, scores)
    beginMaster()
  }

  /// A program without routes: only what further visits of each variety lose.
  mutating func beginMaster() {
    let sides = [Double](repeating: 1, count: instance.visitCount) + instance.limits.most.map { Double($0) }
    master = MasterProgram(rightSides: sides + varieties.rightSides + kinds.map { Double($0.count) })
    routes = []
    for column in varieties.columns {
      master.add(column)
      routes.append((visits: [], kind: -1))
    }
  }

  /// Everything that could be done at all, done.
  private static func sumOfAll(_ instance: Instance, _ scores: [Int64]) -> Int64 {
    var most: [Int: Int64] = [:]
    for day in 0..<instance.dayCount {
      for visit in 0..<instance.visitCount {
        let cell = day * instance.dayStride + visit
        if instance.latestClose[cell] == Instance.always { continue }
        let activity = instance.origins[visit].activity
        most[activity] = max(most[activity] ?? 0, scores[cell])
      }
    }
    return (most.values.reduce(0, +) + instance.lodgingValueMost) * unit
  }

  private static func kinds(of instance: Instance) -> [(day: Int, count: Int)] {
    if instance.dayStride != 0 || !instance.lodgings.isEmpty { return (0..<instance.dayCount).map { ($0, 1) } }
    var result: [(day: Int, count: Int)] = []
    for day in 0..<instance.dayCount {
      let same = result.firstIndex {
        instance.startNode[$0.day] == instance.startNode[day] && instance.endNode[$0.day] == instance.endNode[day]
          && !instance.limits.slotStride.contains(1)
      }
      if let same { result[same].count += 1 } else { result.append((day, 1)) }
    }
    return result
  }

  /// The bound in whole scores, no plan being between multiples of what all scores share.
  var bound: Int {
    let whole = best / Self.unit
    return Int(whole / divisor * divisor)
  }

  /// The visits of a day that is possible.
  struct KnownDay {
    let day: Int
    let visits: [Int32]
  }

  /// Lowers the bound until the rule says stop or a plan is known that reaches it.
  mutating func run(_ rule: BoundRule, known days: [KnownDay], score: Int) {
    guard instance.visitCount > 0 else { return }
    for known in days where !known.visits.isEmpty { _ = add(known.visits, kind: kind(of: known.day)) }
    // Prices by which many good days balance are near the best ones.
    if days.count > instance.dayCount, master.solve() { _ = bound(at: master.duals.map { max(0, $0) }, rule) }
    if bound > score { beginPrices(rule, score: score) }
    while rounds < rule.rounds, !rule.isOver, bound > score {
      rounds += 1
      guard master.solve() else { return }
      if improve(rule) { continue }
      if rule.isOver || bound <= score || !tighten() { return }
    }
  }

  private func kind(of day: Int) -> Int {
    if kinds.count == instance.dayCount { return day }
    return kinds.firstIndex {
      instance.startNode[$0.day] == instance.startNode[day] && instance.endNode[$0.day] == instance.endNode[day]
    } ?? 0
  }

  /// One round of prices: whether there is more to gain with these memories.
  private mutating func improve(_ rule: BoundRule) -> Bool {
    let duals = master.duals.map { max(0, $0) }
    // Fast first: what it finds needs no proof. Now and then a bound nevertheless, since time may end at any moment.
    if rounds % 8 != 0, price(duals, .fast, rule).added > 0 { return true }
    for weight in [0.5, 0.0] {
      let prices = zip(bestPrices, duals).map { weight * $0 + (1 - weight) * $1 }
      let outcome = bound(at: prices, rule)
      guard let isLower = outcome.isLower else { return outcome.added > 0 }
      if outcome.added > 0 || isLower && weight > 0 { return true }
    }
    return false
  }

  /// A bound from complete pricing, and whether it is lower than all before; nil if time ended first.
  private mutating func bound(at prices: [Double], _ rule: BoundRule) -> (added: Int, isLower: Bool?) {
    var outcome = price(prices, precision, rule)
    while outcome.bound == nil, precision == .exact, exactLabelsMax < RoutePricing.labelsMax, !rule.isOver {
      // Labels that run out early in the day would run out again.
      if partPriced < 0.4 { mergeLabels() } else { exactLabelsMax = min(4 * exactLabelsMax, RoutePricing.labelsMax) }
      outcome = price(prices, precision, rule)
    }
    guard let value = outcome.bound else { return (outcome.added, nil) }
    if value >= best { return (outcome.added, false) }
    best = value
    bestPrices = prices
    return (outcome.added, true)
  }

  /// First prices, before the program knows enough routes to tell any: what a visit scores beyond what its time is worth.
  private mutating func beginPrices(_ rule: BoundRule, score: Int) {
    let length = (0..<instance.dayCount).reduce(0.0) { $0 + Double(instance.closes[$1] - instance.opens[$1]) }
    guard score > 0, length > 0 else { return }
    let nearest = (0..<instance.visitCount).map { visit -> Double in
      let near = neighbours.order[visit * neighbours.width..<visit * neighbours.width + min(3, neighbours.width)]
      let legs = near.map { Double(instance.leg[visit * instance.nodeCount + Int($0)]) }
      return legs.reduce(0, +) / Double(max(1, legs.count))
    }
    for part in [1.0, 0.7, 1.3] where !rule.isOver {
      let worth = part * Double(score) / length
      let prices = bestPrices.indices.map { row in
        row < instance.visitCount ? max(0, Double(scoreMost(row)) - worth * nearest[row]) : 0
      }
      _ = bound(at: prices, rule)
    }
  }

  private func scoreMost(_ visit: Int) -> Int64 {
    let days = instance.dayStride == 0 ? 1 : instance.dayCount
    return (0..<days).reduce(0) { max($0, scores[$1 * instance.dayStride + visit]) }
  }

  /// Prices all kinds of days; the bound is there only if every pricing was complete.
  private mutating func price(
    _ prices: [Double], _ precision: RoutePricing.Precision, _ rule: BoundRule
  ) -> (added: Int, bound: Int64?) {
    let whole = prices.map { Int64(($0 * Double(Self.unit)).rounded()) }
    var bound: Int64? = constantPart(whole)
    var added = 0
    for (kind, entry) in kinds.enumerated() {
      let values = (0..<instance.visitCount).map { value($0, day: entry.day, whole) }
      let threshold = whole[kindFirst + kind]
      let completion = CompletionTable(instance, day: entry.day, values: values)
      var pricing = RoutePricing(
        instance, day: entry.day, memory: memory, values: values, threshold: threshold, precision: precision,
        slices: precision == .merged ? sliceCount : RoutePricing.slicesAtFirst, completion: completion)
      let result = pricing.run(labelsMax: labelsMax(precision)) { rule.isOver }
      let top = max(threshold, result.routes.first?.value ?? 0)
      bound = result.isComplete ? bound.map { $0 + top * Int64(entry.count) } : nil
      for route in result.routes.prefix(40) where add(route.visits, kind: kind) { added += 1 }
      if bound == nil, precision != .fast {
        partPriced = result.part
        break
      }
    }
    return (added, bound)
  }

  private func labelsMax(_ precision: RoutePricing.Precision) -> Int {
    switch precision {
    case .fast: 50_000
    case .merged: RoutePricing.labelsMax
    case .exact: exactLabelsMax
    }
  }

  private func constantPart(_ whole: [Int64]) -> Int64 {
    var sum = whole[0..<slotFirst].reduce(0, +) + instance.lodgingValueMost * Self.unit
    for tag in 0..<varieties.count { sum += varieties.most(tag, at: whole[tagFirst + tag], unit: Self.unit) }
    for (slot, most) in instance.limits.most.enumerated() { sum += whole[slotFirst + slot] * most }
    return sum
  }

  /// What a visit gains on a day at some prices.
  private func value(_ visit: Int, day: Int, _ whole: [Int64]) -> Int64 {
    var value = scores[day * instance.dayStride + visit] * Self.unit - whole[visit]
    let table = instance.limits
    for use in table.uses[Int(table.useFirst[visit])..<Int(table.useFirst[visit + 1])] {
      value -= whole[slotFirst + table.slot(Int(use.limit), day: day)] * use.amount
    }
    for limit in table.dayLimits {
      let amount = limit.amounts[day * instance.dayStride + visit]
      value -= whole[slotFirst + table.slot(limit.limit, day: day)] * amount
    }
    if !instance.varieties.isEmpty {
      for index in Int(instance.varieties.first[visit])..<Int(instance.varieties.first[visit + 1]) {
        value -= whole[tagFirst + Int(instance.varieties.tags[index])]
      }
    }
    return value
  }

  /// Adds a route's column unless it is there or gains nothing by the duals.
  private mutating func add(_ visits: [Int32], kind: Int) -> Bool {
    let column = column(visits, kind)
    guard master.columns.isEmpty || master.gain(column) > 1e-6, known.insert(visits + [Int32(-1 - kind)]).inserted
    else { return false }
    master.add(column)
    routes.append((visits, kind))
    return true
  }

  func column(_ visits: [Int32], _ kind: Int) -> MasterProgram.Column {
    let day = kinds[kind].day
    var (rows, value): ([Int32: Double], Int64) = ([Int32(kindFirst + kind): 1], 0)
    let table = instance.limits
    for visit in visits.map({ Int($0) }) {
      rows[Int32(visit), default: 0] += 1
      value += scores[day * instance.dayStride + visit]
      for use in table.uses[Int(table.useFirst[visit])..<Int(table.useFirst[visit + 1])] {
        rows[Int32(slotFirst + table.slot(Int(use.limit), day: day)), default: 0] += Double(use.amount)
      }
      for limit in table.dayLimits {
        let amount = Double(limit.amounts[day * instance.dayStride + visit])
        rows[Int32(slotFirst + table.slot(limit.limit, day: day)), default: 0] += amount
      }
      if !instance.varieties.isEmpty {
        for index in Int(instance.varieties.first[visit])..<Int(instance.varieties.first[visit + 1]) {
          rows[Int32(tagFirst) + instance.varieties.tags[index], default: 0] += 1
        }
      }
    }
    let sorted = rows.sorted { $0.key < $1.key }
    return MasterProgram.Column(rows: sorted.map(\.key), amounts: sorted.map(\.value), value: Double(value))
  }
}

func greatestCommonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
  var (large, small) = (abs(left), abs(right))
  while small != 0 { (large, small) = (small, large % small) }
  return large
}
