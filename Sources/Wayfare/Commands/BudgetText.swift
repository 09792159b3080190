import Budget
import BudgetWire
import Kernel

/// A budget as people read it.
struct BudgetText {
  let answer: BudgetAnswer
  private var estimate: Estimate { answer.estimate }

  init(_ answer: BudgetAnswer) { self.answer = answer }

  var text: String {
    ([heading, lines] + [outlook, scenarios, dates, choices, actual].compactMap { $0 }).joined(separator: "\n")
  }

  private var heading: String {
    let plan = estimate.plan
    let stays = plan.stays.indices.map { stay in
      "\(answer.place(stay, in: plan)) \(plan.stays[stay].nights) \(plan.stays[stay].nights == 1 ? "night" : "nights")"
    }
    let rooms = estimate.rooms == 1 ? "1 room" : "\(estimate.rooms) rooms"
    return """
      \(stays.joined(separator: ", ")), \(plan.start) to \(plan.end), \(plan.party.count) travelling, \(rooms), \
      \(plan.style), in \(plan.currency)

      """
  }

  private var lines: String {
    // Columns for more people than a screen is wide say less than their total.
    let names = estimate.plan.party.count <= 4 ? estimate.plan.party.map(\.name) : ["each, at most"]
    func columns(_ amounts: [Money]) -> [String] {
      if names.count == amounts.count { return amounts.map(\.amountText) }
      return [amounts.max { $0.minorUnits < $1.minorUnits }?.amountText ?? ""]
    }
    var table = AlignedTable(leftColumns: 4)
    table.add(["", "where", "reckoned", "price from", "season", "amount"] + names)
    for category in estimate.categories {
      let own = estimate.lines.filter { $0.category == category }
      table.add([category.name, "", "", "", "", estimate.subtotal(category).amountText])
      for line in own {
        let place = line.stay.map { answer.place($0, in: estimate.plan) } ?? "trip"
        let effect = line.seasonEffect
        let season = effect.isZero ? "" : (effect.isNegative ? "" : "+") + effect.amountText
        let cells =
          line.isIncluded ? ["(\(line.amount.amountText))"] : [line.amount.amountText] + columns(line.perPerson)
        table.add(["  \(line.what)", place, reckoned(line), line.source.shown, season] + cells)
      }
    }
    table.addRule()
    table.add(["total", "", "", "", "", estimate.total.amountText] + columns(estimate.perPerson))
    var text = table.text
    if estimate.lines.contains(where: \.isIncluded) { text += "Amounts in brackets are contained in others.\n" }
    if !estimate.missing.isEmpty {
      let missing = estimate.missing.map(\.name).joined(separator: ", ")
      text += "No price is known for \(missing): give one in prices, or name it in exclude.\n"
    }
    for rate in estimate.rates {
      text += "1 \(rate.from) = \(rate.shown) \(rate.to), \(rate.date.map { "rate of \($0)" } ?? "as stated")\n"
    }
    return text
  }

  private func reckoned(_ line: CostLine) -> String {
    if line.unit == .group, line.period == .trip { return "" }
    var parts = ["\(line.unitPrice)"]
    if line.unit != .group {
      let noun = line.unit == .person ? (line.units == 1 ? "person" : "people") : line.units == 1 ? "room" : "rooms"
      parts.append("\(line.units) \(noun)")
    }
    if line.period != .trip { parts.append("\(line.periods) \(line.period.rawValue)\(line.periods == 1 ? "" : "s")") }
    return parts.joined(separator: " × ")
  }

  private var outlook: String? {
    let outlook = answer.outlook
    var text =
      "Half of such trips cost up to \(outlook.median), 80 % up to \(outlook.p80), 95 % up to \(outlook.p95).\n"
    if let budget = answer.request.budget, let chance = outlook.chanceWithin {
      let rest = Money(minorUnits: budget.minorUnits - estimate.total.minorUnits, budget.currency)
      text +=
        rest.isNegative
        ? "Over the budget of \(budget) by \(Money(minorUnits: -rest.minorUnits, budget.currency))"
        : "Left of the budget of \(budget): \(rest)"
      text += "; the chance to stay within it is \(Int((chance * 100).rounded())) %.\n"
    }
    return text
  }

  private var scenarios: String? {
    if answer.scenarios.isEmpty { return nil }
    var text = ""
    for scenario in answer.scenarios {
      let change = scenario.comparison.change
      text += "\(scenario.name): \(scenario.estimate.total) (\(change.isNegative ? "" : "+")\(change.amountText))\n"
      var table = AlignedTable(leftColumns: 1)
      for line in scenario.comparison.lines where !line.differences.isEmpty {
        table.add([
          "  \(line.category) \(line.what)", line.before?.amountText ?? "–", "→", line.after?.amountText ?? "–",
          line.differences.map(answer.reason).joined(separator: "; "),
        ])
      }
      text += table.text
    }
    return text
  }

  private var dates: String? {
    guard let scan = answer.scan else { return nil }
    let window = answer.request.cheapestDates?.window ?? 0
    var table = AlignedTable(leftColumns: 2)
    for best in scan.cheapest(near: estimate.plan.start) {
      table.add(["  \(best.style)", "\(best.start)", "\(best.total)"])
    }
    return "Cheapest first day within \(window) days of \(estimate.plan.start):\n" + table.text
  }

  private var choices: String? {
    guard let answer = answer.optimize else { return nil }
    let optimize = answer.request
    switch answer.result {
    case .frontier(let points):
      guard let best = points.last else { return nil }
      var table = AlignedTable(leftColumns: 2)
      for (line, taken) in zip(optimize.lines, best.choice) {
        table.add(["  \(line.name)", line.alternatives[taken].name, optimize.text(line.alternatives[taken].cost)])
      }
      var text = "Best choice: value \(best.value) for \(optimize.text(best.cost)) \(optimize.currency)\n" + table.text
      if let next = answer.next {
        let more = optimize.text(next.cost - best.cost)
        text += "With \(more) \(optimize.currency) more, the value would be \(next.value).\n"
      }
      return text
    case .infeasible(let ways):
      var text = "No choice keeps the caps. It would be enough to raise\n"
      for way in ways {
        text +=
          "  " + way.map { "\(name($0.cap, optimize)) by \(optimize.text($0.amount))" }.joined(separator: ", and ")
          + "\n"
      }
      return text
    }
  }

  private func name(_ cap: Relaxation.Cap, _ optimize: OptimizeRequest) -> String {
    switch cap {
    case .total: "the total"
    case .category(let category): category.name
    case .person(let person): "what \(optimize.people[person]) may spend"
    }
  }

  private var actual: String? {
    guard let record = answer.record else { return nil }
    var table = AlignedTable(leftColumns: 1)
    table.add(["", "planned", "so far", "spent", "forecast"])
    func row(_ name: String, _ state: BurnDown) -> [String] {
      [name] + [state.planned, state.plannedSoFar, state.spent, state.forecast].map(\.amountText)
    }
    for (category, state) in record.categories { table.add(row(category.name, state)) }
    table.addRule()
    table.add(row("total", record.total))
    let alerts = record.alerts.map { "\($0.percent) % of \(record.budget) was passed on \($0.date).\n" }
    return table.text + alerts.joined()
  }
}
