/// The routes of a pool, with what they have in common with others: activities, limits over the trip, and likeness.
struct PackingRoutes {
  /// Whether a route of one day is as good on every other.
  let isSame: Bool
  let dayCount: Int
  let wordCount: Int
  let activityCount: Int
  /// The limits over the trip, and the most of each.
  let limits: [Int]
  let most: [Int64]
  let varieties: VarietyTable
  /// Where in the pool each route is, and what it is worth.
  private(set) var cells: [Int] = []
  private(set) var values: [Int64] = []
  private(set) var days: [Int32] = []
  private(set) var ends: [(start: Int32, end: Int32)] = []
  /// The activities of each route: `members[memberFirst[route]..<memberFirst[route + 1]]`, and as bits.
  private(set) var memberFirst: [Int32] = [0]
  private(set) var members: [Int32] = []
  private(set) var bits: [UInt64] = []
  /// What each route uses of the limits.
  private(set) var uses: [Int64] = []
  /// The same as parts of what there is.
  private(set) var parts: [Double] = []
  /// How many visits of each variety a route has.
  private(set) var tags: [Int32] = []

  var count: Int { cells.count }

  init(_ pool: borrowing RoutePool, _ instance: Instance) {
    isSame = pool.isSame
    dayCount = instance.dayCount
    activityCount = instance.activityCount
    wordCount = (activityCount + 63) / 64
    varieties = instance.varieties
    // Behind these limits come those between the variants of one activity, which the bits see to.
    let limits = (0..<instance.namedLimitCount).filter { instance.limits.slotStride[$0] == 0 }
    self.limits = limits
    most = limits.map { instance.limits.most[instance.limits.firstSlot[$0]] }
    for cell in 0..<RoutePool.capacity where pool.entries[cell].length > 2 && pool.entries[cell].value > 0 {
      cells.append(cell)
      values.append(pool.entries[cell].value)
      days.append(pool.entries[cell].day)
      add(pool.route(cell), day: Int(pool.entries[cell].day), instance)
    }
  }

  /// Which list of routes one belongs to.
  func list(of route: Int) -> Int { isSame ? 0 : Int(days[route]) }

  private mutating func add(_ route: [Int32], day: Int, _ instance: Instance) {
    ends.append((Stop.node(route[0]), Stop.node(route[route.count - 1])))
    let (firstBit, firstTag) = (bits.count, tags.count)
    bits += [UInt64](repeating: 0, count: wordCount)
    tags += [Int32](repeating: 0, count: varieties.count)
    for visit in Stop.visits(route).map({ Int($0) }) {
      let activity = instance.origins[visit].activity
      members.append(Int32(activity))
      bits[firstBit + activity / 64] |= 1 << UInt64(activity % 64)
      if varieties.isEmpty { continue }
      for index in Int(varieties.first[visit])..<Int(varieties.first[visit + 1]) {
        tags[firstTag + Int(varieties.tags[index])] += 1
      }
    }
    memberFirst.append(Int32(members.count))
    for (place, limit) in limits.enumerated() {
      uses.append(instance.use(of: limit, route: route, day: day))
      parts.append(Double(uses[uses.count - 1]) / Double(max(1, most[place])))
    }
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
