/// Chooses a route for each day from a pool so that none does what another does, limits are kept and the sum is greatest.
///
/// Depth first, best routes first; a branch ends where even the best remaining routes could not beat the plan that is known.
/// Sets are words of bits, one for each activity. What a route uses of limits over the trip is summed; limits of a day are
/// kept within each route. The number of tests is limited: the pool is only a second chance.
struct RoutePacking {
  private let instance: Instance
  private let dayCount: Int
  private let isSame: Bool
  private let wordCount: Int
  /// Cells of the pool by day, best first; days that are the same share the first list.
  private var lists: [[Int]]
  private var values: [Int64]
  private var bits: [UInt64]
  /// What each route uses of the limits over the trip.
  private let limits: [(slot: Int, limit: Int)]
  private var uses: [Int64]
  private var used: [Int64]
  /// How many visits of each variety a route has.
  private var tags: [Int32]
  private var ends: [(start: Int32, end: Int32)]
  private var testsLeft: Int
  private var chosen: [Int] = []
  private(set) var best: [Int] = []
  private(set) var bestValue: Int64

  init(_ pool: borrowing RoutePool, _ instance: Instance, above value: Int64, testsMax: Int) {
    self.instance = instance
    dayCount = instance.dayCount
    isSame = pool.isSame
    wordCount = (instance.activityCount + 63) / 64
    lists = [[Int]](repeating: [], count: isSame ? 1 : dayCount)
    values = [Int64](repeating: 0, count: RoutePool.capacity)
    bits = [UInt64](repeating: 0, count: RoutePool.capacity * wordCount)
    // Behind these limits come those between the variants of one activity, which the bits see to.
    limits = (0..<instance.namedLimitCount).filter { instance.limits.slotStride[$0] == 0 }
      .map { (instance.limits.firstSlot[$0], $0) }
    uses = [Int64](repeating: 0, count: RoutePool.capacity * limits.count)
    used = [Int64](repeating: 0, count: limits.count)
    tags = [Int32](repeating: 0, count: RoutePool.capacity * instance.varieties.count)
    ends = [(start: Int32, end: Int32)](repeating: (0, 0), count: RoutePool.capacity)
    testsLeft = testsMax
    bestValue = value
    for cell in 0..<RoutePool.capacity where pool.entries[cell].length > 2 && pool.entries[cell].value > 0 {
      lists[isSame ? 0 : Int(pool.entries[cell].day)].append(cell)
      values[cell] = pool.entries[cell].value
      add(pool.route(cell), cell, day: Int(pool.entries[cell].day))
    }
    for index in lists.indices {
      let values = values
      lists[index].sort { (values[$0], $1) > (values[$1], $0) }
    }
  }

  private mutating func add(_ route: [Int32], _ cell: Int, day: Int) {
    ends[cell] = (Stop.node(route[0]), Stop.node(route[route.count - 1]))
    for visit in Stop.visits(route).map({ Int($0) }) {
      let activity = instance.origins[visit].activity
      bits[cell * wordCount + activity / 64] |= 1 << UInt64(activity % 64)
      if !instance.varieties.isEmpty {
        for index in Int(instance.varieties.first[visit])..<Int(instance.varieties.first[visit + 1]) {
          tags[cell * instance.varieties.count + Int(instance.varieties.tags[index])] += 1
        }
      }
    }
    for (place, limit) in limits.enumerated() {
      uses[cell * limits.count + place] = instance.use(of: limit.limit, route: route, day: day)
    }
  }

  /// Finds a choice of greater value, if it does within its tests; empty otherwise.
  mutating func solve() -> [Int] {
    var taken = [UInt64](repeating: 0, count: wordCount)
    descend(day: 0, from: 0, value: 0, &taken)
    return best
  }

  /// The most that days from one on could add.
  private func most(from day: Int, rank: Int) -> Int64 {
    if isSame { return rank < lists[0].count ? values[lists[0][rank]] * Int64(dayCount - day) : 0 }
    return (day..<dayCount).reduce(0) { $0 + (lists[$1].first.map { values[$0] } ?? 0) }
  }

  private mutating func descend(day: Int, from rank: Int, value: Int64, _ taken: inout [UInt64]) {
    if value > bestValue, isWhole(day), value - tagLoss > bestValue {
      bestValue = value - tagLoss
      best = chosen
    }
    guard day < dayCount else { return }
    let list = isSame ? 0 : day
    let rest = isSame ? 0 : most(from: day + 1, rank: 0)
    var index = isSame ? rank : 0
    while index < lists[list].count, testsLeft > 0 {
      let cell = lists[list][index]
      let most = isSame ? most(from: day, rank: index) : values[cell] + rest
      if value + most <= bestValue { return }
      testsLeft -= 1
      if isFree(cell, taken) {
        take(cell, &taken, sign: 1)
        chosen.append(cell)
        descend(day: day + 1, from: index + 1, value: value + values[cell], &taken)
        chosen.removeLast()
        take(cell, &taken, sign: -1)
      }
      index += 1
    }
  }

  /// Where nights are open or days differ a choice has a route for every day.
  private func isWhole(_ day: Int) -> Bool { instance.lodgings.isEmpty || day == dayCount }

  private var tagLoss: Int64 {
    var sum: Int64 = 0
    for tag in 0..<instance.varieties.count {
      let count = chosen.reduce(0) { $0 + Int(tags[$1 * instance.varieties.count + tag]) }
      for number in 0..<count { sum += instance.varieties.loss(tag, after: number) }
    }
    return sum
  }

  private func isFree(_ cell: Int, _ taken: [UInt64]) -> Bool {
    if !instance.lodgings.isEmpty, let last = chosen.last, !instance.lodgings.after[chosen.count - 1].isEmpty,
      ends[last].end != ends[cell].start
    {
      return false
    }
    for word in 0..<wordCount where bits[cell * wordCount + word] & taken[word] != 0 { return false }
    for place in limits.indices
    where used[place] + uses[cell * limits.count + place] > instance.limits.most[limits[place].slot] {
      return false
    }
    return true
  }

  private mutating func take(_ cell: Int, _ taken: inout [UInt64], sign: Int64) {
    for word in 0..<wordCount { taken[word] ^= bits[cell * wordCount + word] }
    for place in limits.indices { used[place] += sign * uses[cell * limits.count + place] }
  }
}

extension Instance {
  var activityCount: Int { (origins.lazy.map(\.activity).max() ?? -1) + 1 }

  /// What a route uses of a limit on a day, its legs and the night after it included.
  func use(of limit: Int, route: [Int32], day: Int) -> Int64 {
    var sum: Int64 = 0
    for visit in Stop.visits(route).map({ Int($0) }) {
      for index in Int(limits.useFirst[visit])..<Int(limits.useFirst[visit + 1]) where limits.uses[index].limit == limit
      {
        sum += limits.uses[index].amount
      }
      for other in limits.dayLimits where other.limit == limit { sum += other.amounts[day * dayStride + visit] }
    }
    for other in limits.legLimits where other.limit == limit {
      for (from, to) in zip(route, route.dropFirst()) {
        let row = (Int(Stop.way(to)) * nodeCount + Int(Stop.node(from))) * nodeCount
        sum += other.amounts[row + Int(Stop.node(to))]
      }
    }
    if limits.moneyLimits.contains(limit), let end = route.last {
      let choice = lodgings.index(of: Stop.node(end), after: day)
      if choice >= 0 { sum += lodgings.after[day][choice].price }
    }
    return sum
  }
}
