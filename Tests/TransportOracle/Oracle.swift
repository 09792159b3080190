/// Finds journeys the slow way: every run of every day, stop by stop, once for each number of boardings.
///
/// Shares nothing with the search: no patterns, no order of trips, no bounds, no slices.
package struct Oracle {
  package struct Call {
    package var stop: Int
    package var arrival: Int
    package var departure: Int
    package var mayBoard: Bool
    package var mayAlight: Bool

    /// A call.
    package init(stop: Int, arrival: Int, departure: Int, mayBoard: Bool, mayAlight: Bool) {
      (self.stop, self.arrival, self.departure) = (stop, arrival, departure)
      (self.mayBoard, self.mayAlight) = (mayBoard, mayAlight)
    }

    package func moved(by seconds: Int) -> Call {
      Call(
        stop: stop, arrival: arrival + seconds, departure: departure + seconds, mayBoard: mayBoard,
        mayAlight: mayAlight)
    }
  }

  private struct Run {
    let block: Int?
    let calls: [Call]

    var first: Int { calls[0].departure }
    var last: Int { calls[calls.count - 1].arrival }
  }

  private let runs: [Run]
  private let walks: [[Int: Int]]
  private let changes: [Int]

  /// Seconds since 1970 at noon minus twelve hours in Berlin: noon is 11:00 UTC in winter and 10:00 from the 29th on.
  package static func dayStart(march day: Int) -> Int { 1_772_323_200 + (day - 1) * 86_400 - (day >= 29 ? 7200 : 3600) }

  /// A run's name among what goes otherwise: its trip, its day, and when it starts.
  package static func key(_ trip: Int, _ day: Int, _ start: Int) -> String { "\(trip) \(day) \(start)" }

  /// Lists the runs.
  ///
  /// - Parameters:
  ///   - feed: what is planned.
  ///   - changed: what goes otherwise, by ``key(_:_:_:)``: the calls in fact, nil for cancelled.
  ///   - added: runs that are not planned: the day, and the calls.
  package init(_ feed: RandomFeed, changed: [String: [Call]?] = [:], added: [(day: Int, calls: [Call])] = []) {
    var runs: [Run] = []
    for (index, trip) in feed.trips.enumerated() {
      let own = trip.calls[0].departure
      var starts = [own]
      if let repeats = trip.repeats {
        starts = Array(stride(from: repeats.start, to: repeats.end, by: repeats.headway))
      }
      for day in RandomFeed.services[trip.service] {
        for start in starts {
          var calls = trip.calls.map {
            Call(
              stop: $0.stop, arrival: $0.arrival + start - own, departure: $0.departure + start - own,
              mayBoard: $0.mayBoard, mayAlight: $0.mayAlight)
          }
          if !changed.isEmpty, let fact = changed[Self.key(index, day, start)] {
            guard let fact else { continue }
            calls = fact
          }
          runs.append(
            Run(
              // A block is one vehicle on one day.
              block: trip.block.map { $0 * 100 + day }, calls: calls.map { $0.moved(by: Self.dayStart(march: day)) }))
        }
      }
    }
    for (day, calls) in added {
      runs.append(Run(block: nil, calls: calls.map { $0.moved(by: Self.dayStart(march: day)) }))
    }
    self.runs = runs.sorted { ($0.first, $0.last) < ($1.first, $1.last) }
    var walks = [[Int: Int]](repeating: [:], count: RandomFeed.stopCount)
    var changes = [Int](repeating: 0, count: RandomFeed.stopCount)
    for transfer in feed.transfers {
      if transfer.from == transfer.to {
        changes[transfer.from] = transfer.seconds
      } else {
        walks[transfer.from][transfer.to] = min(walks[transfer.from][transfer.to] ?? .max, transfer.seconds)
      }
    }
    (self.walks, self.changes) = (walks, changes)
  }

  package func walk(from: Int, to: Int) -> Int? { from == to ? 0 : walks[from][to] }

  /// The earliest arrival for each number of boardings that makes it earlier, walking alone being none.
  package func front(from: Int, to: Int, at departure: Int) -> [Int: Int] {
    var ready = [Int](repeating: .max, count: RandomFeed.stopCount)
    ready[from] = departure
    for (stop, seconds) in walks[from] { ready[stop] = departure + seconds }
    var best = walk(from: from, to: to).map { departure + $0 } ?? Int.max
    var front: [Int: Int] = best < .max ? [0: best] : [:]
    for boardings in 1...12 {
      let arrived = ride(ready)
      var end = arrived[to]
      for stop in 0..<RandomFeed.stopCount where arrived[stop] < .max {
        if let seconds = walks[stop][to] { end = min(end, arrived[stop] + seconds) }
      }
      if end < best {
        best = end
        front[boardings] = end
      }
      ready = changed(ready, arrived)
    }
    return front
  }

  private func ride(_ ready: [Int]) -> [Int] {
    var arrived = [Int](repeating: .max, count: RandomFeed.stopCount)
    // By block: where and when its last trip has ended, and whether riders are still in the vehicle.
    var vehicles: [Int: (stop: Int, time: Int, isOccupied: Bool)] = [:]
    for run in runs {
      let vehicle = run.block.flatMap { vehicles[$0] }
      var isOnBoard = vehicle.map { $0.isOccupied && $0.stop == run.calls[0].stop && $0.time <= run.first } ?? false
      for (position, call) in run.calls.enumerated() {
        if isOnBoard && call.mayAlight && position > 0 { arrived[call.stop] = min(arrived[call.stop], call.arrival) }
        if position < run.calls.count - 1, call.mayBoard, ready[call.stop] <= call.departure { isOnBoard = true }
      }
      if let block = run.block { vehicles[block] = (run.calls[run.calls.count - 1].stop, run.last, isOnBoard) }
    }
    return arrived
  }

  private func changed(_ ready: [Int], _ arrived: [Int]) -> [Int] {
    var result = ready
    for stop in 0..<RandomFeed.stopCount where arrived[stop] < .max {
      result[stop] = min(result[stop], arrived[stop] + changes[stop])
      for (other, seconds) in walks[stop] { result[other] = min(result[other], arrived[stop] + seconds) }
    }
    return result
  }
}
