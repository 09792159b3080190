/// Legs that changes have joined, as far as later prices depend on them.
struct LegChain: Hashable {
  let system: Int32
  /// Of the last leg.
  let group: Int32
  /// What the only leg of the chain cost; nil behind a change.
  let firstUnits: Int32?
  /// Changes within this group without a break; counted no further than rules do.
  let count: Int32
}

/// A group that a leg can count to, and what it costs then.
struct LegOption {
  let group: Int32
  let product: LegFareSystem.Product
}

extension FareReckoner {
  /// A leg is paid for itself, or by a rule for the change before it.
  func reckon(
    _ before: FareState, _ ride: Ride, _ fareClass: FareModel.FareClass, _ system: LegFareSystem
  ) {
    let list = legOptions(ride, fareClass, system)
    let (start, end) = (Int(optionStarts[list]), Int(optionStarts[list + 1]))
    if start == end { return addUnknown(before) }
    for index in start..<end {
      let option = options[index]
      if !change(before, ride, option, fareClass, system) { startChain(before, ride, option, fareClass, system) }
    }
  }

  private func startChain(
    _ before: FareState, _ ride: Ride, _ option: LegOption, _ fareClass: FareModel.FareClass, _ system: LegFareSystem
  ) {
    let sum = before.closed + option.product.units
    let chain = LegChain(system: fareClass.system, group: option.group, firstUnits: option.product.units, count: 0)
    if isTelling { steps.append(.leg(option.product)) }
    append(chain, sum, first: ride.departure, firstArrival: ride.arrival, system)
  }

  private func append(
    _ chain: LegChain, _ sum: Int32, first: Int32, firstArrival: Int32, _ system: LegFareSystem
  ) {
    let open = number(of: chain, system)
    let isTimed = open != 0 && isTimed[Int(chain.system)]
    outcomes.append(
      FareState(
        paid: sum, closed: sum, open: open, first: isTimed ? start(first, in: chain.system) : 0,
        firstArrival: isTimed ? start(firstArrival, in: chain.system) : 0))
  }

  /// Pays a leg by the cheapest rule for the change before it.
  ///
  /// - Returns: whether the leg must not be paid for itself too: a change that costs more than the leg is no offer.
  private func change(
    _ before: FareState, _ ride: Ride, _ option: LegOption, _ fareClass: FareModel.FareClass, _ system: LegFareSystem
  ) -> Bool {
    guard let (sum, rule, isSameGroup) = cheapestChange(before, ride, option, fareClass, system),
      let chain = chains[before.open]
    else { return false }
    let countMax = system.countMax(option.group)
    let next = LegChain(
      system: fareClass.system, group: option.group, firstUnits: nil,
      count: isSameGroup ? min(chain.count + 1, countMax) : 0)
    if isTelling {
      steps.append(
        .change(
          rule.product, leg: rule.type == 1 ? option.product : nil,
          takesBackFirst: rule.type == 2 && chain.firstUnits != nil))
    }
    append(next, sum, first: before.first, firstArrival: before.firstArrival, system)
    return sum > before.closed + option.product.units
  }

  private func cheapestChange(
    _ before: FareState, _ ride: Ride, _ option: LegOption, _ fareClass: FareModel.FareClass, _ system: LegFareSystem
  ) -> (sum: Int32, rule: LegFareSystem.TransferRule, isSameGroup: Bool)? {
    guard before.open > 0, facts[Int(before.open)].system == fareClass.system, let chain = chains[before.open]
    else { return nil }
    let isTimed = isTimed[Int(fareClass.system)]
    let rules = system.changes(from: chain.group, to: option.group).filter { rule in
      guard isTimed, let limit = rule.secondsMax else { return true }
      let start = rule.limitType < 2 ? before.first : before.firstArrival
      return (rule.limitType == 0 || rule.limitType == 3 ? ride.arrival : ride.departure) - start <= limit
    }
    let isSame = chain.group == option.group
    func room(_ rule: LegFareSystem.TransferRule) -> Int32 {
      guard isSame, let count = rule.countMax, count >= 0 else { return .max }
      return count
    }
    // Of rules that count, the one that just allows so many changes holds.
    let allowed = rules.filter { room($0) > chain.count }
    guard let tightest = allowed.map(room).min() else { return nil }
    var best: (sum: Int32, rule: LegFareSystem.TransferRule)?
    for rule in allowed where room(rule) == tightest {
      var sum = before.closed + (rule.product?.units ?? 0)
      if rule.type == 1 { sum += option.product.units }
      if rule.type == 2 { sum -= chain.firstUnits ?? 0 }
      if sum < best?.sum ?? .max { best = (sum, rule) }
    }
    return best.map { ($0.sum, $0.rule, isSame) }
  }

  private func number(of chain: LegChain, _ system: LegFareSystem) -> Int32 {
    if let known = chainNumbers[chain] { return known }
    guard let value = system.changeValue(of: chain) else {
      chainNumbers[chain] = 0
      return 0
    }
    let number = number(
      Facts(
        system: chain.system, least: -value.refund, savingMax: system.mayHurt ? FareState.never : value.saving,
        mayHurt: system.mayHurt))
    chains[number] = chain
    chainNumbers[chain] = number
    return number
  }

  private func legOptions(_ ride: Ride, _ fareClass: FareModel.FareClass, _ system: LegFareSystem) -> Int {
    let (departs, arrives) = (
      clock.hours(of: fareClass.system, at: ride.departure), clock.hours(of: fareClass.system, at: ride.arrival)
    )
    let (one, other) = (
      UInt64(ride.fareClass) << 32 | UInt64(departs) << 16 | UInt64(arrives), UInt64(ride.from) << 32 | UInt64(ride.to)
    )
    if let known = prices.find(1 << 62 | one, other) { return Int(known) }
    let leg = LegFareSystem.Leg(
      networks: model.networksOfClass[Int(fareClass.own)], fromAreas: model.areasOfZone[Int(ride.from)],
      toAreas: model.areasOfZone[Int(ride.to)],
      departsWithin: { self.clock.isWithin($0, hours: departs, of: fareClass.system) },
      arrivesWithin: { self.clock.isWithin($0, hours: arrives, of: fareClass.system) })
    options += system.options(leg).map { LegOption(group: $0.group, product: $0.product) }
    optionStarts.append(Int32(options.count))
    prices.insert(1 << 62 | one, other, Int32(optionStarts.count - 2))
    return optionStarts.count - 2
  }
}

extension LegFareSystem {
  /// So many changes within a group are told apart.
  func countMax(_ group: Int32) -> Int32 {
    max(0, changes(from: group, to: group).compactMap(\.countMax).max() ?? 0)
  }

  /// What a chain can give back and save to whoever rides on; nil if no rule leads on from it.
  func changeValue(of chain: LegChain) -> (refund: Int32, saving: Int32)? {
    var value: (refund: Int32, saving: Int32) = (0, 0)
    var isOpen = false
    for next in groups {
      for rule in changes(from: chain.group, to: next) {
        isOpen = true
        let own = rule.product?.units ?? 0
        let taken = rule.type == 2 ? chain.firstUnits ?? 0 : 0
        if rule.type == 2 { value.refund = max(value.refund, taken - own) }
        value.saving = max(value.saving, (rule.type == 1 ? 0 : dearest(next)) - own + taken)
      }
    }
    return isOpen ? value : nil
  }

  /// Whether a change can cost more than paying both legs, or one who has changed less can be worse off.
  var hasHurtfulChanges: Bool {
    for from in groups {
      for to in groups {
        let rules = changes(from: from, to: to)
        if rules.count > 1 { return true }
        for rule in rules where rule.type == 1 ? rule.units > 0 : rule.units > cheapest(to) { return true }
      }
    }
    return false
  }

  private func dearest(_ group: Int32) -> Int32 { units(group).max() ?? 0 }
  private func cheapest(_ group: Int32) -> Int32 { units(group).min() ?? 0 }
  private func units(_ group: Int32) -> [Int32] {
    legRules.filter { $0.group == group }.compactMap { $0.product?.units }
  }
}

extension LegFareSystem.TransferRule {
  fileprivate var units: Int32 { product?.units ?? 0 }
}
