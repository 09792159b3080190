import Kernel

/// Why a journey is told: what it is best at, and what it gains and gives up against those told beside it.
package struct Explanation: Sendable {
  /// Something by which journeys are compared.
  package enum Criterion: String, CaseIterable, Sendable {
    case departure, arrival, transfers, walk, co2, price

    /// Less is better.
    func value(of journey: Journey) -> Int {
      switch self {
      case .departure: -Int(journey.departure.secondsSinceEpoch)
      case .arrival: Int(journey.arrival.secondsSinceEpoch)
      case .transfers: journey.boardings
      case .walk: journey.walkSeconds
      case .co2: journey.co2Grams
      // What is not known is dearer than all that is.
      case .price: journey.price.flatMap { $0.isComplete ? $0.amount.map { Int($0.minorUnits) } : nil } ?? 1 << 40
      }
    }

    var superlative: String {
      switch self {
      case .departure: "leaves last"
      case .arrival: "arrives first"
      case .transfers: "has the fewest changes"
      case .walk: "has the least walking"
      case .co2: "emits the least CO₂"
      case .price: "costs least"
      }
    }

    /// A difference in words; negative is better.
    func words(_ difference: Int) -> String {
      let amount = abs(difference)
      switch self {
      case .departure: return "leaves \(Self.minutes(amount)) \(difference < 0 ? "later" : "earlier")"
      case .arrival: return "arrives \(Self.minutes(amount)) \(difference < 0 ? "earlier" : "later")"
      case .transfers:
        return "\(amount) \(amount == 1 ? "change" : "changes") \(difference < 0 ? "fewer" : "more")"
      case .walk: return "\(Self.minutes(amount)) \(difference < 0 ? "less" : "more") walking"
      case .co2: return "\(amount) g CO₂ \(difference < 0 ? "less" : "more")"
      case .price: return difference < 0 ? "cheaper" : "dearer"
      }
    }

    private static func minutes(_ seconds: Int) -> String {
      seconds < 60 ? "\(seconds) s" : "\((seconds + 30) / 60) min"
    }
  }

  /// Against another journey, by its place in the answer from 0: differences of what counts, negative for better.
  package struct Comparison: Sendable {
    package let other: Int
    package let differences: [(criterion: Criterion, difference: Int)]

    package var gains: [(criterion: Criterion, difference: Int)] { differences.filter { $0.difference < 0 } }
    package var costs: [(criterion: Criterion, difference: Int)] { differences.filter { $0.difference > 0 } }
  }

  package let best: [Criterion]
  package let comparisons: [Comparison]
  package let isPreferred: Bool

  /// One sentence.
  package var text: String {
    var parts: [String] = []
    if !best.isEmpty { parts.append(best.map(\.superlative).joined(separator: ", ")) }
    if isPreferred { parts.append("uses only what is preferred") }
    for comparison in comparisons {
      let gains = comparison.gains.map { $0.criterion.words($0.difference) }.joined(separator: ", ")
      let costs = comparison.costs.map { $0.criterion.words($0.difference) }.joined(separator: ", ")
      if gains.isEmpty && costs.isEmpty { continue }
      let price = costs.isEmpty ? "" : gains.isEmpty ? costs : " for \(costs)"
      parts.append("against \(comparison.other + 1): \(gains)\(price)")
    }
    return parts.isEmpty ? "the only one" : parts.joined(separator: "; ")
  }

  /// Explains each of the journeys that answer a request, by what was weighed for it.
  package static func all(of journeys: [Journey], for request: RouteRequest) -> [Explanation] {
    var criteria: [Criterion] = [.arrival, .transfers]
    if case .departAt = request.time {} else { criteria.insert(.departure, at: 0) }
    if request.criteria.contains(.walk) { criteria.append(.walk) }
    if request.criteria.contains(.co2) { criteria.append(.co2) }
    if request.criteria.contains(.price) { criteria.append(.price) }
    return all(of: journeys, by: criteria)
  }

  /// Explains each of some journeys, that stand in the order of the answer.
  ///
  /// - Parameters:
  ///   - journeys: all that are told.
  ///   - criteria: what was weighed.
  /// - Returns: as many explanations.
  package static func all(of journeys: [Journey], by criteria: [Criterion]) -> [Explanation] {
    let values = journeys.map { journey in criteria.map { $0.value(of: journey) } }
    return journeys.indices.map { own in
      let best = criteria.indices.filter { criterion in
        let column = values.map { $0[criterion] }
        return values[own][criterion] == column.min() && column.min() != column.max()
      }
      let beside = [own - 1, own + 1].filter { journeys.indices.contains($0) }
      return Explanation(
        best: best.map { criteria[$0] },
        comparisons: beside.map { other in
          Comparison(
            other: other,
            differences: criteria.indices.map { (criteria[$0], values[own][$0] - values[other][$0]) })
        },
        isPreferred: journeys[own].isPreferred)
    }
  }
}
