/// Finds the routes of a day that gain most at given prices: labels are extended in the order of time.
///
/// The invariant: of two labels at a visit one is dropped only if the other is no later, no worse and remembers nothing
/// that the first does not; so the best route is found. Whatever cannot beat the threshold by the ``CompletionTable`` is
/// dropped too. With travel that never falls behind, a label's time is its earliest start.
///
/// Long days with wide windows have too many such labels. Merged, labels of one visit, slice of time and memory become one,
/// with the best value and the earliest time of all: no route is lost, some are thought possible that are not, and there
/// are only so many labels.
struct RoutePricing {
  private struct Label {
    var value: Int64
    var memory: UInt32
    var time: Int32
    var visit: Int32
    var parent: Int32
    var nextInCell: Int32
    var isExtended = false
  }

  /// How much labels are kept apart.
  enum Precision {
    /// Memories are not compared, which is fast and misses routes.
    case fast
    /// Labels of a slice of time become one, which finds routes that are not possible and misses none.
    case merged
    /// The best route is found.
    case exact
  }

  /// What came out.
  struct Result {
    /// Routes that gain more than the threshold, best first.
    var routes: [(visits: [Int32], value: Int64)] = []
    /// Whether there may be others that were given up.
    var isComplete = true
    /// Which part of the day was gone through.
    var part = 1.0
  }

  static let slicesAtFirst = 96
  private static let slicesLookedBack = 12
  static let labelsMax = 600_000

  private let instance: Instance
  private let day: Int
  private let memory: RouteMemory
  private let values: [Int64]
  private let threshold: Int64
  private let precision: Precision
  private let sliceCount: Int
  /// Whether travel is taken at its best of the day: with several ways asking for each costs more than it tells.
  private let usesBestLegs: Bool
  private let completion: CompletionTable?
  private let offered: [Int]
  /// The latest start at each visit from which one of the day's ends is reached in time.
  private let latestEnding: [Int32]
  private let sliceWidth: Int32
  private var labels: [Label] = []
  /// The first label of each visit and slice of time, and the best value among them.
  private var cells: [Int32]
  private var cellBest: [Int64]
  private var slices: [[Int32]]
  /// The label that ends best at each visit.
  private var endings: [Int32]

  /// A search by what each visit gains at the prices; routes that gain no more than the threshold are of no interest.
  ///
  init(
    _ instance: Instance, day: Int, memory: RouteMemory, values: [Int64], threshold: Int64, precision: Precision,
    slices: Int, completion: CompletionTable?
  ) {
    self.instance = instance
    self.day = day
    self.memory = memory
    self.values = values
    self.threshold = threshold
    self.precision = precision
    sliceCount = slices
    usesBestLegs = precision != .exact && instance.wayCount > 1
    self.completion = completion
    let cellsOfDay = day * instance.dayStride
    offered = (0..<instance.visitCount).filter {
      values[$0] > 0 && instance.latestClose[cellsOfDay + $0] > Instance.always
    }
    let ends = instance.endNodes(day)
    latestEnding = (0..<instance.visitCount).map { visit in
      var latest = Instance.always
      for end in ends {
        for way in 0..<Int32(instance.wayCount) {
          latest = max(latest, instance.latestStart(from: visit, to: end, arriving: instance.closes[day], by: way))
        }
      }
      return latest
    }
    sliceWidth = max(1, (instance.closes[day] - instance.opens[day]) / Int32(sliceCount) + 1)
    cells = [Int32](repeating: -1, count: instance.visitCount * sliceCount)
    cellBest = [Int64](repeating: .min, count: instance.visitCount * sliceCount)
    self.slices = [[Int32]](repeating: [], count: sliceCount)
    endings = [Int32](repeating: -1, count: instance.visitCount)
  }

  mutating func run(labelsMax: Int = RoutePricing.labelsMax, isStopped: () -> Bool = { false }) -> Result {
    for start in instance.startNodes(day) {
      for visit in offered {
        extend(from: start, to: visit, began: instance.opens[day], value: 0, memory: 0, parent: -1)
      }
    }
    for slice in 0..<sliceCount {
      if isStopped() { return result(isComplete: false, part: Double(slice) / Double(sliceCount)) }
      // Labels may still join this slice while it is gone through.
      var index = 0
      while index < slices[slice].count {
        let label = Int(slices[slice][index])
        index += 1
        process(label)
        if labels.count > labelsMax || index % 1024 == 0 && isStopped() {
          return result(isComplete: false, part: Double(slice) / Double(sliceCount))
        }
      }
    }
    return result(isComplete: true)
  }

  private mutating func process(_ index: Int) {
    let label = labels[index]
    let visit = Int(label.visit)
    if isDominated(visit, label.time, label.value, label.memory, except: Int32(index)) {
      return
    }
    labels[index].isExtended = true
    for next in offered where next != visit {
      let bit = memory.bit[visit &* memory.visitCount &+ next]
      if bit >= 0, label.memory >> UInt32(truncatingIfNeeded: Int(bit)) & 1 == 1 { continue }
      extend(
        from: visit, to: next, began: label.time, value: label.value, memory: label.memory,
        parent: Int32(truncatingIfNeeded: index))
    }
  }

  @inline(__always)
  private mutating func extend(
    from: Int, to: Int, began: Int32, value: Int64, memory remembered: UInt32, parent: Int32
  ) {
    let reached =
      usesBestLegs
      ? began &+ instance.leg[from &* instance.nodeCount &+ to] : instance.arrival(from: from, to: to, began: began)
    if reached > instance.latestClose[day &* instance.dayStride &+ to] { return }
    let time = instance.start(at: to, day: day, from: reached)
    if time == Instance.never { return }
    let total = value &+ values[to]
    if let completion, total &+ completion.bound(to, time) <= threshold { return }
    if time > latestEnding[to] { return }
    let kept = carried(remembered, from: from, to: to)
    if isDominated(to, time, total, kept, except: -1) { return }
    let slice = Int((time &- instance.opens[day]) / sliceWidth)
    let cell = to &* sliceCount &+ slice
    cellBest[cell] = max(cellBest[cell], total)
    if precision == .merged, merge(into: cell, total, kept, time, parent) { return }
    let index = Int32(truncatingIfNeeded: labels.count)
    labels.append(
      Label(value: total, memory: kept, time: time, visit: Int32(to), parent: parent, nextInCell: cells[cell]))
    cells[cell] = index
    slices[slice].append(index)
    if endings[to] < 0 || labels[Int(endings[to])].value < total { endings[to] = index }
  }

  /// Makes a label part of one that is not yet extended; false if there is none.
  private mutating func merge(
    into cell: Int, _ value: Int64, _ remembered: UInt32, _ time: Int32, _ parent: Int32
  ) -> Bool {
    var index = cells[cell]
    while index >= 0 {
      let place = Int(index)
      if labels[place].memory == remembered, !labels[place].isExtended {
        labels[place].time = min(labels[place].time, time)
        if labels[place].value < value { (labels[place].value, labels[place].parent) = (value, parent) }
        let visit = Int(labels[place].visit)
        if endings[visit] < 0 || labels[Int(endings[visit])].value < labels[place].value { endings[visit] = index }
        return true
      }
      index = labels[place].nextInCell
    }
    return false
  }

  /// What of a memory is still remembered one visit on.
  @inline(__always)
  private func carried(_ remembered: UInt32, from: Int, to: Int) -> UInt32 {
    var (kept, rest) = (UInt32(1), remembered)
    while rest != 0 {
      let place = rest.trailingZeroBitCount
      rest &= rest &- 1
      let bit = memory.bit[to &* memory.visitCount &+ Int(memory.lists[from][place])]
      if bit >= 0 { kept |= 1 << UInt32(truncatingIfNeeded: Int(bit)) }
    }
    return kept
  }

  private func isDominated(_ visit: Int, _ time: Int32, _ value: Int64, _ remembered: UInt32, except: Int32) -> Bool {
    let last = Int((time &- instance.opens[day]) / sliceWidth)
    let row = visit &* sliceCount
    // The latest first: what dominates mostly came shortly before. Merged labels do not look further, they are few anyway.
    let first = precision == .exact ? 0 : max(0, last &- Self.slicesLookedBack)
    var slice = last &+ 1
    while slice > first {
      slice &-= 1
      if cellBest[row &+ slice] < value { continue }
      if precision == .fast, slice < last { return true }
      var index = cells[row &+ slice]
      while index >= 0 {
        let other = labels[Int(index)]
        if other.value >= value, other.time <= time, index != except,
          precision == .fast || other.memory & ~remembered == 0,
          // Of two that are the same the first stays.
          except < 0 || index < except || other.value > value || other.time < time || other.memory != remembered
        {
          return true
        }
        index = other.nextInCell
      }
    }
    return false
  }

  private func result(isComplete: Bool, part: Double = 1) -> Result {
    var result = Result(isComplete: isComplete && precision != .fast, part: part)
    for ending in endings where ending >= 0 && labels[Int(ending)].value > threshold {
      var visits: [Int32] = []
      var index = ending
      while index >= 0 {
        visits.append(labels[Int(index)].visit)
        index = labels[Int(index)].parent
      }
      result.routes.append((visits.reversed(), labels[Int(ending)].value))
    }
    result.routes.sort { $0.value > $1.value }
    return result
  }
}
