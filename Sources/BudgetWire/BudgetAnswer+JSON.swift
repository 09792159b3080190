package import Budget
package import JSON
import Kernel

extension BudgetAnswer: JSONWritable {
  /// Writes the whole answer; parts that were not asked for are left out.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("tripId", ifPresent: request.tripID)
      write(estimate, to: &object)
      if let budget = request.budget {
        object.field("budget", budget.amountText)
        // Both fit, and neither is below zero: so does the difference.
        object.field(
          "remaining", Money(minorUnits: budget.minorUnits - estimate.total.minorUnits, budget.currency).amountText)
      }
      object.object("outlook") { object in
        write(outlook, to: &object)
        object.field("draws", request.draws)
        object.field("seed", request.seed)
        object.object("approximation") { write(approximation, to: &$0) }
      }
      if !scenarios.isEmpty {
        object.array("scenarios") { array in for scenario in scenarios { array.object { write(scenario, to: &$0) } } }
      }
      if let scan { object.object("cheapestDates") { write(scan, to: &$0) } }
      if let optimize { object.field("optimize", optimize) }
      if let record { object.object("actual") { write(record, to: &$0) } }
    }
  }

  private func write(_ estimate: Estimate, to object: inout JSONObjectWriter) {
    let plan = estimate.plan
    let names = plan.party.map(\.name)
    object.field("currency", estimate.total.currency.code)
    object.field("start", plan.start.description)
    object.field("end", plan.end.description)
    object.field("nights", plan.nights)
    object.field("rooms", estimate.rooms)
    object.field("style", plan.style)
    object.array("lines") { array in
      for line in estimate.lines { array.object { write(line, plan, names, to: &$0) } }
    }
    object.object("subtotals") { object in
      for category in estimate.categories { object.field(named: category.name, estimate.subtotal(category).amountText) }
    }
    object.field("total", estimate.total.amountText)
    object.object("perPerson") { object in
      for (name, amount) in zip(names, estimate.perPerson) { object.field(named: name, amount.amountText) }
    }
    object.field("missing", estimate.missing.map(\.name))
    object.array("rates") { array in
      for rate in estimate.rates {
        array.object {
          $0.field("from", rate.from.code)
          $0.field("to", rate.to.code)
          $0.field("rate", rate.shown)
          $0.field("date", ifPresent: rate.date?.description)
        }
      }
    }
  }

  private func write(_ line: CostLine, _ plan: TripPlan, _ names: [String], to object: inout JSONObjectWriter) {
    object.field("stay", ifPresent: line.stay)
    object.field("place", ifPresent: line.stay.map { place($0, in: plan) })
    object.field("category", line.category.name)
    object.field("what", line.what)
    object.field("amount", line.amount.amountText)
    object.object("source") { object in
      object.field("kind", line.source.word)
      switch line.source {
      case .place(let name), .country(let name): object.field("name", name)
      case .history(let count): object.field("prices", count)
      case .quoted, .world: break
      }
    }
    object.field("rule", ifPresent: line.rule)
    if line.isIncluded { object.field("included", true) }
    object.field("per", line.unit.rawValue)
    object.field("every", line.period.rawValue)
    object.field("units", line.units)
    object.field("periods", line.periods)
    object.field("unitPrice", line.unitPrice)
    if line.plain != line.priced {
      object.object("season") {
        $0.field("factor", DecimalFraction(line.seasonFactor, scale: 6).description)
        $0.field("effect", line.seasonEffect.amountText)
      }
    }
    if let rate = line.conversion.rate {
      object.object("conversion") {
        $0.field("original", line.conversion.original)
        $0.field("rate", rate.shown)
        $0.field("date", ifPresent: rate.date?.description)
      }
    }
    object.object("perPerson") { object in
      for (name, amount) in zip(names, line.perPerson) { object.field(named: name, amount.amountText) }
    }
  }

  private func write(_ outlook: Outlook, to object: inout JSONObjectWriter) {
    object.field("mean", outlook.mean.amountText)
    object.field("p50", outlook.median.amountText)
    object.field("p80", outlook.p80.amountText)
    object.field("p95", outlook.p95.amountText)
    object.field("chanceWithinBudget", ifPresent: outlook.chanceWithin.map { ($0 * 10_000).rounded() / 10_000 })
  }

  private func write(_ scenario: Scenario, to object: inout JSONObjectWriter) {
    object.field("name", scenario.name)
    object.field("start", scenario.estimate.plan.start.description)
    object.field("total", scenario.estimate.total.amountText)
    object.field("change", scenario.comparison.change.amountText)
    object.array("lines") { array in
      for line in scenario.comparison.lines {
        array.object { object in
          object.field("stay", ifPresent: line.stay)
          object.field("category", line.category.name)
          object.field("what", line.what)
          object.field("before", ifPresent: line.before?.amountText)
          object.field("after", ifPresent: line.after?.amountText)
          object.field("reasons", line.differences.map(reason))
        }
      }
    }
  }

  /// A difference in words.
  package func reason(_ difference: Difference) -> String {
    func percent(_ factor: Int64) -> String { DecimalFraction((factor + 5_000) / 10_000).description + " %" }
    let places = request.ground.catalogue.places
    return switch difference {
    case .added: "new"
    case .removed: "left out"
    case .place(let from, let to): "\(places[from].name) → \(to >= 0 ? places[to].name : "nowhere")"
    case .periods(let from, let to): "\(from) → \(to) nights or days"
    case .units(let from, let to): "\(from) → \(to) people or rooms"
    case .unitPrice(let from, let to): "price \(from) → \(to)"
    case .source(let from, let to): "source \(from.shown) → \(to.shown)"
    case .season(let from, let to): "season \(percent(from)) → \(percent(to))"
    case .rate(let from, let to): "rate \(from?.shown ?? "1") → \(to?.shown ?? "1")"
    case .percentage(let from, let to): "\(from) → \(to)"
    case .base: "what it is a percentage of"
    case .people: "who travels"
    }
  }

  private func write(_ scan: DateScan, to object: inout JSONObjectWriter) {
    func write(_ candidate: DateScan.Candidate, to object: inout JSONObjectWriter) {
      object.field("style", candidate.style)
      object.field("start", candidate.start.description)
      object.field("total", candidate.total.amountText)
    }
    object.array("cheapest") { array in
      for candidate in scan.cheapest(near: request.plan.start) { array.object { write(candidate, to: &$0) } }
    }
    object.array("totals") { array in for candidate in scan.candidates { array.object { write(candidate, to: &$0) } } }
    object.field("nightsPriced", scan.nightsPriced)
  }

  private func write(_ record: SpendingRecord, to object: inout JSONObjectWriter) {
    func write(_ state: BurnDown, to object: inout JSONObjectWriter) {
      object.field("planned", state.planned.amountText)
      object.field("plannedSoFar", state.plannedSoFar.amountText)
      object.field("spent", state.spent.amountText)
      object.field("forecast", state.forecast.amountText)
    }
    object.field("budget", record.budget.amountText)
    object.object("total") { write(record.total, to: &$0) }
    object.array("categories") { array in
      for (category, state) in record.categories {
        array.object {
          $0.field("category", category.name)
          write(state, to: &$0)
        }
      }
    }
    object.array("days") { array in
      for day in record.days {
        array.object {
          $0.field("date", day.date.description)
          $0.field("planned", day.planned.amountText)
          $0.field("spent", day.spent.amountText)
          $0.field("remaining", day.remaining.amountText)
        }
      }
    }
    object.array("alerts") { array in
      for alert in record.alerts {
        array.object {
          $0.field("percent", alert.percent)
          $0.field("date", alert.date.description)
        }
      }
    }
  }
}
