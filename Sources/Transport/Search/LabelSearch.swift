/// All journeys of which none is at once earlier, of fewer rides, and better in walking, CO2 and price, or some of these.
///
/// Rounds as in ``RoundSearch``, but every stop has a bag of labels (McRAPTOR: Delling, Pajor, Werneck 2012). Patterns
/// that stop where a round has found something new are ridden from there by whoever finds nobody aboard an earlier trip
/// who is no worse, in this round or one before. Three bounds leave out what cannot matter, so the set stays exact: the
/// shortest way without waiting; journeys that are known; and, where a query has an end, the latest moments at which
/// stops can be left for the target with so many rides, found by a search backwards (``LatestTimes``); only trips that it
/// has ridden are boarded.
///
/// With prices a label keeps what is open of its tickets. It makes way only for another that can do whatever it can for
/// no more: one with the same thing open for at least as long, or one so much cheaper that nothing open can make up for it
/// (as Conway and Stewart 2019), or one with a ticket that lasts and is nowhere dearer by more than was saved before it.
/// Where limits of time matter later trips are boarded too, as waiting can pay. What can be used no further is no longer
/// open (``FareUses``).
final class LabelSearch {
  typealias Key = SIMD4<Int32>

  /// Somebody on a trip, since some position.
  struct Rider: BitwiseCopyable {
    /// Among those of its pattern.
    var trip: Int32
    let walk: Int32
    /// Grams before this ride, its base included, and the metres at which it began.
    var co2: Int32
    var metres: Int32
    var fare: FareState
    var rival: Int32
    /// Where and when the ride began that is paid for, and the zones it has passed through.
    let zone: Int32
    var departure: Int32
    var zonesPassed: UInt64
    /// What the ride makes of the ticket that is open, and what it begins: numbers of the reckoner, below zero where no
    /// further ride can join, 0 for nothing, and `depends` for what is known only where the ride ends.
    var same: Int32 = 0
    var fresh: Int32 = 0
    /// When that began, as far as it matters.
    var sameFirst: Int32 = 0
    var freshFirst: Int32 = 0
    /// What these cost to some zone.
    var priceZone: Int32 = -1
    var samePrice: Int32 = 0
    var freshPrice: Int32 = 0
    /// The least that is paid in the end.
    var least: Int32 = 0
    var boarded: Int32
    /// From there on it does not pay to be aboard.
    var last: Int32
    var segment: Int32 = -1
    var parent: Int32
    var parentPosition: Int32
    let fareClass: Int32
    /// Whether going on as before is no worse than beginning anew.
    var isSameNoWorse = false
    /// The one noted before on the same pattern.
    var before: Int32 = -1
  }

  /// What a stop offers to a round: labels that the round before has found.
  struct Offer: BitwiseCopyable {
    let key: Key
    let tail: LabelTail
  }

  struct Target {
    let key: Key
    let segment: Int32
    let position: Int32
    let round: Int32
    /// Which of the query's targets it is.
    var end: Int32 = -1
  }

  /// What a target is compared by.
  struct Mark: BitwiseCopyable {
    let key: Key
    let round: Int32
  }

  let slice: DaySlice
  let criteria: RouteCriteria
  var work = SearchWork()
  let bounds: TravelBounds?
  let latest: LatestTimes?
  let reckoner: FareReckoner?
  let uses: FareUses?
  let emissions: RideMetres?
  let readyBags: LabelBags
  /// The bags of those who have just ridden: the same where changing takes nothing.
  var rideBags: LabelBags
  private(set) lazy var ownRideBags = LabelBags(count: stopCount + 1, reckoner)
  let stopCount: Int
  /// By position: the place at which it is boarded, -1 where nobody may.
  let placeOfPosition: UnsafeMutablePointer<Int32>
  /// By pattern: the class of its fares, -1 for none.
  let fareClasses: UnsafeMutablePointer<Int32>
  /// By stop: its zone, and which of the lists of zones it and the stops have that one can walk to from there.
  let zoneOfStop, zoneList: UnsafeMutablePointer<Int32>
  let zoneLists: [[Int32]]
  let firstPosition, lastPosition, patternMarks: UnsafeMutablePointer<Int32>
  let stopMarks, listMarks: UnsafeMutablePointer<Int32>
  /// By stop: the first of its `ends`; the largest number where there is none.
  let egress: UnsafeMutablePointer<Int32>
  let seconds: UnsafeMutablePointer<UInt16>
  let rides: UnsafeMutablePointer<UInt8>
  var isBoundedBackwards = false
  var mark: Int32 = 0
  var query = StopQuery(sources: [], targets: [], departure: 0)
  /// The ways on from the query's targets, stop by stop, each with its place among these.
  var ends: [(access: StopAccess, key: Key, place: Int32)] = []
  var segments = FlatList<RideSegment>(capacity: 1 << 10)
  var riders = FlatList<Rider>()
  var patterns: [Int32] = []
  var touched: [Int32] = []
  /// By stop: where its offers begin and end.
  let offerStarts, offerEnds: UnsafeMutablePointer<Int32>
  var offers = FlatList<Offer>()
  var target: [Target] = []
  var targetMarks = FlatList<Mark>()
  var seated: [(pattern: Int32, rider: Rider)] = []
  /// All who have been aboard in any round, and by pattern the last of them.
  var aboard = FlatList<Rider>(capacity: 1 << 10)
  let lastAboard: UnsafeMutablePointer<Int32>

  /// Makes a search over one slice, for one thread.
  ///
  /// - Parameters:
  ///   - slice: what runs.
  ///   - criteria: what journeys are compared by besides arrival and rides.
  ///   - bounds: lower bounds of travel times; nil to do without.
  ///   - mirror: the same day seen backwards, for bounding queries that have an end; nil to do without.
  ///   - fares: for prices; without it nothing has a price.
  init(
    _ slice: DaySlice, _ criteria: RouteCriteria, bounds: TravelBounds?, mirror: SliceMirror? = nil,
    fares: FareModel? = nil
  ) {
    (self.slice, self.criteria, self.bounds) = (slice, criteria, bounds)
    latest = mirror.map { LatestTimes(slice, $0, bounds: bounds) }
    let fares = criteria.contains(.price) ? fares : nil
    reckoner = fares.map { FareReckoner($0, FareClock($0, slice)) }
    emissions = criteria.contains(.co2) ? RideMetres(slice) : nil
    stopCount = slice.stopCount
    readyBags = LabelBags(count: stopCount + 1, reckoner)
    rideBags = readyBags
    func numbers(_ count: Int, _ value: Int32) -> UnsafeMutablePointer<Int32> {
      let memory = UnsafeMutablePointer<Int32>.allocate(capacity: count)
      memory.initialize(repeating: value, count: count)
      return memory
    }
    placeOfPosition = numbers(slice.positionCount + 1, -1)
    for place in 0..<Int(slice.placeStarts[stopCount]) {
      placeOfPosition[Int(slice.places[place].position)] = Int32(place)
    }
    fareClasses = numbers(slice.patternCount + 1, -1)
    (zoneOfStop, zoneList) = (numbers(stopCount + 1, 0), numbers(stopCount + 1, 0))
    if let fares {
      for pattern in 0..<slice.patternCount {
        let route = Int(slice.timetable.patternFareRoutes[Int(slice.sourcePatterns[pattern])])
        if route >= 0, route < fares.classOfRoute.count { fareClasses[pattern] = fares.classOfRoute[route] }
      }
      zoneLists = Self.zones(slice, fares, into: zoneOfStop, zoneList)
      uses = FareUses(slice, fares, UnsafePointer(fareClasses))
      reckoner?.zonesServed = Self.zonesServed(slice, fares, UnsafePointer(fareClasses))
    } else {
      (zoneLists, uses) = ([], nil)
    }
    (firstPosition, lastPosition) = (numbers(slice.patternCount + 1, 0), numbers(slice.patternCount + 1, 0))
    patternMarks = numbers(slice.patternCount + 1, 0)
    lastAboard = numbers(slice.patternCount + 1, -1)
    (stopMarks, listMarks) = (numbers(stopCount + 1, 0), numbers(stopCount + 1, 0))
    egress = numbers(stopCount + 1, .max)
    (offerStarts, offerEnds) = (numbers(stopCount + 1, 0), numbers(stopCount + 1, 0))
    seconds = .allocate(capacity: stopCount + 1)
    seconds.initialize(repeating: 0, count: stopCount + 1)
    rides = .allocate(capacity: stopCount + 1)
    rides.initialize(repeating: 0, count: stopCount + 1)
  }

  private static func zones(
    _ slice: DaySlice, _ fares: FareModel, into zoneOfStop: UnsafeMutablePointer<Int32>,
    _ zoneList: UnsafeMutablePointer<Int32>
  ) -> [[Int32]] {
    var (lists, numbers): ([[Int32]], [[Int32]: Int32]) = ([], [:])
    for stop in 0..<slice.stopCount {
      zoneOfStop[stop] = fares.zoneOfStop[stop]
      var zones: Set<Int32> = [fares.zoneOfStop[stop]]
      for path in Int(slice.footpathStarts[stop])..<Int(slice.footpathStarts[stop + 1]) {
        zones.insert(fares.zoneOfStop[Int(slice.footpathStops[path])])
      }
      let own = zones.sorted()
      let number = numbers[own] ?? Int32(lists.count)
      if number == lists.count {
        numbers[own] = number
        lists.append(own)
      }
      zoneList[stop] = number
    }
    return lists
  }

  /// By system: the zones in which its rides can end, also those of riders who stay seated.
  private static func zonesServed(
    _ slice: DaySlice, _ fares: FareModel, _ fareClasses: UnsafePointer<Int32>
  ) -> [[Int32]] {
    var next = [Set<Int32>](repeating: [], count: slice.patternCount)
    if slice.hasSeatedLinks {
      for pattern in 0..<slice.patternCount {
        for trip in slice.tripStarts[pattern]..<slice.tripStarts[pattern + 1] {
          for link in slice.seatedStarts[Int(trip)]..<slice.seatedStarts[Int(trip) + 1] {
            next[pattern].insert(slice.seatedLinks[Int(link)].pattern)
          }
        }
      }
    }
    return fares.systems.indices.map { system in
      var waiting = (0..<slice.patternCount).filter {
        fareClasses[$0] >= 0 && Int(fares.classes[Int(fareClasses[$0])].system) == system
      }
      var known = Set(waiting)
      var zones: Set<Int32> = []
      while let pattern = waiting.popLast() {
        for position in Int(slice.positionStarts[pattern])..<Int(slice.positionStarts[pattern + 1]) {
          zones.insert(fares.zoneOfStop[Int(slice.callStops[position])])
        }
        for other in next[pattern] where known.insert(Int(other)).inserted { waiting.append(Int(other)) }
      }
      return zones.sorted()
    }
  }

  deinit {
    for memory in [
      placeOfPosition, fareClasses, zoneOfStop, zoneList, firstPosition, lastPosition, patternMarks, lastAboard,
      stopMarks,
      listMarks, egress, offerStarts, offerEnds,
    ] {
      memory.deallocate()
    }
    seconds.deallocate()
    rides.deallocate()
  }

  /// The whole set, the fewest rides first, then by arrival.
  ///
  /// - Parameters:
  ///   - query: sources and targets count as walked to and from.
  ///   - directWalk: seconds of walking all the way; what is no better is left out.
  /// - Returns: the journeys with all that they were compared by.
  func journeys(_ query: StopQuery, directWalk: Int32? = nil) -> [WeighedJourney] {
    begin(query, directWalk)
    var round: Int32 = 0
    while !touched.isEmpty, round < query.ridesMax {
      round += 1
      collectPatterns(round)
      ride(round)
      change(round)
    }
    work = SearchWork(rounds: Int(round), segments: segments.count, labels: work.labels)
    for stop in query.targets { egress[Int(stop.stop)] = .max }
    let found = target.filter { $0.segment >= 0 }.map { end in
      let (rides, source) = RideSegment.rides(
        endingWith: end.segment, left: end.position,
        of: UnsafeBufferPointer(start: segments.elements, count: segments.count), in: slice)
      var found = WeighedJourney(
        journey: FoundJourney(arrival: end.key.x, boardings: Int(end.round), rides: rides),
        walk: end.key.y, co2: end.key.z, price: end.key.w)
      (found.source, found.target) = (source, Int(end.end))
      return found
    }
    return found.sorted { ($0.journey.boardings, $0.journey.arrival) < ($1.journey.boardings, $1.journey.arrival) }
  }
}
