extension ChoiceProblem {
  /// The smallest ways to raise caps so that some choice keeps them.
  ///
  /// First every cap alone: by how much it would have to be raised while all others stay, if that helps at all. If no
  /// cap alone is enough, one set: the caps are gone through from the narrowest, categories before people before the
  /// total, each raised to the least that is possible once those before it are raised and those after it are left out.
  func relaxations() throws(ChoiceError) -> [[Relaxation]] {
    var alone: [[Relaxation]] = []
    for cap in allCaps {
      if let amount = try least(cap, under: caps) { alone.append([Relaxation(cap: cap, amount: amount)]) }
    }
    if !alone.isEmpty { return alone }
    var together: [Relaxation] = []
    var kept = ChoiceCaps()
    for cap in allCaps {
      set(cap, to: limit(cap, of: caps), in: &kept)
      guard try frontier(under: kept).isEmpty, let amount = try least(cap, under: kept) else { continue }
      together.append(Relaxation(cap: cap, amount: amount))
      set(cap, to: limit(cap, of: caps).map { $0 + amount }, in: &kept)
    }
    return [together]
  }

  private var allCaps: [Relaxation.Cap] {
    caps.categories.keys.sorted().map { .category($0) } + caps.people.keys.sorted().map { .person($0) }
      + (caps.total == nil ? [] : [.total])
  }

  /// By how much one cap must be raised while the others stay; nil if that alone does not help.
  private func least(_ cap: Relaxation.Cap, under caps: ChoiceCaps) throws(ChoiceError) -> Int64? {
    guard let limit = limit(cap, of: caps) else { return nil }
    var others = caps
    set(cap, to: nil, in: &others)
    // Worth does not matter here: with all worth gone, what the cap counts is made the only cost.
    guard let (cost, divisor) = try leastSpent(on: cap, under: others) else { return nil }
    let needed = (cost + divisor - 1) / divisor
    return needed > limit ? needed - limit : nil
  }

  /// The least that any choice under some caps spends on what a cap counts, and in what unit.
  private func leastSpent(
    on cap: Relaxation.Cap, under caps: ChoiceCaps
  ) throws(ChoiceError) -> (cost: Int64, divisor: Int64)? {
    switch cap {
    case .total: return try frontier(under: caps).first.map { ($0.cost, 1) }
    case .category, .person:
      // Worth is what is not spent on it: the most worth has spent the least.
      var turned: [ChoiceLine] = []
      var mostOfAll: Int64 = 0
      for line in lines {
        let costs = line.alternatives.map { spent($0.cost, line, cap) }
        let most = costs.max() ?? 0
        mostOfAll += most
        let alternatives = line.alternatives.indices.map { index in
          let alternative = line.alternatives[index]
          return Alternative(name: alternative.name, cost: alternative.cost, value: most - costs[index])
        }
        turned.append(
          ChoiceLine(name: line.name, category: line.category, people: line.people, alternatives: alternatives))
      }
      let best = try ChoiceProblem(unchecked: turned, caps, finest).frontier(under: caps).last
      let divisor = if case .person = cap { finest } else { Int64(1) }
      return best.map { (mostOfAll - $0.value, divisor) }
    }
  }

  private func spent(_ cost: Int64, _ line: ChoiceLine, _ cap: Relaxation.Cap) -> Int64 {
    switch cap {
    case .total: cost
    case .category(let category): line.category == category ? cost : 0
    case .person(let person): share(of: cost, line: line, person: person)
    }
  }

  private func limit(_ cap: Relaxation.Cap, of caps: ChoiceCaps) -> Int64? {
    switch cap {
    case .total: caps.total
    case .category(let category): caps.categories[category]
    case .person(let person): caps.people[person]
    }
  }

  private func set(_ cap: Relaxation.Cap, to limit: Int64?, in caps: inout ChoiceCaps) {
    switch cap {
    case .total: caps.total = limit
    case .category(let category): caps.categories[category] = limit
    case .person(let person): caps.people[person] = limit
    }
  }
}
