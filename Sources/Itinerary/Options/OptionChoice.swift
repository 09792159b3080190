import Budget
import Kernel

/// A handful of options that differ, each named for what it is best at, with reasons.
struct OptionChoice {
  private let all: [TripOption]
  private let low: [Int]
  private let span: [Int]

  /// How much a burden counts for most people: cost, what is seen, time, CO2, comfort.
  private static let weights = [0.35, 0.30, 0.20, 0.05, 0.10]

  /// - Parameter options: any; those that others beat are left out.
  init(_ options: [TripOption]) {
    var kept: [TripOption] = []
    for option in options.sorted(by: OptionChoice.isBefore)
    where !kept.contains(where: { $0.merit.isAsGood(as: option.merit) }) {
      kept.removeAll { option.merit.isAsGood(as: $0.merit) }
      kept.append(option)
    }
    all = kept
    let burdens = kept.map(\.merit.burdens)
    low = (0..<5).map { column in burdens.map { $0[column] }.min() ?? 0 }
    span = (0..<5).map { [low] column in max(1, (burdens.map { $0[column] }.max() ?? 0) - low[column]) }
  }

  /// How many none beats.
  var count: Int { all.count }

  /// In the same order whatever order they came in.
  private static func isBefore(_ one: TripOption, _ other: TripOption) -> Bool {
    let (first, second) = (one.merit.burdens, other.merit.burdens)
    if first != second { return first.lexicographicallyPrecedes(second) }
    return one.calendar.start < other.calendar.start
  }

  /// At most so many, the best fit first.
  func chosen(_ most: Int) -> [TripOption] {
    guard !all.isEmpty else { return [] }
    let judges: [(OptionName, (Int) -> Double)] = [
      (.bestFit, { burden($0) }), (.cheapest, { share($0, 0) }), (.fastest, { share($0, 2) }),
      (.fullest, { share($0, 1) }), (.greenest, { share($0, 3) }), (.easiest, { share($0, 4) }),
    ]
    var names: [Int: [OptionName]] = [:]
    var order: [Int] = []
    for (name, judge) in judges {
      // Of those that are equally good at it, the best for most people.
      guard let best = all.indices.min(by: { (judge($0), burden($0), $0) < (judge($1), burden($1), $1) }) else { break }
      if names[best] == nil {
        guard order.count < most else { continue }
        order.append(best)
      }
      names[best, default: []].append(name)
    }
    while order.count < min(most, all.count) {
      // The one farthest from all that are chosen.
      let rest = all.indices.filter { !order.contains($0) }
      guard let far = rest.max(by: { (distance($0, order), -$0) < (distance($1, order), -$1) }),
        distance(far, order) > 0.1
      else { break }
      order.append(far)
    }
    return order.map { index in
      var option = all[index]
      option.names = names[index] ?? []
      option.reasons = reasons(index, order)
      return option
    }
  }

  private func share(_ index: Int, _ column: Int) -> Double {
    Double(all[index].merit.burdens[column] - low[column]) / Double(span[column])
  }

  private func burden(_ index: Int) -> Double {
    (0..<5).reduce(0) { $0 + Self.weights[$1] * share(index, $1) }
  }

  private func distance(_ index: Int, _ others: [Int]) -> Double {
    others.map { other in (0..<5).reduce(0) { $0 + abs(share(index, $1) - share(other, $1)) } }.min() ?? 0
  }

  // MARK: Reasons

  /// What it gives and gives up: against the best fit, and the best fit against what is nearest to it.
  private func reasons(_ index: Int, _ order: [Int]) -> [String] {
    let others = order.filter { $0 != index }
    guard let first = order.first, !others.isEmpty else {
      return all[index].missed + ["nothing else is better in anything"]
    }
    let other =
      index == first
      ? others.min { (distance(index, [$0]), $0) < (distance(index, [$1]), $1) } ?? first : first
    let (mine, theirs) = (all[index].merit, all[other].merit)
    let currency = all[index].estimate.total.currency
    var gains: [String] = []
    var losses: [String] = []
    func say(_ difference: Int, better: String, worse: String) {
      if difference < 0 { gains.append(better) } else if difference > 0 { losses.append(worse) }
    }
    let money = Money(minorUnits: abs(mine.cost - theirs.cost), currency).description
    say(Int(mine.cost - theirs.cost), better: "saves \(money)", worse: "costs \(money) more")
    let time = durationText(minutes: abs(mine.minutes - theirs.minutes))
    say(
      mine.minutes - theirs.minutes, better: "spends \(time) less on the way", worse: "spends \(time) more on the way")
    let (sights, fewer) = (all[index].sightCount, all[other].sightCount)
    if sights != fewer {
      let noun = abs(sights - fewer) == 1 ? "sight" : "sights"
      say(
        fewer - sights, better: "shows \(sights - fewer) more \(noun)", worse: "shows \(fewer - sights) fewer \(noun)")
    } else {
      say(theirs.score - mine.score, better: "shows better sights", worse: "shows lesser sights")
    }
    let grams = abs(mine.co2Grams - theirs.co2Grams) / 1000
    if grams > 0 {
      say(mine.co2Grams - theirs.co2Grams, better: "emits \(grams) kg less CO2", worse: "emits \(grams) kg more CO2")
    }
    say(theirs.comfort - mine.comfort, better: "is more comfortable", worse: "is less comfortable")
    let name = index == first ? all[other].shortName(in: order.firstIndex(of: other) ?? 0) : "the best fit"
    var result = all[index].missed
    if !gains.isEmpty { result.append("\(OptionChoice.list(gains)), compared with \(name)") }
    if !losses.isEmpty { result.append("gives up: \(OptionChoice.list(losses))") }
    return result
  }

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}

extension TripOption {
  /// How many sights it shows.
  package var sightCount: Int { stays.reduce(0) { $0 + $1.plan.sights.count } }

  /// What could not be fitted in, a sentence each.
  fileprivate var missed: [String] {
    missedSights.map { "leaves out \($0), which is closed or too far on these days" }
      + missedAppointments.map { "does not keep \($0), which does not fit the journeys or the other days" }
  }

  fileprivate func shortName(in place: Int) -> String { "option \(place + 1)" }
}
