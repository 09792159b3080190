/// The runs of all patterns: a trip has one, a trip repeated at a headway has one for each departure.
///
/// A headway without a timetable (`exact_times` 0) is run as if its departures were those of one: the first at the
/// start of the period. Such runs are marked, so that journeys can say that their times are approximate.
struct RunTable {
  private struct Run {
    let first: Int32
    let last: Int32
    let times: Int32
    let shift: Int32
    let service: Int32
    let trip: Int32
    let isHeadway: Bool
  }

  /// A trip repeated more often than this within one period of its service is an error in the feed.
  private static let repeatsMax = 20_000

  private var runs: [Run] = []
  private(set) var starts: [Int32] = [0]
  private var blockStarts: [Int32] = [0]
  private var blockRuns: [Int32] = []
  private var forbidden: [Int32] = []
  private var allowed: [Int32] = []
  private(set) var lastSecond: Int32 = 0

  init(_ source: CompiledSource, _ patterns: PatternTable) {
    var ofPattern = [[Run]](repeating: [], count: patterns.count)
    for (index, pattern) in patterns.ofTrip.enumerated() where pattern >= 0 {
      ofPattern[Int(pattern)] += Self.runs(of: index, source)
    }
    for var group in ofPattern {
      group.sort { ($0.first, $0.last, $0.trip) < ($1.first, $1.last, $1.trip) }
      runs += group
      starts.append(Int32(runs.count))
    }
    lastSecond = runs.map(\.last).max() ?? 0
    joinBlocks(source)
  }

  private static func runs(of index: Int, _ source: CompiledSource) -> [Run] {
    let trip = source.trips[index]
    let calls = source.calls(of: index)
    let (first, last) = (source.departures[calls.lowerBound], source.arrivals[calls.upperBound - 1])
    func run(_ shift: Int32, _ isHeadway: Bool) -> Run {
      Run(
        first: first + shift, last: last + shift, times: Int32(calls.lowerBound), shift: shift, service: trip.service,
        trip: trip.number, isHeadway: isHeadway)
    }
    guard let frequencies = source.frequencies[trip.number] else { return [run(0, false)] }
    var runs: [Run] = []
    for frequency in frequencies {
      var time = frequency.start
      while time < frequency.end, runs.count < repeatsMax {
        runs.append(run(time - first, !frequency.isExact))
        time += frequency.headway
      }
    }
    return runs
  }

  // MARK: Riders who stay seated

  private mutating func joinBlocks(_ source: CompiledSource) {
    var ofBlock = [[Int32]](repeating: [], count: source.blockCount)
    var ofTrip: [Int32: [Int32]] = [:]
    let named = Set(source.seatedTransfers.flatMap { [$0.from, $0.to] })
    for (index, run) in runs.enumerated() {
      let block = source.trips[Int(run.trip)].block
      if block >= 0 && !run.isHeadway { ofBlock[Int(block)].append(Int32(index)) }
      if named.contains(run.trip) { ofTrip[run.trip, default: []].append(Int32(index)) }
    }
    for var block in ofBlock where block.count > 1 {
      block.sort { (runs[Int($0)].first, runs[Int($0)].last, $0) < (runs[Int($1)].first, runs[Int($1)].last, $1) }
      blockRuns += block
      blockStarts.append(Int32(blockRuns.count))
    }
    for transfer in source.seatedTransfers {
      for from in ofTrip[transfer.from] ?? [] {
        for to in ofTrip[transfer.to] ?? [] where runs[Int(to)].first >= runs[Int(from)].last {
          if transfer.type == .inSeat { allowed += [from, to] } else { forbidden += [from, to] }
        }
      }
    }
  }

  func put(in writer: inout TimetableWriter) {
    writer.put(starts, as: .runStarts)
    writer.put(runs.map(\.times), as: .runTimes)
    writer.put(runs.map(\.shift), as: .runShifts)
    writer.put(runs.map(\.service), as: .runServices)
    writer.put(runs.map(\.trip), as: .runTrips)
    writer.put(runs.map { $0.isHeadway ? 1 : 0 } as [UInt8], as: .runHeadways)
    writer.put(blockStarts, as: .blockStarts)
    writer.put(blockRuns, as: .blockRuns)
    writer.put(forbidden, as: .seatedForbidden)
    writer.put(allowed, as: .seatedAllowed)
  }
}
