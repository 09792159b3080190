package import Kernel

/// Money that was spent on a trip.
package struct Spending: Hashable, Sendable {
  /// When.
  package let date: LocalDate
  /// On what.
  package let category: CostCategory
  /// How much, in any currency.
  package let amount: Money

  /// An expense.
  package init(date: LocalDate, category: CostCategory, amount: Money) {
    self.date = date
    self.category = category
    self.amount = amount
  }
}

/// What was planned for a day or category, what was spent, and what it will come to.
package struct BurnDown: Hashable, Sendable {
  /// Planned in all.
  package var planned: Money
  /// Planned up to today.
  package var plannedSoFar: Money
  /// Spent up to today.
  package var spent: Money
  /// What it will have come to at the end.
  package var forecast: Money
}

/// A day of the trip.
package struct BurnDownDay: Hashable, Sendable {
  /// Which.
  package let date: LocalDate
  /// Planned for it.
  package let planned: Money
  /// Spent on it.
  package let spent: Money
  /// What is left of the whole after it.
  package let remaining: Money
}

/// Why a record cannot be kept.
package enum SpendingError: Error, Hashable, Sendable {
  /// An expense that cannot be converted or summed, by its place in the list.
  case exchange(Int, ExchangeError)
  /// Sums that do not fit.
  case money(MoneyError)
}

/// Actual against plan: what was spent, what is left, and what it will have come to at the end.
///
/// A line of the plan falls on the days it is for: nights and days evenly, what is due once on the first day of its
/// stay. The forecast of a category whose plan runs over days goes on at the pace so far, between half and double the
/// plan; what is planned once, or by the night and so often paid ahead, is expected as planned, or as spent where that
/// is more.
package struct SpendingRecord: Sendable {
  /// By category, in their order; those spent on without a plan included.
  package let categories: [(category: CostCategory, state: BurnDown)]
  /// The whole.
  package let total: BurnDown
  /// Every day from the first to the last with a plan or expense.
  package let days: [BurnDownDay]
  /// Thresholds in percent of the budget that were passed, each with the day on which it was.
  package let alerts: [(percent: Int, date: LocalDate)]
  /// What the thresholds are of: the budget, or the plan where there is none.
  package let budget: Money

  /// Compares expenses with a plan.
  ///
  /// - Parameters:
  ///   - estimate: the plan.
  ///   - spendings: what was spent.
  ///   - today: up to when it is known, later expenses being left out; nil for the last expense's day.
  ///   - budget: what is to be stayed within; nil for the plan's total.
  ///   - thresholds: percentages that alert.
  ///   - rates: for expenses in other currencies, on their days.
  ///   - daysMax: how many days back a rate may lie.
  /// - Throws: ``SpendingError``.
  package init(
    _ estimate: Estimate, _ spendings: [Spending], today: LocalDate?, budget: Money?, thresholds: [Int],
    _ rates: RateTable, daysMax: Int
  ) throws(SpendingError) {
    let currency = estimate.total.currency
    let all = try SpendingRecord.converted(spendings, currency, rates, daysMax)
    let plan = try SpendingRecord.planned(estimate)
    let today = today ?? all.map(\.date).max() ?? estimate.plan.start
    let known = all.filter { $0.date <= today }
    let first = min(estimate.plan.start, known.map(\.date).min() ?? estimate.plan.start)
    let last = max(estimate.plan.end, known.map(\.date).max() ?? estimate.plan.end)
    self.budget = budget ?? estimate.total
    do throws(MoneyError) {
      var states: [CostCategory: BurnDown] = [:]
      for category in Set(plan.map(\.category)).union(known.map(\.category)) {
        states[category] = try SpendingRecord.state(
          plan.filter { $0.category == category }, known.filter { $0.category == category }, today, currency)
      }
      categories = states.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      var total = BurnDown(
        planned: .zero(currency), plannedSoFar: .zero(currency), spent: .zero(currency), forecast: .zero(currency))
      for (_, state) in categories {
        total.planned = try total.planned.adding(state.planned)
        total.plannedSoFar = try total.plannedSoFar.adding(state.plannedSoFar)
        total.spent = try total.spent.adding(state.spent)
        total.forecast = try total.forecast.adding(state.forecast)
      }
      self.total = total
      (days, alerts) = try SpendingRecord.days(first, last, plan, known, self.budget, thresholds)
    } catch {
      throw .money(error)
    }
  }

  private static func converted(
    _ spendings: [Spending], _ currency: Currency, _ rates: RateTable, _ daysMax: Int
  ) throws(SpendingError) -> [Spending] {
    var result: [Spending] = []
    for (index, spending) in spendings.enumerated() {
      do throws(ExchangeError) {
        let amount = try rates.convert(spending.amount, to: currency, on: spending.date, daysMax: daysMax).converted
        result.append(Spending(date: spending.date, category: spending.category, amount: amount))
      } catch {
        throw .exchange(index, error)
      }
    }
    return result
  }

  private typealias Planned = (date: LocalDate, category: CostCategory, amount: Money, isDaily: Bool)

  /// The plan's lines on their days.
  private static func planned(_ estimate: Estimate) throws(SpendingError) -> [Planned] {
    var result: [Planned] = []
    let plan = estimate.plan
    let starts = plan.starts
    for line in estimate.lines where !line.isIncluded {
      let start = line.stay.map { starts[$0] } ?? plan.start
      let count = line.period == .trip ? 1 : max(1, line.periods)
      do throws(MoneyError) {
        let parts = try line.amount.allocated(by: Array(repeating: 1, count: count))
        for (offset, part) in parts.enumerated() {
          result.append((start.adding(days: offset), line.category, part, line.period == .day))
        }
      } catch {
        throw .money(error)
      }
    }
    return result
  }

  private static func state(
    _ plan: [Planned], _ spendings: [Spending], _ today: LocalDate, _ currency: Currency
  ) throws(MoneyError) -> BurnDown {
    func sum(_ amounts: some Sequence<Money>) throws(MoneyError) -> Money {
      var total = Money.zero(currency)
      for amount in amounts { total = try total.adding(amount) }
      return total
    }
    let planned = try sum(plan.map(\.amount))
    let soFar = try sum(plan.filter { $0.date <= today }.map(\.amount))
    let spent = try sum(spendings.map(\.amount))
    let later = try planned.subtracting(soFar)
    var forecast = spent.minorUnits > planned.minorUnits ? spent : planned
    if plan.contains(where: \.isDaily), soFar.minorUnits > 0 {
      let pace = min(max(spent.minorUnits, soFar.minorUnits / 2), soFar.minorUnits.multipliedReportingOverflow(by: 2).0)
      forecast = try spent.adding(try later.scaled(by: pace, over: soFar.minorUnits))
    } else if plan.contains(where: \.isDaily) {
      forecast = try spent.adding(later)
    }
    return BurnDown(planned: planned, plannedSoFar: soFar, spent: spent, forecast: forecast)
  }

  private static func days(
    _ first: LocalDate, _ last: LocalDate, _ plan: [Planned], _ spendings: [Spending], _ budget: Money,
    _ thresholds: [Int]
  ) throws(MoneyError) -> ([BurnDownDay], [(percent: Int, date: LocalDate)]) {
    var plannedOn: [LocalDate: Money] = [:]
    var spentOn: [LocalDate: Money] = [:]
    for item in plan { plannedOn[item.date] = try item.amount.adding(plannedOn[item.date] ?? .zero(budget.currency)) }
    for item in spendings { spentOn[item.date] = try item.amount.adding(spentOn[item.date] ?? .zero(budget.currency)) }
    var days: [BurnDownDay] = []
    var alerts: [(percent: Int, date: LocalDate)] = []
    var spent = Money.zero(budget.currency)
    for day in Set(plannedOn.keys).union(spentOn.keys).sorted() where first <= day && day <= last {
      let today = spentOn[day] ?? .zero(budget.currency)
      spent = try spent.adding(today)
      days.append(
        BurnDownDay(
          date: day, planned: plannedOn[day] ?? .zero(budget.currency), spent: today,
          remaining: try budget.subtracting(spent)))
      for percent in thresholds.sorted() where !alerts.contains(where: { $0.percent == percent }) {
        let isPassed = Int128(spent.minorUnits) * 100 >= Int128(budget.minorUnits) * Int128(percent)
        if isPassed, !spent.isZero { alerts.append((percent, day)) }
      }
    }
    return (days, alerts)
  }
}
