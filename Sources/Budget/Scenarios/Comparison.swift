package import Kernel

/// Why a line of one scenario differs from that of another.
package enum Difference: Hashable, Sendable {
  /// Only the other has it.
  case added
  /// Only the first has it.
  case removed
  /// Another place.
  case place(Int, Int)
  /// More or fewer nights or days.
  case periods(Int, Int)
  /// More or fewer people or rooms.
  case units(Int, Int)
  /// Another price.
  case unitPrice(Money, Money)
  /// Another source of the price.
  case source(CostSource, CostSource)
  /// Another season, in millionths.
  case season(Int64, Int64)
  /// Another exchange rate.
  case rate(ExchangeRate?, ExchangeRate?)
  /// Another percentage, told by what the lines are called.
  case percentage(String, String)
  /// What it is a percentage of differs.
  case base
  /// Other people, though as many.
  case people
}

/// A line of two scenarios side by side.
package struct ComparedLine: Hashable, Sendable {
  /// Which stay, counted from 0; nil for the whole trip.
  package let stay: Int?
  /// On what.
  package let category: CostCategory
  /// What it is.
  package let what: String
  /// In the first scenario; nil if it is not there.
  package let before: Money?
  /// In the other; nil if it is not there.
  package let after: Money?
  /// Why they differ; empty if they do not.
  package let differences: [Difference]
}

/// Two scenarios line by line.
package struct Comparison: Hashable, Sendable {
  /// Every line that either has, in the first one's order, then what is new.
  package let lines: [ComparedLine]
  /// The other's total less the first's.
  package let change: Money

  private struct Key: Hashable {
    let stay: Int?
    let category: CostCategory
    let what: String
    let rule: String?
    let occurrence: Int
  }

  /// Compares two estimates in one currency.
  ///
  /// - Throws: `MoneyError` if they are not, or the difference does not fit.
  package init(_ before: Estimate, _ after: Estimate) throws(MoneyError) {
    change = try after.total.subtracting(before.total)
    let (first, second) = (Comparison.keyed(before), Comparison.keyed(after))
    var others = Dictionary(uniqueKeysWithValues: second)
    var lines: [ComparedLine] = []
    for (key, line) in first {
      let other = others.removeValue(forKey: key)
      let places = (
        key.stay.map { before.plan.stays[$0].place },
        key.stay.map { after.plan.stays.indices.contains($0) ? after.plan.stays[$0].place : -1 }
      )
      lines.append(Comparison.line(key, line, other, places))
    }
    for (key, line) in second where others[key] != nil { lines.append(Comparison.line(key, nil, line, (nil, nil))) }
    self.lines = lines
  }

  private static func keyed(_ estimate: Estimate) -> [(Key, CostLine)] {
    var seen: [Key: Int] = [:]
    return estimate.lines.filter { !$0.isIncluded }.map { line in
      // A percentage's name contains its rate, which may change; its rule does not.
      let what = line.rule == nil && line.category != .contingency ? line.what : ""
      var key = Key(stay: line.stay, category: line.category, what: what, rule: line.rule, occurrence: 0)
      let count = seen[key, default: 0]
      seen[key] = count + 1
      if count > 0 {
        key = Key(stay: key.stay, category: key.category, what: key.what, rule: key.rule, occurrence: count)
      }
      return (key, line)
    }
  }

  private static func line(
    _ key: Key, _ before: CostLine?, _ after: CostLine?, _ places: (Int?, Int?)
  ) -> ComparedLine {
    ComparedLine(
      stay: key.stay, category: key.category, what: before?.what ?? after?.what ?? "", before: before?.amount,
      after: after?.amount, differences: differences(before, after, places))
  }

  private static func differences(_ before: CostLine?, _ after: CostLine?, _ places: (Int?, Int?)) -> [Difference] {
    guard let before else { return [.added] }
    guard let after else { return [.removed] }
    var result: [Difference] = []
    if let from = places.0, let to = places.1, from != to { result.append(.place(from, to)) }
    if before.periods != after.periods { result.append(.periods(before.periods, after.periods)) }
    if before.units != after.units { result.append(.units(before.units, after.units)) }
    let isDerived = before.category == .contingency || (before.rule != nil && before.unit == .group)
    if before.source != after.source { result.append(.source(before.source, after.source)) }
    if !isDerived, before.unitPrice != after.unitPrice {
      result.append(.unitPrice(before.unitPrice, after.unitPrice))
    }
    // Rounding alone moves the factor of a line by less than a thousandth.
    if abs(before.seasonFactor - after.seasonFactor) >= SeasonProfile.one / 1000 {
      result.append(.season(before.seasonFactor, after.seasonFactor))
    }
    if before.conversion.rate != after.conversion.rate {
      result.append(.rate(before.conversion.rate, after.conversion.rate))
    }
    if isDerived, before.what != after.what { result.append(.percentage(before.what, after.what)) }
    // Who travels may change a sum though the number of people does not.
    if before.amount != after.amount, result.isEmpty { result.append(isDerived ? .base : .people) }
    return result
  }
}
