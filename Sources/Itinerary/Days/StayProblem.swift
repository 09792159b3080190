import Catalogue
import Kernel
import Planner

/// A stay as a problem for the planner, and its answer as days.
struct StayProblem {
  /// A day with time to spare.
  struct OpenDay {
    let date: LocalDate
    let opens: Int
    let closes: Int
  }

  let request: TripRequest
  /// Lodgings come first, sights and appointments follow.
  let travel: LocalTravel
  let days: [OpenDay]
  let sights: [Sight]
  /// Near which sights meals are had.
  let tables: [Sight]
  /// How many lodgings there are among the places.
  let lodgingCount: Int
  /// In which of them one sleeps.
  let lodging: Int

  private var activities: [Activity] = []
  private var kinds: [PlannedVisit.Kind] = []
  private var groups: [ActivityGroup] = []

  init(
    request: TripRequest, travel: LocalTravel, days: [OpenDay], sights: [Sight], tables: [Sight], lodgingCount: Int,
    lodging: Int
  ) {
    self.request = request
    self.travel = travel
    self.days = days
    self.sights = sights
    self.tables = tables
    self.lodgingCount = lodgingCount
    self.lodging = lodging
  }

  /// A visit for each sight, at full length or shorter for less.
  ///
  /// - Parameter prices: what each costs the party.
  mutating func addSights(prices: [Money]) {
    for (number, sight) in sights.enumerated() {
      let worth = request.worth(of: sight)
      let cost = Int(prices[number].minorUnits)
      let length = request.visitSeconds(sight)
      var variants = [Activity.Variant(duration: length, score: worth * 10, price: cost)]
      if sight.minutes >= 75 {
        variants.append(Activity.Variant(duration: length * 6 / 10, score: worth * 7, price: cost))
      }
      var activity = Activity(at: PlaceIndex(lodgingCount + number), variants: variants, opening: opening(sight))
      activity.isMandatory = request.mustSee.contains(sight.id)
      activities.append(activity)
      kinds.append(.sight(sight))
    }
  }

  private func opening(_ sight: Sight) -> Activity.Opening {
    if sight.hours.isEmpty { return .always }
    // Hours that cannot be read are no reason to leave a sight out; that it is open then is not promised.
    guard let hours = try? OpeningHours(sight.hours) else { return .always }
    let context = OpeningContext(sun: nil)
    return .eachDay(days.map { hours.startWindows(on: $0.date, in: context) })
  }

  /// Lunch and dinner, once a day each, near one of the tables.
  mutating func addMeals() {
    for (name, from, to, minutes) in [("Lunch", 11.5, 14.0, 60), ("Dinner", 18.0, 20.5, 75)] {
      var members: [ActivityIndex] = []
      let window = StartWindow(opens: Int(from * 3600), lastStart: Int(to * 3600))
      for table in tables {
        guard let place = sights.firstIndex(of: table) else { continue }
        // Each table more than once: a stay has more days than tables.
        for _ in 0..<(days.count + tables.count - 1) / max(1, tables.count) {
          members.append(ActivityIndex(activities.count))
          activities.append(
            Activity(
              at: PlaceIndex(lodgingCount + place), duration: Int(Double(minutes * 60) * request.paceFactor), score: 60,
              opening: .everyDay([window])))
          kinds.append(.meal(name, near: table.name))
        }
      }
      groups.append(ActivityGroup(name, members, most: 1, per: .day, isMandatory: true))
    }
  }

  /// What must be done at its time.
  mutating func addAppointments(_ appointments: [Appointment]) {
    for (number, appointment) in appointments.enumerated() {
      guard let day = days.firstIndex(where: { $0.date == appointment.date }) else { continue }
      var activity = Activity(
        at: PlaceIndex(lodgingCount + sights.count + number), duration: appointment.minutes * 60, score: 1000)
      activity.pin(toDay: day, ofDays: days.count, at: appointment.start)
      activities.append(activity)
      kinds.append(.appointment(appointment))
    }
  }

  /// The days as planned, with tickets for so much at most; nil if there is not even time to go out and back.
  ///
  /// - Parameters:
  ///   - rule: when to end.
  ///   - near: a plan of these days to begin with.
  ///   - ticketsMax: what tickets may cost; nil for whatever they do.
  ///   - taxisDayMax: what taxis may cost on a day; nothing for none.
  /// - Returns: the days, and the plan they were made of.
  func solve(
    _ rule: SearchRule, from near: Plan?, ticketsMax: Money?, taxisDayMax: Int
  ) -> (plan: StayPlan, draft: Plan)? {
    var (ways, limits) = travel.ways(taxisDayMax: taxisDayMax)
    if let ticketsMax { limits.append(Limit("tickets", most: Int(ticketsMax.minorUnits), of: .money)) }
    let roof = PlaceIndex(lodging)
    let open = days.map { Day(from: roof, to: roof, opens: $0.opens, closes: $0.closes) }
    // A day that is too short even to go out and back, or a matrix that is none, leaves nothing to plan.
    guard
      let problem = try? Problem(
        activities: activities, days: open, travel: ways, limits: limits, groups: groups),
      let planner = try? Planner(problem)
    else { return nil }
    let plan = near.map { planner.plan(rule, from: $0) } ?? planner.plan(rule)
    return (answer(plan), plan)
  }

  private func answer(_ plan: Plan) -> StayPlan {
    var planned: [PlannedDay] = []
    var (score, cost, fares) = (0, 0, 0)
    let count = travel.points.count
    func taxi(_ option: Int, _ cell: Int) -> Money? {
      let fare = travel.taxi(by: option, cell, request.currency)
      fares += Int(fare?.minorUnits ?? 0)
      return fare
    }
    for (day, dayPlan) in zip(days, plan.days) where !dayPlan.visits.isEmpty {
      var visits: [PlannedVisit] = []
      var place = lodging
      for visit in dayPlan.visits {
        let activity = activities[visit.activity.position]
        let there = activity.place.position
        let kind = kinds[visit.activity.position]
        if case .sight = kind {
          score += activity.variants[visit.variant].score
          cost += activity.variants[visit.variant].price
        }
        let cell = place * count + there
        visits.append(
          PlannedVisit(
            kind: kind, point: travel.points[there], start: visit.start, end: visit.end, slack: visit.slack,
            travelBefore: travel.seconds(by: visit.option, cell), taxiBefore: taxi(visit.option, cell)))
        place = there
      }
      let cell = place * count + lodging
      planned.append(
        PlannedDay(
          date: day.date, visits: visits, travelAfter: travel.seconds(by: dayPlan.option, cell),
          taxiAfter: taxi(dayPlan.option, cell)))
    }
    return StayPlan(
      days: planned, score: score / 10, tickets: Money(minorUnits: Int64(cost), request.currency),
      taxis: Money(minorUnits: Int64(fares), request.currency))
  }
}

extension TripRequest {
  /// How much longer than usual one stays anywhere.
  var paceFactor: Double {
    switch pace {
    case .relaxed: 1.25
    case .normal: 1
    case .packed: 0.85
    }
  }

  /// How long a sight is visited at this pace.
  func visitSeconds(_ sight: Sight) -> Int { Int(Double(sight.minutes * 60) * paceFactor) }

  /// The days of a stay with an hour or more to spare, with when they begin and end: a quarter of an hour after the arrival
  /// and before the departure.
  func openDays(from: LocalDateTime, to: LocalDateTime) -> [StayProblem.OpenDay] {
    let margin = 900
    var days: [StayProblem.OpenDay] = []
    for offset in 0...max(0, from.date.days(until: to.date)) {
      let date = from.date.adding(days: offset)
      var (opens, closes) = (day.lowerBound, day.upperBound)
      if date == from.date { opens = max(opens, Int(from.secondOfDay) + margin) }
      if date == to.date { closes = min(closes, Int(to.secondOfDay) - margin) }
      if closes - opens >= 3600 { days.append(StayProblem.OpenDay(date: date, opens: opens, closes: closes)) }
    }
    return days
  }
}
