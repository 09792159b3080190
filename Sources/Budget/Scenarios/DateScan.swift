package import Kernel

/// What a trip costs on each first day of a window, in each style: cheapest dates in one call.
///
/// Every night of every price is multiplied by its season once and kept as a running sum, so that each of the many
/// estimates only takes differences.
package struct DateScan: Sendable {
  /// One first day in one style.
  package struct Candidate: Hashable, Sendable {
    /// The first day.
    package let start: LocalDate
    /// The style.
    package let style: String
    /// The total.
    package let total: Money
  }

  /// Days before and after the planned one, at most.
  package static let windowMax = 180

  /// By style, then by day.
  package let candidates: [Candidate]
  /// How many nights were priced.
  package let nightsPriced: Int

  /// Scans the days around a plan's first.
  ///
  /// - Parameters:
  ///   - plan: the trip.
  ///   - window: so many days before and after it.
  ///   - styles: in which styles; the plan's own where empty.
  ///   - estimator: what prices it.
  /// - Throws: ``BudgetError``.
  package init(
    _ plan: TripPlan, window: Int, styles: [String] = [], _ estimator: Estimator
  ) throws(BudgetError) {
    precondition((0...Self.windowMax).contains(window), "a window of \(window) days")
    var result: [Candidate] = []
    var nights = NightPrices(first: plan.start.adding(days: -window), count: 2 * window + plan.nights + 1)
    for style in styles.isEmpty ? [plan.style] : styles {
      var other = plan
      other.style = style
      for offset in -window...window {
        other.start = plan.start.adding(days: offset)
        let total = try estimator.estimate(other, &nights).total
        result.append(Candidate(start: other.start, style: style, total: total))
      }
    }
    candidates = result
    nightsPriced = nights.pricedCount
  }

  /// The cheapest first day of each style, in the order of the styles; of several the one nearest to the planned day.
  package func cheapest(near day: LocalDate) -> [Candidate] {
    var best: [Candidate] = []
    for candidate in candidates {
      guard let index = best.firstIndex(where: { $0.style == candidate.style }) else {
        best.append(candidate)
        continue
      }
      let (old, new) = (best[index], candidate)
      let isNearer = abs(new.start.days(until: day)) < abs(old.start.days(until: day))
      if new.total.minorUnits < old.total.minorUnits || (new.total == old.total && isNearer) { best[index] = new }
    }
    return best
  }
}
