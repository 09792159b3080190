import Budget
import Catalogue
package import Kernel
import Planner

/// Changes a stay that is kept as little as possible: what can stay on its day does, and keeps its time if it can.
///
/// The idea: what is there and what is wanted are the activities of a problem, and nothing else is, so that nothing comes
/// in that nobody asked for. What is wanted is mandatory; the planner's repair keeps the rest on its day before any score,
/// and a bonus keeps it in its order. Then each begins when it did, if that can still be.
package struct StayRepairer {
  private static let stepsPerDay = 500

  private let ground: TripGround
  private let request: TripRequest
  private let stay: KeptStay

  /// - Parameters:
  ///   - ground: what is known now.
  ///   - request: what was asked.
  ///   - stay: as it is kept.
  package init(_ ground: TripGround, _ request: TripRequest, _ stay: KeptStay) {
    self.ground = ground
    self.request = request
    self.stay = stay
  }

  /// The days on which there is time for something.
  package var dates: [LocalDate] { openDays.map(\.date) }

  /// The stay after a change.
  ///
  /// - Parameters:
  ///   - change: what is wanted.
  ///   - number: of the first activity that comes in.
  /// - Returns: the days, and what the change came to.
  /// - Throws: ``EditError`` where it is not possible, with the reason.
  package func repair(_ change: StayChange, from number: Int) throws(EditError) -> StayRepair {
    var draft = EditDraft(stay, ground, request, days: openDays, nextActivity: number)
    try draft.apply(change)
    try draft.checkOpening()
    guard !draft.candidates.isEmpty, !draft.days.isEmpty else {
      return draft.repair(days: [], .zero(request.currency), Repair?.none)
    }
    let prices = try draft.candidates.map { (candidate) throws(EditError) -> Money in
      guard let sight = candidate.sight else { return .zero(request.currency) }
      do throws(TripError) { return try ground.tickets(sight, for: request) } catch { throw .trip(error) }
    }
    return try solve(draft, prices, try travel(draft.points))
  }

  /// What taxis cost there, and what may be spent on them on a day: nothing where the stay had none.
  private func taxis() throws(EditError) -> (fares: TaxiFares, dayMax: Int) {
    let country = request.destinations.first { $0.city.id == stay.city }?.city.country ?? ""
    do throws(TripError) {
      let fares = try TaxiFares(request, country: country, ground.rates)
      return (fares, stay.hasTaxis ? fares.dayMax : 0)
    } catch {
      throw .trip(error)
    }
  }

  private func solve(_ draft: EditDraft, _ prices: [Money], _ travel: LocalTravel) throws(EditError) -> StayRepair {
    let activities = draft.activities(prices, at: draft.places(travel.points))
    let open = draft.days.map { Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: $0.opens, closes: $0.closes) }
    let (ways, limits) = travel.ways(taxisDayMax: try taxis().dayMax)
    let found: (planner: Planner, repair: Repair)
    do throws(ProblemError) {
      let problem = try Problem(
        activities: activities, days: open, travel: ways, limits: limits, precedences: draft.precedences)
      let planner = try Planner(problem)
      let rule = SearchRule(seed: request.seed, steps: Self.stepsPerDay * open.count)
      found = (planner, try planner.repair(problem.plan(keeping: draft.keptVisits), rule))
    } catch {
      // What is put together here is a problem, but for a day too short even to go out and back.
      throw .noDay(draft.days[0].date, days: [])
    }
    try checkMandatory(draft, found.planner, found.repair.plan)
    var tickets = Money.zero(request.currency)
    for activity in found.repair.plan.activities.joined() {
      tickets = Money(minorUnits: tickets.minorUnits + prices[activity.position].minorUnits, request.currency)
    }
    let answer = planned(draft, found.repair.plan, travel)
    return draft.repair(days: answer, tickets, found.repair)
  }

  /// What is wanted, and what had to be there before, must be there.
  private func checkMandatory(_ draft: EditDraft, _ planner: Planner, _ plan: Plan) throws(EditError) {
    let present = Set(plan.activities.joined().map(\.position))
    let missing = draft.candidates.indices.filter { draft.candidates[$0].isMandatory && !present.contains($0) }
    guard let first = missing.first(where: { draft.candidates[$0].isWanted }) ?? missing.first else { return }
    let candidate = draft.candidates[first]
    let date = candidate.day.map { draft.days[$0].date }
    switch planner.omissions(of: plan).first(where: { $0.activity.position == first })?.reason {
    case .closed where candidate.sight != nil:
      throw .closedAlways(name: candidate.visit.name, hours: candidate.sight?.hours ?? "")
    case .tooFar where candidate.start == nil: throw .tooFar(name: candidate.visit.name)
    case .noTime(let day, let lacking):
      throw .noTime(name: candidate.visit.name, date ?? draft.days[day].date, lacking: lacking)
    default: throw .noTime(name: candidate.visit.name, date, lacking: nil)
    }
  }

  private func planned(_ draft: EditDraft, _ plan: Plan, _ travel: LocalTravel) -> [StayRepair.Day] {
    let count = travel.points.count
    let places = draft.places(travel.points)
    return draft.days.indices.compactMap { day in
      let visits = plan.days[day].visits
      if visits.isEmpty { return nil }
      let stops = [0] + visits.map { places[$0.activity.position] } + [0]
      let cells = zip(stops, stops.dropFirst()).map { $0 * count + $1 }
      let options = visits.map(\.option) + [plan.days[day].option]
      let ways = zip(options, cells).map { travel.seconds(by: $0, $1) }
      let fares = zip(options, cells).map { travel.taxi(by: $0, $1, request.currency) }
      // Backwards from the end of the day: how late each may begin.
      var latest = [Int](repeating: 0, count: visits.count)
      var bound = draft.days[day].closes
      for (place, visit) in visits.enumerated().reversed() {
        bound -= ways[place + 1] + visit.end - visit.start
        latest[place] = draft.latestStart(visit.activity.position, on: day, by: bound)
        bound = latest[place]
      }
      // Forwards: each at the time it had if that can still be, else as early as it can.
      var earliest = draft.days[day].opens + ways[0]
      let told = visits.indices.map { place -> StayRepair.Visit in
        let number = visits[place].activity.position
        var kept = draft.candidates[number].visit
        kept.start = draft.start(number, on: day, from: earliest, by: latest[place]) ?? visits[place].start
        kept.end = kept.start + draft.candidates[number].duration
        kept.isPinned = draft.candidates[number].start != nil
        earliest = kept.end + ways[place + 1]
        return StayRepair.Visit(
          visit: kept, slack: max(0, latest[place] - kept.start), travelBefore: ways[place], taxiBefore: fares[place])
      }
      return StayRepair.Day(
        date: draft.days[day].date, visits: told, travelAfter: ways[visits.count], taxiAfter: fares[visits.count])
    }
  }

  /// From place to place as when the stay was planned.
  private func travel(_ points: [Coordinate]) throws(EditError) -> LocalTravel {
    var noon = Instant.first
    if let zone = zone {
      noon = zone.moments(of: LocalDateTime(stay.from.date, secondOfDay: 11 * 3600)).earlier
    }
    let fares = try taxis().fares
    do throws(TripError) {
      return try LocalTravel(points, at: noon, ground, fares, walkMetresMax: request.walkMetresMax)
    } catch {
      throw .trip(error)
    }
  }

  /// Without a zone nothing runs that is known, and people walk.
  private var zone: ZoneRules? {
    request.destinations.first { $0.city.id == stay.city }.flatMap { try? ground.zones.rules(named: $0.city.zone) }
  }

  /// The days with time to spare, as when they were planned.
  private var openDays: [StayProblem.OpenDay] {
    let span = StayPlanner.Span(city: stay.city, lodging: "", from: stay.from, to: stay.to).rounded
    return request.openDays(from: span.from, to: span.to)
  }
}

extension TripGround {
  /// What a sight costs the party, each kind of traveller its share.
  func tickets(_ sight: Sight, for request: TripRequest) throws(TripError) -> Money {
    if sight.price.isZero { return .zero(request.currency) }
    do throws(ExchangeError) {
      let one = try rates.convert(sight.price, to: request.currency).converted
      var sum: Int64 = 0
      for traveller in request.party {
        let share = costs.share(of: traveller.type, .activities)
        do throws(MoneyError) {
          sum += try one.scaled(by: share, over: SeasonProfile.one).minorUnits
        } catch {
          throw ExchangeError.money(error)
        }
      }
      return Money(minorUnits: sum, request.currency)
    } catch {
      throw .budget(.exchange(error, category: .activities, price: nil))
    }
  }
}
