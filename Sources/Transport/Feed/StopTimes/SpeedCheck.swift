import Kernel

/// Finds calls between which no vehicle could be so fast.
struct SpeedCheck {
  private let context: ImportContext

  init(_ context: ImportContext) {
    self.context = context
  }

  /// Compares each call with the one before, as the crow flies.
  ///
  /// Times in whole minutes are given a minute's grace.
  func check(_ times: [CallTimes], _ rows: [Int], _ columns: StopTimeColumns, of trip: GraphKey<TripRow>) {
    let limit = Self.metresPerSecondMax(context.mode(of: context.facts(of: trip).route))
    for index in 1..<rows.count {
      let (from, to) = (context.stop(columns.stops[rows[index - 1]]), context.stop(columns.stops[rows[index]]))
      let seconds = Double(times[index].arrival - times[index - 1].departure) + 60
      // A degree is 111 km at most: only what is far apart needs the sine.
      let most = (abs(from.latitude - to.latitude) + abs(from.longitude - to.longitude)) * 111_400
      guard most > limit * seconds else { continue }
      let metres = Coordinate(from.latitude, from.longitude).metres(to: Coordinate(to.latitude, to.longitude))
      guard metres > limit * seconds else { continue }
      context.notices.add(
        .fastTravel, .usedAsItIs, file: StopTimesFile.name, line: Int(columns.lines[rows[index]]),
        field: "arrival_time",
        value: "\(Int(metres / 1000)) km in \(times[index].arrival - times[index - 1].departure) s")
    }
  }

  private static func metresPerSecondMax(_ mode: RouteMode) -> Double {
    switch mode {
    case .flight: 350
    case .rail, .monorail: 140
    case .gondola, .funicular, .cableTram: 20
    default: 42
    }
  }
}

extension ImportContext {
  func stop(_ number: Int32) -> StopFacts { facts(of: GraphKey(number)) }
}
