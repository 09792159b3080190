import Budget
import Catalogue
import Kernel

/// One run of the planner: what it has looked up, and how it puts things together.
struct TripRun {
  let request: TripRequest
  let ground: TripGround
  var wishes = CalendarWish.usual
  private let zones: [String: ZoneRules]
  private let finder: LegFinder
  private let planner: StayPlanner
  private(set) var isComplete = true
  private(set) var work = TripWork()

  init(_ request: TripRequest, _ ground: TripGround, _ effort: TripEffort) throws(TripError) {
    self.request = request
    self.ground = ground
    var zones: [String: ZoneRules] = [:]
    for city in [request.origin] + request.destinations.map(\.city) {
      do throws(ZoneError) { zones[city.id] = try ground.zones.rules(named: city.zone) } catch { throw .zone(city) }
    }
    self.zones = zones
    finder = LegFinder(ground, request, zones: zones)
    planner = StayPlanner(ground, request, zones: zones, effort)
  }

  private var home: LegFinder.Door { LegFinder.Door(city: request.origin.id, point: request.origin.point) }

  /// All options of the best calendars.
  mutating func options(_ progress: TripProgress) throws(TripError) -> [TripOption] {
    let lodgings = try lodgings(style: request.style)
    let calendars = try calendars(lodgings, progress)
    guard !calendars.isEmpty else { throw .noCalendar }
    var builder = OptionBuilder(request, ground, finder, planner, lodgings: lodgings)
    var result: [TripOption] = []
    for (number, calendar) in calendars.enumerated() {
      try progress(.days, number, calendars.count)
      result += try builder.options(calendar, home: home)
    }
    isComplete = builder.isComplete
    work = TripWork(
      searches: finder.searchCount, stays: planner.planCount, calendars: calendars.count, estimates: result.count)
    return result
  }

  /// Where one stays in each destination: the best value of the style, which is near to what there is to see.
  private func lodgings(style: String) throws(TripError) -> [Lodging] {
    var result: [Lodging] = []
    for destination in request.destinations {
      let all = ground.catalogue.lodgings[destination.city.id] ?? []
      let own = all.filter { $0.style == style }
      let sights = (ground.catalogue.sights[destination.city.id] ?? []).filter { $0.score >= 70 }
      func burden(_ lodging: Lodging) -> Double {
        let metres = sights.reduce(0) { $0 + lodging.point.flatMetres(to: $1.point) } / Double(max(1, sights.count))
        // A kilometre farther out is worth a tenth of the price.
        return Double(lodging.price.minorUnits) * (1 + metres / 10_000)
      }
      guard let best = (own.isEmpty ? all : own).min(by: { (burden($0), $0.id) < (burden($1), $1.id) }) else {
        throw .noLodging(destination.city)
      }
      result.append(best)
    }
    return result
  }

  // MARK: Calendars

  /// The best calendars for several wishes, each once.
  private func calendars(_ lodgings: [Lodging], _ progress: TripProgress) throws(TripError) -> [TripCalendar] {
    let prices = try CalendarPrices(request, ground, finder, lodgings: lodgings, home: home, progress)
    var found: [TripCalendar] = []
    for (number, wish) in wishes.enumerated() {
      try progress(.calendars, number, wishes.count)
      let search = CalendarSearch(
        request: request, legs: { from, to, day throws(TripError) in try prices.legs(from, to, day, wish) },
        stay: { destination, day, nights throws(TripError) in try prices.stay(destination, day, nights, wish) })
      let best = try search.calendars()
      if let first = best.first, !found.contains(first.calendar) { found.append(first.calendar) }
      // For the most usual wish, also the best of another order or length.
      if number == 0, found.count == 1,
        let other = best.first(where: { $0.calendar.stays.map(\.destination) != found[0].stays.map(\.destination) })
          ?? best.dropFirst().first
      {
        found.append(other.calendar)
      }
    }
    return Array(found.prefix(TripPlanner.calendarsMax))
  }
}
