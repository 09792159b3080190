import Kernel

/// Finds the run of the timetable that a message means.
///
/// A trip is named by its id, or by route, direction and start time. Which day is meant is said, or follows from the
/// times: the day on which the trip would run nearest to them. Which run of a trip that is repeated follows from its
/// start time.
struct TripMatcher {
  typealias Match = (run: Int32, date: LocalDate)

  struct Mismatch: Error {
    let reason: RealtimeReport.Reason
    let value: String

    init(_ reason: RealtimeReport.Reason, _ value: String) {
      (self.reason, self.value) = (reason, value)
    }
  }

  /// A run at a headway can be this far from where the timetable puts it.
  private static let headwaySecondsMax: Int64 = 1800
  /// Without a date, times this far from the plan speak of something else.
  private static let guessSecondsMax: Int64 = 12 * 3600

  let timetable: Timetable
  let runs: RunIndex

  /// - Parameters:
  ///   - trips: those that are named.
  ///   - startDate: the service day, if it is said.
  ///   - startTime: when the run begins, if it is said.
  ///   - near: a moment, and the position of the trip at which it lies; nil where only the moment is known.
  ///   - isExact: only one run may fit, as the trip is not named by its id.
  /// - Returns: the run and its service day.
  /// - Throws: why there is none.
  func match(
    _ trips: [Int32], startDate: String?, startTime: String?, near: (moment: Int64, position: Int?)?,
    isExact: Bool
  ) throws(Mismatch) -> Match {
    let start = try startTime.map(Self.seconds)
    let date = try startDate.map(Self.date)
    var found: [(distance: Int64, match: Match)] = []
    var isRunning = false
    for trip in trips {
      let own = runs.ofTrip[trip] ?? []
      if own.count > 1, start == nil, near?.position == nil { throw Mismatch(.noStartTime, startDate ?? "") }
      for run in own {
        guard let misfit = misfit(run, start: start, isOnly: own.count == 1 && !isExact) else { continue }
        for day in try days(run, date, near?.moment) where timetable.runs(service: service(run), on: day) {
          isRunning = true
          let distance = misfit + (date == nil || start == nil ? self.distance(run, day, near) : 0)
          if date == nil, distance > Self.guessSecondsMax { continue }
          found.append((distance, (run, day)))
        }
      }
    }
    guard let best = found.min(by: { $0.distance < $1.distance }) else {
      throw Mismatch(isRunning || date != nil || near != nil ? .notRunning : .noDate, startDate ?? startTime ?? "")
    }
    if isExact, found.filter({ $0.distance == best.distance }).count > 1 { throw Mismatch(.ambiguousTrip, "") }
    return best.match
  }

  /// How far a run's start is from the one that is wanted; nil if it is another run.
  private func misfit(_ run: Int32, start: Int32?, isOnly: Bool) -> Int64? {
    guard let start, !isOnly else { return 0 }
    let own = timetable.departures[Int(timetable.runTimes[Int(run)])] + timetable.runShifts[Int(run)]
    let misfit = abs(Int64(own) - Int64(start))
    if timetable.runHeadways[Int(run)] == 0 { return misfit == 0 ? 0 : nil }
    return misfit <= Self.headwaySecondsMax ? misfit : nil
  }

  private func service(_ run: Int32) -> Int { Int(timetable.runServices[Int(run)]) }

  /// The day that is said, or those around the moment.
  private func days(_ run: Int32, _ date: LocalDate?, _ moment: Int64?) throws(Mismatch) -> [LocalDate] {
    if let date { return [date] }
    guard let moment, let instant = Instant(feedSeconds: moment) else { throw Mismatch(.noDate, "") }
    let today = zone(run).local(at: instant).date
    return (-2...1).map { today.adding(days: $0) }
  }

  private func distance(_ run: Int32, _ day: LocalDate, _ near: (moment: Int64, position: Int?)?) -> Int64 {
    guard let near else { return 0 }
    let plan = plan(of: run, on: day)
    if let position = near.position, position < plan.arrivals.count {
      return abs(near.moment - plan.arrivals[position])
    }
    guard let first = plan.departures.first, let last = plan.arrivals.last else { return 0 }
    return max(0, first - near.moment, near.moment - last)
  }

  private func zone(_ run: Int32) -> ZoneRules {
    timetable.zones[Int(timetable.patternZones[Int(runs.pattern(of: run))])]
  }

  /// The times of a run on a day, in seconds since 1970.
  func plan(of run: Int32, on day: LocalDate) -> (arrivals: [Int64], departures: [Int64]) {
    let pattern = Int(runs.pattern(of: run))
    let length = Int(timetable.positionStarts[pattern + 1] - timetable.positionStarts[pattern])
    let times = Int(timetable.runTimes[Int(run)])
    let shift = zone(run).serviceDayStart(of: day).secondsSinceEpoch + Int64(timetable.runShifts[Int(run)])
    return (
      (times..<times + length).map { Int64(timetable.arrivals[$0]) + shift },
      (times..<times + length).map { Int64(timetable.departures[$0]) + shift }
    )
  }

  static func date(_ text: String) throws(Mismatch) -> LocalDate {
    var bytes = Array(text.utf8)
    let numbers = bytes.withUnsafeMutableBufferPointer { bytes in
      bytes.baseAddress.flatMap { FieldBytes(trimming: $0, count: bytes.count).dateNumbers }
    }
    // Numbers that are no day are told as such.
    guard let numbers, let date = try? LocalDate(year: numbers.year, month: numbers.month, day: numbers.day) else {
      throw Mismatch(.badDate, text)
    }
    return date
  }

  static func seconds(_ text: String) throws(Mismatch) -> Int32 {
    var bytes = Array(text.utf8)
    let seconds = bytes.withUnsafeMutableBufferPointer { bytes in
      bytes.baseAddress.flatMap { FieldBytes(trimming: $0, count: bytes.count).time }
    }
    guard let seconds else { throw Mismatch(.badDate, text) }
    return seconds
  }
}

/// Runs by their trips, and patterns by their runs.
struct RunIndex {
  let ofTrip: [Int32: [Int32]]
  private let runStarts: UnsafeBufferPointer<Int32>

  init(_ timetable: Timetable) {
    var ofTrip: [Int32: [Int32]] = [:]
    for (run, trip) in timetable.runTrips.enumerated() { ofTrip[trip, default: []].append(Int32(run)) }
    self.ofTrip = ofTrip
    runStarts = timetable.runStarts
  }

  func pattern(of run: Int32) -> Int32 {
    var (low, high) = (0, runStarts.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runStarts[middle] <= run { low = middle } else { high = middle }
    }
    return Int32(low)
  }
}
