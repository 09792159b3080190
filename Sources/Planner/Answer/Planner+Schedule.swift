extension Planner {
  /// The plan that goes routes, each visit as early as it can.
  func schedule(_ routes: [[Int32]]) -> Plan {
    var tours = Tours(instance)
    let isPossible = tours.load(routes)
    precondition(isPossible, "the search hands over only days that are possible")
    var plan = Plan(days: [], score: 0, mandatoryKept: 0, cost: 0, travelTime: 0)
    for day in problem.days.indices { plan.days.append(dayPlan(day, tours, &plan)) }
    plan.mandatoryKept = mandatoryKept(in: plan)
    plan.repetitions = repetitions(in: plan)
    plan.score -= plan.repetitions.reduce(0) { $0 + $1.points }
    return plan
  }

  private func dayPlan(_ day: Int, _ tours: borrowing Tours, _ plan: inout Plan) -> Plan.DayPlan {
    let base = day * tours.stride
    let last = tours.length[day] - 1
    let leaving = firstDeparture(day, tours)
    var result = emptyDay(day, tours, leaving: leaving)
    var previous = Int(tours.node[base])
    var began = Int32(leaving)
    var count = DiscomfortCount(problem.days[day].comfort, leaving: leaving)
    for position in 1...last {
      let (node, way) = (Int(tours.node[base + position]), tours.way[base + position])
      let arrival = instance.arrival(from: previous, to: node, began: began, by: way)
      plan.travelTime += Int(arrival - began) - Int(instance.duration[previous])
      if let fares = instance.fares { plan.cost += Int(fares[instance.cell(from: previous, to: node, by: way)]) }
      previous = node
      if position == last {
        result.arrival = Int(arrival)
      } else {
        began = tours.early[base + position]
        var visit = visit(node, day: day, start: Int(began))
        (visit.option, visit.arrival) = (Int(way), Int(arrival))
        visit.slack = Int(tours.late[base + position] - began)
        let activity = problem.activities[visit.activity.position]
        count.visit(arrival: visit.arrival, start: visit.start, end: visit.end, isRest: activity.isRest)
        plan.score += activity.variants[visit.variant].score + visit.hoursBonus + visit.dayBonus
        plan.cost += visit.price
        result.visits.append(visit)
      }
    }
    if last > 1 { count.arrive(result.arrival) }
    result.discomforts = count.discomforts
    addNight(day, tours, &result, &plan)
    plan.score -= result.discomforts.reduce(0) { $0 + $1.points }
    return result
  }

  private func emptyDay(_ day: Int, _ tours: borrowing Tours, leaving: Int) -> Plan.DayPlan {
    let base = day * tours.stride
    let last = base + tours.length[day] - 1
    return Plan.DayPlan(
      startPlace: PlaceIndex(instance.placeOfNode[Int(tours.node[base])]),
      endPlace: PlaceIndex(instance.placeOfNode[Int(tours.node[last])]), visits: [], departure: leaving,
      option: Int(tours.way[last]), arrival: 0, lodgingPrice: 0, discomforts: [])
  }

  private func addNight(_ day: Int, _ tours: borrowing Tours, _ result: inout Plan.DayPlan, _ plan: inout Plan) {
    let choice = tours.lodging[day]
    if choice < 0 { return }
    let lodging = instance.lodgings.after[day][choice]
    result.lodgingPrice = Int(lodging.price)
    plan.cost += result.lodgingPrice
    plan.score += Int(lodging.value)
  }

  /// One leaves so late that one need not wait for the first visit.
  private func firstDeparture(_ day: Int, _ tours: borrowing Tours) -> Int {
    let base = day * tours.stride
    guard tours.length[day] > 2 else { return problem.days[day].opens }
    let latest = instance.latestStart(
      from: Int(tours.node[base]), to: Int(tours.node[base + 1]), arriving: tours.early[base + 1],
      by: tours.way[base + 1])
    return max(problem.days[day].opens, Int(latest))
  }

  private func visit(_ node: Int, day: Int, start: Int) -> Plan.Visit {
    let origin = instance.origins[node]
    let activity = problem.activities[origin.activity]
    let variant = activity.variants[origin.variant]
    let end = start + variant.duration
    return Plan.Visit(
      activity: ActivityIndex(origin.activity), variant: origin.variant, option: 0, arrival: start, start: start,
      end: end, slack: 0,
      price: variant.price + (activity.daySurcharges.isEmpty ? 0 : activity.daySurcharges[day]),
      hoursBonus: bonus(of: activity, start: start, end: end, day: day),
      dayBonus: activity.dayBonuses.isEmpty ? 0 : activity.dayBonuses[day])
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

  private func repetitions(in plan: Plan) -> [Plan.Repetition] {
    let present = Set(plan.activities.joined())
    return problem.varieties.enumerated().compactMap { index, variety in
      let count = variety.members.count { present.contains($0) }
      let points = variety.loss(count)
      return points > 0 ? Plan.Repetition(variety: index, count: count, points: points) : nil
    }
  }

  private func mandatoryKept(in plan: Plan) -> Int {
    let wishes = InstanceLayout(problem).wishes()
    return plan.activities.joined().reduce(0) { $0 + wishes[$1.position] }
  }
}
