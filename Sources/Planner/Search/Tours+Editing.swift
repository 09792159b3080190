extension Tours {
  /// Puts a visit behind a position of a day; the times are then stale until ``evaluate(_:)``.
  @inline(__always)
  mutating func place(_ visit: Int, on day: Int, behind position: Int) {
    let nodes = node + day &* stride
    var index = length[day]
    while index > position &+ 1 {
      nodes[index] = nodes[index &- 1]
      index &-= 1
    }
    nodes[position &+ 1] = Int32(truncatingIfNeeded: visit)
    length[day] &+= 1
    note(visit, on: day)
  }

  /// Takes the visits at some positions out of a day; the times are then stale until ``evaluate(_:)``.
  mutating func remove(_ positions: Range<Int>, from day: Int) {
    let nodes = node + day &* stride
    for position in positions { forget(Int(nodes[position]), on: day) }
    let count = positions.count
    var index = positions.upperBound
    while index < length[day] {
      nodes[index &- count] = nodes[index]
      index &+= 1
    }
    length[day] &-= count
  }

  /// Where a visit stands in its day.
  @inline(__always)
  func position(of visit: Int, on day: Int) -> Int {
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
  }

  private mutating func countLimits(_ visit: Int, on day: Int, sign: Int64) {
    let table = instance.limits
    for index in Int(table.useFirst[visit])..<Int(table.useFirst[visit + 1]) {
      let use = table.uses[index]
      used[table.slot(Int(use.limit), day: day)] &+= sign &* use.amount
    }
    for limit in table.moneyLimits {
      used[table.slot(limit, day: day)] &+= sign &* instance.price[day &* instance.dayStride &+ visit]
    }
  }

  /// Whether limits leave room for a visit on a day, legs not counted.
  func limitsAllow(_ visit: Int, on day: Int) -> Bool {
    let table = instance.limits
    for index in Int(table.useFirst[visit])..<Int(table.useFirst[visit + 1]) {
      let use = table.uses[index]
      let slot = table.slot(Int(use.limit), day: day)
      if used[slot] &+ use.amount > table.most[slot] { return false }
    }
    for limit in table.moneyLimits {
      let slot = table.slot(limit, day: day)
      if used[slot] &+ instance.price[day &* instance.dayStride &+ visit] > table.most[slot] { return false }
    }
    return true
  }

  /// Fills the days from sequences of visits that are known to be possible.
  mutating func load(_ sequences: [[Int32]]) -> Bool {
    // All days first: a visit may come from a day that is filled later.
    for day in 0..<instance.dayCount { remove(1..<length[day] - 1, from: day) }
    for day in 0..<instance.dayCount {
      for visit in sequences[day] { place(Int(visit), on: day, behind: length[day] - 2) }
    }
    var isPossible = true
    for day in 0..<instance.dayCount where !evaluate(day) { isPossible = false }
    return isPossible
  }

  /// The visits of a day, in order.
  func sequence(_ day: Int) -> [Int32] {
    (1..<max(1, length[day] - 1)).map { node[day * stride + $0] }
  }
}
