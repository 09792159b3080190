/// All journeys of which none is at once earlier, of fewer rides, and better in walking, CO2 and price, or some of these.
///
/// Rounds as in ``RoundSearch``, but every stop has a bag of labels (McRAPTOR: Delling, Pajor, Werneck 2012). Patterns
/// that stop where a round has found something new are ridden from there, each rider as long as nobody who is no worse
/// is aboard an earlier trip. Three bounds leave out what cannot matter, so the set stays exact: the shortest way without
/// waiting; journeys that are known; and, where a query has an end, the latest moments at which stops can be left for the
/// target with so many rides, found by a search backwards (``LatestTimes``); only trips that it has ridden are boarded.
///
/// With prices a label keeps what is open of its tickets. It makes way only for another that can do whatever it can for
/// no more: one with the same thing open for at least as long, or one so much cheaper that nothing open can make up for it
/// (as Conway and Stewart 2019). Where limits of time matter later trips are boarded too, as waiting can pay.
final class LabelSearch {
  typealias Key = SIMD4<Int32>

  /// Somebody on a trip, since some position.
  struct Rider {
    /// Among those of its pattern.
    let trip: Int32
    let walk: Int32
    /// Grams before this ride, its base included, and the metres at which it began.
    let co2: Int32
    let metres: Int32
    let fare: FareState
    let rival: Int32
    /// Where and when the ride began that is paid for, and the zones it has passed through.
    let zone: Int32
    let departure: Int32
    var zonesPassed: UInt64
    let boarded: Int32
    /// From there on it does not pay to be aboard.
    var last: Int32
    var segment: Int32
    let parent: Int32
    let parentPosition: Int32
    let fareClass: Int32
  }

  /// What a stop offers to a round: labels that the round before has found.
  struct Offer {
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

  let slice: DaySlice
  let criteria: RouteCriteria
  var work = SearchWork()
  let bounds: TravelBounds?
  let latest: LatestTimes?
  let reckoner: FareReckoner?
  let emissions: RideMetres?
  let readyBags: LabelBags
  /// The bags of those who have just ridden: the same where changing takes nothing.
  var rideBags: LabelBags
  private(set) lazy var ownRideBags: LabelBags = {
    let bags = LabelBags(count: stopCount + 1)
    heedFares(bags)
    return bags
  }()
  let stopCount: Int
  /// By position: the place at which it is boarded, -1 where nobody may.
  let placeOfPosition: UnsafeMutablePointer<Int32>
  /// By pattern: the class of its fares, -1 for none.
  let fareClasses: [Int32]
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
  var segments: [RideSegment] = []
  var riders: [Rider] = []
  var patterns: [Int32] = []
  var touched: [Int32] = []
  /// By stop: where its offers begin and end.
  let offerStarts, offerEnds: UnsafeMutablePointer<Int32>
  var offers: [Offer] = []
  var target: [Target] = []
  var seated: [(pattern: Int32, rider: Rider)] = []
  var seatedKnown: [Int32: [Rider]] = [:]

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
    reckoner = criteria.contains(.price) ? fares.map { FareReckoner($0, FareClock($0, slice)) } : nil
    emissions = criteria.contains(.co2) ? RideMetres(slice) : nil
    stopCount = slice.stopCount
    readyBags = LabelBags(count: stopCount + 1)
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
    fareClasses = (0..<slice.patternCount).map { pattern in
      let route = slice.timetable.patternFareRoutes[Int(slice.sourcePatterns[pattern])]
      return fares.map { route >= 0 && Int(route) < $0.classOfRoute.count ? $0.classOfRoute[Int(route)] : -1 } ?? -1
    }
    (firstPosition, lastPosition) = (numbers(slice.patternCount + 1, 0), numbers(slice.patternCount + 1, 0))
    patternMarks = numbers(slice.patternCount + 1, 0)
    (stopMarks, listMarks) = (numbers(stopCount + 1, 0), numbers(stopCount + 1, 0))
    egress = numbers(stopCount + 1, .max)
    (offerStarts, offerEnds) = (numbers(stopCount + 1, 0), numbers(stopCount + 1, 0))
    seconds = .allocate(capacity: stopCount + 1)
    seconds.initialize(repeating: 0, count: stopCount + 1)
    rides = .allocate(capacity: stopCount + 1)
    rides.initialize(repeating: 0, count: stopCount + 1)
    heedFares(readyBags)
  }

  private func heedFares(_ bags: LabelBags) {
    guard let reckoner else { return }
    bags.hasFares = true
    bags.hurts = { [unowned reckoner] in reckoner.facts[Int($0)].mayHurt }
  }

  deinit {
    for memory in [
      placeOfPosition, firstPosition, lastPosition, patternMarks, stopMarks, listMarks, egress, offerStarts, offerEnds,
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
      let (rides, source) = segments.withUnsafeBufferPointer {
        RideSegment.rides(endingWith: end.segment, left: end.position, of: $0, in: slice)
      }
      var found = WeighedJourney(
        journey: FoundJourney(arrival: end.key.x, boardings: Int(end.round), rides: rides),
        walk: end.key.y, co2: end.key.z, price: end.key.w)
      (found.source, found.target) = (source, Int(end.end))
      return found
    }
    return found.sorted { ($0.journey.boardings, $0.journey.arrival) < ($1.journey.boardings, $1.journey.arrival) }
  }
}
