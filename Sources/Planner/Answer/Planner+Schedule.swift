extension Planner {
  /// The plan that visits nodes in given orders, each as early as it can.
  func schedule(_ sequences: [[Int32]]) -> Plan {
    var tours = Tours(instance)
    let isPossible = tours.load(sequences)
    precondition(isPossible, "the search hands over only days that are possible")
    var plan = Plan(days: [], score: 0, mandatoryKept: 0, cost: 0, travelTime: 0)
    for day in problem.days.indices { plan.days.append(dayPlan(day, tours, &plan)) }
    plan.mandatoryKept = mandatoryKept(in: plan)
    return plan
  }

  private func dayPlan(_ day: Int, _ tours: borrowing Tours, _ plan: inout Plan) -> Plan.DayPlan {
    let base = day * tours.stride
    let last = tours.length[day] - 1
    let leaving = firstDeparture(day, tours)
    var result = Plan.DayPlan(visits: [], departure: leaving, arrival: 0)
    var previous = Int(tours.node[base])
    var began = Int32(leaving)
    for position in 1...last {
      let node = Int(tours.node[base + position])
      let arrival = instance.arrival(from: previous, to: node, began: began)
      plan.travelTime += Int(arrival - began) - Int(instance.duration[previous])
      plan.cost += fare(from: previous, to: node)
      previous = node
      if position == last {
        result.arrival = Int(arrival)
      } else {
        began = tours.early[base + position]
        let slack = Int(tours.late[base + position] - began)
        result.visits.append(visit(node, arrival: Int(arrival), start: Int(began), slack: slack, day: day, &plan))
      }
    }
    return result
  }

  /// One leaves so late that one need not wait for the first visit.
  private func firstDeparture(_ day: Int, _ tours: borrowing Tours) -> Int {
    let base = day * tours.stride
    guard tours.length[day] > 2 else { return problem.days[day].opens }
    let latest = instance.latestStart(
      from: Int(tours.node[base]), to: Int(tours.node[base + 1]), arriving: tours.early[base + 1])
    return max(problem.days[day].opens, Int(latest))
  }

  private func visit(
    _ node: Int, arrival: Int, start: Int, slack: Int, day: Int, _ plan: inout Plan
  ) -> Plan.Visit {
    let origin = instance.origins[node]
    let activity = problem.activities[origin.activity]
    let variant = activity.variants[origin.variant]
    let end = start + variant.duration
    plan.score += variant.score + bonus(of: activity, start: start, end: end, day: day)
    plan.score += activity.dayBonuses.isEmpty ? 0 : activity.dayBonuses[day]
    plan.cost += variant.price + (activity.daySurcharges.isEmpty ? 0 : activity.daySurcharges[day])
    return Plan.Visit(
      activity: ActivityIndex(origin.activity), variant: origin.variant, arrival: arrival, start: start, end: end,
      slack: slack)
  }

  private func bonus(of activity: Activity, start: Int, end: Int, day: Int) -> Int {
    let windows: [StartWindow] =
      switch activity.opening {
      case .always: []
      case .everyDay(let list): list
      case .eachDay(let lists): lists[day]
      }
    let kept = windows.lazy.filter { (($0.opens)...max($0.opens, $0.lastStart)).contains(start) && end <= $0.closes }
    return kept.map(\.bonus).max() ?? 0
  }

  private func fare(from: Int, to: Int) -> Int {
    if problem.travel.fares.isEmpty { return 0 }
    return problem.travel.fares[instance.placeOfNode[from] * problem.travel.placeCount + instance.placeOfNode[to]]
  }

  private func mandatoryKept(in plan: Plan) -> Int {
    let wishes = InstanceLayout(problem).wishes()
    return plan.activities.joined().reduce(0) { $0 + wishes[$1.position] }
  }
}
