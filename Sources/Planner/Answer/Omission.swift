/// An activity that a plan leaves out, with why, and what would bring it in.
public struct Omission: Hashable, Sendable {
  /// Why it is not there.
  public enum Reason: Hashable, Sendable {
    /// It has no window on any day.
    case closed
    /// Even with nothing else on it no day is long enough, or reaches it while it is open.
    case tooFar
    /// A limit is used up; it lacks so much.
    case limit(LimitIndex, lacking: Int)
    /// Its group has as many members as it may.
    case group(Int)
    /// On the best day, at the best place, it would make what follows so much too late.
    case noTime(day: Int, lacking: Int)
    /// It would have to come before or after something where it does not fit.
    case order
    /// It fits; a longer search would have put it in.
    case none
  }

  /// What is left out.
  public var activity: ActivityIndex
  /// Why.
  public var reason: Reason
  /// What people call the limit or group that is the reason; empty if it is another, or has no name.
  public var subject = ""

  /// One sentence with what would bring it in.
  public var description: String {
    switch reason {
    case .closed: "it is closed on all days; move the trip or ask for other hours"
    case .tooFar: "it cannot be reached within a day; sleep nearer or lengthen a day"
    case .limit(let limit, let lacking):
      "\(subject.isEmpty ? "limit \(limit.position)" : subject) would have to be \(lacking) more"
    case .group(let group):
      "\(subject.isEmpty ? "group \(group)" : subject) is settled; it would replace what was chosen"
    case .noTime(let day, let lacking): "day \(day + 1) would have to have \(lacking) more time, or lose something else"
    case .order: "what must come before or after it leaves no place"
    case .none: "it fits; let the search run longer"
    }
  }
}

extension Planner {
  /// What a plan leaves out and why, in the order of the activities.
  ///
  /// - Complexity: O(left out · visits · limits)
  public func omissions(of plan: Plan) -> [Omission] {
    var tours = Tours(instance)
    guard tours.load(routes(of: plan)) else { return [] }
    let present = Set(plan.activities.joined())
    var omissions: [Omission] = []
    for index in problem.activities.indices where !present.contains(ActivityIndex(index)) {
      let reason = reason(for: index, &tours)
      omissions.append(Omission(activity: ActivityIndex(index), reason: reason, subject: subject(of: reason)))
    }
    return omissions
  }

  private func subject(of reason: Omission.Reason) -> String {
    switch reason {
    case .limit(let limit, _): problem.limits[limit.position].name
    case .group(let group): problem.groups[group].name
    default: ""
    }
  }

  private func reason(for activity: Int, _ tours: inout Tours) -> Omission.Reason {
    let nodes = instance.origins.indices.filter { instance.origins[$0].activity == activity }
    let offers = nodes.flatMap { node in problem.days.indices.map { (node: node, day: $0) } }
      .filter { instance.latestClose[$0.day * instance.dayStride + $0.node] != Instance.always }
    if offers.isEmpty { return .closed }
    var reachable: [(node: Int, day: Int)] = []
    for offer in offers where isReachableAlone(offer.node, on: offer.day, tours) { reachable.append(offer) }
    if reachable.isEmpty { return .tooFar }
    var (leastLimit, leastTime): (Omission.Reason?, (day: Int, lacking: Int)?) = (nil, nil)
    for offer in reachable {
      if let refusal = refusal(offer.node, on: offer.day, tours) {
        leastLimit = leastLimit ?? refusal
        continue
      }
      if tours.bestPlace(for: offer.node, on: offer.day).position >= 0 { return .none }
      let lacking = lackingTime(offer.node, on: offer.day, tours)
      if lacking <= 0 { leastLimit = leastLimit ?? refusalOfLegs(offer.node, on: offer.day, tours) }
      if lacking > 0, lacking < leastTime?.lacking ?? .max { leastTime = (offer.day, lacking) }
    }
    if let leastTime { return .noTime(day: leastTime.day, lacking: leastTime.lacking) }
    return leastLimit ?? .order
  }

  private func isReachableAlone(_ node: Int, on day: Int, _ tours: borrowing Tours) -> Bool {
    let (first, last) = (day * tours.stride, day * tours.stride + tours.length[day] - 1)
    let reached = instance.arrival(from: Int(tours.node[first]), to: node, began: instance.opens[day])
    let start = instance.start(at: node, day: day, from: reached)
    if start == Instance.never { return false }
    return instance.arrival(from: node, to: Int(tours.node[last]), began: start) <= instance.closes[day]
  }

  /// The first limit or group that does not allow a visit.
  private func refusal(_ node: Int, on day: Int, _ tours: borrowing Tours) -> Omission.Reason? {
    let table = instance.limits
    for limit in 0..<table.count {
      let need = ownUse(of: limit, by: node, on: day)
      if need <= 0 { continue }
      let slot = table.slot(limit, day: day)
      let lacking = tours.used[slot] + need - table.most[slot]
      if lacking <= 0 { continue }
      let group = limit - problem.limits.count
      if group < 0 { return .limit(LimitIndex(limit), lacking: Int(lacking)) }
      return group < problem.groups.count ? .group(group) : nil
    }
    return nil
  }

  /// The limit on fares or walking that lacks least where there would be time, by the ways that use least of it.
  private func refusalOfLegs(_ node: Int, on day: Int, _ tours: borrowing Tours) -> Omission.Reason? {
    let base = day * tours.stride
    var least: (limit: Int, lacking: Int64)?
    for position in 0..<tours.length[day] - 1 where timeLacking(node, on: day, behind: position, tours) ?? 1 <= 0 {
      let (from, to) = (Int(tours.node[base + position]), Int(tours.node[base + position + 1]))
      for limit in instance.limits.legLimits {
        let ways = 0..<Int32(instance.wayCount)
        let inward = ways.map { limit.amounts[instance.cell(from: from, to: node, by: $0)] }.min() ?? 0
        let onward = ways.map { limit.amounts[instance.cell(from: node, to: to, by: $0)] }.min() ?? 0
        let direct = limit.amounts[instance.cell(from: from, to: to, by: tours.way[base + position + 1])]
        let slot = limit.slot(day)
        let needed = ownUse(of: limit.limit, by: node, on: day) + inward + onward - direct
        let lacking = tours.used[slot] + needed - instance.limits.most[slot]
        if lacking > 0, lacking < least?.lacking ?? .max { least = (limit.limit, lacking) }
      }
    }
    return least.map { .limit(LimitIndex($0.limit), lacking: Int($0.lacking)) }
  }

  /// What a visit itself uses of a limit.
  private func ownUse(of limit: Int, by node: Int, on day: Int) -> Int64 {
    let table = instance.limits
    let fixed = table.uses[Int(table.useFirst[node])..<Int(table.useFirst[node + 1])]
    return fixed.reduce(0) { $1.limit == limit ? $0 + $1.amount : $0 }
      + table.dayLimits.reduce(0) { $1.limit == limit ? $0 + $1.amounts[day * instance.dayStride + node] : $0 }
  }

  /// By how much it would make what follows too late, at the place where that is least.
  private func lackingTime(_ node: Int, on day: Int, _ tours: borrowing Tours) -> Int {
    var least = Int.max
    for position in 0..<tours.length[day] - 1 {
      least = min(least, timeLacking(node, on: day, behind: position, tours) ?? .max)
    }
    return least == .max ? 0 : least
  }

  /// By how much it would make what follows too late behind one position; nil where it is closed.
  private func timeLacking(_ node: Int, on day: Int, behind position: Int, _ tours: borrowing Tours) -> Int? {
    let here = day * tours.stride + position
    let reached = instance.arrival(from: Int(tours.node[here]), to: node, began: tours.early[here])
    let start = instance.start(at: node, day: day, from: reached)
    if start == Instance.never { return nil }
    return Int(instance.arrival(from: node, to: Int(tours.node[here + 1]), began: start) - tours.late[here + 1])
  }
}
