import Budget
import Catalogue
import Kernel
import Planner
import Transport

/// Fills the days of stays with what is worth seeing.
final class StayPlanner {
  /// From when one is there until one leaves.
  struct Span: Hashable {
    let city: String
    let lodging: String
    let from: LocalDateTime
    let to: LocalDateTime

    /// Within whole quarters of an hour, so that journeys a few minutes apart share their days.
    var rounded: Span {
      let quarter = 900
      let start = (Int(from.secondOfDay) + quarter - 1) / quarter * quarter
      return Span(
        city: city, lodging: lodging,
        from: start < 86_400
          ? LocalDateTime(from.date, secondOfDay: start) : LocalDateTime(from.date.adding(days: 1), secondOfDay: 0),
        to: LocalDateTime(to.date, secondOfDay: Int(to.secondOfDay) / quarter * quarter))
    }
  }

  private struct Ground: Hashable {
    let city: String
    let lodging: String
    let signature: UInt64
  }

  private let ground: TripGround
  private let request: TripRequest
  private let zones: [String: ZoneRules]
  private let effort: TripEffort
  private var known: [Span: [StayPlan]] = [:]
  private var travels: [Ground: LocalTravel] = [:]
  private(set) var planCount = 0

  /// Sights that are looked at for a stay, at most: the best of a city.
  private static let sightsMax = 48
  /// Where meals are had, at most.
  private static let tablesMax = 8
  /// Saving less than this part of the tickets is not worth a plan of its own.
  private static let thriftyShare: Int64 = 3
  /// Before a departure and after an arrival.
  private static let marginSeconds = 900

  init(_ ground: TripGround, _ request: TripRequest, zones: [String: ZoneRules], _ effort: TripEffort) {
    self.effort = effort
    self.ground = ground
    self.request = request
    self.zones = zones
  }

  /// The days between two moments, as good as is found: one that sees the most, and, where tickets cost much, one for a
  /// third of that.
  func plans(_ span: Span, lodging: Lodging) throws(TripError) -> [StayPlan] {
    let span = span.rounded
    if let found = known[span] { return found }
    let full = try make(span, lodging, ticketsMax: nil)
    var plans = [full]
    let third = Money(minorUnits: full.tickets.minorUnits / Self.thriftyShare, full.tickets.currency)
    if !third.isZero { plans.append(try make(span, lodging, ticketsMax: third)) }
    known[span] = plans
    return plans
  }

  private func make(_ span: Span, _ lodging: Lodging, ticketsMax: Money?) throws(TripError) -> StayPlan {
    let days = openDays(span)
    let sights = candidates(span.city, dayCount: days.count)
    if days.isEmpty || sights.isEmpty { return StayPlan(days: [], score: 0, tickets: .zero(request.currency)) }
    let travel = try travel(span, lodging, sights)
    var draft = StayProblem(request: request, travel: travel, days: days, sights: sights, tables: tables(sights))
    try draft.addSights { sight throws(TripError) in try self.tickets(sight) }
    if request.hasMeals { draft.addMeals() }
    draft.addAppointments(request.appointments)
    planCount += 1
    let rule = SearchRule(seed: request.seed, steps: effort.stepsPerDay * days.count)
    guard let plan = draft.solve(rule, ticketsMax: ticketsMax) else {
      return StayPlan(days: [], score: 0, tickets: .zero(request.currency))
    }
    return plan
  }

  /// The days with an hour or more to spare, with when they begin and end.
  private func openDays(_ span: Span) -> [StayProblem.OpenDay] {
    var days: [StayProblem.OpenDay] = []
    for offset in 0...max(0, span.from.date.days(until: span.to.date)) {
      let date = span.from.date.adding(days: offset)
      var (opens, closes) = (request.day.lowerBound, request.day.upperBound)
      if date == span.from.date { opens = max(opens, Int(span.from.secondOfDay) + Self.marginSeconds) }
      if date == span.to.date { closes = min(closes, Int(span.to.secondOfDay) - Self.marginSeconds) }
      if closes - opens >= 3600 { days.append(StayProblem.OpenDay(date: date, opens: opens, closes: closes)) }
    }
    return days
  }

  /// The sights that are worth most to these travellers, those that must be seen first.
  private func candidates(_ city: String, dayCount: Int) -> [Sight] {
    let all = (ground.catalogue.sights[city] ?? []).filter { !request.avoided.contains($0.id) }
    let ranked = all.sorted { one, other in
      let (first, second) = (request.mustSee.contains(one.id), request.mustSee.contains(other.id))
      if first != second { return first }
      return (request.worth(of: other), one.id) < (request.worth(of: one), other.id)
    }
    return Array(ranked.prefix(min(Self.sightsMax, max(24, 12 * dayCount))))
  }

  private func tables(_ sights: [Sight]) -> [Sight] {
    Array(sights.filter { $0.tags.contains("food") || $0.score >= 60 }.prefix(Self.tablesMax))
  }

  private func travel(_ span: Span, _ lodging: Lodging, _ sights: [Sight]) throws(TripError) -> LocalTravel {
    guard let city = zones[span.city] else { return try fallback(lodging, sights) }
    let signature = ground.router.signature(of: span.from.date)
    let key = Ground(city: span.city, lodging: lodging.id, signature: signature)
    let points = [lodging.point] + sights.map(\.point) + request.appointments.map(\.point)
    if let found = travels[key], found.points == points { return found }
    let noon = city.moments(of: LocalDateTime(span.from.date, secondOfDay: 11 * 3600)).earlier
    let made = try LocalTravel(points, at: noon, ground, walkMetresMax: request.walkMetresMax)
    travels[key] = made
    return made
  }

  private func fallback(_ lodging: Lodging, _ sights: [Sight]) throws(TripError) -> LocalTravel {
    try LocalTravel(
      [lodging.point] + sights.map(\.point) + request.appointments.map(\.point), at: .first, ground,
      walkMetresMax: request.walkMetresMax)
  }

  /// What a sight costs the party, each kind of traveller its share.
  private func tickets(_ sight: Sight) throws(TripError) -> Money {
    if sight.price.isZero { return .zero(request.currency) }
    do {
      let one = try ground.rates.convert(sight.price, to: request.currency).converted
      var sum: Int64 = 0
      for traveller in request.party {
        let share = ground.costs.share(of: traveller.type, .activities)
        sum += try one.scaled(by: share, over: SeasonProfile.one).minorUnits
      }
      return Money(minorUnits: sum, request.currency)
    } catch let error as ExchangeError {
      throw .budget(.exchange(error, category: .activities, price: nil))
    } catch {
      throw .budget(.exchange(.noRate(sight.price.currency), category: .activities, price: nil))
    }
  }
}
