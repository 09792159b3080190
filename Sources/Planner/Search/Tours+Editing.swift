extension Tours {
  /// Puts a visit behind a position of a day; the times are then stale until ``evaluate(_:)``.
  ///
  /// What stands behind it keeps its times, by which ``evaluate(_:from:through:)`` works out no more than it must.
  @inline(__always)
  mutating func place(_ visit: Int, on day: Int, behind position: Int, by wayIn: Int32 = 0, onBy wayOut: Int32 = 0) {
    let base = day &* stride
    let (nodes, ways) = (node + base, way + base)
    let (arrive, early, late) = (arrive + base, early + base, late + base)
    var index = length[day]
    while index > position &+ 1 {
      nodes[index] = nodes[index &- 1]
      ways[index] = ways[index &- 1]
      if !isPlain {
        arrive[index] = arrive[index &- 1]
        early[index] = early[index &- 1]
        late[index] = late[index &- 1]
      }
      index &-= 1
    }
    nodes[position &+ 1] = Int32(truncatingIfNeeded: visit)
    ways[position &+ 1] = wayIn
    ways[position &+ 2] = wayOut
    length[day] &+= 1
    note(visit, on: day)
  }

  /// Takes the visits at some positions out of a day; the times are then stale until ``evaluate(_:)``.
  mutating func remove(_ positions: Range<Int>, from day: Int) {
    let base = day &* stride
    let (nodes, ways) = (node + base, way + base)
    let (arrive, early, late) = (arrive + base, early + base, late + base)
    for position in positions { forget(Int(nodes[position]), on: day) }
    let count = positions.count
    var index = positions.upperBound
    while index < length[day] {
      nodes[index &- count] = nodes[index]
      ways[index &- count] = ways[index]
      if !isPlain {
        arrive[index &- count] = arrive[index]
        early[index &- count] = early[index]
        late[index &- count] = late[index]
      }
      index &+= 1
    }
    length[day] &-= count
  }

  /// Where a visit stands in its day.
  @inline(__always)
  mutating func position(of visit: Int, on day: Int) -> Int {
    let nodes = node + day &* stride
    var position = 1
    while nodes[position] != Int32(truncatingIfNeeded: visit) { position &+= 1 }
    return position
  }

  /// Keeps the books for a visit that joins a day.
  @inline(__always)
  mutating func note(_ visit: Int, on day: Int) {
    join(visit, day)
    count(visit, on: day, sign: 1)
  }

  /// Keeps the books for a visit that leaves a day.
  @inline(__always)
  mutating func forget(_ visit: Int, on day: Int) {
    leave(visit)
    count(visit, on: day, sign: -1)
  }

  /// Takes a visit from those outside; sums are not touched.
  @inline(__always)
  mutating func join(_ visit: Int, _ day: Int) {
    dayOf[visit] = Int32(truncatingIfNeeded: day)
    let place = Int(outPlace[visit])
    outCount &-= 1
    let moved = out[outCount]
    out[place] = moved
    outPlace[Int(moved)] = Int32(truncatingIfNeeded: place)
  }

  /// Puts a visit among those outside; sums are not touched.
  @inline(__always)
  mutating func leave(_ visit: Int) {
    dayOf[visit] = -1
    out[outCount] = Int32(truncatingIfNeeded: visit)
    outPlace[visit] = Int32(truncatingIfNeeded: outCount)
    outCount &+= 1
  }

  @inline(__always)
  private mutating func count(_ visit: Int, on day: Int, sign: Int64) {
    let cell = day &* instance.dayStride &+ visit
    value[day] &+= sign &* instance.value[cell]
    price[day] &+= sign &* instance.price[cell]
    if hasLimits { countLimits(visit, on: day, sign: sign) }
    if hasTags { countTags(visit, sign: sign) }
  }

  private mutating func countTags(_ visit: Int, sign: Int64) {
    let table = instance.varieties
    for index in Int(table.first[visit])..<Int(table.first[visit &+ 1]) {
      let tag = Int(table.tags[index])
      if sign < 0 { tagCount[tag] &-= 1 }
      tagLoss &+= sign &* table.loss(tag, after: tagCount[tag])
      if sign > 0 { tagCount[tag] &+= 1 }
    }
  }

  /// What one more visit would lose for being like others.
  @inline(__always)
  mutating func tagLoss(of visit: Int) -> Int64 {
    var sum: Int64 = 0
    let table = instance.varieties
    for index in Int(table.first[visit])..<Int(table.first[visit &+ 1]) {
      let tag = Int(table.tags[index])
      sum &+= table.loss(tag, after: tagCount[tag])
    }
    return sum
  }

  private mutating func countLimits(_ visit: Int, on day: Int, sign: Int64) {
    let table = instance.plainLimits
    for index in Int(table.useFirst[visit])..<Int(table.useFirst[visit &+ 1]) {
      let use = table.uses[index]
      used[Int(use.firstSlot) &+ Int(use.slotStride) &* day] &+= sign &* use.amount
    }
    for index in 0..<table.dayLimitCount {
      let limit = table.dayLimits[index]
      used[limit.slot(day)] &+= sign &* limit.amounts[day &* instance.dayStride &+ visit]
    }
  }

  /// Notes which limits leave no room for any visit on a day, for ``notedLimitsAllow(_:on:)``.
  mutating func noteFullLimits(on day: Int) {
    let table = instance.plainLimits
    var (full, bit): (UInt64, UInt64) = (0, 1)
    var index = 0
    while index < table.countedLimitCount {
      let limit = table.countedLimits[index]
      let slot = Int(limit.firstSlot) &+ Int(limit.slotStride) &* day
      if used[slot] &+ limit.least > table.most[slot] { full |= bit }
      bit = bit &<< 1
      index &+= 1
    }
    fullLimits[day] = full
  }

  /// What ``limitsAllow(_:on:)`` says, in few instructions, as long as nothing has changed since limits were noted.
  @inline(__always)
  mutating func notedLimitsAllow(_ visit: Int, on day: Int) -> Bool {
    let table = instance.plainLimits
    if table.counted[visit] & fullLimits[day] != 0 { return false }
    return roomIsLeft(visit, on: day, uses: Int(table.uncountedEnd[visit]))
  }

  /// Whether limits leave room for a visit on a day, legs not counted.
  @inline(__always)
  mutating func limitsAllow(_ visit: Int, on day: Int) -> Bool {
    roomIsLeft(visit, on: day, uses: Int(instance.plainLimits.useFirst[visit &+ 1]))
  }

  /// The same for the fixed uses of a visit before one, and all that depend on the day.
  @inline(__always)
  private mutating func roomIsLeft(_ visit: Int, on day: Int, uses end: Int) -> Bool {
    let table = instance.plainLimits
    let most = table.most
    var index = Int(table.useFirst[visit])
    while index < end {
      let use = table.uses[index]
      let slot = Int(use.firstSlot) &+ Int(use.slotStride) &* day
      if used[slot] &+ use.amount > most[slot] { return false }
      index &+= 1
    }
    let cell = day &* instance.dayStride &+ visit
    index = 0
    while index < table.dayLimitCount {
      let limit = table.dayLimits[index]
      let slot = limit.slot(day)
      if used[slot] &+ limit.amounts[cell] > most[slot] { return false }
      index &+= 1
    }
    return true
  }

  /// Whether all limits are kept as the days stand.
  var keepsLimits: Bool {
    for slot in 0..<instance.limits.slotCount where used[slot] > instance.limits.most[slot] { return false }
    return true
  }

  // MARK: Nights

  /// Spends the night after a day elsewhere; the times of both days are then stale.
  mutating func sleep(_ choice: Int, after day: Int) {
    let old = lodging[day]
    if old >= 0 { countLodging(instance.lodgings.after[day][old], day, sign: -1) }
    let new = instance.lodgings.after[day][choice]
    countLodging(new, day, sign: 1)
    lodging[day] = choice
    node[day &* stride &+ length[day] &- 1] = new.node
    node[(day &+ 1) &* stride] = new.node
  }

  private mutating func countLodging(_ choice: LodgingTable.Lodging, _ day: Int, sign: Int64) {
    value[day] &+= sign &* choice.value
    price[day] &+= sign &* choice.price
    for limit in instance.limits.moneyLimits {
      used[instance.limits.slot(limit, day: day)] &+= sign &* choice.price
    }
  }

  // MARK: Whole days

  /// Takes all visits out of all days.
  mutating func empty() {
    for day in 0..<instance.dayCount { remove(1..<length[day] - 1, from: day) }
  }

  /// Fills the days from routes that are known to be possible.
  mutating func load(_ routes: [[Int32]]) -> Bool {
    // All days first: a visit may come from a day that is filled later.
    empty()
    for day in 0..<instance.dayCount where routes[day].count >= 2 {
      if let end = routes[day].last, !instance.lodgings.after[day].isEmpty {
        let choice = instance.lodgings.index(of: Stop.node(end), after: day)
        if choice >= 0 { sleep(choice, after: day) }
      }
      for stop in routes[day].dropFirst().dropLast() {
        place(Int(Stop.node(stop)), on: day, behind: length[day] - 2, by: Stop.way(stop))
      }
      if let end = routes[day].last { way[day * stride + length[day] - 1] = Stop.way(end) }
    }
    var isPossible = true
    for day in 0..<instance.dayCount where !evaluate(day) { isPossible = false }
    return isPossible && keepsLimits
  }

  /// The route of a day, both ends included.
  func route(_ day: Int) -> [Int32] {
    (0..<length[day]).map { Stop.pack(node[day * stride + $0], by: way[day * stride + $0]) }
  }
}

/// A node and the way by which one comes to it in one word, as routes are kept.
enum Stop {
  /// More nodes than any problem has.
  private static let wayShift: Int32 = 24

  @inline(__always)
  static func pack(_ node: Int32, by way: Int32) -> Int32 { node | way << wayShift }
  @inline(__always)
  static func node(_ stop: Int32) -> Int32 { stop & (1 << wayShift - 1) }
  @inline(__always)
  static func way(_ stop: Int32) -> Int32 { stop >> wayShift }

  /// The visits of a route, its ends left out.
  static func visits(_ route: [Int32]) -> [Int32] { route.dropFirst().dropLast().map { node($0) } }
}
