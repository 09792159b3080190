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
  /// Place 0 is the lodging, sights and appointments follow.
  let travel: LocalTravel
  let days: [OpenDay]
  let sights: [Sight]
  /// Near which sights meals are had.
  let tables: [Sight]

  private var activities: [Activity] = []
  private var kinds: [PlannedVisit.Kind] = []
  private var groups: [ActivityGroup] = []

  init(request: TripRequest, travel: LocalTravel, days: [OpenDay], sights: [Sight], tables: [Sight]) {
    self.request = request
    self.travel = travel
    self.days = days
    self.sights = sights
    self.tables = tables
  }

  /// A visit for each sight, at full length or shorter for less.
  mutating func addSights(price: (Sight) throws(TripError) -> Money) throws(TripError) {
    for (number, sight) in sights.enumerated() {
      let worth = request.worth(of: sight)
      let cost = Int(try price(sight).minorUnits)
      let length = Int(Double(sight.minutes * 60) * paceFactor)
      var variants = [Activity.Variant(duration: length, score: worth * 10, price: cost)]
      if sight.minutes >= 75 {
        variants.append(Activity.Variant(duration: length * 6 / 10, score: worth * 7, price: cost))
      }
      var activity = Activity(at: PlaceIndex(number + 1), variants: variants, opening: opening(sight))
      activity.isMandatory = request.mustSee.contains(sight.id)
      activities.append(activity)
      kinds.append(.sight(sight))
    }
  }

  private var paceFactor: Double {
    switch request.pace {
    case .relaxed: 1.25
    case .normal: 1
    case .packed: 0.85
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
              at: PlaceIndex(place + 1), duration: Int(Double(minutes * 60) * paceFactor), score: 60,
              opening: .everyDay([window])))
          kinds.append(.meal(name, near: table.name))
        }
      }
      groups.append(ActivityGroup(name, members, most: 1, per: .day))
    }
  }

  /// What must be done at its time.
  mutating func addAppointments(_ appointments: [Appointment]) {
    for (number, appointment) in appointments.enumerated() {
      guard let day = days.firstIndex(where: { $0.date == appointment.date }) else { continue }
      var activity = Activity(
        at: PlaceIndex(sights.count + 1 + number), duration: appointment.minutes * 60, score: 1000)
      activity.pin(toDay: day, ofDays: days.count, at: appointment.start)
      activities.append(activity)
      kinds.append(.appointment(appointment))
    }
  }

  /// The days as planned; nil if there is not even time to go out and back.
  func solve(_ rule: SearchRule, isThrifty: Bool) -> StayPlan? {
    let plain = Travel(placeCount: travel.points.count, durations: travel.seconds)
    let open = days.map { Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: $0.opens, closes: $0.closes) }
    guard let problem = try? Problem(activities: activities, days: open, travel: plain, groups: groups),
      let planner = try? Planner(problem)
    else { return nil }
    let plan = planner.plan(rule)
    guard isThrifty else { return answer(plan) }
    // A third of the money, for what it buys best.
    let limit = Limit("tickets", most: plan.cost / 3, of: .money)
    guard plan.cost > 0,
      let thrifty = try? Problem(activities: activities, days: open, travel: plain, limits: [limit], groups: groups),
      let saver = try? Planner(thrifty)
    else { return answer(plan) }
    return answer(saver.plan(rule))
  }

  private func answer(_ plan: Plan) -> StayPlan {
    var planned: [PlannedDay] = []
    var score = 0
    var cost = 0
    let count = travel.points.count
    for (day, dayPlan) in zip(days, plan.days) where !dayPlan.visits.isEmpty {
      var visits: [PlannedVisit] = []
      var place = 0
      for visit in dayPlan.visits {
        let activity = activities[visit.activity.position]
        let there = activity.place.position
        let kind = kinds[visit.activity.position]
        if case .sight = kind {
          score += activity.variants[visit.variant].score
          cost += activity.variants[visit.variant].price
        }
        visits.append(
          PlannedVisit(
            kind: kind, point: travel.points[there], start: visit.start, end: visit.end, slack: visit.slack,
            travelBefore: travel.seconds[place * count + there]))
        place = there
      }
      planned.append(PlannedDay(date: day.date, visits: visits, travelAfter: travel.seconds[place * count]))
    }
    return StayPlan(days: planned, score: score / 10, tickets: Money(minorUnits: Int64(cost), request.currency))
  }
}
