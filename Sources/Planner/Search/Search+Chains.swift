extension Search {
  /// A chain of nights with the plan that was made for it.
  struct Chain {
    let ends: [Int]
    var totals: Tours.Totals
    var routes: [[Int32]]
  }

  private static let chainsMax = 24

  /// Where to spend the nights: chains that follow from long days, and many others, get a short search, the best of them
  /// ever longer ones, and the best plan remains.
  mutating func chooseNights(_ rule: SearchRule) {
    guard !instance.lodgings.nights.isEmpty, rule.steps > 64 else { return }
    let begun = progress(rule)
    func at(_ part: Double) -> Double { begun + (tuning.nightsUntil - begun) * part }
    var chains = NightChains(instance)
    let cut = longDay == nil ? 0 : tuning.longDaysUntil
    var kept = cutLongDays(chains, rule, until: at(cut))
    valueDays(&chains, rule, until: at(0.25 + 0.6 * cut))
    drawChains(&kept, &chains, rule, until: at(0.6 + 0.2 * cut))
    while kept.count > 1, progress(rule) < tuning.nightsUntil {
      let rounds = max(1, (kept.count - 1).bitWidth - (kept.count - 1).leadingZeroBitCount)
      let now = progress(rule)
      let until = now + (tuning.nightsUntil - now) / Double(rounds)
      prolong(&kept, rule, until: until)
      kept.sort { $0.totals.isBetter(than: $1.totals) }
      kept.removeLast(kept.count / 2)
    }
    adopt(best)
  }

  /// Keeps a chain where it belongs among the best.
  func insert(_ chain: Chain, into kept: inout [Chain]) {
    let place = kept.firstIndex { chain.totals.isBetter(than: $0.totals) } ?? kept.count
    kept.insert(chain, at: place)
    if kept.count > Self.chainsMax { kept.removeLast() }
  }

  /// What each day would hold between each two lodgings if it were alone: several tries, as long as there is time.
  private mutating func valueDays(_ chains: inout NightChains, _ rule: SearchRule, until end: Double) {
    _ = tours.load((0..<instance.dayCount).map { Array([best[$0][0], best[$0][best[$0].count - 1]]) })
    for attempt in 0..<tuning.triesPerDay {
      for day in 0..<instance.dayCount {
        let (first, last) = (day * tours.stride, day * tours.stride + 1)
        let (start, finish) = (tours.node[first], tours.node[last])
        for startPlace in chains.starts[day].indices {
          for endPlace in chains.ends[day].indices {
            if attempt > 0, !chains.isPossible(day, startPlace, endPlace) { continue }
            (tours.node[first], tours.node[last]) = (chains.starts[day][startPlace], chains.ends[day][endPlace])
            tours.way[last] = 0
            guard bridge(day, behind: 0) else { continue }
            let isOver = progress(rule) >= end
            chains.raise(day, startPlace, endPlace, to: isOver ? 0 : fillAlone(day))
            if isOver, attempt > 0 { break }
          }
        }
        (tours.node[first], tours.node[last]) = (start, finish)
        tours.way[last] = 0
        bridge(day, behind: 0)
      }
    }
  }

  /// What an empty day holds; it is empty again afterwards.
  private mutating func fillAlone(_ day: Int) -> Float {
    let before = tours.value[day]
    touched = [day]
    recreate()
    stepCount += 1
    let gained = Float(tours.value[day] - before)
    tours.remove(1..<tours.length[day] - 1, from: day)
    tours.way[day * tours.stride + 1] = 0
    return gained
  }

  /// Chains that look good, each with a short search, the best of which are kept.
  private mutating func drawChains(
    _ kept: inout [Chain], _ chains: inout NightChains, _ rule: SearchRule, until end: Double
  ) {
    var refused = 0
    while progress(rule) < end, stepCount < rule.steps, refused < 256 {
      // What was drawn before makes chance bolder.
      let noise = [0.1, 0.4, 1][chance.below(3)] * (1 + Float(refused) / 16)
      guard let ends = chains.draw(noise, &chance), let begun = begin(ends, chains) else {
        refused += 1
        continue
      }
      refused = 0
      var chain = begun
      prolong(&chain, steps: tuning.stepsPerChain)
      chains.learn(ends, (0..<instance.dayCount).map { Float(tours.value[$0]) })
      insert(chain, into: &kept)
    }
  }

  /// Puts the nights of a chain into empty days and fills them; nil if some day is not possible so.
  private mutating func begin(_ ends: [Int], _ chains: NightChains) -> Chain? {
    var routes: [[Int32]] = []
    for (day, place) in ends.enumerated() {
      let start = day > 0 && !instance.lodgings.after[day - 1].isEmpty ? routes[day - 1][1] : instance.startNode[day]
      routes.append([start, chains.ends[day][place]])
    }
    if !tours.load(routes) {
      for day in 0..<instance.dayCount where !bridge(day, behind: 0) { return nil }
      if !tours.keepsLimits { return nil }
    }
    touched = Array(0..<instance.dayCount)
    saved.clear(tours)
    recreate()
    energy = energy(of: tours.totals)
    keepIfBest(tours.totals)
    return Chain(ends: ends, totals: tours.totals, routes: (0..<instance.dayCount).map { tours.route($0) })
  }

  /// Goes on with every chain in turn until so much of the limit is used up.
  private mutating func prolong(_ kept: inout [Chain], _ rule: SearchRule, until end: Double) {
    while progress(rule) < end, stepCount < rule.steps {
      for index in kept.indices where progress(rule) < end {
        guard tours.load(kept[index].routes) else { continue }
        energy = energy(of: tours.totals)
        prolong(&kept[index], steps: 2 * tuning.stepsPerChain)
      }
    }
  }

  /// Goes on with a chain whose plan stands in the days, its nights being settled.
  mutating func prolong(_ chain: inout Chain, steps: Int) {
    temperature = tuning.chainHeat * meanValue
    for _ in 0..<steps {
      chooseStrings()
      judge()
      stepCount += 1
      let totals = tours.totals
      if totals.isBetter(than: chain.totals) {
        chain.totals = totals
        chain.routes = (0..<instance.dayCount).map { tours.route($0) }
      }
    }
  }
}
