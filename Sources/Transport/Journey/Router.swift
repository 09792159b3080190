package import Kernel
import Synchronization

/// What travellers want to know.
package struct RouteRequest: Sendable {
  package enum Time: Sendable {
    case departAt(Instant)
    case arriveBy(Instant)
    /// Every good departure between two moments.
    case between(Instant, Instant)
  }

  package var from: String
  package var to: String
  package var time: Time
  /// Metres on foot at most to the first stop, and from the last.
  package var walkMetresMax = 1000
  /// How one may come to the first stop, and on from the last; and by what one would go all the way.
  package var accessWays: Set<OwnWay> = [.walk]
  package var egressWays: Set<OwnWay> = [.walk]
  package var directWays: Set<OwnWay> = []
  /// Seconds that changing takes at least.
  package var changeSeconds: Int32 = 0
  /// Nil for all.
  package var modes: Set<String>?
  package var lines = LineChoice()
  /// Journeys by nothing else are told too, within the slack; nil and empty for none.
  package var preferredModes: Set<String>?
  package var preferredLines: Set<String> = []
  /// Places to come by, in this order.
  package var vias: [Via] = []
  package var needsWheelchair = false
  package var needsBikes = false
  /// What is a reason of its own to be told besides arrival and changes, within the slack.
  package var criteria: RouteCriteria = []
  package var slack = SearchSlack()
  /// Less walking is a reason of its own to be told.
  package var weighsWalking: Bool {
    get { criteria.contains(.walk) }
    set { if newValue { criteria.formUnion([.arrival, .transfers, .walk]) } else { criteria.remove(.walk) } }
  }
  /// All that are on the front are told, whatever the slack.
  package var isFull = false
  /// The code of the currency of prices; nil for the one that most fares are in.
  package var currency: String?
  /// The category of the traveller; nil for whoever pays the full price.
  package var rider: String?

  package init(from: String, to: String, time: Time) {
    (self.from, self.to, self.time) = (from, to, time)
  }

  /// Whether anything but walking and riding may be told.
  var hasOwnWays: Bool { !accessWays.union(egressWays).union(directWays).subtracting([.walk]).isEmpty }
}

/// What was found.
package struct RouteAnswer: Sendable {
  /// Of none of them is another better in time and number of changes.
  package let journeys: [Journey]
  package let work: SearchWork
  /// What the places were taken for.
  package let from: String
  package let to: String
}

/// Finds journeys: understands places, cuts the day, searches, and tells what was found in words and places.
///
/// One router serves any number of threads; slices are kept, as many as fit a few days.
package final class Router: Sendable {
  private struct SliceKey: Hashable {
    let date: LocalDate
    let changeSeconds: Int32
    let isReversed: Bool
    let lines: LineChoice
  }

  private static let slicesMax = 8
  private static let searchesBeforeMirror = 6
  /// A walk all the way is offered up to this many metres.
  private static let directWalkMetresMax = 5000.0
  private static let nearMetres = 500.0

  let transit: Transit
  /// What runs otherwise than planned.
  package let overlay: RealtimeOverlay?
  let bounds: TravelBounds?
  let grid: StopGrid
  private let children: [Int32: [Int32]]
  let served: [Bool]
  let fareModels = Mutex<[FareSource.Wish: FareModel]>([:])
  private let names = NamesPool()
  private let mirrors = Mutex<[(slice: DaySlice, searches: Int, mirror: SliceMirror?)]>([])
  private let slices = Mutex<[(key: SliceKey, slice: DaySlice)]>([])

  /// - Parameters:
  ///   - transit: what runs by plan.
  ///   - overlay: what runs otherwise just now.
  package init(_ transit: Transit, overlay: RealtimeOverlay? = nil) {
    (self.transit, self.overlay) = (transit, overlay)
    let timetable = transit.timetable
    let bounds = TravelBounds(timetable)
    self.bounds =
      overlay.map { bounds?.holding(for: $0, timetable, walks: SliceWalks(timetable)) } ?? bounds
    var served = [Bool](repeating: false, count: timetable.stopCount)
    for stop in timetable.positionStops { served[Int(stop)] = true }
    for trip in overlay?.trips ?? [] { for stop in trip.stops { served[Int(stop)] = true } }
    grid = StopGrid(
      (0..<timetable.stopCount).filter { served[$0] }.map { (Int32($0), timetable.place(of: $0)) },
      metres: Self.nearMetres)
    var children: [Int32: [Int32]] = [:]
    for (stop, station) in timetable.stopStations.enumerated() where station >= 0 {
      children[station, default: []].append(Int32(stop))
    }
    (self.served, self.children) = (served, children)
  }

  /// A number that two dates share when the same runs on them (see ``Timetable/signature(of:)``).
  package func signature(of date: LocalDate) -> UInt64 { transit.timetable.signature(of: date) }

  /// The names of the modes that can be asked for.
  package static var modes: [String] { RouteMode.allCases.map(\.rawValue) }

  /// The zone of a place, for times without offset.
  ///
  /// - Throws: `RouteError` if it is no place.
  package func zone(of text: String) throws(RouteError) -> ZoneRules {
    let names = try openNames()
    let end = try finder(names, 3000).end(text, FootpathTable(transit.timetable))
    guard let stop = end.members.first ?? end.access.first?.stop else { return transit.timetable.mainZoneRules }
    return try read { () throws(GraphError) in try LegEnds(transit.timetable, names).zone(of: stop) }
  }

  /// The journeys that answer a request, none if there are none.
  ///
  /// - Throws: `RouteError` for places and days that are not in the data.
  package func route(_ request: RouteRequest) throws(RouteError) -> RouteAnswer {
    if !request.directWays.subtracting([.walk]).isEmpty { return try routeBesideDirectWays(request) }
    if request.preferredModes != nil || !request.preferredLines.isEmpty { return try routePreferring(request) }
    if !request.vias.isEmpty { return try routeByVias(request) }
    if request.criteria.isMore { return try routeWeighing(request) }
    switch request.time {
    case .departAt(let moment): return try search(request, at: moment, isReversed: false)
    case .arriveBy(let moment): return try search(request, at: moment, isReversed: true)
    case .between(let first, let last): return try searchWindow(request, first, last)
    }
  }

  // MARK: Searching

  private func search(_ request: RouteRequest, at moment: Instant, isReversed: Bool) throws(RouteError) -> RouteAnswer {
    let names = try openNames()
    let slice = try slice(
      at: moment, changeSeconds: request.changeSeconds, isReversed: isReversed, lines: request.lines)
    let (from, to) = try ends(request, names, slice)
    var query = StopQuery(
      sources: isReversed ? to.access : from.access, targets: isReversed ? from.access : to.access,
      departure: slice.second(moment) ?? 0)
    apply(request, to: &query)
    let walk = directWalk(from, to)
    if let walk { query.before = min(query.before, query.departure + walk.seconds) }
    let search = RoundSearch(slice, bounds: isReversed ? nil : bounds)
    let builder = JourneyBuilder(slice, names, from: from, to: to)
    var journeys: [Journey] = []
    let found = search.journeys(query)
    let work = search.work
    for journey in found { journeys.append(try build(builder, journey, request, slice, names)) }
    if let walk {
      let start = isReversed ? moment.adding(seconds: -Int64(walk.seconds)) : moment
      let alone = try read { () throws(GraphError) in
        try builder.alone(leaving: start, seconds: walk.seconds, metres: walk.metres)
      }
      journeys.append(try priced(alone, request))
    }
    journeys.sort { isReversed ? $0.departure > $1.departure : $0.arrival < $1.arrival }
    return RouteAnswer(journeys: journeys, work: work, from: from.name, to: to.name)
  }

  /// All good journeys that leave within a window: of none is another better that leaves no earlier.
  private func searchWindow(_ request: RouteRequest, _ first: Instant, _ last: Instant) throws(RouteError)
    -> RouteAnswer
  {
    let names = try openNames()
    let slice = try slice(at: first, changeSeconds: request.changeSeconds, isReversed: false, lines: request.lines)
    let (from, to) = try ends(request, names, slice)
    let start = slice.second(first) ?? 0
    let window = start...max(start, slice.second(last) ?? DaySlice.horizon)
    var query = StopQuery(sources: from.access, targets: to.access, departure: start)
    apply(request, to: &query)
    let walk = directWalk(from, to)
    let search = RoundSearch(slice, bounds: bounds)
    let builder = JourneyBuilder(slice, names, from: from, to: to)
    var journeys: [Journey] = []
    for found in search.journeys(query, leaving: window, directWalk: walk?.seconds) {
      journeys.append(try build(builder, found.journey, request, slice, names))
    }
    if let walk {
      let alone = try read { () throws(GraphError) in
        try builder.alone(leaving: first, seconds: walk.seconds, metres: walk.metres)
      }
      journeys.append(try priced(alone, request))
    }
    journeys.sort { ($0.departure, $0.arrival) < ($1.departure, $1.arrival) }
    return RouteAnswer(journeys: journeys, work: search.work, from: from.name, to: to.name)
  }

  private func build(
    _ builder: JourneyBuilder, _ found: FoundJourney, _ request: RouteRequest, _ slice: DaySlice, _ names: TransitNames
  ) throws(RouteError) -> Journey {
    var journey = try read { () throws(GraphError) in try builder.journey(found) }
    let rides = RideShift(slice).shifted(found.rides)
    journey.emitted = slice.grams(of: rides) + journey.ownGrams
    journey.price = try price(rides, request, slice, names).price.adding(journey.legs, try fares(request).currency)
    return journey
  }

  func read<Result>(_ work: () throws(GraphError) -> Result) throws(RouteError) -> Result {
    do throws(GraphError) {
      return try work()
    } catch {
      throw .data(.graph(error))
    }
  }

  func ends(
    _ request: RouteRequest, _ names: TransitNames, _ slice: DaySlice
  ) throws(RouteError) -> (JourneyEnd, JourneyEnd) {
    var finder = finder(names, request.walkMetresMax)
    finder.criteria = request.criteria
    if request.criteria.contains(.price), request.hasOwnWays { finder.fares = try fares(request) }
    let other = slice.footpaths.reversed
    let (forwards, backwards) = slice.isReversed ? (other, slice.footpaths) : (slice.footpaths, other)
    finder.ways = request.accessWays
    let from = try finder.end(request.from, forwards)
    finder.ways = request.egressWays
    return (from, try finder.end(request.to, backwards))
  }

  func apply(_ request: RouteRequest, to query: inout StopQuery) {
    (query.needsWheelchair, query.needsBikes) = (request.needsWheelchair, request.needsBikes)
    guard let modes = request.modes else { return }
    query.modes = 0
    for (index, mode) in RouteMode.allCases.enumerated() where modes.contains(mode.rawValue) {
      query.modes |= 1 << UInt32(index)
    }
  }

  /// The way on foot alone: a footpath between the stops that the ends are, or the way across country if it is short.
  func directWalk(_ from: JourneyEnd, _ to: JourneyEnd) -> (seconds: Int32, metres: Int)? {
    let metres = from.point.metres(to: to.point) * FootpathList.detour
    var seconds: Int32 =
      metres <= Self.directWalkMetresMax ? FootpathList.seconds(metres: metres / FootpathList.detour) : .max
    for access in from.access where to.members.contains(access.stop) && from.stop != nil {
      seconds = min(seconds, access.seconds)
    }
    return seconds < .max ? (seconds, Int(metres.rounded())) : nil
  }

  // MARK: What is kept

  func finder(_ names: TransitNames, _ walkMetresMax: Int) -> JourneyEndFinder {
    JourneyEndFinder(
      timetable: transit.timetable, names: names, grid: grid, children: children, walkMetresMax: walkMetresMax,
      served: served)
  }

  func openNames() throws(RouteError) -> TransitNames {
    try read { () throws(GraphError) in try names.names(of: transit.graphPath) }
  }

  /// The slice in which a search from a moment has a day or more before it.
  func slice(
    at moment: Instant, changeSeconds: Int32, isReversed: Bool, lines: LineChoice = LineChoice()
  ) throws(RouteError) -> DaySlice {
    let timetable = transit.timetable
    let zone = timetable.mainZoneRules
    var date = zone.local(at: moment).date
    if zone.serviceDayStart(of: date) > moment { date = date.adding(days: -1) }
    guard timetable.dayCount > 0, date >= timetable.days.lowerBound.adding(days: -1),
      date <= timetable.days.upperBound.adding(days: 1)
    else { throw .outsideDays(date, first: timetable.days.lowerBound, last: timetable.days.upperBound) }
    if isReversed { date = date.adding(days: -1) }
    let key = SliceKey(date: date, changeSeconds: changeSeconds, isReversed: isReversed, lines: lines)
    if let known = slices.withLock({ slices in slices.first { $0.key == key }?.slice }) { return known }
    let slice = try cut(date, changeSeconds: changeSeconds, isReversed: isReversed, lines: lines)
    slices.withLock { slices in
      if slices.count >= Self.slicesMax { slices.removeFirst() }
      slices.append((key, slice))
    }
    return slice
  }

  private func cut(
    _ date: LocalDate, changeSeconds: Int32, isReversed: Bool, lines: LineChoice
  ) throws(RouteError) -> DaySlice {
    DaySlice(
      transit.timetable, on: date,
      walks: SliceWalks(transit.timetable, changeSeconds: changeSeconds, boarding: .table), isReversed: isReversed,
      changes: SliceChanges(overlay: overlay, avoided: try runsLeftOut(by: lines)))
  }

  /// The same day seen backwards.
  ///
  /// - Parameters:
  ///   - slice: a slice of this router.
  ///   - request: what the slice was cut for.
  ///   - searches: how many there are to be.
  /// - Returns: nil for a day that too little was searched on: making it takes as long as some searches.
  /// - Throws: `RouteError` for lines that are not in the data.
  func mirror(of slice: DaySlice, _ request: RouteRequest, searches: Int) throws(RouteError) -> SliceMirror? {
    let known = mirrors.withLock { mirrors -> (searches: Int, mirror: SliceMirror?) in
      if !mirrors.contains(where: { $0.slice === slice }) {
        if mirrors.count >= Self.slicesMax { mirrors.removeFirst() }
        mirrors.append((slice, 0, nil))
      }
      guard let index = mirrors.firstIndex(where: { $0.slice === slice }) else { return (0, nil) }
      mirrors[index].searches += min(searches, Self.searchesBeforeMirror)
      return (mirrors[index].searches, mirrors[index].mirror)
    }
    if let mirror = known.mirror { return mirror }
    guard known.searches >= Self.searchesBeforeMirror else { return nil }
    let reversed = try cut(slice.date, changeSeconds: request.changeSeconds, isReversed: true, lines: request.lines)
    let made = SliceMirror(slice, reversed)
    mirrors.withLock { mirrors in
      guard let index = mirrors.firstIndex(where: { $0.slice === slice }) else { return }
      mirrors[index].mirror = made
    }
    return made
  }
}
