/// Judges a plan by the words of the problem alone; shares no code with the search, on purpose.
///
/// - Complexity: O(activities + visits · limits)
public struct PlanCheck {
  private let problem: Problem
  private let plan: Plan
  private var violations: [PlanViolation] = []

  private init(_ problem: Problem, _ plan: Plan) {
    self.problem = problem
    self.plan = plan
  }

  /// Everything that is wrong with a plan; nothing if it keeps all rules and its sums are right.
  public static func violations(of plan: Plan, for problem: Problem) -> [PlanViolation] {
    var check = PlanCheck(problem, plan)
    check.run()
    return check.violations
  }

  private mutating func run() {
    guard plan.days.count == problem.days.count else {
      violations.append(.dayCount(found: plan.days.count, needed: problem.days.count))
      return
    }
    for (day, dayPlan) in plan.days.enumerated() {
      for (index, visit) in dayPlan.visits.enumerated() {
        guard problem.activities.indices.contains(visit.activity.position),
          problem.activities[visit.activity.position].variants.indices.contains(visit.variant)
        else {
          violations.append(.unknown(day: day, visit: index))
          return
        }
      }
    }
    for day in problem.days.indices { checkTimes(day) }
    checkPresence()
    checkLimits()
    checkGroups()
    checkSums()
  }

  private mutating func checkTimes(_ index: Int) {
    let day = problem.days[index]
    let dayPlan = plan.days[index]
    var place = day.start.position
    var time = dayPlan.departure
    if time < day.opens || dayPlan.arrival > day.closes { violations.append(.dayTimes(day: index)) }
    for (position, visit) in dayPlan.visits.enumerated() {
      let activity = problem.activities[visit.activity.position]
      let reached = time + travelTime(place, activity.place.position, leaving: time)
      if visit.arrival < reached || visit.start < visit.arrival
        || visit.end != visit.start + activity.variants[visit.variant].duration
      {
        violations.append(.times(day: index, visit: position))
      }
      if bonus(of: visit, on: index) == nil {
        violations.append(.closed(visit.activity, day: index, start: visit.start))
      }
      place = activity.place.position
      time = visit.end
    }
    if dayPlan.arrival < time + travelTime(place, day.end.position, leaving: time) {
      violations.append(.dayTimes(day: index))
    }
  }

  /// The best bonus of the windows it keeps; nil if it keeps none.
  private func bonus(of visit: Plan.Visit, on day: Int) -> Int? {
    let windows: [StartWindow]
    switch problem.activities[visit.activity.position].opening {
    case .always: return 0
    case .everyDay(let list): windows = list
    case .eachDay(let lists): windows = lists[day]
    }
    return windows.filter { visit.start >= $0.opens && visit.start <= $0.lastStart && visit.end <= $0.closes }
      .map(\.bonus).max()
  }

  /// Waiting is always allowed, so a later departure that arrives earlier may be used instead.
  private func travelTime(_ from: Int, _ to: Int, leaving time: Int) -> Int {
    let places = problem.travel.placeCount
    guard let profile = problem.travel.profile else { return problem.travel.durations[from * places + to] }
    let departures = profile.departures
    func duration(_ slot: Int) -> Int { profile.durations[(slot * places + from) * places + to] }
    var best = Int.max
    for slot in departures.indices.dropLast() where departures[slot + 1] > time {
      let (left, right) = (departures[slot], departures[slot + 1])
      let moment = max(time, left)
      let (low, high) = (duration(slot), duration(slot + 1))
      let rise = (high - low) * (moment - left)
      var part = rise / (right - left)
      if rise % (right - left) < 0 { part -= 1 }
      best = min(best, moment - time + low + part, right - time + high)
      if left < time, moment == left { break }
    }
    if let last = departures.last, time >= last { best = duration(departures.count - 1) }
    if let first = departures.first, time < first { best = min(best, duration(0)) }
    return best
  }

  private mutating func checkPresence() {
    var place: [ActivityIndex: (day: Int, position: Int)] = [:]
    for (day, dayPlan) in plan.days.enumerated() {
      for (position, visit) in dayPlan.visits.enumerated() {
        if place.updateValue((day, position), forKey: visit.activity) != nil {
          violations.append(.twice(visit.activity))
        }
      }
    }
    for (index, activity) in problem.activities.enumerated()
    where activity.isMandatory && place[ActivityIndex(index)] == nil {
      violations.append(.missing(ActivityIndex(index)))
    }
    for precedence in problem.precedences {
      guard let first = place[precedence.first], let second = place[precedence.second] else { continue }
      if first > second { violations.append(.order(precedence.first, precedence.second)) }
    }
  }

  private mutating func checkLimits() {
    for (index, limit) in problem.limits.enumerated() {
      let used = plan.days.indices.map { self.used(LimitIndex(index), limit.measure, on: $0) }
      switch limit.scope {
      case .trip:
        let sum = used.reduce(0, +)
        if sum > limit.most {
          violations.append(.limit(LimitIndex(index), day: nil, used: sum, most: limit.most))
        }
      case .day:
        for (day, amount) in used.enumerated() where amount > limit.most {
          violations.append(.limit(LimitIndex(index), day: day, used: amount, most: limit.most))
        }
      }
    }
  }

  private func used(_ limit: LimitIndex, _ measure: Limit.Measure, on day: Int) -> Int {
    var sum = 0
    for visit in plan.days[day].visits {
      let activity = problem.activities[visit.activity.position]
      for use in activity.uses where use.limit == limit { sum += use.amount }
      if measure == .money { sum += price(of: visit, on: day) }
    }
    switch measure {
    case .usesOnly: break
    case .money: sum += along(day, problem.travel.fares)
    case .walking: sum += along(day, problem.travel.walks)
    }
    return sum
  }

  private func price(of visit: Plan.Visit, on day: Int) -> Int {
    let activity = problem.activities[visit.activity.position]
    let surcharge = activity.daySurcharges.isEmpty ? 0 : activity.daySurcharges[day]
    return activity.variants[visit.variant].price + surcharge
  }

  /// The sum of a matrix along a day's way; a day without visits stays where it is if it may.
  private func along(_ day: Int, _ matrix: [Int]) -> Int {
    if matrix.isEmpty { return 0 }
    let visited = plan.days[day].visits.map { problem.activities[$0.activity.position].place.position }
    let way = [problem.days[day].start.position] + visited + [problem.days[day].end.position]
    return zip(way, way.dropFirst()).reduce(0) { $0 + matrix[$1.0 * problem.travel.placeCount + $1.1] }
  }

  private mutating func checkGroups() {
    for (index, group) in problem.groups.enumerated() {
      let members = Set(group.members)
      let found = plan.days.map { $0.visits.count { members.contains($0.activity) } }
      switch group.scope {
      case .trip:
        let sum = found.reduce(0, +)
        if sum > group.most { violations.append(.group(index, day: nil, found: sum)) }
      case .day:
        for (day, count) in found.enumerated() where count > group.most {
          violations.append(.group(index, day: day, found: count))
        }
      }
    }
  }

  private mutating func checkSums() {
    var (score, cost) = (0, 0)
    for (day, dayPlan) in plan.days.enumerated() {
      for visit in dayPlan.visits {
        let activity = problem.activities[visit.activity.position]
        score += activity.variants[visit.variant].score + (bonus(of: visit, on: day) ?? 0)
        score += activity.dayBonuses.isEmpty ? 0 : activity.dayBonuses[day]
        cost += price(of: visit, on: day)
      }
      cost += along(day, problem.travel.fares)
    }
    if score != plan.score { violations.append(.sum(of: "score", said: plan.score, found: score)) }
    if cost != plan.cost { violations.append(.sum(of: "cost", said: plan.cost, found: cost)) }
  }
}
