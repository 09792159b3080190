/// All journeys of which none is at once earlier, of fewer rides and with less walking than another.
///
/// Rounds as in ``RoundSearch``, but every stop has a bag of labels (McRAPTOR: Delling, Pajor, Werneck 2012). In a round
/// every new label boards the first trip of each pattern of its stop; the boardings of a pattern are then ridden
/// together, each as long as no earlier trip with no more walking has come aboard. What a bound shows to come to the
/// target no better than a journey that is known is left out, so the set is exact.
package final class WalkSearch {
  package typealias Found = (journey: FoundJourney, walk: Int32)

  /// A trip boarded at a position by riders who have walked so long.
  private struct Boarding {
    let position: Int32
    let trip: Int32
    let walk: Int32
    let segment: Int32
  }

  private struct Segment {
    let trip: Int32
    let boarded: Int32
    let parent: Int32
    let parentPosition: Int32
  }

  private struct Start {
    let stop: Int32
    let label: LabelBags.Label
  }

  package let slice: DaySlice
  package private(set) var work = SearchWork()
  private let bounds: TravelBounds?
  private let rideBags: LabelBags
  private let readyBags: LabelBags
  private var segments: [Segment] = []
  private var boardings: [Boarding] = []
  private var aboard: [Boarding] = []
  private var starts: [Start] = []
  private var nextStarts: [Start] = []
  private var ridden: [Int32] = []
  private var marks: [Int32]
  private var mark: Int32 = 0
  private var target: [LabelBags.Label] = []
  private var seatedKnown: [Int32: [Boarding]] = [:]
  private var egress: [Int32]
  private var seconds: [UInt16]
  private var rides: [UInt8]

  package init(_ slice: DaySlice, bounds: TravelBounds?) {
    (self.slice, self.bounds) = (slice, bounds)
    rideBags = LabelBags(count: slice.stopCount + 1)
    readyBags = LabelBags(count: slice.stopCount + 1)
    marks = [Int32](repeating: 0, count: slice.stopCount + 1)
    egress = [Int32](repeating: .max, count: slice.stopCount + 1)
    seconds = [UInt16](repeating: 0, count: slice.stopCount + 1)
    rides = [UInt8](repeating: 0, count: slice.stopCount + 1)
  }

  /// The whole set, the fewest rides first, then by arrival.
  ///
  /// - Parameters:
  ///   - query: sources and targets count as walked to and from.
  ///   - directWalk: seconds of walking all the way; what is no better is left out.
  /// - Returns: the journeys with the seconds walked in each.
  package func journeys(_ query: StopQuery, directWalk: Int32? = nil) -> [Found] {
    begin(query, directWalk)
    var found: [Found] = []
    var round: Int32 = 0
    while !starts.isEmpty, round < query.ridesMax {
      round += 1
      board(query, round)
      ride(query, round)
      for label in target where label.round == round {
        found.append(
          (
            FoundJourney(arrival: label.time, boardings: Int(round), rides: rides(of: label)), label.walk
          ))
      }
      change(round, query)
    }
    work = SearchWork(rounds: Int(round), segments: segments.count, labels: work.labels)
    for stop in query.targets { egress[Int(stop.stop)] = .max }
    return found.sorted { ($0.journey.boardings, $0.journey.arrival) < ($1.journey.boardings, $1.journey.arrival) }
  }

  // MARK: Rounds

  private func begin(_ query: StopQuery, _ directWalk: Int32?) {
    rideBags.begin()
    readyBags.begin()
    work = SearchWork()
    segments.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    seatedKnown.removeAll(keepingCapacity: true)
    target.removeAll(keepingCapacity: true)
    for stop in query.targets { egress[Int(stop.stop)] = min(egress[Int(stop.stop)], stop.seconds) }
    setBounds(query)
    if let directWalk {
      target.append(
        LabelBags.Label(time: query.departure + directWalk, walk: directWalk, segment: -1, position: -1, round: 0))
    }
    for source in query.sources {
      let label = LabelBags.Label(
        time: query.departure + source.seconds, walk: source.seconds, segment: -1, position: -1, round: 0)
      if readyBags.covers(Int(source.stop), time: label.time, walk: label.walk) { continue }
      readyBags.add(label, to: Int(source.stop))
      starts.append(Start(stop: source.stop, label: label))
    }
  }

  private func setBounds(_ query: StopQuery) {
    guard let bounds, !query.targets.isEmpty else { return }
    let direct = query.targets.filter { $0.seconds == 0 }
    let cells = Set((direct.isEmpty ? query.targets : direct).map { Int(bounds.cells[Int($0.stop)]) })
    let stopCount = slice.stopCount
    for stop in 0..<stopCount { (seconds[stop], rides[stop]) = (.max, .max) }
    for cell in cells {
      for stop in 0..<stopCount {
        seconds[stop] = min(seconds[stop], bounds.seconds[cell * stopCount + stop])
        rides[stop] = min(rides[stop], bounds.rides[cell * stopCount + stop])
      }
    }
  }

  /// Whether nothing new can come of being at a stop: too late, too many rides, or a known journey is no worse.
  private func isHopeless(_ stop: Int, time: Int32, walk: Int32, ridesLeft: Int, _ query: StopQuery) -> Bool {
    let least = time + Int32(seconds[stop])
    if least >= query.before || Int(rides[stop]) > ridesLeft { return true }
    return isBeaten(time: least, walk: walk)
  }

  private func isBeaten(time: Int32, walk: Int32) -> Bool {
    target.withUnsafeBufferPointer { labels in
      for index in 0..<labels.count where labels[index].time <= time && labels[index].walk <= walk { return true }
      return false
    }
  }

  private func board(_ query: StopQuery, _ round: Int32) {
    boardings.removeAll(keepingCapacity: true)
    let ridesLeft = query.ridesMax - Int(round) + 1
    for start in starts {
      let (stop, label) = (Int(start.stop), start.label)
      if isHopeless(stop, time: label.time, walk: label.walk, ridesLeft: ridesLeft, query) { continue }
      for place in Int(slice.placeStarts[stop])..<Int(slice.placeStarts[stop + 1]) {
        let boarding = slice.places[place]
        let row = slice.departures + Int(boarding.departures)
        let count = Int(boarding.tripCount)
        if row[count - 1] < label.time { continue }
        var (low, size) = (0, count)
        while size > 1 {
          let half = size >> 1
          low = row[low + half - 1] < label.time ? low + half : low
          size -= half
        }
        let least = row[low] + Int32(seconds[stop])
        if least >= query.before || isBeaten(time: least, walk: label.walk) { continue }
        let pattern = Int(slice.positionPatterns[Int(boarding.position)])
        if query.isFiltered, !slice.isAllowed(pattern, query) { continue }
        let trip = slice.tripStarts[pattern] + Int32(low)
        add(
          Boarding(position: boarding.position, trip: trip, walk: label.walk, segment: Int32(segments.count)),
          parent: label.segment, parentPosition: label.position)
      }
    }
    if slice.hasSeatedLinks { addSeated() }
  }

  private func add(_ boarding: Boarding, parent: Int32, parentPosition: Int32) {
    segments.append(
      Segment(trip: boarding.trip, boarded: boarding.position, parent: parent, parentPosition: parentPosition))
    boardings.append(boarding)
  }

  /// Riders who stay seated come aboard the next trip at its first position.
  private func addSeated() {
    var index = 0
    while index < boardings.count {
      let boarding = boardings[index]
      index += 1
      let own = slice.tripStarts[Int(slice.positionPatterns[Int(boarding.position)])]
      for link in slice.seatedStarts[Int(boarding.trip)]..<slice.seatedStarts[Int(boarding.trip) + 1] {
        let seated = slice.seatedLinks[Int(link)]
        let known = seatedKnown[seated.pattern] ?? []
        if known.contains(where: { $0.trip <= seated.trip && $0.walk <= boarding.walk }) { continue }
        var parent = boarding.segment
        if own + seated.via != boarding.trip {
          let before = segments[Int(boarding.segment)]
          parent = Int32(segments.count)
          segments.append(
            Segment(
              trip: own + seated.via, boarded: boarding.position, parent: before.parent,
              parentPosition: before.parentPosition))
        }
        let next = Boarding(
          position: slice.positionStarts[Int(seated.pattern)], trip: seated.trip, walk: boarding.walk,
          segment: Int32(segments.count))
        seatedKnown[seated.pattern, default: []].append(next)
        add(next, parent: parent, parentPosition: RoundScratch.seated)
      }
    }
  }

  private func ride(_ query: StopQuery, _ round: Int32) {
    // Positions are numbered pattern by pattern: in their order the boardings of a pattern stand together.
    boardings.sort { $0.position != $1.position ? $0.position < $1.position : $0.trip < $1.trip }
    ridden.removeAll(keepingCapacity: true)
    mark += 1
    let ridesLeft = query.ridesMax - Int(round)
    var index = 0
    while index < boardings.count {
      let pattern = Int(slice.positionPatterns[Int(boardings[index].position)])
      let (start, end) = (slice.positionStarts[pattern], slice.positionStarts[pattern + 1])
      let length = Int(end - start)
      let firstTrip = slice.tripStarts[pattern]
      let events = slice.arrivals + Int(slice.eventStarts[pattern])
      aboard.removeAll(keepingCapacity: true)
      var position = boardings[index].position
      while position < end {
        let stop = Int(slice.alightStops[Int(position)])
        if stop < slice.stopCount {
          for rider in 0..<aboard.count {
            let boarding = aboard[rider]
            let time = events[Int(boarding.trip - firstTrip) * length + Int(position - start)]
            arrive(stop, time, boarding, position, round, ridesLeft, query)
          }
        }
        while index < boardings.count, boardings[index].position == position {
          comeAboard(boardings[index])
          index += 1
        }
        position += 1
      }
    }
  }

  private func comeAboard(_ boarding: Boarding) {
    for rider in aboard where rider.trip <= boarding.trip && rider.walk <= boarding.walk { return }
    aboard.removeAll { boarding.trip <= $0.trip && boarding.walk <= $0.walk }
    aboard.append(boarding)
  }

  private func arrive(
    _ stop: Int, _ time: Int32, _ boarding: Boarding, _ position: Int32, _ round: Int32, _ ridesLeft: Int,
    _ query: StopQuery
  ) {
    if rideBags.covers(stop, time: time, walk: boarding.walk)
      || isHopeless(stop, time: time, walk: boarding.walk, ridesLeft: ridesLeft, query)
    {
      return
    }
    rideBags.add(
      LabelBags.Label(time: time, walk: boarding.walk, segment: boarding.segment, position: position, round: round),
      to: stop)
    work.labels += 1
    if marks[stop] != mark {
      marks[stop] = mark
      ridden.append(Int32(stop))
    }
    let last = egress[stop]
    guard last < .max else { return }
    let (end, walk) = (time + last, boarding.walk + last)
    if end >= query.before || isBeaten(time: end, walk: walk) { return }
    // What an earlier round has found stays, as it has fewer rides.
    target.removeAll { $0.round == round && $0.time >= end && $0.walk >= walk }
    target.append(
      LabelBags.Label(time: end, walk: walk, segment: boarding.segment, position: position, round: round))
  }

  private func change(_ round: Int32, _ query: StopQuery) {
    nextStarts.removeAll(keepingCapacity: true)
    let ridesLeft = query.ridesMax - Int(round)
    mark += 1
    var touched: [Int32] = []
    func offer(_ stop: Int32, _ label: LabelBags.Label) {
      if readyBags.covers(Int(stop), time: label.time, walk: label.walk)
        || isHopeless(Int(stop), time: label.time, walk: label.walk, ridesLeft: ridesLeft, query)
      {
        return
      }
      readyBags.add(label, to: Int(stop))
      if marks[Int(stop)] != mark {
        marks[Int(stop)] = mark
        touched.append(stop)
      }
    }
    for stop in ridden {
      let change = slice.changes[Int(stop)]
      for label in rideBags.labels(Int(stop)) where label.round == round {
        if change >= 0 { offer(stop, label.later(by: change, walking: 0)) }
        for path in Int(slice.footpathStarts[Int(stop)])..<Int(slice.footpathStarts[Int(stop) + 1]) {
          let seconds = slice.footpathSeconds[path]
          if label.time + seconds >= query.before { break }
          offer(slice.footpathStops[path], label.later(by: seconds, walking: seconds))
        }
      }
    }
    for stop in touched {
      for label in readyBags.labels(Int(stop)) where label.round == round {
        nextStarts.append(Start(stop: stop, label: label))
      }
    }
    swap(&starts, &nextStarts)
  }

  private func rides(of label: LabelBags.Label) -> [FoundJourney.Ride] {
    var found: [FoundJourney.Ride] = []
    var (index, position) = (label.segment, label.position)
    while index >= 0 {
      let segment = segments[Int(index)]
      let isSeated = segment.parentPosition == RoundScratch.seated
      found.append(FoundJourney.Ride(trip: segment.trip, boarded: segment.boarded, left: position, isSeated: isSeated))
      if isSeated {
        let before = segments[Int(segment.parent)]
        position = slice.positionStarts[Int(slice.positionPatterns[Int(before.boarded)]) + 1] - 1
      } else {
        position = segment.parentPosition
      }
      index = segment.parent
    }
    return found.reversed()
  }
}

extension LabelBags.Label {
  /// The same riders some time later, elsewhere perhaps.
  fileprivate func later(by seconds: Int32, walking: Int32) -> LabelBags.Label {
    LabelBags.Label(time: time + seconds, walk: walk + walking, segment: segment, position: position, round: round)
  }
}
