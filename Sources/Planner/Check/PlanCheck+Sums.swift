extension PlanCheck {
  mutating func checkLimits() {
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
      for use in activity.dayUses where use.limit == limit { sum += use.amounts[day] }
      if measure == .money { sum += price(of: visit, on: day) }
    }
    switch measure {
    case .usesOnly: break
    case .money: sum += along(day, \.fares) + (lodging(after: day)?.price ?? 0)
    case .fares(let people): sum += along(day, \.fares, sharedBy: people)
    case .walking: sum += along(day, \.walks)
    }
    return sum
  }

  /// The lodging of the night after a day, if it was to be chosen.
  private func lodging(after day: Int) -> Night.Lodging? {
    problem.nights.first { $0.day == day }?.lodgings.first { $0.place == plan.days[day].endPlace }
  }

  private func price(of visit: Plan.Visit, on day: Int) -> Int {
    let activity = problem.activities[visit.activity.position]
    let surcharge = activity.daySurcharges.isEmpty ? 0 : activity.daySurcharges[day]
    return activity.variants[visit.variant].price + surcharge
  }

  /// The sum of each option's matrix along a day's way; parts of a divided leg are rounded up.
  private func along(_ day: Int, _ matrix: (Travel.Option) -> [Int], sharedBy people: Int = 1) -> Int {
    let visits = plan.days[day].visits
    let stops = visits.map { (problem.activities[$0.activity.position].place, $0.option) }
    var place = plan.days[day].startPlace
    var sum = 0
    for (next, option) in stops + [(plan.days[day].endPlace, plan.days[day].option)] {
      let cells = matrix(problem.travel.options[option])
      if !cells.isEmpty {
        sum += (cells[place.position * problem.travel.placeCount + next.position] + people - 1) / people
      }
      place = next
    }
    return sum
  }

  mutating func checkGroups() {
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

  mutating func checkSums() {
    var (score, cost) = (0, 0)
    for (day, dayPlan) in plan.days.enumerated() {
      for visit in dayPlan.visits {
        let activity = problem.activities[visit.activity.position]
        score += activity.variants[visit.variant].score + (bonus(of: visit, on: day) ?? 0)
        score += activity.dayBonuses.isEmpty ? 0 : activity.dayBonuses[day]
        cost += price(of: visit, on: day)
      }
      score += lodging(after: day)?.score ?? 0
      score -= discomfort(on: day)
      cost += along(day, \.fares) + (lodging(after: day)?.price ?? 0)
    }
    let present = plan.days.flatMap { $0.visits.map(\.activity) }
    for variety in problem.varieties {
      let members = Set(variety.members)
      for number in 0..<present.count(where: { members.contains($0) }) where !variety.losses.isEmpty {
        score -= variety.losses[min(number, variety.losses.count - 1)]
      }
    }
    if score != plan.score { violations.append(.sum(of: "score", said: plan.score, found: score)) }
    if cost != plan.cost { violations.append(.sum(of: "cost", said: plan.cost, found: cost)) }
  }

  /// What broken wishes cost on a day: stretches of time are laid out and measured.
  private func discomfort(on day: Int) -> Int {
    let dayPlan = plan.days[day]
    let comfort = problem.days[day].comfort
    if dayPlan.visits.isEmpty { return 0 }
    let waits = dayPlan.visits.map { $0.arrival..<$0.start }
    var rests = waits.filter { !$0.isEmpty && $0.count >= comfort.restLasts }
    for visit in dayPlan.visits where problem.activities[visit.activity.position].isRest {
      if visit.end - visit.start >= comfort.restLasts { rests.append(visit.start..<visit.end) }
    }
    rests.sort { $0.lowerBound < $1.lowerBound }
    let begins = [dayPlan.departure] + rests.map(\.upperBound)
    let ends = rests.map(\.lowerBound) + [dayPlan.arrival]
    let haste = zip(begins, ends).reduce(0) { $0 + max(0, $1.1 - $1.0 - comfort.restAfter) }
    let waiting = waits.reduce(0) { $0 + $1.count }
    let lateness = max(0, dayPlan.arrival - comfort.lateFrom)
    return [(haste, comfort.haste), (waiting, comfort.waiting), (lateness, comfort.lateness)].reduce(0) {
      // Whole points only.
      $0 + $1.0 * $1.1.points / $1.1.ticks
    }
  }
}
