import Budget
import Catalogue
import Kernel

/// One run of the planner: what it has looked up, and how it puts things together.
struct TripRun {
  let request: TripRequest
  let ground: TripGround
  var wishes = CalendarWish.usual
  private let effort: TripEffort
  private let zones: [String: ZoneRules]
  private let choices: [LodgingChoice]
  private let finder: LegFinder
  private let planner: StayPlanner
  private(set) var isComplete = true
  /// How much better another order could be at most; nil where the best is known.
  private(set) var orderGap: Money?
  private(set) var work = TripWork()

  init(_ request: TripRequest, _ ground: TripGround, _ effort: TripEffort) throws(TripError) {
    self.request = request
    self.ground = ground
    self.effort = effort
    var zones: [String: ZoneRules] = [:]
    for city in [request.origin] + request.destinations.map(\.city) {
      do throws(ZoneError) { zones[city.id] = try ground.zones.rules(named: city.zone) } catch { throw .zone(city) }
    }
    self.zones = zones
    let choices = try LodgingChoice.choices(request, ground)
    self.choices = choices
    finder = LegFinder(ground, request, zones: zones)
    let roofs = request.destinations.indices.map { destination in
      var roofs: [Lodging] = []
      for choice in choices where !roofs.contains(choice.lodgings[destination]) {
        roofs.append(choice.lodgings[destination])
      }
      return roofs
    }
    planner = try StayPlanner(ground, request, zones: zones, lodgings: roofs, effort)
  }

  private var home: LegFinder.Door { LegFinder.Door(city: request.origin.id, point: request.origin.point) }

  /// A trip that keeps all limits, if one is found soon.
  func first() throws(TripError) -> TripOption? {
    let lodgings = choices[0].lodgings
    let search = FirstTrip(request: request, finder: finder, home: home, lodgings: lodgings)
    guard let (calendar, ways) = try search.found() else { return nil }
    let planner = try StayPlanner(
      ground, request, zones: zones, lodgings: lodgings.map { [$0] }, TripEffort.quick)
    var builder = OptionBuilder(request, ground, finder, planner)
    let options = try builder.options(calendar, ways, choices[0])
    return options.filter { $0.keepsLimits(of: request) && $0.missedCount == 0 }
      .min { ($0.merit.cost, -$0.merit.score) < ($1.merit.cost, -$1.merit.score) }
  }

  /// All options of the best calendars.
  mutating func options(_ progress: TripProgress) throws(TripError) -> [TripOption] {
    let calendars = try calendars(choices[0].lodgings, progress)
    guard !calendars.isEmpty else { throw .noCalendar }
    var builder = OptionBuilder(request, ground, finder, planner)
    var result: [TripOption] = []
    for (number, found) in calendars.enumerated() {
      try progress(.days, number, calendars.count)
      let usual = try builder.ways(found.calendar, choices[0], home: home)
      guard usual.allSatisfy({ !$0.isEmpty }) else { continue }
      result += try builder.options(found.calendar, usual, choices[0])
      // Other roofs where they matter most: the dearest trip may be cheaper, the best may be finer.
      for (place, choice) in choices.enumerated().dropFirst()
      where found.isThrifty ? place == 1 : number == 0 && place > 1 || calendars.count == 1 {
        let ways = try builder.ways(found.calendar, choice, like: usual, choices[0], home: home)
        guard ways.allSatisfy({ !$0.isEmpty }) else { continue }
        result += try builder.options(found.calendar, ways, choice)
      }
    }
    isComplete = builder.isComplete
    work = TripWork(
      searches: finder.searchCount, candidates: planner.candidateCount, stays: planner.planCount,
      calendars: calendars.count, estimates: result.count)
    return result
  }

  // MARK: Calendars

  private struct Found {
    let calendar: TripCalendar
    /// Whether it is the best for those who count every cent.
    var isThrifty: Bool
  }

  /// The best calendars for several wishes, each once.
  private mutating func calendars(_ lodgings: [Lodging], _ progress: TripProgress) throws(TripError) -> [Found] {
    let prices = try CalendarPrices(request, ground, finder, lodgings: lodgings, home: home, progress)
    var found: [Found] = []
    for (number, wish) in wishes.enumerated() {
      try progress(.calendars, number, wishes.count)
      let search = CalendarSearch(
        request: request, legs: { from, to, day throws(TripError) in try prices.legs(from, to, day, wish) },
        stay: { destination, day, nights throws(TripError) in try prices.stay(destination, day, nights, wish) })
      let best = try search.calendars()
      if number == 0, search.setsKept != nil, let price = best.first?.price {
        orderGap = try gap(search, price)
      }
      let isThrifty = wish == CalendarWish.thrifty
      if let first = best.first?.calendar {
        if let known = found.firstIndex(where: { $0.calendar == first }) {
          if isThrifty { found[known].isThrifty = true }
        } else {
          found.append(Found(calendar: first, isThrifty: isThrifty))
        }
      }
      // For the most usual wish, also the best of another order or length.
      if number == 0, found.count == 1 {
        let usual = found[0].calendar.stays.map(\.destination)
        let other = best.first { $0.calendar.stays.map(\.destination) != usual } ?? best.dropFirst().first
        if let other { found.append(Found(calendar: other.calendar, isThrifty: false)) }
      }
    }
    return Array(found.prefix(effort.calendarsMax))
  }

  private func gap(_ search: CalendarSearch, _ best: Double) throws(TripError) -> Money? {
    guard let bound = try CalendarBound(search).price(below: best) else { return nil }
    return Money(minorUnits: Int64(max(0, best - bound).rounded(.up)), request.currency)
  }
}
