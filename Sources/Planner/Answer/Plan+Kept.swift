extension Problem {
  /// A plan as somebody has kept it: visits in their first variant, at the times they had.
  ///
  /// Nothing is checked: it is what a search begins from, or a repair, which leave out what is not possible of it.
  ///
  /// - Parameter visits: what is done on each day and when it begins, in order.
  /// - Returns: the plan with the sums of its visits, and no travel.
  /// - Precondition: there is a list for each day, and every activity is one of the problem's.
  package func plan(keeping visits: [[(activity: ActivityIndex, start: Int)]]) -> Plan {
    precondition(visits.count == days.count, "there is a list of visits for each day")
    var plan = Plan(days: [], score: 0, mandatoryKept: 0, cost: 0, travelTime: 0)
    for (day, list) in zip(days, visits) {
      let kept = list.map { visit -> Plan.Visit in
        let variant = activities[visit.activity.position].variants[0]
        plan.score += variant.score
        plan.cost += variant.price
        return Plan.Visit(
          activity: visit.activity, variant: 0, option: 0, arrival: visit.start, start: visit.start,
          end: visit.start + variant.duration, slack: 0, price: variant.price, hoursBonus: 0, dayBonus: 0)
      }
      plan.days.append(
        Plan.DayPlan(
          startPlace: day.start, endPlace: day.end, visits: kept, departure: day.opens, option: 0, arrival: day.closes,
          lodgingPrice: 0, discomforts: []))
    }
    return plan
  }
}
