/// A problem laid out for searching: numbered nodes, flat arrays, 32-bit times.
///
/// The idea: every way to do an activity (a variant within windows of one bonus) is a node; where days begin and end are
/// further nodes behind them. A node that has siblings shares with them a limit of one. So budgets, categories, type
/// caps, groups and variants are all the same thing to the search: amounts of limits. Mandatory nodes score more than
/// everything else together. Travel times include the duration at the node one leaves.
///
/// The memory is written while it is made and only read afterwards, by any number of searches.
// Unchecked: the pointers are written by `init` alone and freed by `deinit`; in between everybody only reads.
final class Instance: @unchecked Sendable {
  /// How nodes that are visits come to be.
  struct Origin {
    let activity: Int
    let variant: Int
    let bonus: Int
  }

  /// Visits are nodes below this number.
  let visitCount: Int
  /// All nodes, with the terminals of days.
  let nodeCount: Int
  let dayCount: Int
  let origins: [Origin]
  let placeOfNode: [Int]

  // Per day.
  let startNode: [Int32]
  let endNode: [Int32]
  let opens: [Int32]
  let closes: [Int32]

  /// Duration at a node.
  let duration: UnsafeMutablePointer<Int32>
  /// Time from start at one node to arrival at another: `leg[from * nodeCount + to]`.
  let leg: UnsafeMutablePointer<Int32>
  /// The same by columns: `legTo[to * nodeCount + from]`.
  let legTo: UnsafeMutablePointer<Int32>
  /// The ways to go, of which each leg takes one; ``leg`` is at most what the best of them takes at any time.
  let ways: UnsafeMutablePointer<Way>
  let wayCount: Int
  /// Fares by way and nodes, `fares[(way * nodeCount + from) * nodeCount + to]`; nil if all is free.
  let fares: UnsafeMutablePointer<Int64>?

  /// 0 if all days have the same windows, scores and prices, else `visitCount`.
  let dayStride: Int
  /// The first window of a node on a day, and behind its last: `windowFirst[day * dayStride + node]`.
  let windowFirst: UnsafeMutablePointer<Int32>
  let windowEnd: UnsafeMutablePointer<Int32>
  let windowOpens: UnsafeMutablePointer<Int32>
  let windowCloses: UnsafeMutablePointer<Int32>
  let windowCount: Int
  /// The earliest opening and the latest start of a node on a day; the latter lies before every day if there is none.
  let earliestOpen: UnsafeMutablePointer<Int32>
  let latestClose: UnsafeMutablePointer<Int32>
  /// Whether every node has at most one window a day and legs neither change over the day nor use limits.
  let isPlain: Bool
  /// What a node is worth on a day, mandatory wishes included.
  let value: UnsafeMutablePointer<Int64>
  /// What a node costs on a day.
  let price: UnsafeMutablePointer<Int64>
  /// What a mandatory wish is worth more than all scores together.
  let mandatoryValue: Int64

  let limits: LimitTable
  let plainLimits: LimitTable.Plain
  /// How many limits are limits or groups of the problem; behind them come those between variants of one activity.
  let namedLimitCount: Int
  let lodgings: LodgingTable
  let varieties: VarietyTable
  let comfort: ComfortTable
  /// Nodes that must stand before each node, if they stand anywhere; empty without any precedence.
  let mustPrecede: [[Int32]]
  /// Nodes that must stand after each node, if they stand anywhere.
  let mustFollow: [[Int32]]

  init(_ problem: Problem) {
    var layout = InstanceLayout(problem)
    layout.makeNodes()
    layout.makeTerminals()
    origins = layout.origins
    placeOfNode = layout.placeOfNode
    visitCount = layout.origins.count
    nodeCount = layout.placeOfNode.count
    dayCount = problem.days.count
    startNode = layout.startNode
    endNode = layout.endNode
    opens = problem.days.map { Int32($0.opens) }
    closes = problem.days.map { Int32($0.closes) }
    duration = .copy(layout.durations)
    wayCount = problem.travel.options.count
    ways = .copy(layout.ways())
    fares = layout.fares().map { .copy($0) }
    let legs = layout.legs()
    leg = .copy(legs)
    legTo = .copy(InstanceLayout.transposed(legs, side: layout.placeOfNode.count))
    let windows = layout.windows()
    dayStride = windows.dayStride
    windowFirst = .copy(windows.first)
    windowEnd = .copy(windows.end)
    windowOpens = .copy(windows.opens)
    windowCloses = .copy(windows.closes)
    windowCount = windows.opens.count
    earliestOpen = .copy(windows.earliestOpen)
    latestClose = .copy(windows.latestClose)
    value = .copy(windows.value)
    price = .copy(windows.price)
    mandatoryValue = layout.mandatoryValue
    limits = layout.limitTable(prices: windows.price, dayStride: windows.dayStride, fares: fares)
    plainLimits = limits.plain()
    namedLimitCount = problem.limits.count + problem.groups.count
    lodgings = layout.lodgingTable()
    varieties = layout.varietyTable()
    comfort = ComfortTable(problem, layout.origins)
    (mustPrecede, mustFollow) = layout.orders()
    isPlain =
      !windows.hasSeveral && wayCount == 1 && problem.travel.options[0].profile == nil && !limits.countsLegs
      && fares == nil && mustPrecede.isEmpty && !comfort.hasAny
  }

  deinit {
    for way in 0..<wayCount { ways[way].deallocate() }
    ways.deallocate()
    fares?.deallocate()
    limits.deallocate()
    plainLimits.deallocate()
    duration.deallocate()
    leg.deallocate()
    legTo.deallocate()
    windowFirst.deallocate()
    windowEnd.deallocate()
    windowOpens.deallocate()
    windowCloses.deallocate()
    earliestOpen.deallocate()
    latestClose.deallocate()
    value.deallocate()
    price.deallocate()
  }

  /// Whether all days have the same windows, scores, prices, wishes and ends, no night being open.
  var areDaysSame: Bool {
    dayStride == 0 && lodgings.isEmpty
      && (0..<dayCount).allSatisfy {
        startNode[$0] == startNode[0] && endNode[$0] == endNode[0] && comfort.days[$0] == comfort.days[0]
      }
  }

  /// Whether some visit is worth more on one day than on another.
  var doValuesDiffer: Bool {
    dayStride != 0
      && (0..<visitCount).contains { visit in
        (1..<dayCount).contains { value[$0 * dayStride + visit] != value[visit] }
      }
  }

  // MARK: Time, in general

  /// One way to go.
  struct Way {
    /// Time from start at one node to arrival at another, where it is the same all day.
    let leg: UnsafeMutablePointer<Int32>
    let clock: TravelClock?

    func deallocate() {
      leg.deallocate()
      clock?.deallocate()
    }
  }

  /// The cell of a leg in matrices by way and nodes.
  @inline(__always)
  func cell(from: Int, to: Int, by way: Int32) -> Int {
    (Int(way) &* nodeCount &+ from) &* nodeCount &+ to
  }

  /// When one arrives after having begun at a node.
  @inline(__always)
  func arrival(from: Int, to: Int, began start: Int32, by way: Int32) -> Int32 {
    let way = ways + Int(way)
    guard let clock = way.pointee.clock else { return start &+ way.pointee.leg[from &* nodeCount &+ to] }
    return clock.arrival(from: from, to: to, leaving: start &+ duration[from])
  }

  /// When one arrives by the fastest way.
  @inline(__always)
  func arrival(from: Int, to: Int, began start: Int32) -> Int32 {
    var soonest = arrival(from: from, to: to, began: start, by: 0)
    var way: Int32 = 1
    while way < Int32(truncatingIfNeeded: wayCount) {
      soonest = min(soonest, arrival(from: from, to: to, began: start, by: way))
      way &+= 1
    }
    return soonest
  }

  /// The latest start at a node that still arrives in time.
  @inline(__always)
  func latestStart(from: Int, to: Int, arriving time: Int32, by way: Int32) -> Int32 {
    let way = ways + Int(way)
    guard let clock = way.pointee.clock else { return time &- way.pointee.leg[from &* nodeCount &+ to] }
    return clock.latestDeparture(from: from, to: to, arriving: time) &- duration[from]
  }

  /// The earliest start at or after a time, or `never`.
  @inline(__always)
  func start(at node: Int, day: Int, from time: Int32) -> Int32 {
    let cell = day &* dayStride &+ node
    var window = Int(windowFirst[cell])
    let end = Int(windowEnd[cell])
    while window < end {
      if time <= windowCloses[window] { return max(time, windowOpens[window]) }
      window &+= 1
    }
    return Instance.never
  }

  /// The latest start at or before a time, or `always`.
  @inline(__always)
  func lastStart(at node: Int, day: Int, until time: Int32) -> Int32 {
    let cell = day &* dayStride &+ node
    let first = Int(windowFirst[cell])
    var window = Int(windowEnd[cell]) &- 1
    while window >= first {
      if time >= windowOpens[window] { return min(time, windowCloses[window]) }
      window &-= 1
    }
    return Instance.always
  }

  /// Later than every time.
  static let never: Int32 = 1 << 30
  /// Earlier than every time.
  static let always: Int32 = -(1 << 30)
}

extension UnsafeMutablePointer {
  /// New memory with the elements of an array.
  static func copy(_ array: [Pointee]) -> UnsafeMutablePointer<Pointee> {
    // A few more, so that eight at once may be read wherever one may.
    let memory = UnsafeMutablePointer<Pointee>.allocate(capacity: array.count + 16)
    if let first = array.first { memory.initialize(repeating: first, count: array.count + 16) }
    for (index, element) in array.enumerated() { memory[index] = element }
    return memory
  }

  /// New memory with one value throughout.
  static func filled(_ count: Int, with value: Pointee) -> UnsafeMutablePointer<Pointee> {
    let memory = UnsafeMutablePointer<Pointee>.allocate(capacity: Swift.max(1, count))
    memory.initialize(repeating: value, count: Swift.max(1, count))
    return memory
  }
}
