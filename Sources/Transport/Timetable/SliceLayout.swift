import Kernel

/// The arrays of a slice while it is cut.
struct SliceLayout {
  let timetable: Timetable
  let date: LocalDate
  let zero: Instant
  let isReversed: Bool
  let changesOfPlan: SliceChanges
  let boarding: BoardingTimes
  let footpaths: FootpathTable
  let isSimple: Bool
  let changes: [Int32]
  private(set) var positionStarts: [Int32] = [0]
  private(set) var eventStarts: [Int32] = [0]
  private(set) var tripStarts: [Int32] = [0]
  private(set) var sourcePatterns: [Int32] = []
  private(set) var positionPatterns: [Int32] = []
  private(set) var callStops: [Int32] = []
  /// By position: 1 riders may board, 2 may alight, in the direction of travel.
  private(set) var callRules: [UInt8] = []
  private(set) var alightStops: [Int32] = []
  private(set) var arrivals: [Int32] = []
  private(set) var departures: [Int32] = []
  private(set) var tripRuns: [Int32] = []
  private(set) var tripDays: [Int32] = []
  private(set) var tripLives: [Int32] = []
  private(set) var placeStarts: [Int32] = []
  private(set) var places: [DaySlice.BoardingPlace] = []
  private(set) var seatedStarts: [Int32] = []
  private(set) var seatedLinks: [DaySlice.SeatedLink] = []

  /// A service day whose runs can lie in the slice, and the second of the slice at which it starts.
  private struct ServiceDay {
    let date: LocalDate
    let start: Int32
  }

  init(
    _ timetable: Timetable, on date: LocalDate, walks: SliceWalks, isReversed: Bool, changes changesOfPlan: SliceChanges
  ) {
    (self.timetable, self.date, self.isReversed) = (timetable, date, isReversed)
    (self.changesOfPlan, boarding) = (changesOfPlan, walks.boarding)
    zero = timetable.mainZoneRules.serviceDayStart(of: date)
    footpaths = isReversed ? walks.footpaths.reversed : walks.footpaths
    changes = (0..<timetable.stopCount).map { stop in
      let own = walks.ignoresStopChanges ? 0 : timetable.stopChanges[stop]
      return own < 0 ? -1 : max(own, walks.changeSeconds)
    }
    isSimple = changes.allSatisfy { $0 == 0 } && footpaths.isClosed
    addTrips()
    addPlaces()
    addSeatedLinks()
  }

  // MARK: Trips

  private mutating func addTrips() {
    let days = serviceDays()
    let overlay = changesOfPlan.overlay
    var group = TripGroup(isReversed: isReversed)
    for pattern in 0..<timetable.patternCount {
      let calls = Int(timetable.positionStarts[pattern])..<Int(timetable.positionStarts[pattern + 1])
      group.clear(length: calls.count, boarding: boarding.seconds(mode: timetable.patternModes[pattern]))
      for run in Int(timetable.runStarts[pattern])..<Int(timetable.runStarts[pattern + 1])
      where !changesOfPlan.leavesOut(run) {
        for day in days[Int(timetable.patternZones[pattern])]
        where timetable.runs(service: Int(timetable.runServices[run]), on: day.date) {
          if let overlay, overlay.replaces(run, on: day.date) { continue }
          group.add(run, on: day.date, start: day.start, of: timetable)
        }
      }
      if let overlay { add(overlay.plain[Int32(pattern)] ?? [], of: overlay, to: &group) }
      for trips in group.chains() {
        add(trips, of: group, pattern, stops: timetable.positionStops[calls], rules: timetable.positionRules[calls])
      }
    }
    for alike in overlay?.shaped ?? [] {
      guard let overlay, let first = alike.first.map({ overlay.trips[Int($0)] }) else { continue }
      group.clear(
        length: first.stops.count, boarding: boarding.seconds(mode: timetable.patternModes[Int(first.pattern)]))
      add(alike, of: overlay, to: &group)
      for trips in group.chains() {
        add(trips, of: group, Int(first.pattern), stops: first.stops[...], rules: first.rules[...])
      }
    }
  }

  private func add(_ trips: [Int32], of overlay: RealtimeOverlay, to group: inout TripGroup) {
    for trip in trips where !changesOfPlan.leavesOut(Int(overlay.trips[Int(trip)].run)) {
      group.add(overlay.trips[Int(trip)], number: trip, zero: zero)
    }
  }

  /// By zone: the service days that can have a run within the slice.
  private func serviceDays() -> [[ServiceDay]] {
    let before = timetable.lastSecond / 86_400 + 2
    return timetable.zones.map { zone in
      (-before...3).map { days in
        let day = date.adding(days: days)
        return ServiceDay(date: day, start: Int32(zero.seconds(until: zone.serviceDayStart(of: day))))
      }
    }
  }

  /// Adds trips of which none overtakes another as a pattern; stops and rules are in the direction of travel.
  private mutating func add<Stops: RandomAccessCollection<Int32>, Rules: RandomAccessCollection<UInt8>>(
    _ trips: [Int], of group: TripGroup, _ pattern: Int, stops: Stops, rules: Rules
  ) where Stops.Index == Int, Rules.Index == Int {
    let length = group.length
    let number = Int32(sourcePatterns.count)
    sourcePatterns.append(Int32(pattern))
    for index in 0..<length {
      let place = isReversed ? length - 1 - index : index
      let (stop, rule) = (stops[stops.startIndex + place], rules[rules.startIndex + place])
      positionPatterns.append(number)
      callStops.append(stop)
      callRules.append(rule)
      alightStops.append(rule & (isReversed ? 1 : 2) != 0 && index > 0 ? stop : Int32(timetable.stopCount))
      for trip in trips { departures.append(group.departures[trip * length + index]) }
    }
    for trip in trips {
      arrivals += group.arrivals[trip * length..<(trip + 1) * length]
      tripRuns.append(group.runs[trip])
      tripDays.append(group.days[trip])
      tripLives.append(group.lives[trip])
    }
    positionStarts.append(Int32(callStops.count))
    eventStarts.append(Int32(arrivals.count))
    tripStarts.append(Int32(tripRuns.count))
  }

  // MARK: Places where riders board

  private mutating func addPlaces() {
    placeStarts = [Int32](repeating: 0, count: timetable.stopCount + 1)
    forEachPlace { stop, _ in placeStarts[stop + 1] += 1 }
    for stop in 0..<timetable.stopCount { placeStarts[stop + 1] += placeStarts[stop] }
    let none = DaySlice.BoardingPlace(departures: 0, tripCount: 0, position: 0, end: 0)
    places = [DaySlice.BoardingPlace](repeating: none, count: Int(placeStarts[timetable.stopCount]))
    var next = placeStarts
    forEachPlace { stop, place in
      places[Int(next[stop])] = place
      next[stop] += 1
    }
  }

  private func forEachPlace(_ body: (_ stop: Int, DaySlice.BoardingPlace) -> Void) {
    for pattern in sourcePatterns.indices {
      let (start, end) = (positionStarts[pattern], positionStarts[pattern + 1])
      let length = Int(end - start)
      let trips = tripStarts[pattern + 1] - tripStarts[pattern]
      for index in 0..<length - 1 {
        guard callRules[Int(start) + index] & (isReversed ? 2 : 1) != 0 else { continue }
        body(
          Int(callStops[Int(start) + index]),
          DaySlice.BoardingPlace(
            departures: eventStarts[pattern] + Int32(index) * trips, tripCount: trips, position: start + Int32(index),
            end: end))
      }
    }
  }

  // MARK: Riders who stay seated

  private mutating func addSeatedLinks() {
    seatedStarts = [Int32](repeating: 0, count: tripRuns.count + 1)
    let pairs = SeatedPairs(
      timetable, runs: seatedRuns, days: tripDays, ends: TripEnds(self), isLive: changesOfPlan.overlay != nil
    ).pairs
    if pairs.isEmpty { return }
    var next: [Int32: [Int32]] = [:]
    for (from, to) in pairs { next[isReversed ? to : from, default: []].append(isReversed ? from : to) }
    for pattern in sourcePatterns.indices {
      let trips = Int(tripStarts[pattern])..<Int(tripStarts[pattern + 1])
      // From the last trip to the first: what a trip can be left for, its riders can also wait for.
      var first: [Int32: DaySlice.SeatedLink] = [:]
      var ofTrip: [[DaySlice.SeatedLink]] = []
      for trip in trips.reversed() {
        for to in next[Int32(trip)] ?? [] {
          let other = patternOfTrip(to)
          let inPattern = to - tripStarts[Int(other)]
          if let known = first[other], known.tripInPattern < inPattern { continue }
          first[other] = DaySlice.SeatedLink(
            via: Int32(trip - trips.lowerBound), trip: to, pattern: other, tripInPattern: inPattern)
        }
        ofTrip.append(first.values.sorted { $0.pattern < $1.pattern })
      }
      for (trip, links) in zip(trips, ofTrip.reversed()) {
        seatedLinks += links
        seatedStarts[trip + 1] = Int32(seatedLinks.count)
      }
    }
  }

  /// By trip: the run that it is, -1 for a trip that the timetable does not have.
  private var seatedRuns: [Int32] {
    guard let overlay = changesOfPlan.overlay else { return tripRuns }
    return zip(tripRuns, tripLives).map { run, live in live >= 0 && !overlay.trips[Int(live)].isRun ? -1 : run }
  }

  private func patternOfTrip(_ trip: Int32) -> Int32 {
    var (low, high) = (0, sourcePatterns.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if tripStarts[middle] <= trip { low = middle } else { high = middle }
    }
    return Int32(low)
  }
}
