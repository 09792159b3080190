import Kernel

/// Which groups of timeframes hold at the seconds of a slice, by the clocks of each system of fares.
///
/// Two seconds at which the same groups hold have the same hours: a small number that prices depend on in their place.
struct FareClock {
  private struct System {
    /// Seconds at which something begins or ends, ascending; hours `i` last until the `i`-th.
    var ends: [Int32] = []
    var groups: [Set<Int32>] = [[]]
  }

  private var systems: [System] = []

  init(_ model: FareModel, _ slice: DaySlice) {
    for (index, system) in model.systems.enumerated() {
      guard case .legs(let legs) = system, !legs.timeGroups.isEmpty else {
        systems.append(System())
        continue
      }
      systems.append(Self.system(legs.timeGroups, model, model.zoneRules[index], slice))
    }
  }

  private static func system(_ groups: [Int32], _ model: FareModel, _ zone: ZoneRules, _ slice: DaySlice) -> System {
    var spans: [(group: Int32, start: Int32, end: Int32)] = []
    for group in groups {
      for timeframe in model.timeframes[Int(group)] {
        for day in -2...3 {
          let date = slice.date.adding(days: day)
          guard slice.timetable.runs(service: Int(timeframe.service), on: date) else { continue }
          func second(_ time: Int32) -> Int32 {
            let date = time >= 86_400 ? date.adding(days: 1) : date
            let moment = zone.moments(of: LocalDateTime(date, secondOfDay: Int(time % 86_400))).earlier
            return Int32(clamping: slice.zero.seconds(until: moment))
          }
          spans.append((group, second(timeframe.start), second(timeframe.end)))
        }
      }
    }
    var result = System()
    result.ends = Set(spans.flatMap { [$0.start, $0.end] }).sorted()
    result.groups = (0...result.ends.count).map { hours in
      let last = hours < result.ends.count ? result.ends[hours] - 1 : Int32.max
      return Set(spans.filter { $0.start <= last && last < $0.end }.map(\.group))
    }
    return result
  }

  /// The hours to which a second belongs.
  func hours(of system: Int32, at second: Int32) -> Int {
    let ends = systems[Int(system)].ends
    if ends.isEmpty { return 0 }
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func isWithin(_ group: Int32, hours: Int, of system: Int32) -> Bool {
    systems[Int(system)].groups[hours].contains(group)
  }
}
