/// Choosing one alternative per line under caps: the multiple-choice knapsack with several constraints, exactly.
///
/// The idea: partial choices ("labels") over the first lines are kept unless another costs no more on every cap that is
/// still open and is worth no less (Nemhauser and Ullmann, "Discrete dynamic programming and capital allocation",
/// 1969). Lines are taken category by category, so that the cap on a category is, while its lines are taken, a cap on
/// cost alone, and is forgotten after. A cap that cannot bind any more is dropped. With a total and category caps a label has
/// two numbers, and there are never more of them than distinct sums of values; each person's cap that binds adds one.
/// The invariant: every efficient complete choice extends a kept label. What is left at the end is the frontier.
package struct ChoiceProblem: Sendable {
  /// Labels kept at once; more are refused rather than thinned out, because the answer is exact or none.
  package static let labelsMax = 400_000
  /// Costs and values past this are refused, so that sums cannot overflow: two hundred lines in the finest shares fit.
  package static let numberMax: Int64 = 1 << 42

  let lines: [ChoiceLine]
  let caps: ChoiceCaps
  /// What one minor unit is in the finest share of any line: people's shares are then whole numbers.
  let finest: Int64

  /// A problem.
  package init(lines: [ChoiceLine], caps: ChoiceCaps) throws(ChoiceError) {
    var finest: Int64 = 1
    for (index, line) in lines.enumerated() {
      if line.alternatives.isEmpty { throw .noAlternative(line: index) }
      if line.people.isEmpty, !caps.people.isEmpty { throw .nobody(line: index) }
      for (place, alternative) in line.alternatives.enumerated()
      where !(0...Self.numberMax).contains(alternative.cost) || !(0...Self.numberMax).contains(alternative.value) {
        throw .badAlternative(line: index, alternative: place)
      }
      finest = leastCommonMultiple(finest, Int64(max(1, line.people.count)))
      // Past this, a sum of shares might not fit; nobody travels with so many odd numbers of people.
      if finest > 5040 { throw .nobody(line: index) }
    }
    self.lines = lines
    self.finest = finest
    // A cap above all that can be spent says nothing more than one at it, and is kept from overflowing in shares.
    let most = lines.reduce(Int64(0)) { $0 + ($1.alternatives.map(\.cost).max() ?? 0) }
    self.caps = ChoiceCaps(
      total: caps.total.map { min($0, most) }, categories: caps.categories.mapValues { min($0, most) },
      people: caps.people.mapValues { min($0, most) })
  }

  /// The frontier under the caps, or the smallest relaxations.
  package func solve() throws(ChoiceError) -> ChoiceResult {
    let relaxations = relaxations()
    return relaxations.isEmpty ? .frontier(try frontier(under: caps)) : .infeasible([relaxations])
  }

  /// The same, with the first efficient choice beyond the total cap: what a little more money buys.
  ///
  /// By bounds that is a search of its own, for one worth alone; otherwise the total is left out of the search and the
  /// frontier cut at it, so that one search answers both.
  package func solveBeyond() throws(ChoiceError) -> (result: ChoiceResult, next: FrontierPoint?) {
    let relaxations = relaxations()
    if !relaxations.isEmpty { return (.infeasible([relaxations]), nil) }
    guard let total = caps.total else { return (.frontier(try frontier(under: caps)), nil) }
    var others = caps
    others.total = nil
    if let points = try boundedFrontier(under: caps), let best = points.last {
      return (.frontier(points), try boundedFrontier(under: others, valueMin: best.value + 1)?.first)
    }
    var search = ChoiceSearch(self, others)
    let points = try search.run()
    return (.frontier(Array(points.prefix { $0.cost <= total })), points.next(after: total))
  }

  /// Every efficient choice under some caps, cheapest first; empty if none keeps them.
  func frontier(under caps: ChoiceCaps) throws(ChoiceError) -> [FrontierPoint] {
    if let points = try boundedFrontier(under: caps) { return points }
    var search = ChoiceSearch(self, caps)
    return try search.run()
  }

  /// What each line's alternative costs one person, in the finest unit.
  func share(of cost: Int64, line: ChoiceLine, person: Int) -> Int64 {
    line.people.contains(person) ? cost * (finest / Int64(line.people.count)) : 0
  }
}

func leastCommonMultiple(_ left: Int64, _ right: Int64) -> Int64 {
  var (large, small) = (left, right)
  while small != 0 { (large, small) = (small, large % small) }
  return left / large * right
}

extension Sequence<FrontierPoint> {
  /// What a little more money would buy beyond a total cap: the next efficient choice, and its price per point.
  package func next(after cost: Int64) -> FrontierPoint? { first { $0.cost > cost } }
}
