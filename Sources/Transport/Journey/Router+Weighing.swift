import Kernel

extension Router {
  /// So many departures are searched one by one where prices are weighed backwards or over a window.
  private static let departuresMax = 400

  /// A search for more criteria than arrival and changes, and what it needs.
  fileprivate struct Weighing {
    let request: RouteRequest
    let slice: DaySlice
    let from: JourneyEnd
    let to: JourneyEnd
    let names: TransitNames
    let builder: JourneyBuilder
    let walk: (seconds: Int32, metres: Int)?
    let rounds: RoundSearch
    let search: CriteriaSearch
  }

  /// The journeys on the front of more criteria, by the kind of time that is asked for.
  func routeWeighing(_ request: RouteRequest) throws(RouteError) -> RouteAnswer {
    switch request.time {
    case .departAt(let moment):
      let weighing = try weighing(request, at: moment, searches: 1)
      return try answer(weighing, leaving: moment, at: [weighing.slice.second(moment) ?? 0])
    case .between(let first, let last):
      let weighing = try weighing(request, at: first, searches: Self.departuresMax)
      let start = weighing.slice.second(first) ?? 0
      let end = max(start, weighing.slice.second(last) ?? DaySlice.horizon)
      let departures = weighing.slice.departures(from: weighing.from.ways, within: start...end)
      return try answer(weighing, leaving: first, at: departures.suffix(Self.departuresMax).reversed(), isWindow: true)
    case .arriveBy(let moment): return try arriving(request, by: moment)
    }
  }

  private func weighing(
    _ request: RouteRequest, at moment: Instant, searches: Int
  ) throws(RouteError) -> Weighing {
    let names = try openNames()
    let slice = try slice(at: moment, changeSeconds: request.changeSeconds, isReversed: false, lines: request.lines)
    let (from, to) = try ends(request, names, slice)
    let fares = request.criteria.contains(.price) ? try fares(request) : nil
    // Without a slack a search has no end that it could be seen from.
    let mirror = request.isFull ? nil : try mirror(of: slice, request, searches: searches)
    return Weighing(
      request: request, slice: slice, from: from, to: to, names: names,
      builder: JourneyBuilder(slice, names, from: from, to: to), walk: directWalk(from, to),
      rounds: RoundSearch(slice, bounds: bounds),
      search: CriteriaSearch(slice, request.criteria.weighed, bounds: bounds, mirror: mirror, fares: fares))
  }

  private func query(_ weighing: Weighing, at departure: Int32) -> StopQuery {
    var query = StopQuery(sources: weighing.from.ways, targets: weighing.to.ways, departure: departure)
    apply(weighing.request, to: &query)
    return query
  }

  /// Searches from each of some departures, the last first, and tells what no other is better than that leaves no
  /// earlier.
  private func answer(
    _ weighing: Weighing, leaving first: Instant, at departures: [Int32], before end: Int32? = nil,
    isWindow: Bool = false
  ) throws(RouteError) -> RouteAnswer {
    var work = SearchWork()
    var kept: [WeighedJourney] = []
    for departure in departures {
      let found = front(weighing, at: departure, before: end, withWalk: !isWindow, &work)
      let known = kept
      for journey in found where !known.contains(where: { $0.isNoWorse(journey, weighing.request.criteria) }) {
        kept.append(journey)
      }
    }
    var journeys: [Journey] = []
    for journey in kept where !journey.journey.rides.isEmpty { journeys.append(try build(weighing, journey)) }
    if let walk = weighing.walk, end == nil, isWindow || kept.contains(where: { $0.journey.rides.isEmpty }) {
      let alone = try read { () throws(GraphError) in
        try weighing.builder.alone(leaving: first, seconds: walk.seconds, metres: walk.metres)
      }
      journeys.append(try priced(alone, weighing.request))
    }
    if isWindow {
      journeys.sort { ($0.departure, $0.arrival) < ($1.departure, $1.arrival) }
    } else {
      journeys.sort { ($0.arrival, $0.transfers) < ($1.arrival, $1.transfers) }
    }
    return RouteAnswer(journeys: journeys, work: work, from: weighing.from.name, to: weighing.to.name)
  }

  private func front(
    _ weighing: Weighing, at departure: Int32, before end: Int32?, withWalk: Bool, _ work: inout SearchWork
  ) -> [WeighedJourney] {
    var query = query(weighing, at: departure)
    if let end { query.before = min(query.before, end) }
    var found: [WeighedJourney] = []
    if let walk = weighing.walk, withWalk {
      let alone = FoundJourney(arrival: departure + walk.seconds, boardings: 0, rides: [])
      let walked = weighing.search.criteria.contains(.walk) ? walk.seconds : 0
      found.append(WeighedJourney(journey: alone, walk: walked, co2: 0, price: 0))
    }
    var fastest = query
    (fastest.sources, fastest.targets) = (weighing.from.access, weighing.to.access)
    let known = weighing.rounds.journeys(fastest)
    work.add(weighing.rounds.work)
    if !weighing.request.isFull {
      guard let restricted = weighing.request.slack.restricted(query, to: known) else { return found }
      query = restricted
    }
    found += weighing.search.journeys(query, directWalk: weighing.walk?.seconds, known: known)
    work.add(weighing.search.work)
    return found.best(by: weighing.request.criteria)
  }

  /// The latest departures that reach the target by a moment, then every departure within the slack before them.
  private func arriving(_ request: RouteRequest, by moment: Instant) throws(RouteError) -> RouteAnswer {
    var plain = request
    plain.criteria = []
    let latest = try route(plain)
    guard let last = latest.journeys.filter({ $0.boardings > 0 }).map(\.departure).max() else { return latest }
    let earlier = max(
      Int64(request.slack.seconds), Int64(Double(last.seconds(until: moment)) * request.slack.share))
    let first = last.adding(seconds: -earlier)
    let weighing = try weighing(request, at: first, searches: Self.departuresMax)
    guard let start = weighing.slice.second(first), let end = weighing.slice.second(moment),
      let latestSecond = weighing.slice.second(last)
    else { return latest }
    let departures = weighing.slice.departures(from: weighing.from.ways, within: start...max(start, latestSecond))
    var mirrored = request
    // Leaving late counts here, not arriving early.
    mirrored.criteria.remove(.arrival)
    let found = try answer(
      weighing.with(mirrored), leaving: first, at: departures.suffix(Self.departuresMax).reversed(), before: end + 1,
      isWindow: true)
    let walks = latest.journeys.filter { $0.boardings == 0 }
    let journeys = (found.journeys + walks).sorted { ($0.departure, $1.arrival) > ($1.departure, $0.arrival) }
    return RouteAnswer(journeys: journeys, work: found.work, from: found.from, to: found.to)
  }

  /// A journey told with the times at which its price was found to be so low.
  private func build(_ weighing: Weighing, _ found: WeighedJourney) throws(RouteError) -> Journey {
    let (request, slice) = (weighing.request, weighing.slice)
    let access = found.source >= 0 ? weighing.from.ways[found.source] : nil
    let egress = found.target >= 0 ? weighing.to.ways[found.target] : nil
    var price = try price(RideShift(slice).shifted(found.journey.rides), request, slice, weighing.names)
    let ownUnits = Int32((access?.price ?? 0) + (egress?.price ?? 0))
    let isShifted = !request.criteria.contains(.price) || price.units + ownUnits <= found.price
    if !isShifted { price = try self.price(found.journey.rides, request, slice, weighing.names) }
    var journey = try read { () throws(GraphError) in
      try weighing.builder.journey(found.journey, isShifted: isShifted, access: access, egress: egress)
    }
    journey.price = price.price.adding(journey.legs, try fares(request).currency)
    journey.emitted = slice.grams(of: found.journey.rides) + journey.ownGrams
    return journey
  }
}

extension Router.Weighing {
  fileprivate func with(_ request: RouteRequest) -> Router.Weighing {
    Router.Weighing(
      request: request, slice: slice, from: from, to: to, names: names, builder: builder, walk: walk, rounds: rounds,
      search: search)
  }
}

extension WeighedJourney {
  /// Whether it is as good as another in all that was asked for.
  fileprivate func isNoWorse(_ other: WeighedJourney, _ criteria: RouteCriteria) -> Bool {
    (!criteria.contains(.arrival) || journey.arrival <= other.journey.arrival)
      && (!criteria.contains(.transfers) || journey.boardings <= other.journey.boardings)
      && walk <= other.walk && co2 <= other.co2 && price <= other.price
  }
}
