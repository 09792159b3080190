extension Search {
  /// Plans the trip as one long day some times, cuts it into days, and goes on so from the best plan's order.
  mutating func cutLongDays(_ chains: NightChains, _ rule: SearchRule, until end: Double) -> [Chain] {
    guard let longDay else { return [] }
    var kept: [Chain] = []
    var search = Search(longDay.instance, seed: UInt64(chance.below(1 << 30)), tuning: tuning)
    let begun = progress(rule)
    let whole = begun + (end - begun) * tuning.wholeLongDays
    for number in 0..<tuning.longDays where progress(rule) < whole && stepCount < rule.steps {
      let now = progress(rule)
      let span = (whole - now) / Double(tuning.longDays - number)
      let part = Double(rule.steps) * span
      search.stepCount = 0
      search.tours.empty()
      search.run(
        SearchRule(
          steps: part < 1e15 ? Int(part) : .max, progress: rule.progress.map { asked in { (asked() - now) / span } }))
      stepCount += search.stepCount
      cut(longDay.order(of: search.best[0]), chains, &kept)
    }
    if kept.isEmpty { return [] }
    while progress(rule) < end, stepCount < rule.steps {
      let chain = kept[min(kept.count - 1, chance.below(tuning.longParents))]
      let steps = min(tuning.wanderSteps, rule.steps - stepCount)
      let route = search.wander(from: longDay.route(of: chain.routes), steps: steps)
      stepCount += steps
      cut(longDay.order(of: route), chains, &kept)
    }
    return kept
  }

  /// Cuts an order of visits into days and improves what comes of it for some steps.
  private mutating func cut(_ order: [Int32], _ chains: NightChains, _ kept: inout [Chain]) {
    var split = NightSplit(instance, order: order)
    guard let routes = split.solve(), tours.load(routes) else { return }
    touched = Array(0..<instance.dayCount)
    saved.clear(tours)
    recreate()
    energy = energy(of: tours.totals)
    keepIfBest(tours.totals)
    let ends = (0..<instance.dayCount).map {
      chains.place(of: tours.node[$0 * tours.stride + tours.length[$0] - 1], day: $0)
    }
    var chain = Chain(ends: ends, totals: tours.totals, routes: (0..<instance.dayCount).map { tours.route($0) })
    prolong(&chain, steps: tuning.stepsPerChain)
    // Of one chain the best plan stays.
    if let same = kept.firstIndex(where: { $0.ends == ends }) {
      if !chain.totals.isBetter(than: kept[same].totals) { return }
      kept.remove(at: same)
    }
    insert(chain, into: &kept)
  }

  /// The best of some steps from a route of one day on.
  mutating func wander(from route: [Int32], steps: Int) -> [Int32] {
    guard tours.load([route]) else { return route }
    touched = [0]
    saved.clear(tours)
    recreate()
    energy = energy(of: tours.totals)
    for step in 0..<steps {
      temperature = tuning.wanderHeat * meanValue * (1 - 0.9 * Double(step) / Double(steps))
      chooseStrings()
      judge()
    }
    return tours.route(0)
  }
}
