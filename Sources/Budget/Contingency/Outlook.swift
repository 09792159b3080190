package import Kernel

/// How sure a sum is: a line's expectation and how far it spreads, and with what it goes up and down.
package struct UncertainCost: Hashable, Sendable {
  /// What is expected, in minor units.
  package let mean: Double
  /// Standard deviation over mean.
  package let spread: Double
  /// The group of costs that go up and down together.
  package let group: Int

  /// An uncertain cost.
  package init(mean: Double, spread: Double, group: Int) {
    self.mean = mean
    self.spread = spread
    self.group = group
  }
}

/// The distribution of a total.
///
/// Every cost is lognormal around its expectation. Within a group costs share a common cause: with correlation ρ a
/// cost's normal number is √ρ times the group's plus √(1 − ρ) times its own; groups are independent. The simulation
/// draws that; the approximation gives the total the lognormal distribution with the exact mean and variance of the sum
/// (Fenton, "The sum of log-normal probability distributions", 1960). Both are chance and so floating point: what they
/// say is told to people and never booked.
package struct Outlook: Sendable {
  /// The total's currency.
  package let currency: Currency
  /// What is expected.
  package let mean: Money
  /// As likely to be passed as not.
  package let median: Money
  /// Passed by one in five.
  package let p80: Money
  /// Passed by one in twenty.
  package let p95: Money
  /// The chance to stay within the budget, from 0 to 1; nil without one.
  package let chanceWithin: Double?

  /// Draws of a simulation, at most.
  package static let drawsMax = 1_000_000

  /// By simulation.
  ///
  /// - Parameters:
  ///   - costs: what is uncertain.
  ///   - certain: what is not, in minor units.
  ///   - correlations: for each group, from 0 to 1.
  ///   - currency: what everything is in.
  ///   - budget: what is to be stayed within.
  ///   - draws: how many totals are drawn.
  ///   - seed: what the draws follow from.
  /// - Complexity: O(draws × costs).
  package init(
    simulating costs: [UncertainCost], certain: Double, correlations: [Double], currency: Currency, budget: Money?,
    draws: Int = 10_000, seed: UInt64 = 1
  ) {
    var totals = Outlook.totals(costs, certain, correlations, draws, seed)
    totals.sort()
    let within = budget.map { budget in
      // The number of totals that are at most the budget.
      let limit = Double(budget.minorUnits)
      var (low, high) = (0, totals.count)
      while low < high {
        let middle = (low + high) / 2
        if totals[middle] <= limit { low = middle + 1 } else { high = middle }
      }
      return Double(low) / Double(totals.count)
    }
    self.init(
      currency: currency, mean: totals.reduce(0, +) / Double(totals.count), within: within,
      quantile: { totals[min(totals.count - 1, Int(Double(totals.count) * $0))] })
  }

  /// By approximation.
  ///
  /// - Complexity: O(costs²) within each group.
  package init(
    approximating costs: [UncertainCost], certain: Double, correlations: [Double], currency: Currency, budget: Money?
  ) {
    let mean = costs.reduce(0) { $0 + $1.mean }
    let sigmas = costs.map { Elementary.logarithm(1 + $0.spread * $0.spread).squareRoot() }
    var variance = 0.0
    for (i, one) in costs.enumerated() {
      for (j, other) in costs.enumerated() where one.group == other.group && j <= i {
        let correlation = i == j ? 1 : correlations[one.group]
        let covariance =
          one.mean * other.mean * (Functions.exponential(correlation * sigmas[i] * sigmas[j]) - 1)
        variance += i == j ? covariance : 2 * covariance
      }
    }
    guard mean > 0, variance > 0 else {
      let within = budget.map { certain + mean <= Double($0.minorUnits) ? 1.0 : 0 }
      self.init(currency: currency, mean: certain + mean, within: within, quantile: { _ in certain + mean })
      return
    }
    let square = Elementary.logarithm(1 + variance / (mean * mean))
    let sigma = square.squareRoot()
    let middle = Elementary.logarithm(mean) - square / 2
    let within = budget.map { budget -> Double in
      let rest = Double(budget.minorUnits) - certain
      return rest <= 0 ? 0 : Functions.normalChance((Elementary.logarithm(rest) - middle) / sigma)
    }
    self.init(
      currency: currency, mean: certain + mean, within: within,
      quantile: { certain + Functions.exponential(middle + sigma * Functions.normalQuantile($0)) })
  }

  private init(currency: Currency, mean: Double, within: Double?, quantile: (Double) -> Double) {
    let money = { (value: Double) in
      Money(minorUnits: Int64(min(max(value, -9e18), 9e18).rounded()), currency)
    }
    self.currency = currency
    self.mean = money(mean)
    median = money(quantile(0.5))
    p80 = money(quantile(0.8))
    p95 = money(quantile(0.95))
    chanceWithin = within
  }

  private static func totals(
    _ costs: [UncertainCost], _ certain: Double, _ correlations: [Double], _ draws: Int, _ seed: UInt64
  ) -> [Double] {
    precondition((1...drawsMax).contains(draws), "\(draws) draws")
    var normal = NormalNumbers(seed: seed)
    var totals = [Double](repeating: certain, count: draws)
    // A lognormal number is exp(a + common × group's + own × own); costs are taken group by group.
    let ordered = costs.filter { $0.mean > 0 }.sorted { $0.group < $1.group }
    let terms = ordered.map { cost -> (base: Double, common: Double, own: Double) in
      let square = Elementary.logarithm(1 + cost.spread * cost.spread)
      let correlation = correlations[cost.group]
      let sigma = square.squareRoot()
      return (
        Elementary.logarithm(cost.mean) - square / 2, sigma * correlation.squareRoot(),
        sigma * (1 - correlation).squareRoot()
      )
    }
    // Groups by where they begin; the exponents of a draw, with room to a whole number of fours.
    var groups = ordered.indices.filter { $0 == 0 || ordered[$0].group != ordered[$0 - 1].group }
    groups.append(ordered.count)
    var exponents = [SIMD4<Double>](repeating: SIMD4(repeating: -700), count: (ordered.count + 3) / 4)
    for draw in 0..<draws {
      exponents.withUnsafeMutableBytes { bytes in
        let exponents = bytes.bindMemory(to: Double.self)
        for group in 0..<(groups.count - 1) {
          let shared = normal.next()
          for index in groups[group]..<groups[group + 1] {
            let term = terms[index]
            exponents[index] = term.base + term.common * shared + term.own * normal.next()
          }
        }
      }
      // What pads the last four is e⁻⁷⁰⁰, which is nothing.
      var sums = SIMD4<Double>.zero
      for four in exponents { sums += Functions.exponential(four) }
      totals[draw] = certain + sums.sum()
    }
    return totals
  }
}

extension Estimate {
  /// How sure the total is.
  ///
  /// - Parameters:
  ///   - catalogue: where correlations are from.
  ///   - budget: what is to be stayed within.
  ///   - draws: how many totals are drawn; nil for the approximation.
  ///   - seed: what the draws follow from.
  /// - Returns: the distribution.
  package func outlook(_ catalogue: CostCatalogue, budget: Money?, draws: Int?, seed: UInt64) -> Outlook {
    let groups = categories
    var costs: [UncertainCost] = []
    var certain = 0.0
    let means = means()
    for (line, mean) in zip(lines, means) where !line.isIncluded && line.category != .contingency {
      if line.spread > 0, mean > 0 {
        costs.append(
          UncertainCost(mean: mean, spread: line.spread, group: groups.firstIndex(of: line.category) ?? 0))
      } else {
        certain += mean
      }
    }
    let correlations = groups.map { catalogue.correlation($0) }
    let currency = total.currency
    if let draws {
      return Outlook(
        simulating: costs, certain: certain, correlations: correlations, currency: currency, budget: budget,
        draws: draws, seed: seed)
    }
    return Outlook(
      approximating: costs, certain: certain, correlations: correlations, currency: currency, budget: budget)
  }

  /// What each line is expected to cost, percentages put on what they are of.
  ///
  /// A tax of 10 % on a hotel is as uncertain as the hotel, and in the same direction. A rule comes after those that it
  /// is reckoned on, so that going backwards hands everything down.
  private func means() -> [Double] {
    var means = lines.map { Double($0.amount.minorUnits) }
    for index in lines.indices.reversed() where !lines[index].bases.isEmpty && !lines[index].isIncluded {
      let sum = lines[index].bases.reduce(0) { $0 + Double(lines[$1].amount.minorUnits) }
      guard sum > 0 else { continue }
      for base in lines[index].bases { means[base] += means[index] * Double(lines[base].amount.minorUnits) / sum }
      means[index] = 0
    }
    return means
  }
}
