/// Judges a plan by the words of the problem alone; shares no code with the search, on purpose.
///
/// - Complexity: O(activities + visits · limits)
public struct PlanCheck {
  let problem: Problem
  let plan: Plan
  var violations: [PlanViolation] = []

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
      guard isKnown(dayPlan) else {
        violations.append(.unknown(day: day, visit: dayPlan.visits.count))
        return
      }
    }
    checkNights()
    for day in problem.days.indices { checkTimes(day) }
    checkPresence()
    checkLimits()
    checkGroups()
    checkSums()
  }

  /// Whether the options and places of a day are those of the problem's travel.
  private func isKnown(_ day: Plan.DayPlan) -> Bool {
    let places = 0..<problem.travel.placeCount
    return (day.visits.map(\.option) + [day.option]).allSatisfy { problem.travel.options.indices.contains($0) }
      && places.contains(day.startPlace.position) && places.contains(day.endPlace.position)
  }

  /// Days begin and end where the problem says, or at one lodging of the night between.
  private mutating func checkNights() {
    for (index, day) in problem.days.enumerated() {
      let (before, after) = (problem.nights.first { $0.day == index - 1 }, problem.nights.first { $0.day == index })
      let starts = before.map { _ in [plan.days[index - 1].endPlace] } ?? [day.start]
      let ends = after.map { $0.lodgings.map(\.place) } ?? [day.end]
      if !starts.contains(plan.days[index].startPlace) || !ends.contains(plan.days[index].endPlace) {
        violations.append(.dayPlaces(day: index))
      }
    }
  }

  private mutating func checkTimes(_ index: Int) {
    let day = problem.days[index]
    let dayPlan = plan.days[index]
    var place = dayPlan.startPlace.position
    var time = dayPlan.departure
    if time < day.opens || dayPlan.arrival > day.closes { violations.append(.dayTimes(day: index)) }
    for (position, visit) in dayPlan.visits.enumerated() {
      let activity = problem.activities[visit.activity.position]
      let reached = time + travelTime(visit.option, place, activity.place.position, leaving: time)
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
    if dayPlan.arrival < time + travelTime(dayPlan.option, place, dayPlan.endPlace.position, leaving: time) {
      violations.append(.dayTimes(day: index))
    }
  }

  /// The best bonus of the windows it keeps; nil if it keeps none.
  func bonus(of visit: Plan.Visit, on day: Int) -> Int? {
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
  private func travelTime(_ option: Int, _ from: Int, _ to: Int, leaving time: Int) -> Int {
    let places = problem.travel.placeCount
    let way = problem.travel.options[option]
    guard let profile = way.profile else { return way.durations[from * places + to] }
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
}
