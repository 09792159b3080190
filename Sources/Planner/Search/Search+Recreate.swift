extension Search {
  /// How the visits that fit are ordered in one step.
  struct Order {
    var exponent: Int
    var weighsCost: Bool
    var noise: Float
    /// Added to every delay, so that visits on the way do not go before all others whatever they are worth.
    var floor: Float
    /// Delays are counted in mean legs.
    var perLeg: Float
    /// How much what a visit uses of limits weighs beside its delay.
    var burden: Float
  }

  /// Puts visits into the opened days until none fits.
  mutating func recreate() {
    let order = drawOrder()
    gather(order)
    while candidates.count > 0 {
      var entry = candidates.takeGreatest()
      if !instance.isPlain, !isCurrent(&entry, order) { continue }
      let rank = Int(entry.rank)
      insert(entry, on: touched[rank])
      candidates.versions[rank] &+= 1
      refresh(order, changed: rank)
    }
  }

  /// Where looking for a place is slow the tables say what may fit, never too little, and a place is looked for only when
  /// a visit's turn comes: whether that is now.
  ///
  /// If its key has become much worse it goes back among the others; if it fits nowhere any more it is gone.
  private mutating func isCurrent(_ entry: inout Candidates.Entry, _ order: Order) -> Bool {
    let rank = Int(entry.rank)
    let isAllowed = !tours.hasLimits || tours.notedLimitsAllow(Int(entry.visit), on: touched[rank])
    // What must come first may have joined another day in the meantime, which no version tells.
    if isAllowed, entry.version == candidates.versions[rank], instance.mustPrecede.isEmpty { return true }
    let old = entry.key
    guard locate(&entry) else { return false }
    setKey(&entry, order)
    if entry.key >= old * 0.98 || candidates.count == 0 { return true }
    candidates.append(entry)
    return false
  }

  private mutating func insert(_ entry: Candidates.Entry, on day: Int) {
    let position = Int(entry.position) + 1
    let here = day &* tours.stride &+ position
    let (way, before) = (tours.way[here], canVisitsHurt ? tours.totals.value : 0)
    tours.place(Int(entry.visit), on: day, behind: Int(entry.position), by: entry.wayIn, onBy: entry.wayOut)
    if tours.evaluate(day, from: position, through: position + 1), !canVisitsHurt || tours.totals.value >= before {
      return
    }
    tours.remove(position..<position + 1, from: day)
    tours.way[here] = way
    _ = tours.evaluate(day)
  }

  private mutating func drawOrder() -> Order {
    let burden: Float = tours.hasLimits ? [0, 0.5, 1, 3][chance.below(4)] : 0
    let isRandom = chance.below(256) < (hasSlowSteps ? tuning.randomOrdersWithSlowSteps : tuning.randomOrders)
    let least = instance.wayCount > 1 && !isRandom ? tuning.leastExponentOfSeveralWays : 0
    let exponent = least + chance.below(isRandom ? 3 : Candidates.exponents.count - least)
    let noise: Float = isRandom ? 1 : chance.below(2) == 0 ? 0.1 : 0.5
    return Order(
      exponent: exponent, weighsCost: !isRandom, noise: noise,
      floor: Float(hasSlowSteps ? tuning.delayFloorWithSlowSteps : tuning.delayFloor),
      perLeg: Float(1 / meanLeg), burden: burden)
  }

  /// Finds the visits that fit in the opened days.
  private mutating func gather(_ order: Order) {
    candidates.count = 0
    noteFullLimits()
    places.askNothing()
    for index in 0..<tours.outCount { places.ask(tours.out[index]) }
    for rank in 0..<touched.count { places.fill(tours, touched[rank], rank: rank) }
    places.askNothing()
    var index = 0
    while index < tours.outCount {
      var entry = Candidates.Entry()
      entry.visit = tours.out[index]
      index &+= 1
      if lookUp(&entry) {
        let cell = touched[Int(entry.rank)] &* instance.dayStride &+ Int(entry.visit)
        var power = candidates.powers[order.exponent][cell]
        if tours.hasTags { power *= share(Int(entry.visit), cell) }
        let chosen = order.weighsCost ? 1 + order.noise * (chance.unit() - 0.5) : chance.exponential()
        entry.weight = power * chosen
        entry.burden = order.burden * candidates.burdens[cell]
        setKey(&entry, order)
        candidates.append(entry)
        places.ask(entry.visit)
      }
    }
  }

  /// Limits that tie days together may have become full on all of them.
  private mutating func noteFullLimits() {
    guard tours.hasLimits else { return }
    for day in touched { tours.noteFullLimits(on: day) }
  }

  /// Which part of its value is left of a visit that is like others.
  @inline(__always)
  private mutating func share(_ visit: Int, _ cell: Int) -> Float {
    let (value, loss) = (instance.value[cell], tours.tagLoss(of: visit))
    return value <= 0 || loss == 0 ? 1 : max(0.001, Float(value - loss) / Float(value))
  }

  /// Brings the candidates up to date after one opened day has changed; those that fit nowhere any more are dropped.
  private mutating func refresh(_ order: Order, changed: Int) {
    if candidates.count == 0 { return }
    noteFullLimits()
    places.fill(tours, touched[changed], rank: changed)
    places.askNothing()
    var (kept, index) = (0, 0)
    while index < candidates.count {
      var entry = candidates.entries[index]
      index &+= 1
      let isExact = entry.version == candidates.versions[Int(entry.rank)]
      if !isExact || Int(entry.rank) == changed || instance.isPlain && tours.hasLimits {
        let rank = entry.rank
        if !lookUp(&entry) { continue }
        if doValuesDiffer, entry.rank != rank { reweigh(&entry, from: Int(rank), order) }
        setKey(&entry, order)
      }
      places.ask(entry.visit)
      candidates.entries[kept] = entry
      kept &+= 1
    }
    candidates.count = kept
  }

  @inline(__always)
  private func setKey(_ entry: inout Candidates.Entry, _ order: Order) {
    let delay = order.weighsCost ? Float(max(0, entry.cost)) * order.perLeg + order.floor : 1
    entry.key = entry.weight / (delay + entry.burden)
  }

  /// The version of a place that was only looked up: where an instance is not plain it may not fit after all.
  private var unknownVersion: Int32 { -1 }

  /// Finds the best place among the opened days in the tables.
  ///
  /// Mutating, as its neighbours are, though nothing of the search is changed: for a mere look the compiler copies the
  /// whole search at each call.
  @inline(__always)
  private mutating func lookUp(_ entry: inout Candidates.Entry) -> Bool {
    let visit = Int(entry.visit)
    entry.cost = Instance.never
    entry.version = unknownVersion
    if doValuesDiffer { return lookUpByWorth(&entry) }
    for rank in 0..<touched.count {
      let cell = rank &* places.stride &+ visit
      let cost = places.cost[cell]
      if cost >= entry.cost || tours.hasLimits && !tours.notedLimitsAllow(visit, on: touched[rank]) { continue }
      entry.cost = cost
      entry.rank = Int32(truncatingIfNeeded: rank)
      entry.position = places.position[cell]
    }
    return entry.cost != Instance.never
  }

  /// The same where a visit is not worth the same on all days: on the day on which it is worth most for its delay.
  private mutating func lookUpByWorth(_ entry: inout Candidates.Entry) -> Bool {
    let visit = Int(entry.visit)
    var most: Float = -.infinity
    for rank in 0..<touched.count {
      let cell = rank &* places.stride &+ visit
      let cost = places.cost[cell]
      if cost == Instance.never || tours.hasLimits && !tours.notedLimitsAllow(visit, on: touched[rank]) { continue }
      let worth = worth(visit, on: touched[rank], cost)
      if worth <= most { continue }
      most = worth
      entry.cost = cost
      entry.rank = Int32(truncatingIfNeeded: rank)
      entry.position = places.position[cell]
    }
    return most > -.infinity
  }

  /// What a visit is worth on a day for each tick of its delay, and of a little more so that none is for nothing.
  private mutating func worth(_ visit: Int, on day: Int, _ cost: Int32) -> Float {
    Float(instance.value[day &* instance.dayStride &+ visit])
      / (Float(max(0, cost)) + Float(meanLeg * tuning.delayFloor))
  }

  /// Counts a visit by what it is worth, and uses, on another day than before.
  private mutating func reweigh(_ entry: inout Candidates.Entry, from rank: Int, _ order: Order) {
    let old = touched[rank] &* instance.dayStride &+ Int(entry.visit)
    let new = touched[Int(entry.rank)] &* instance.dayStride &+ Int(entry.visit)
    entry.weight *= candidates.powers[order.exponent][new] / candidates.powers[order.exponent][old]
    entry.burden = order.burden * candidates.burdens[new]
  }

  /// Finds a place among the opened days by exact tests: where the tables have it if it fits there, else the best of all.
  @inline(__always)
  private mutating func locate(_ entry: inout Candidates.Entry) -> Bool {
    let visit = Int(entry.visit)
    if instance.mustPrecede.isEmpty, lookUp(&entry) {
      let place = tours.place(for: visit, on: touched[Int(entry.rank)], behind: Int(entry.position))
      if place.position >= 0 {
        take(place, rank: Int(entry.rank), &entry)
        return true
      }
    }
    entry.cost = Instance.never
    var most: Float = -.infinity
    for rank in 0..<touched.count {
      let day = touched[rank]
      if places.cost[rank &* places.stride &+ visit] == Instance.never { continue }
      if tours.hasLimits, !tours.notedLimitsAllow(visit, on: day) { continue }
      let place = tours.bestPlace(for: visit, on: day)
      if place.position < 0 { continue }
      if doValuesDiffer {
        let worth = worth(visit, on: day, place.cost)
        if worth <= most { continue }
        most = worth
      } else if place.cost >= entry.cost {
        continue
      }
      take(place, rank: rank, &entry)
    }
    return entry.cost != Instance.never
  }

  @inline(__always)
  private func take(_ place: Tours.Place, rank: Int, _ entry: inout Candidates.Entry) {
    entry.cost = place.cost
    entry.rank = Int32(truncatingIfNeeded: rank)
    entry.position = Int32(truncatingIfNeeded: place.position)
    entry.wayIn = place.wayIn
    entry.wayOut = place.wayOut
    entry.version = candidates.versions[rank]
  }
}
