/// The days of a search as they stand: who is visited in which order, and how early and late each could begin.
///
/// The invariant after ``evaluate(_:)``: `early[p]` is the earliest start at position p given what comes before, and
/// `late[p]` the latest with which everything after is still possible. Waiting is allowed and travel is first in, first
/// out, so a visit fits between p and p + 1 exactly if, begun as early as it can, it reaches p + 1 by `late[p + 1]`
/// (Savelsbergh, "The vehicle routing problem with time windows: minimizing route duration", 1992); with several windows
/// too, since any earlier start in a window can wait for the later one.
struct Tours: ~Copyable {
  let instance: Instance
  /// Room for one day: all visits and both ends.
  let stride: Int
  let node: UnsafeMutablePointer<Int32>
  let arrive: UnsafeMutablePointer<Int32>
  let early: UnsafeMutablePointer<Int32>
  let late: UnsafeMutablePointer<Int32>
  /// By which way one comes to each position.
  let way: UnsafeMutablePointer<Int32>
  /// Positions of each day, both ends included.
  let length: UnsafeMutablePointer<Int>
  /// Sum of values, prices and travel of each day; the night after it is part of its value and price.
  let value: UnsafeMutablePointer<Int64>
  let price: UnsafeMutablePointer<Int64>
  let travel: UnsafeMutablePointer<Int64>
  /// Fares of each day.
  let fare: UnsafeMutablePointer<Int64>
  /// What discomfort costs on each day.
  let discomfort: UnsafeMutablePointer<Int64>
  /// Which lodging of the night after it each day ends at, or -1.
  let lodging: UnsafeMutablePointer<Int>
  /// How many visits each variety has, and what all lose.
  let tagCount: UnsafeMutablePointer<Int>
  var tagLoss: Int64 = 0
  /// What one more of fare weighs beside delays when ways are chosen.
  var farePrice: Float = 0
  /// The day of each visit, or -1.
  let dayOf: UnsafeMutablePointer<Int32>
  /// The visits that are in no day, in no order, and where each stands among them.
  let out: UnsafeMutablePointer<Int32>
  let outPlace: UnsafeMutablePointer<Int32>
  var outCount: Int
  /// What is used of each slot of a limit, legs included.
  let used: UnsafeMutablePointer<Int64>
  /// What legs use, by leg limit and day.
  let legUsed: UnsafeMutablePointer<Int64>
  /// Which counted limits were full on each day when that was noted, as bits.
  let fullLimits: UnsafeMutablePointer<UInt64>
  let isPlain: Bool
  let hasLimits: Bool
  let hasTags: Bool

  init(_ instance: Instance) {
    self.instance = instance
    let visits = instance.visitCount
    let days = instance.dayCount
    stride = visits + 2
    node = .filled(stride * days, with: 0)
    arrive = .filled(stride * days, with: 0)
    early = .filled(stride * days, with: 0)
    late = .filled(stride * days, with: 0)
    way = .filled(stride * days, with: 0)
    length = .filled(days, with: 2)
    value = .filled(days, with: 0)
    price = .filled(days, with: 0)
    travel = .filled(days, with: 0)
    fare = .filled(days, with: 0)
    discomfort = .filled(days, with: 0)
    lodging = .filled(days, with: -1)
    tagCount = .filled(instance.varieties.count, with: 0)
    dayOf = .filled(visits, with: -1)
    out = .copy((0..<visits).map { Int32($0) })
    outPlace = .copy((0..<visits).map { Int32($0) })
    outCount = visits
    used = .filled(instance.limits.slotCount, with: 0)
    legUsed = .filled(instance.limits.legLimits.count * days, with: 0)
    fullLimits = .filled(days, with: 0)
    isPlain = instance.isPlain
    hasLimits = !instance.limits.isEmpty
    hasTags = !instance.varieties.isEmpty
    for day in 0..<days {
      node[day * stride] = instance.startNode[day]
      node[day * stride + 1] = instance.endNode[day]
    }
  }

  deinit {
    node.deallocate()
    arrive.deallocate()
    early.deallocate()
    late.deallocate()
    way.deallocate()
    length.deallocate()
    value.deallocate()
    price.deallocate()
    travel.deallocate()
    fare.deallocate()
    discomfort.deallocate()
    lodging.deallocate()
    tagCount.deallocate()
    dayOf.deallocate()
    out.deallocate()
    outPlace.deallocate()
    used.deallocate()
    legUsed.deallocate()
    fullLimits.deallocate()
  }

  /// All days together.
  ///
  /// Mutating, as is all that the search asks of the days, though nothing is changed: for a mere look the compiler copies
  /// them at each call.
  var totals: Totals {
    mutating get { sumOfDays() }
  }

  private mutating func sumOfDays() -> Totals {
    var sum = Totals()
    for day in 0..<instance.dayCount {
      sum.value += value[day] - discomfort[day]
      sum.price += price[day] + fare[day]
      sum.travel += travel[day]
    }
    sum.value -= tagLoss
    return sum
  }

  /// What a plan is judged by, in this order: the value, then the price, then the travel.
  struct Totals: Equatable {
    var value: Int64 = 0
    var price: Int64 = 0
    var travel: Int64 = 0

    @inline(__always)
    func isBetter(than other: Totals) -> Bool {
      if value != other.value { return value > other.value }
      if price != other.price { return price < other.price }
      return travel < other.travel
    }
  }

  // MARK: Times

  /// Works out the times and sums of a day anew; false if the day is not possible as it stands.
  mutating func evaluate(_ day: Int) -> Bool {
    let isPossible = isPlain ? evaluatePlain(day) : evaluateGenerally(day)
    return isPossible
  }

  private mutating func evaluatePlain(_ day: Int) -> Bool {
    let base = day &* stride
    let (node, arrive, early, late) = (node + base, arrive + base, early + base, late + base)
    let count = instance.nodeCount
    let leg = instance.leg
    let last = length[day] &- 1
    let cells = day &* instance.dayStride
    let opens = instance.earliestOpen + cells
    let closes = instance.latestClose + cells
    let dayEnd = instance.closes[day]
    var time = instance.opens[day]
    arrive[0] = time
    early[0] = time
    var position = 1
    var way: Int64 = 0
    while position < last {
      let visit = Int(node[position])
      let step = leg[Int(node[position &- 1]) &* count &+ visit]
      way &+= Int64(step)
      let reached = time &+ step
      arrive[position] = reached
      if reached > closes[visit] { return false }
      time = max(reached, opens[visit])
      early[position] = time
      position &+= 1
    }
    let step = leg[Int(node[last &- 1]) &* count &+ Int(node[last])]
    way &+= Int64(step)
    time = time &+ step
    arrive[last] = time
    early[last] = time
    if time > dayEnd { return false }
    travel[day] = way
    var latest = dayEnd
    late[last] = latest
    position = last &- 1
    while position > 0 {
      let visit = Int(node[position])
      latest = min(closes[visit], latest &- leg[visit &* count &+ Int(node[position &+ 1])])
      late[position] = latest
      position &-= 1
    }
    late[0] = latest &- leg[Int(node[0]) &* count &+ Int(node[1])]
    return true
  }

  private mutating func evaluateGenerally(_ day: Int) -> Bool {
    let here = day &* stride
    arrive[here] = instance.opens[day]
    early[here] = instance.opens[day]
    return settleEarly(day, from: 1, sure: length[day]) && settleRest(day, from: length[day] &- 1, sure: -1)
  }

  /// Works out a day anew of which only the legs to some positions, neighbours of each other, are not as they were when
  /// the times were worked out last; false if it is not possible, and then the times are stale.
  mutating func evaluate(_ day: Int, from first: Int, through last: Int) -> Bool {
    if isPlain { return evaluatePlain(day) }
    return settleEarly(day, from: first, sure: last) && settleRest(day, from: last, sure: first &- 2)
  }

  /// Arrivals and earliest starts from one position on, until behind a sure one nothing changes any more.
  private mutating func settleEarly(_ day: Int, from first: Int, sure: Int) -> Bool {
    let base = day &* stride
    let (node, way) = (node + base, way + base)
    let (arrive, early) = (arrive + base, early + base)
    let last = length[day] &- 1
    var time = early[first &- 1]
    var position = first
    while position <= last {
      let (from, to) = (Int(node[position &- 1]), Int(node[position]))
      let reached = instance.arrival(from: from, to: to, began: time, by: way[position])
      arrive[position] = reached
      if position == last {
        if reached > instance.closes[day] { return false }
        time = reached
      } else {
        time = instance.start(at: to, day: day, from: reached)
        if time == Instance.never { return false }
      }
      if position >= sure, early[position] == time { break }
      early[position] = time
      position &+= 1
    }
    return true
  }

  /// Latest starts before a position, until before a sure one nothing changes any more, and all sums.
  private mutating func settleRest(_ day: Int, from last: Int, sure: Int) -> Bool {
    let base = day &* stride
    let (node, way, late) = (node + base, way + base, late + base)
    let end = length[day] &- 1
    if last == end { late[end] = instance.closes[day] }
    var latest = late[last]
    var position = last &- 1
    while position >= 0 {
      let (from, to) = (Int(node[position]), Int(node[position &+ 1]))
      latest = instance.latestStart(from: from, to: to, arriving: latest, by: way[position &+ 1])
      if position > 0 { latest = instance.lastStart(at: from, day: day, until: latest) }
      if position <= sure, late[position] == latest { break }
      late[position] = latest
      position &-= 1
    }
    var travelled: Int64 = 0
    position = 1
    while position <= end {
      travelled &+= Int64(arrive[base &+ position] &- early[base &+ position &- 1])
      position &+= 1
    }
    travel[day] = travelled
    if instance.comfort.hasAny { discomfort[day] = Int64(countDiscomfort(day).points) }
    return instance.fares == nil && !instance.limits.countsLegs || countLegs(day)
  }

  /// How long the wishes of a day are not kept, if one leaves as late as one may without coming later to the first visit.
  mutating func countDiscomfort(_ day: Int) -> DiscomfortCount {
    let base = day &* stride
    let last = length[day] &- 1
    var leaving = instance.opens[day]
    if last > 1 {
      let latest = instance.latestStart(
        from: Int(node[base]), to: Int(node[base &+ 1]), arriving: early[base &+ 1], by: way[base &+ 1])
      leaving = max(leaving, latest)
    }
    var count = DiscomfortCount(instance.comfort.days[day], leaving: Int(leaving))
    var position = 1
    while position < last {
      let here = base &+ position
      let visit = Int(node[here])
      let start = Int(early[here])
      count.visit(
        arrival: position == 1 ? start : Int(arrive[here]), start: start, end: start &+ Int(instance.duration[visit]),
        isRest: instance.comfort.isRest[visit])
      position &+= 1
    }
    if last > 1 { count.arrive(Int(arrive[base &+ last])) }
    return count
  }

  /// Counts what the legs of a day cost and use; false if it is too much.
  private mutating func countLegs(_ day: Int) -> Bool {
    let base = day &* stride
    var isWithin = true
    if let fares = instance.fares { fare[day] = sumOfLegs(base, length[day], fares) }
    let table = instance.plainLimits
    for index in 0..<table.legLimitCount {
      let limit = table.legLimits[index]
      let sum = limit.isMoney ? fare[day] : sumOfLegs(base, length[day], limit.amounts)
      let slot = limit.slot(day)
      used[slot] &+= sum &- legUsed[index &* instance.dayCount &+ day]
      legUsed[index &* instance.dayCount &+ day] = sum
      if used[slot] > table.most[slot] { isWithin = false }
    }
    return isWithin
  }

  @inline(__always)
  private mutating func sumOfLegs(_ base: Int, _ count: Int, _ amounts: UnsafeMutablePointer<Int64>) -> Int64 {
    var sum: Int64 = 0
    var here = base &+ 1
    while here < base &+ count {
      sum &+= amounts[instance.cell(from: Int(node[here &- 1]), to: Int(node[here]), by: way[here])]
      here &+= 1
    }
    return sum
  }
}
