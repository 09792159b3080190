/// The times of a trip after what is said about some of its calls.
///
/// As the specification has it: what is said about a call holds for all later ones until the next that something is
/// said about, skipped calls included; where there is "no data" the timetable holds again. Of a moment and a delay the
/// moment counts. What comes out never goes back in time: a vehicle leaves no stop before it has come there, and no
/// later than it comes to the next.
struct DelayPropagation {
  /// No delay, and no lead, is longer: such a message speaks of another day.
  static let secondsMax: Int64 = 86_400

  private(set) var arrivals: [Int64]
  private(set) var departures: [Int64]
  private(set) var isSkipped: [Bool]
  /// A time differs from the plan by more than a day.
  private(set) var isImplausible = false

  /// - Parameters:
  ///   - arrivals: as planned, in seconds since 1970.
  ///   - departures: the same.
  ///   - updates: by position.
  ///   - delay: that of the whole trip, where nothing more exact is said.
  init(arrivals: [Int64], departures: [Int64], updates: [Int: CallUpdate], delay: Int32?) {
    (self.arrivals, self.departures) = (arrivals, departures)
    isSkipped = [Bool](repeating: false, count: arrivals.count)
    var known = delay.map(Int64.init)
    var firstKnown = delay == nil ? nil : 0
    for position in arrivals.indices {
      let update = updates[position]
      if update?.relationship == .noData { known = nil }
      self.arrivals[position] += known ?? 0
      self.departures[position] += known ?? 0
      guard let update else { continue }
      switch update.relationship {
      case .skipped: isSkipped[position] = true
      case .noData: break
      case .scheduled, .unscheduled:
        guard update.arrival != nil || update.departure != nil else { break }
        known = apply(update, at: position, planned: (arrivals[position], departures[position]))
        firstKnown = firstKnown ?? position
      }
    }
    straighten(firstKnown: firstKnown ?? 0)
    for (now, plan) in zip(self.arrivals + self.departures, arrivals + departures)
    where !(-Self.secondsMax...Self.secondsMax).contains(now &- plan) {
      isImplausible = true
    }
  }

  /// - Returns: the delay that holds from here.
  private mutating func apply(
    _ update: CallUpdate, at position: Int, planned: (arrival: Int64, departure: Int64)
  ) -> Int64 {
    var delay: Int64 = 0
    if let arrival = update.arrival {
      delay = Self.delay(of: arrival, planned: planned.arrival)
      arrivals[position] = planned.arrival + delay
      departures[position] = planned.departure + delay
    }
    if let departure = update.departure {
      delay = Self.delay(of: departure, planned: planned.departure)
      departures[position] = planned.departure + delay
      if update.arrival == nil { arrivals[position] = min(arrivals[position], departures[position]) }
    }
    return delay
  }

  private static func delay(of event: CallUpdate.Event, planned: Int64) -> Int64 {
    guard let time = event.time else { return Int64(event.delay ?? 0) }
    let (delay, overflows) = time.subtractingReportingOverflow(planned)
    // What cannot be reckoned with is told to be implausible afterwards.
    return overflows || abs(delay) > 4 * secondsMax ? 4 * secondsMax : delay
  }

  private mutating func straighten(firstKnown: Int) {
    // A vehicle that is early somewhere has been early before.
    for position in (0..<firstKnown).reversed() {
      departures[position] = min(departures[position], arrivals[position + 1])
      arrivals[position] = min(arrivals[position], departures[position])
    }
    for position in arrivals.indices {
      if position > 0 { arrivals[position] = max(arrivals[position], departures[position - 1]) }
      departures[position] = max(departures[position], arrivals[position])
    }
  }
}
