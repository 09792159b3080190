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
    let isThrifty: Bool
  }

  private struct Ground: Hashable {
    let city: String
    let lodging: String
    let signature: UInt64
  }

  private let ground: TripGround
  private let request: TripRequest
  private let zones: [String: ZoneRules]
  private var known: [Span: StayPlan] = [:]
  private var travels: [Ground: LocalTravel] = [:]
  private(set) var planCount = 0

  /// Sights that are looked at for a stay, at most: the best of a city.
  private static let sightsMax = 48
  /// Where meals are had, at most.
  private static let tablesMax = 8
  private static let stepsPerDay = 700
  /// Before a departure and after an arrival.
  private static let marginSeconds = 900

  init(_ ground: TripGround, _ request: TripRequest, zones: [String: ZoneRules]) {
    self.ground = ground
    self.request = request
    self.zones = zones
  }

  /// The days between two moments, as good as is found.
  func plan(_ span: Span, lodging: Lodging) throws(TripError) -> StayPlan {
    if let found = known[span] { return found }
    let plan = try make(span, lodging)
    known[span] = plan
    return plan
  }

  private func make(_ span: Span, _ lodging: Lodging) throws(TripError) -> StayPlan {
    let days = openDays(span)
    let sights = candidates(span.city, dayCount: days.count)
    if days.isEmpty || sights.isEmpty { return StayPlan(days: [], score: 0, tickets: .zero(request.currency)) }
    let travel = try travel(span, lodging, sights)
    var draft = StayProblem(request: request, travel: travel, days: days, sights: sights, tables: tables(sights))
    try draft.addSights { sight throws(TripError) in try self.tickets(sight) }
    if request.hasMeals { draft.addMeals() }
    draft.addAppointments(request.appointments)
    planCount += 1
    let rule = SearchRule(seed: request.seed, steps: Self.stepsPerDay * days.count)
    guard let plan = draft.solve(rule, isThrifty: span.isThrifty) else {
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
    return Array(ranked.prefix(min(Self.sightsMax, max(16, 10 * dayCount))))
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
