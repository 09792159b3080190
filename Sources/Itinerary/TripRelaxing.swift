import Budget
import Catalogue
import Kernel

/// What could be changed where nothing keeps the budget: more money, a night less, other days, another style.
struct TripRelaxing {
  private let ground: TripGround
  private let effort: TripEffort

  /// Weeks are what most people can shift a trip by.
  private static let shiftDays = 7

  init(_ ground: TripGround, _ effort: TripEffort) {
    self.ground = ground
    self.effort = effort
  }

  /// The changes that help, each ready to be planned; more money comes first.
  ///
  /// - Parameters:
  ///   - request: what cannot be had.
  ///   - options: what can be had for more.
  /// - Returns: none where nothing helps.
  func relaxations(of request: TripRequest, _ options: [TripOption]) -> [TripRelaxation] {
    guard let cheapest = options.min(by: { $0.merit.cost < $1.merit.cost }) else { return [] }
    var result = [more(request, options)].compactMap(\.self)
    for (change, other) in changes(of: request, cheapest) {
      // A change that leads nowhere is none; why it does not is no answer to what was asked.
      guard let option = try? best(of: other), option.merit.cost < cheapest.merit.cost || option.keepsLimits(of: other)
      else { continue }
      result.append(
        TripRelaxation(
          change: change, cost: option.estimate.total, isEnough: option.keepsLimits(of: other), request: other))
    }
    return result
  }

  /// The least that must be added to limits so that one of the options keeps them.
  private func more(_ request: TripRequest, _ options: [TripOption]) -> TripRelaxation? {
    func lacking(_ option: TripOption) -> Int64 { shortfalls(request, option).reduce(0) { $0 + $1.amount.minorUnits } }
    guard let nearest = options.min(by: { (lacking($0), $0.merit.cost) < (lacking($1), $1.merit.cost) }) else {
      return nil
    }
    let lacks = shortfalls(request, nearest)
    var more = request
    for lack in lacks { lack.raise(&more) }
    return TripRelaxation(
      change: lacks.map { "\($0.amount) more\($0.purpose)" }.joined(separator: ", "), cost: nearest.estimate.total,
      isEnough: true, request: more)
  }

  private struct Lack {
    let amount: Money
    let purpose: String
    let raise: (inout TripRequest) -> Void
  }

  private func shortfalls(_ request: TripRequest, _ option: TripOption) -> [Lack] {
    var result: [Lack] = []
    func add(_ cost: Money, _ limit: Money?, _ purpose: String, _ raise: @escaping (inout TripRequest) -> Void) {
      guard let limit, cost.minorUnits > limit.minorUnits else { return }
      let amount = Money(minorUnits: cost.minorUnits - limit.minorUnits, cost.currency)
      result.append(Lack(amount: amount, purpose: purpose, raise: raise))
    }
    add(option.estimate.total, request.budget, "") { $0.budget = option.estimate.total }
    for (category, cap) in request.categoryCaps.sorted(by: { $0.key < $1.key }) {
      let cost = option.estimate.subtotal(category)
      add(cost, cap, " for \(category)") { $0.categoryCaps[category] = cost }
    }
    if let dearest = option.estimate.perPerson.max(by: { $0.minorUnits < $1.minorUnits }) {
      add(dearest, request.perPersonCap, " for each") { $0.perPersonCap = dearest }
    }
    return result
  }

  private func changes(of request: TripRequest, _ cheapest: TripOption) -> [(String, TripRequest)] {
    var result: [(String, TripRequest)] = []
    let target = cheapest.calendar.start.days(until: cheapest.calendar.end) - 1
    var shorter = request
    shorter.nights = min(request.nights.lowerBound, max(0, target))...max(0, target)
    let required = request.destinations.indices.filter { request.destinations[$0].isRequired }
    if required.reduce(0, { $0 + request.destinations[$1].nights.lowerBound }) > target,
      let longest = required.max(by: {
        (request.destinations[$0].nights.lowerBound, -$0) < (request.destinations[$1].nights.lowerBound, -$1)
      })
    {
      let nights = request.destinations[longest].nights
      shorter.destinations[longest].nights = max(1, nights.lowerBound - 1)...nights.upperBound
    }
    if target >= required.count { result.append(("one night less", shorter)) }
    for days in [-Self.shiftDays, Self.shiftDays] {
      var other = request
      other.start =
        request.start.lowerBound.adding(days: min(0, days))...request.start.upperBound.adding(days: max(0, days))
      other.end = request.end.adding(days: max(0, days))
      result.append(("leave up to a week \(days < 0 ? "earlier" : "later")", other))
    }
    let styles = ground.costs.styles
    if let place = styles.firstIndex(of: request.style), place > 0 {
      var simpler = request
      simpler.style = styles[place - 1]
      result.append(("in \(styles[place - 1]) style", simpler))
    }
    return result
  }

  /// Of a changed request what keeps its limits best: the cheapest trip that does, else the cheapest.
  private func best(of request: TripRequest) throws(TripError) -> TripOption? {
    var run = try TripRun(request, ground, effort)
    run.wishes = [.thrifty]
    let options = try run.options { (_, _, _) throws(TripError) in }
    let kept = options.filter { $0.keepsLimits(of: request) }
    return (kept.isEmpty ? options : kept).min { $0.merit.cost < $1.merit.cost }
  }
}
