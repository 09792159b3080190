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

  /// A city with what is looked at there.
  private struct Place {
    let city: City
    let lodgings: [Lodging]
    let sights: [Sight]
    let tables: [Sight]
    let appointments: [Appointment]
    let taxis: TaxiFares
    let prices: [Money]
    var points: [Coordinate] { lodgings.map(\.point) + sights.map(\.point) + appointments.map(\.point) }
  }

  private struct TravelKey: Hashable {
    let city: String
    let signature: UInt64
  }

  /// Days that are planned alike: from one plan the next is near.
  private struct DraftKey: Hashable {
    let city: String
    let dates: [LocalDate]
    let isThrifty: Bool
  }

  private let ground: TripGround
  private let request: TripRequest
  private let zones: [String: ZoneRules]
  private let effort: TripEffort
  private var known: [Span: [StayPlan]] = [:]
  private var travels: [TravelKey: LocalTravel] = [:]
  private var places: [String: Place] = [:]
  private var drafts: [DraftKey: Plan] = [:]
  private(set) var planCount = 0

  /// Saving less than this part of the tickets is not worth a plan of its own.
  private static let thriftyShare: Int64 = 3
  /// Days that differ little from others that were planned begin with those and take this part of the steps.
  private static let nearShare = 4

  /// - Parameters:
  ///   - ground: what is known.
  ///   - request: what is wanted.
  ///   - zones: of the cities.
  ///   - lodgings: under which roofs one may sleep, by destination.
  ///   - effort: how hard it tries.
  /// - Throws: `TripError` where prices cannot be converted.
  init(
    _ ground: TripGround, _ request: TripRequest, zones: [String: ZoneRules], lodgings: [[Lodging]],
    _ effort: TripEffort
  ) throws(TripError) {
    self.effort = effort
    self.ground = ground
    self.request = request
    self.zones = zones
    for (destination, roofs) in zip(request.destinations, lodgings) {
      places[destination.city.id] = try place(destination, roofs)
    }
  }

  /// Sights that are looked at, all cities together.
  var candidateCount: Int { places.values.reduce(0) { $0 + $1.sights.count } }

  /// The days between two moments, as good as is found: one that sees the most, and, where tickets and taxis cost much, one
  /// for a third of that.
  func plans(_ span: Span) throws(TripError) -> [StayPlan] {
    let span = span.rounded
    if let found = known[span] { return found }
    let full = try make(span, ticketsMax: nil)
    var plans = [full]
    let third = Money(minorUnits: full.tickets.minorUnits / Self.thriftyShare, full.tickets.currency)
    if !third.isZero || !full.taxis.isZero { plans.append(try make(span, ticketsMax: third)) }
    known[span] = plans
    return plans
  }

  private func make(_ span: Span, ticketsMax: Money?) throws(TripError) -> StayPlan {
    let days = request.openDays(from: span.from, to: span.to)
    guard let place = places[span.city], !days.isEmpty, !(place.sights.isEmpty && place.appointments.isEmpty),
      let roof = place.lodgings.firstIndex(where: { $0.id == span.lodging })
    else { return .empty(request.currency) }
    let travel = try travel(span, place)
    var draft = StayProblem(
      request: request, travel: travel, days: days, sights: place.sights, tables: place.tables,
      lodgingCount: place.lodgings.count, lodging: roof)
    draft.addSights(prices: place.prices)
    if request.hasMeals { draft.addMeals() }
    draft.addAppointments(place.appointments)
    planCount += 1
    let key = DraftKey(city: span.city, dates: days.map(\.date), isThrifty: ticketsMax != nil)
    let near = drafts[key]
    let steps = effort.stepsPerDay * days.count / (near == nil ? 1 : Self.nearShare)
    let rule = SearchRule(seed: request.seed, steps: steps)
    guard
      let made = draft.solve(
        rule, from: near, ticketsMax: ticketsMax, taxisDayMax: ticketsMax == nil ? place.taxis.dayMax : 0)
    else { return .empty(request.currency) }
    if near == nil { drafts[key] = made.draft }
    return made.plan
  }

  // MARK: What is looked at

  private func place(_ destination: Destination, _ lodgings: [Lodging]) throws(TripError) -> Place {
    let sights = candidates(destination)
    var prices: [Money] = []
    for sight in sights { prices.append(try ground.tickets(sight, for: request)) }
    let tables = sights.filter { $0.tags.contains("food") || $0.score >= 60 }
    return Place(
      city: destination.city, lodgings: lodgings, sights: sights,
      tables: Array((tables.isEmpty ? sights : tables).prefix(effort.tablesMax)),
      appointments: request.appointments.filter { $0.city == destination.city.id },
      taxis: try TaxiFares(request, country: destination.city.country, ground.rates), prices: prices)
  }

  /// The sights that are worth most to these travellers, those that must be seen first.
  ///
  /// A sight far down the list has little chance to be among the few of a day: those that are looked at are enough to
  /// fill the longest stay several times.
  private func candidates(_ destination: Destination) -> [Sight] {
    let all = (ground.catalogue.sights[destination.city.id] ?? []).filter {
      !request.avoided.contains($0.id) && request.admits($0.wheelchair)
    }
    let ranked = all.map { (isWanted: request.mustSee.contains($0.id), worth: request.worth(of: $0), sight: $0) }
      .sorted {
        if $0.isWanted != $1.isWanted { return $0.isWanted }
        return ($1.worth, $0.sight.id) < ($0.worth, $1.sight.id)
      }
    let days = min(destination.nights.upperBound, request.nights.upperBound) + 1
    let count = min(effort.sightsMax, max(TripEffort.sightsMin, TripEffort.sightsPerDay * days))
    return ranked.prefix(count).map(\.sight)
  }

  private func travel(_ span: Span, _ place: Place) throws(TripError) -> LocalTravel {
    let key = TravelKey(city: span.city, signature: ground.router.signature(of: span.from.date))
    if let found = travels[key] { return found }
    guard let zone = zones[span.city] else { throw .zone(place.city) }
    let noon = zone.moments(of: LocalDateTime(span.from.date, secondOfDay: 11 * 3600)).earlier
    let made = try LocalTravel(
      place.points, at: noon, ground, place.taxis, walkMetresMax: request.walkMetresMax)
    travels[key] = made
    return made
  }
}
