import Budget
import JSON
import Kernel

/// Reads a trip, or a change of one: a field that is not there keeps what was.
struct PlanReader {
  let ground: BudgetGround
  let currency: Currency

  private var catalogue: CostCatalogue { ground.catalogue }

  func plan(_ object: JSONObject, _ node: JSONNode, changing base: TripPlan? = nil) throws(JSONError) -> TripPlan {
    let start = try object.optional("start", as: JSONNode.self)?.date() ?? base?.start
    guard let start else { throw node.fault("is missing: it must be the first day, like \"2026-06-01\"", at: "/start") }
    let stays = try stays(object, node) ?? base?.stays
    guard let stays else {
      throw node.fault(
        "is missing: it must be [{\"place\": \"Paris\", \"nights\": 3}], or give place and nights", at: "/stays")
    }
    let style = try object.optional("style", as: JSONNode.self)?.word(of: catalogue.styles, "a style")
    let party =
      try object.optional("party", as: JSONNode.self).map { node throws(JSONError) in try PartyReader.party(node) }
      ?? base?.party ?? [Traveller(name: "Traveller 1", type: .adult)]
    var plan = TripPlan(
      currency: currency, start: start, stays: stays, party: party, style: style ?? base?.style ?? usualStyle)
    if let base { keep(base, in: &plan) }
    if let node = try object.optional("styles", as: JSONNode.self) {
      for (name, value) in try node.members {
        plan.styles[try category(name, value)] = try value.word(of: catalogue.styles, "a style")
      }
    }
    if let node = try object.optional("rooms", as: JSONNode.self) { plan.rooms = try PartyReader.rooms(node) }
    if let nodes = try object.optional("exclude", count: 0...50, of: JSONNode.self) {
      plan.excluded = []
      for node in nodes { plan.excluded.insert(try node.category()) }
    }
    if let nodes = try object.optional("prices", count: 0...5000, of: JSONNode.self) {
      plan.prices = []
      let names = SplitReader(people: plan.party.map(\.name), currency: currency)
      for node in nodes { plan.prices.append(try price(node, plan, names)) }
    }
    if let nodes = try object.optional("rules", count: 0...200, of: JSONNode.self) { plan.rules = try rules(nodes) }
    plan.isPaidByCard = try object.optional("card") ?? plan.isPaidByCard
    if let node = try object.optional("contingency", as: JSONNode.self) {
      let percent = try node.object(required: "percent").required("percent", as: JSONNode.self).percentage()
      plan.contingency = percent == .zero ? .none : .percent(percent)
    }
    if base == nil {
      plan.ratesDate = try object.optional("ratesDate", as: JSONNode.self)?.date()
      plan.ratesDaysMax = try object.optional("ratesDaysMax", in: 0...3650) ?? plan.ratesDaysMax
    }
    return plan
  }

  private var usualStyle: String { catalogue.styles.contains("comfort") ? "comfort" : catalogue.styles.first ?? "" }

  private func keep(_ base: TripPlan, in plan: inout TripPlan) {
    plan.styles = base.styles
    plan.rooms = base.rooms
    plan.excluded = base.excluded
    plan.rules = base.rules
    plan.isPaidByCard = base.isPaidByCard
    plan.contingency = base.contingency
    plan.ratesDate = base.ratesDate
    plan.ratesDaysMax = base.ratesDaysMax
    // Prices of stays and people that the change does away with go with them.
    plan.prices = base.prices.filter { price in
      (price.stay ?? 0) < plan.stays.count && (price.people ?? []).allSatisfy(plan.party.indices.contains)
    }
  }

  func place(_ node: JSONNode) throws(JSONError) -> Int {
    let text = try node.string
    do throws(BudgetFault) { return try ground.place(text) } catch { throw node.fault(error.complaint) }
  }

  private func stays(_ object: JSONObject, _ node: JSONNode) throws(JSONError) -> [Stay]? {
    let nights = try object.optional("nights", in: 0...Estimator.nightsMax)
    let single = try object.optional("place", as: JSONNode.self)
    if let nodes = try object.optional("stays", count: 1...Estimator.staysMax, of: JSONNode.self) {
      if single != nil { throw node.fault("must not be given beside stays: keep one of them", at: "/place") }
      if nights != nil { throw node.fault("must not be given beside stays: keep one of them", at: "/nights") }
      var result: [Stay] = []
      for node in nodes {
        let stay = try node.object(required: "place", "nights")
        result.append(
          Stay(
            place: try place(stay.required("place")), nights: try stay.required("nights", in: 0...Estimator.nightsMax)))
      }
      return result
    }
    guard let single else {
      if nights != nil { throw node.fault("must stand with place: name one", at: "/nights") }
      return nil
    }
    guard let nights else { throw node.fault("is missing: it must be given with place", at: "/nights") }
    return [Stay(place: try place(single), nights: nights)]
  }

  private func category(_ name: String, _ node: JSONNode) throws(JSONError) -> CostCategory {
    guard let category = CostCategory(name) else {
      throw node.fault("must stand under a category in small letters, digits and hyphens, such as food")
    }
    return category
  }

  // MARK: Prices and rules

  private func price(_ node: JSONNode, _ plan: TripPlan, _ names: SplitReader) throws(JSONError) -> KnownPrice {
    let object = try node.object(
      required: "category", optional: "what", "amount", "seen", "currency", "per", "every", "stay", "for", "extra",
      "spread")
    let own = try object.optional("currency", as: JSONNode.self)?.currency() ?? currency
    let category = try object.required("category", as: JSONNode.self).category()
    var price = KnownPrice(
      what: try object.optional("what", length: 1...100) ?? category.name, category: category, price: .zero(own),
      unit: try object.optional("per", as: WireCostUnit.self)?.unit ?? .group,
      period: try object.optional("every", as: WireCostPeriod.self)?.period ?? .trip)
    try readAmount(object, node, own, &price)
    if let stay = try object.optional("stay", as: JSONNode.self) {
      let index = try stay.int
      guard plan.stays.indices.contains(index) else {
        throw stay.fault("must be a stay counted from 0 to \(plan.stays.count - 1), found \(index)")
      }
      price.stay = index
    }
    if let people = try object.optional("for", as: JSONNode.self) {
      price.people = try names.group(people)
      if price.people?.isEmpty == true { throw people.fault("must name at least one traveller") }
    }
    price.isExtra = try object.optional("extra") ?? false
    if let spread = try object.optional("spread", as: JSONNode.self) { price.spread = try spread.value(in: 0...2) }
    return price
  }

  /// One offer, or the median of prices seen, which then also say how far they spread.
  private func readAmount(
    _ object: JSONObject, _ node: JSONNode, _ currency: Currency, _ price: inout KnownPrice
  ) throws(JSONError) {
    if let amount = try object.optional("amount", as: JSONNode.self) {
      if object.find("seen") != nil {
        throw node.fault("must not be given beside amount: keep one of them", at: "/seen")
      }
      price.price = try amount.cost(currency)
      return
    }
    guard let nodes = try object.optional("seen", count: 1...1000, of: JSONNode.self) else {
      throw node.fault("is missing: give what was offered, or the prices seen in seen", at: "/amount")
    }
    var amounts: [Money] = []
    for node in nodes { amounts.append(try node.cost(currency)) }
    let seen = SeenPrices(amounts)
    (price.price, price.seen, price.spread) = (seen.median, amounts.count, seen.spread)
  }

  private func rules(_ nodes: [JSONNode]) throws(JSONError) -> [TaxRule] {
    var result: [TaxRule] = []
    for node in nodes { result.append(try rule(node)) }
    do throws(TaxRuleFault) {
      let own = Set(result.map(\.id))
      _ = try TaxRule.ordered(result + catalogue.rules.filter { !own.contains($0.id) })
    } catch {
      throw (nodes.indices.contains(error.rule) ? nodes[error.rule] : nodes[0]).fault(error.complaint)
    }
    return result
  }

  private func rule(_ node: JSONNode) throws(JSONError) -> TaxRule {
    let object = try node.object(
      required: "id", optional: "name", "place", "kind", "value", "currency", "category", "nightsMax", "ageFrom",
      "ageTo",
      "from", "to", "condition", "onTopOf")
    let id = try object.required("id", length: 1...60)
    let own = try object.optional("currency", as: JSONNode.self)?.currency() ?? currency
    var onTopOf: [String] = []
    for node in try object.optional("onTopOf", count: 0...20, of: JSONNode.self) ?? [] {
      onTopOf.append(try node.string)
    }
    let ageFrom = try object.optional("ageFrom", in: 0...150)
    let ageTo = try object.optional("ageTo", in: 0...150)
    if let ageFrom, let ageTo, ageFrom > ageTo {
      throw node.fault("must not be below ageFrom, found \(ageTo)", at: "/ageTo")
    }
    return TaxRule(
      id: id,
      scope: try object.optional("place", as: JSONNode.self).map { node throws(JSONError) in try place(node) } ?? 0,
      name: try object.optional("name", length: 1...60) ?? id,
      amount: try object.required("kind", as: WireTaxKind.self).amount(object.required("value"), own),
      category: try object.optional("category", as: JSONNode.self)?.category(),
      nightsMax: try object.optional("nightsMax", in: 1...365), ageFrom: ageFrom, ageTo: ageTo,
      days: try days(object, node),
      condition: try object.optional("condition", as: WireCondition.self)?.condition ?? .always, onTopOf: onTopOf)
  }

  private func days(_ object: JSONObject, _ node: JSONNode) throws(JSONError) -> SeasonDays? {
    let from = try object.optional("from", as: String.self)
    let to = try object.optional("to", as: String.self)
    guard let from, let to else {
      if from == nil, to == nil { return nil }
      throw node.fault("must have both from and to, or neither")
    }
    if let first = MonthDay(from), let last = MonthDay(to) { return .yearly(from: first, to: last) }
    // Either is no date: which, the message need not tell, for it shows the form of both.
    guard let first = try? LocalDate(from), let last = try? LocalDate(to), first <= last else {
      throw node.fault(
        "must have days like 12-24, or dates like 2026-12-24, the first not after the last, in from and to")
    }
    return .dated(from: first, to: last)
  }
}
