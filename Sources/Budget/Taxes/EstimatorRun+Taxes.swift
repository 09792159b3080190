import Kernel

extension EstimatorRun {
  /// Adds what the rules demand, stay by stay and then for the trip.
  mutating func addTaxes(_ nights: inout NightPrices) throws(BudgetError) {
    if plan.excluded.contains(.fees) { return }
    let rules = try allRules()
    if rules.isEmpty { return }
    let scopes = plan.stays.map { catalogue.scopeNumbers(of: $0.place) }
    for rule in rules {
      for stay in plan.stays.indices where scopes[stay].contains(rule.scope) && holds(rule, stay) {
        try add(rule, stay, &nights)
        if case .personTrip = rule.amount { break }
        if case .groupTrip = rule.amount { break }
      }
    }
  }

  /// The catalogue's rules with the plan's own in place of those of the same id, in order.
  private func allRules() throws(BudgetError) -> [TaxRule] {
    if plan.rules.isEmpty { return catalogue.rules }
    let own = Set(plan.rules.map(\.id))
    do throws(TaxRuleFault) {
      // The plan's rules first, so that a fault's number is theirs.
      return try TaxRule.ordered(plan.rules + catalogue.rules.filter { !own.contains($0.id) })
    } catch {
      throw .rule(error)
    }
  }

  private func holds(_ rule: TaxRule, _ stay: Int) -> Bool {
    switch rule.condition {
    case .always: true
    case .card: plan.isPaidByCard
    case .foreign: plan.isPaidByCard && catalogue.places[plan.stays[stay].place].currency != plan.currency
    }
  }

  private mutating func add(_ rule: TaxRule, _ stay: Int, _ nights: inout NightPrices) throws(BudgetError) {
    switch rule.amount {
    case .percent(let percent): try add(rule, percent, of: stay, isIncluded: false, &nights)
    case .percentIncluded(let percent): try add(rule, percent, of: stay, isIncluded: true, &nights)
    case .personNight(let money): try add(rule, money, stay, unit: .person, period: .night)
    case .roomNight(let money): try add(rule, money, stay, unit: .room, period: .night)
    case .personStay(let money): try add(rule, money, stay, unit: .person, period: .trip)
    case .personTrip(let money): try add(rule, money, nil, unit: .person, period: .trip)
    case .groupTrip(let money): try add(rule, money, nil, unit: .group, period: .trip)
    }
  }

  private func dueNights(_ rule: TaxRule, _ stay: Int) -> [Int] {
    let count = min(plan.stays[stay].nights, rule.nightsMax ?? .max)
    guard let days = rule.days else { return Array(0..<count) }
    return (0..<count).filter { days.contains(starts[stay].adding(days: $0)) }
  }

  /// So much for each of those who pay, for each night on which it is due.
  private mutating func add(
    _ rule: TaxRule, _ money: Money, _ stay: Int?, unit: CostUnit, period: CostPeriod
  ) throws(BudgetError) {
    var periods = 1
    if period == .night, let stay { periods = dueNights(rule, stay).count }
    if period == .trip, let days = rule.days, !days.contains(stay.map { starts[$0] } ?? plan.start) { periods = 0 }
    let due = plan.party.map { rule.isDue(at: $0.age) ? Int64(1) : 0 }
    let units = unit == .person ? Int(due.reduce(0, +)) : unit == .room ? rooms : 1
    guard units > 0, periods > 0 else { return }
    let whole = try self.money(.fees, nil) { () throws(MoneyError) in
      try money.multiplied(by: Int64(units)).multiplied(by: Int64(periods))
    }
    try add(
      LineDraft(
        stay: stay, category: .fees, what: rule.name, source: source(rule), unit: unit, period: period, units: units,
        periods: periods, unitPrice: money, plain: whole, priced: whole, weights: due, spread: 0, rule: rule.id),
      price: nil)
  }

  /// A percentage of a stay's lines, and of the rules it is on top of; one line for each of their currencies.
  private mutating func add(
    _ rule: TaxRule, _ percent: DecimalFraction, of stay: Int, isIncluded: Bool, _ nights: inout NightPrices
  ) throws(BudgetError) {
    var bases: [(base: Money, weights: [Int64], lines: [Int])] = []
    let isWhole = rule.days == nil && plan.stays[stay].nights <= rule.nightsMax ?? .max
    for index in linesOfStay[stay] where !lines[index].isIncluded && isBase(lines[index], of: rule) {
      // A line is wide: it is copied only where it has to be taken apart.
      let base = isWhole ? lines[index].priced : try due(rule, lines[index], stay, &nights)
      guard base.minorUnits > 0 else { continue }
      let known = bases.firstIndex { $0.base.currency == base.currency }
      if known == nil { bases.append((.zero(base.currency), Array(repeating: 0, count: plan.party.count), [])) }
      let place = known ?? bases.count - 1
      let sum = bases[place].base
      bases[place].base = try money(.fees, nil) { () throws(MoneyError) in try sum.adding(base) }
      bases[place].lines.append(index)
      for person in plan.party.indices {
        bases[place].weights[person] += max(0, lines[index].perPerson[person].minorUnits)
      }
    }
    for (base, weights, lines) in bases {
      let amount = try money(.fees, nil) { () throws(MoneyError) in
        try isIncluded ? base.percentContained(percent) : base.percent(percent)
      }
      if amount.isZero { continue }
      try add(
        LineDraft(
          stay: stay, category: .fees, what: "\(rule.name) \(percent) %", source: source(rule), unit: .group,
          period: .trip, units: 1, periods: 1, unitPrice: amount, plain: amount, priced: amount, weights: weights,
          spread: 0, rule: rule.id, isIncluded: isIncluded, bases: lines), price: nil)
    }
  }

  private func isBase(_ line: CostLine, of rule: TaxRule) -> Bool {
    if let id = line.rule { return rule.onTopOf.contains(id) }
    return rule.category == nil || rule.category == line.category
  }

  /// The part of a line that falls on the nights or days on which a rule is due.
  private func due(
    _ rule: TaxRule, _ line: CostLine, _ stay: Int, _ nights: inout NightPrices
  ) throws(BudgetError) -> Money {
    let due: [Int]
    switch line.period {
    case .night: due = dueNights(rule, stay)
    case .day: due = (0..<line.periods).filter { rule.days?.contains(starts[stay].adding(days: $0)) ?? true }
    case .trip: return rule.days?.contains(starts[stay]) ?? true ? line.priced : .zero(line.priced.currency)
    }
    let one = try money(.fees, nil) { () throws(MoneyError) in
      try line.plain.scaled(by: 1, over: Int64(line.periods))
    }
    let place = plan.stays[stay].place
    let hasSeason = line.source != .quoted && line.plain != line.priced
    let profile = hasSeason ? catalogue.profile(at: place, line.category) ?? SeasonProfile() : SeasonProfile()
    var sum: Int64 = 0
    for night in due {
      let date = starts[stay].adding(days: night)
      guard let part = nights.total(one.minorUnits, place, line.category, profile, from: date, count: 1) else {
        throw .exchange(.money(.overflow(one.currency)), category: .fees, price: nil)
      }
      sum += part
    }
    return Money(minorUnits: sum, one.currency)
  }

  private func source(_ rule: TaxRule) -> CostSource {
    let place = catalogue.places[rule.scope]
    guard let parent = place.parent else { return .world }
    return catalogue.places[parent].parent == nil ? .country(place.name) : .place(place.name)
  }
}
