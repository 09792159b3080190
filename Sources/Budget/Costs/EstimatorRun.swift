import Kernel

/// One run of an estimator.
struct EstimatorRun {
  let catalogue: CostCatalogue
  let rates: RateTable
  let plan: TripPlan
  let starts: [LocalDate]
  let rooms: Int
  var lines: [CostLine] = []
  /// Which lines belong to each stay.
  private(set) var linesOfStay: [[Int]]
  /// How often each traveller bore a leftover minor unit.
  private var turns: [Int]
  /// The rates looked up so far: there are few.
  private var known: [ExchangeRate] = []
  /// Prices that are due once per trip and were taken.
  private var taken: Set<CostCatalogue.Key> = []
  /// The categories that have a price: few, and looked at for every line.
  private var priced: [CostCategory] = []

  init(_ estimator: Estimator, _ plan: TripPlan) {
    catalogue = estimator.catalogue
    rates = estimator.rates
    self.plan = plan
    starts = plan.starts
    rooms = plan.rooms.rooms(for: plan.party)
    turns = Array(repeating: 0, count: plan.party.count)
    linesOfStay = Array(repeating: [], count: plan.stays.count)
    let perStay = catalogue.categories.count + 4
    for stay in linesOfStay.indices { linesOfStay[stay].reserveCapacity(perStay) }
    // Lines are wide: growing in steps would copy them again and again.
    lines.reserveCapacity(plan.prices.count + plan.stays.count * perStay)
  }

  mutating func run(_ nights: inout NightPrices) throws(BudgetError) -> Estimate {
    // The last place is for prices of the whole trip.
    var own = Array(repeating: [Int](), count: plan.stays.count + 1)
    let offers = offersOfSeen()
    for (index, price) in plan.prices.enumerated() where !plan.excluded.contains(price.category) {
      if price.seen != nil, offers.contains(PricedThing(price)) { continue }
      own[price.stay ?? plan.stays.count].append(index)
    }
    let replaced = replacedCategories(own[plan.stays.count])
    for index in own[plan.stays.count] { try add(plan.prices[index], index, stay: nil) }
    for stay in plan.stays.indices {
      for index in own[stay] { try add(plan.prices[index], index, stay: stay) }
      let replacedHere = replacedCategories(own[stay])
      for category in catalogue.categories
      where !replaced.contains(category) && !replacedHere.contains(category) && !plan.excluded.contains(category) {
        try addDefaults(of: category, at: stay, &nights)
      }
    }
    try addTaxes(&nights)
    try addContingency()
    let missing = CostCategory.usual.filter {
      !priced.contains($0) && !plan.excluded.contains($0) && $0 != .contingency && $0 != .fees
    }
    return Estimate(
      plan: plan, lines: lines, total: try sum(lines), perPerson: try perPerson(), rooms: rooms, missing: missing)
  }

  private mutating func note(_ category: CostCategory) {
    if !priced.contains(category) { priced.append(category) }
  }

  /// What is offered, if anything was seen as well: an offer goes before prices seen of the same thing.
  private func offersOfSeen() -> Set<PricedThing> {
    guard plan.prices.contains(where: { $0.seen != nil }) else { return [] }
    return Set(plan.prices.lazy.filter { $0.seen == nil }.map { PricedThing($0) })
  }

  /// The categories of which some of these prices take the place.
  private func replacedCategories(_ prices: [Int]) -> Set<CostCategory> {
    var result: Set<CostCategory> = []
    for index in prices where !plan.prices[index].isExtra { result.insert(plan.prices[index].category) }
    return result
  }

  // MARK: Lines

  private mutating func add(_ price: KnownPrice, _ number: Int, stay: Int?) throws(BudgetError) {
    let periods = periods(price.period, stay)
    let sharers = price.people?.count ?? plan.party.count
    let units = price.unit == .person ? sharers : price.unit == .room ? rooms(for: price.people) : 1
    var weights = Array(repeating: Int64(price.people == nil ? 1 : 0), count: plan.party.count)
    for person in price.people ?? [] { weights[person] = 1 }
    if price.unit == .room, sharers > 1 {
      for person in weights.indices where plan.party[person].type == .infant { weights[person] = 0 }
    }
    let source = price.seen.map { CostSource.history($0) } ?? .quoted
    let spread = price.spread ?? (price.seen == nil ? 0 : catalogue.spread(price.category))
    let whole = try money(price.category, number) { () throws(MoneyError) in
      try price.price.multiplied(by: Int64(units)).multiplied(by: Int64(periods))
    }
    note(price.category)
    try add(
      LineDraft(
        stay: stay, category: price.category, what: price.what, source: source, unit: price.unit,
        period: price.period, units: units, periods: periods, unitPrice: price.price, plain: whole, priced: whole,
        weights: weights, spread: spread), price: number)
  }

  /// The rooms that some of the travellers need: never more than all of them.
  private func rooms(for people: [Int]?) -> Int {
    guard let people else { return rooms }
    var rules = plan.rooms
    rules.rooms = nil
    return min(rooms, rules.rooms(for: people.map { plan.party[$0] }))
  }

  private mutating func addDefaults(
    of category: CostCategory, at stay: Int, _ nights: inout NightPrices
  ) throws(BudgetError) {
    let place = plan.stays[stay].place
    let style = plan.style(of: category)
    let found = try money(category, nil) { () throws(MoneyError) in
      try catalogue.prices(at: place, category, style: style)
    }
    guard let (defaults, source, scope) = found else { return }
    note(category)
    for item in defaults {
      if item.period == .trip {
        let key = CostCatalogue.Key(scope: scope, category: category, style: item.what)
        guard taken.insert(key).inserted else { continue }
      }
      let periods = periods(item.period, stay)
      if periods == 0 { continue }
      let weights = try weights(item, category)
      let units = item.unit == .person ? plan.party.count : item.unit == .room ? rooms : 1
      let one = try money(category, nil) { () throws(MoneyError) in
        item.unit == .person
          ? Money(minorUnits: try sum(weights, item.price.currency), item.price.currency)
          : try item.price.multiplied(by: Int64(units))
      }
      let plain = try money(category, nil) { () throws(MoneyError) in try one.multiplied(by: Int64(periods)) }
      var whole = plain
      if item.period != .trip, let profile = catalogue.profile(at: place, category) {
        guard
          let total = nights.total(one.minorUnits, place, category, profile, from: starts[stay], count: periods)
        else { throw .exchange(.money(.overflow(one.currency)), category: category, price: nil) }
        whole = Money(minorUnits: total, one.currency)
      }
      try add(
        LineDraft(
          stay: stay, category: category, what: item.what, source: source, unit: item.unit, period: item.period,
          units: units, periods: periods, unitPrice: item.price, plain: plain, priced: whole, weights: weights,
          spread: item.spread ?? catalogue.spread(category)), price: nil)
    }
  }

  /// What each traveller counts for: their own price, or one bed of a room.
  private func weights(_ item: CostDefault, _ category: CostCategory) throws(BudgetError) -> [Int64] {
    var result: [Int64] = []
    result.reserveCapacity(plan.party.count)
    for traveller in plan.party {
      switch item.unit {
      case .person:
        let own = item.own[traveller.type]
        let share = own == nil ? catalogue.share(of: traveller.type, category) : SeasonProfile.one
        if share == SeasonProfile.one {
          result.append((own ?? item.price).minorUnits)
        } else {
          result.append(
            try money(category, nil) { () throws(MoneyError) in
              try item.price.scaled(by: share, over: SeasonProfile.one).minorUnits
            })
        }
      case .room: result.append(traveller.type == .infant ? 0 : 1)
      case .group: result.append(1)
      }
    }
    return result
  }

  func periods(_ period: CostPeriod, _ stay: Int?) -> Int {
    switch period {
    case .trip: 1
    case .night: stay.map { plan.stays[$0].nights } ?? plan.nights
    case .day: stay.map { plan.days(of: $0) } ?? plan.nights + 1
    }
  }

  /// Converts a line, divides it, and puts it down.
  mutating func add(_ draft: LineDraft, price: Int?) throws(BudgetError) {
    let conversion = try convert(draft.priced, draft.category, price)
    let perPerson = try divide(conversion.converted, draft.weights, draft.category)
    if let stay = draft.stay { linesOfStay[stay].append(lines.count) }
    lines.append(
      CostLine(
        stay: draft.stay, category: draft.category, what: draft.what, source: draft.source, unit: draft.unit,
        period: draft.period, units: draft.units, periods: draft.periods, unitPrice: draft.unitPrice,
        plain: draft.plain, priced: draft.priced, conversion: conversion, perPerson: perPerson, spread: draft.spread,
        rule: draft.rule, isIncluded: draft.isIncluded, bases: draft.bases))
  }

  /// Divides among those who count, so that leftover cents go round.
  private mutating func divide(
    _ amount: Money, _ weights: [Int64], _ category: CostCategory
  ) throws(BudgetError) -> [Money] {
    if weights.count == 1 { return [amount] }
    let fair = weights.contains { $0 > 0 } ? weights : weights.map { _ in 1 }
    let parts = try share(amount, fair, category)
    var floor = Int64.max
    for part in parts { floor = min(floor, part.minorUnits) }
    for index in parts.indices where parts[index].minorUnits > floor && fair[index] == fair[0] {
      turns[index] += 1
    }
    return parts
  }

  private func share(
    _ amount: Money, _ weights: [Int64], _ category: CostCategory
  ) throws(BudgetError) -> [Money] {
    try money(category, nil) { () throws(MoneyError) in try amount.allocated(byWide: weights, turns: turns) }
  }

  private mutating func convert(
    _ amount: Money, _ category: CostCategory, _ price: Int?
  ) throws(BudgetError) -> Conversion {
    if amount.currency == plan.currency { return Conversion(original: amount, converted: amount, rate: nil) }
    do throws(ExchangeError) {
      let rate: ExchangeRate
      if let found = known.first(where: { $0.from == amount.currency }) {
        rate = found
      } else {
        rate = try rates.rate(
          from: amount.currency, to: plan.currency, on: plan.ratesDate, daysMax: plan.ratesDaysMax)
        known.append(rate)
      }
      do throws(MoneyError) {
        return Conversion(original: amount, converted: try rate.convert(amount), rate: rate)
      } catch {
        throw ExchangeError.money(error)
      }
    } catch {
      throw .exchange(error, category: category, price: price)
    }
  }

  // MARK: Sums

  private mutating func addContingency() throws(BudgetError) {
    guard case .percent(let percent) = plan.contingency, !plan.excluded.contains(.contingency) else { return }
    let subtotal = try sum(lines)
    let amount = try money(.contingency, nil) { () throws(MoneyError) in
      try subtotal.percent(percent)
    }
    let weights = try perPerson().map { max(0, $0.minorUnits) }
    try add(
      LineDraft(
        stay: nil, category: .contingency, what: "\(percent) % of the rest", source: .quoted, unit: .group,
        period: .trip, units: 1, periods: 1, unitPrice: amount, plain: amount, priced: amount, weights: weights,
        spread: 0), price: nil)
  }

  private func sum(_ lines: [CostLine]) throws(BudgetError) -> Money {
    var total = Money.zero(plan.currency)
    // By index: a line is not copied to be looked at.
    for index in lines.indices where !lines[index].isIncluded {
      do throws(MoneyError) {
        total = try total.adding(lines[index].conversion.converted)
      } catch {
        throw .exchange(.money(error), category: lines[index].category, price: nil)
      }
    }
    return total
  }

  private func sum(_ units: [Int64], _ currency: Currency) throws(MoneyError) -> Int64 {
    var total: Int64 = 0
    for unit in units {
      let (next, overflow) = total.addingReportingOverflow(unit)
      if overflow { throw .overflow(currency) }
      total = next
    }
    return total
  }

  private func perPerson() throws(BudgetError) -> [Money] {
    var totals = Array(repeating: Int64(0), count: plan.party.count)
    for index in lines.indices where !lines[index].isIncluded {
      for person in totals.indices {
        // The parts of a line sum to it and have its sign, and the lines' sum was looked at.
        totals[person] &+= lines[index].perPerson[person].minorUnits
      }
    }
    return totals.map { Money(minorUnits: $0, plan.currency) }
  }

  func money<Value>(
    _ category: CostCategory, _ price: Int?, _ body: () throws(MoneyError) -> Value
  ) throws(BudgetError) -> Value {
    do throws(MoneyError) {
      return try body()
    } catch {
      throw .exchange(.money(error), category: category, price: price)
    }
  }
}

/// What a known price is of: two prices of one thing are not both paid.
private struct PricedThing: Hashable {
  let category: CostCategory
  let stay: Int?
  let what: String
  let people: [Int]?

  init(_ price: KnownPrice) {
    (category, stay, what, people) = (price.category, price.stay, price.what, price.people)
  }
}

/// A line before it is converted and divided.
struct LineDraft {
  let stay: Int?
  let category: CostCategory
  let what: String
  let source: CostSource
  let unit: CostUnit
  let period: CostPeriod
  let units: Int
  let periods: Int
  let unitPrice: Money
  let plain: Money
  let priced: Money
  /// What each traveller counts for.
  let weights: [Int64]
  let spread: Double
  var rule: String?
  var isIncluded = false
  var bases: [Int] = []
}
