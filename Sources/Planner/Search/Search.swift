import Kernel

/// Ruin and recreate under simulated annealing.
///
/// The idea (after Schrimpf et al., "Record breaking optimization results using the ruin and recreate principle", 2000,
/// and Christiaens and Vanden Berghe, "Slack induction by string removals", 2020): a step takes strings of neighbouring
/// visits out of one to three days, puts in what then fits, and is kept by the rule of annealing. Only the opened days are
/// touched: what does not fit in a day before a step does not fit after it, unless that day was opened. So a step costs
/// one pass over (visits outside · positions of opened days), and undoing it a copy of those days.
struct Search: ~Copyable {
  let instance: Instance
  /// The trip as one day, if it can be seen so.
  let longDay: LongDay?
  let tuning: Tuning
  var tours: Tours
  var chance: Chance
  let neighbours: Neighbours
  var candidates: Candidates
  var places: PlaceTable
  var saved: SavedDays
  /// The days around a night before it was spent elsewhere.
  var savedNight: SavedDays
  var pool: RoutePool
  var packingPrices: PackingPrices
  var touched: [Int] = []
  /// The position in each opened day before which visits were taken out; 0 if none were.
  var openedAt: [Int] = []
  /// The node behind which the last string was taken out.
  var gap: Int32 = -1
  var energy = 0.0
  var meanValue = 1.0
  var meanLeg = 1.0
  var travelPrice = 0.0
  var moneyPrice = 0.0
  /// One of fare in ticks, if travel in the mean were worth its fares.
  var fareScale: Float = 0
  /// Whether a visit that fits can make a plan worse: by discomfort, or by being like others.
  let canVisitsHurt: Bool
  /// Whether some visit is worth more on one day than on another.
  let doValuesDiffer: Bool
  /// Whether travel changes over the day or goes several ways, so that a step costs several times as much.
  let hasSlowSteps: Bool
  /// Whether the end of one day may as well be that of another.
  let canCrossDays: Bool
  /// The best so far.
  var best: [[Int32]]
  var bestTotals = Tours.Totals()
  var stepCount = 0
  var temperature = 1.0
  /// Whether nights spent elsewhere are by now tried for longer.
  var triesNightsLonger = false

  init(_ instance: Instance, longDay: LongDay? = nil, seed: UInt64, tuning: Tuning = Tuning()) {
    self.instance = instance
    self.longDay = longDay
    self.tuning = tuning
    tours = Tours(instance)
    chance = Chance(seed: seed)
    neighbours = Neighbours(instance)
    candidates = Candidates(instance)
    places = PlaceTable(instance, days: instance.dayCount)
    saved = SavedDays(instance)
    savedNight = SavedDays(instance)
    pool = RoutePool(instance)
    packingPrices = PackingPrices(instance)
    best = Array(repeating: [], count: instance.dayCount)
    canVisitsHurt = instance.comfort.hasAny || !instance.varieties.isEmpty
    doValuesDiffer = instance.doValuesDiffer
    hasSlowSteps = instance.wayCount > 1 || instance.ways[0].clock != nil
    canCrossDays =
      instance.dayCount > 1 && instance.isPlain && instance.areDaysSame && instance.limits.isEmpty
    meanLeg = Search.meanLeg(of: instance)
    fareScale = Search.fareScale(of: instance, meanLeg)
  }

  private static func meanLeg(of instance: Instance) -> Double {
    var (sum, count) = (0.0, 0.0)
    for from in 0..<instance.visitCount {
      for to in 0..<instance.visitCount where from != to {
        sum += Double(instance.leg[from * instance.nodeCount + to] - instance.duration[from])
        count += 1
      }
    }
    return count == 0 ? 1 : max(1, sum / count)
  }

  private static func fareScale(of instance: Instance, _ meanLeg: Double) -> Float {
    guard let fares = instance.fares else { return 0 }
    let cells = instance.wayCount * instance.nodeCount * instance.nodeCount
    var (sum, count) = (0.0, 0.0)
    for cell in 0..<cells where fares[cell] > 0 {
      sum += Double(fares[cell])
      count += 1
    }
    return count == 0 ? 0 : Float(meanLeg * count / sum)
  }

  /// Improves the plan until the rule says stop.
  ///
  /// It begins with some routes if they are given; what is not possible of them is left out.
  mutating func run(_ rule: SearchRule, from days: [[Int32]] = []) {
    tours.beginEmpty()
    for day in 0..<instance.dayCount { best[day] = tours.route(day) }
    bestTotals = tours.totals
    guard instance.visitCount > 0 else { return }
    beginNights(with: days)
    for (day, route) in days.enumerated() where day < instance.dayCount { begin(day, with: route) }
    begin()
    if days.isEmpty, !instance.lodgings.isEmpty { chooseNights(rule) }
    // A plan that is given is not melted down.
    var heating = Heating(
      hottest: (days.isEmpty ? firstHeat : tuning.warm) * meanValue,
      coldest: lastHeat * meanValue,
      progress: progress(rule), steps: stepCount)
    var nextPacking = 0.7
    var nextQuestion = stepCount
    while stepCount < rule.steps {
      if stepCount >= nextQuestion {
        nextQuestion = stepCount + 64
        let progress = progress(rule)
        if progress >= 1 { break }
        heating.settle(progress, stepCount) { stages(expecting: $0, isGiven: !days.isEmpty) }
        if progress >= nextPacking {
          pack()
          nextPacking += 0.1
        }
        if heating.beginsStage(at: progress) { beginStage(heating.stage) }
        temperature = heating.temperature(progress, stepCount, stepsForHeat: tuning.stepsForHeat)
      }
      step()
      stepCount += 1
    }
    pack()
  }

  /// How much of the limit is used up.
  func progress(_ rule: SearchRule) -> Double {
    max(rule.progress?() ?? 0, rule.steps == 0 ? 1 : Double(stepCount) / Double(rule.steps))
  }

  private var lastHeat: Double {
    if !instance.limits.isEmpty { return tuning.coldWithLimits }
    return instance.dayCount == 1 ? tuning.coldOnOneDay : tuning.cold
  }

  /// The more days there are the more of the order strings turn over, and the less heat it takes; but limits tie the days
  /// together, so that much has to change at once.
  private var firstHeat: Double {
    if hasSlowSteps { return tuning.hotWithSlowSteps }
    let onManyDays = instance.limits.isEmpty ? tuning.hotOnManyDays : tuning.hotWithLimits
    return max(onManyDays, tuning.hotOnOneDay / Double(instance.dayCount))
  }

  /// One day, and two whose ends can be exchanged, are planned twice from nothing and the better plan then once more: a
  /// single descent now and then ends in a valley from which days with wide windows have no way out.
  private func stages(expecting steps: Double, isGiven: Bool) -> [Heating.Stage] {
    if !instance.lodgings.isEmpty, !isGiven {
      return [.init(from: 0, heat: tuning.nightHeat, begin: .best)]
    }
    let isTwice = instance.dayCount == 1 || instance.dayCount == 2 && canCrossDays
    if !isTwice || isGiven || steps < tuning.stepsForTwoDescents {
      return [.init(from: 0, heat: 1, begin: .present)]
    }
    return [
      .init(from: 0, heat: 1, begin: .present), .init(from: tuning.secondDescent, heat: 1, begin: .nothing),
      .init(from: 2 * tuning.secondDescent, heat: tuning.heatOfBest, begin: .best),
    ]
  }

  private mutating func beginStage(_ stage: Heating.Stage) {
    switch stage.begin {
    case .present: break
    case .nothing: adopt(best.map { [$0[0], $0[$0.count - 1]] })
    case .best:
      if !instance.lodgings.isEmpty { triesNightsLonger = true }
      adopt(best)
    }
  }

  /// A first plan, and the scales of value and travel that follow from it.
  private mutating func begin() {
    touched = Array(0..<instance.dayCount)
    recreate()
    var (count, plain) = (0, Int64(0))
    for day in 0..<instance.dayCount {
      for stop in Stop.visits(tours.route(day)) {
        count += 1
        plain += instance.value[day * instance.dayStride + Int(stop)] % instance.mandatoryValue
      }
    }
    let totals = tours.totals
    meanValue = max(1e-6, Double(plain) / Double(max(1, count)))
    travelPrice =
      (hasSlowSteps ? tuning.travelWeightWithSlowSteps : tuning.travelWeight) * meanValue
      / max(1, Double(totals.travel))
    // Money only counts where there is not enough of it.
    if !instance.limits.moneyLimits.isEmpty, totals.price > 0 {
      moneyPrice = tuning.moneyWeight * meanValue / Double(totals.price)
    }
    energy = energy(of: totals)
    keepIfBest(totals)
  }

  /// Puts the visits of a route into a day in their order, as far as that is possible.
  private mutating func begin(_ day: Int, with route: [Int32]) {
    let onward = route.last.map { Stop.way($0) } ?? 0
    for stop in route.dropFirst().dropLast() {
      let visit = Int(Stop.node(stop))
      guard tours.dayOf[visit] < 0, tours.limitsAllow(visit, on: day) else { continue }
      var behind = tours.length[day] - 2
      if !instance.mustPrecede.isEmpty {
        behind = tours.bestPlace(for: visit, on: day).position
        if behind < 0 { continue }
      }
      tours.place(visit, on: day, behind: behind, by: Stop.way(stop), onBy: onward)
      if !tours.evaluate(day) {
        tours.remove(behind + 1..<behind + 2, from: day)
        bridge(day, behind: behind)
      }
    }
  }

  func energy(of totals: Tours.Totals) -> Double {
    Double(totals.value) - Double(totals.travel) * travelPrice - Double(totals.price) * moneyPrice
  }

  mutating func keepIfBest(_ totals: Tours.Totals) {
    guard totals.isBetter(than: bestTotals) else { return }
    bestTotals = totals
    for day in 0..<instance.dayCount { best[day] = tours.route(day) }
  }

  private mutating func step() {
    let hasNights = !instance.lodgings.nights.isEmpty
    if hasNights, triesNightsLonger, chance.below(tuning.stepsPerNight) == 0 {
      stepNight()
    } else if hasNights, chance.below(6) == 0 {
      tryNight()
    } else {
      ruin()
      judge()
    }
  }

  /// Mostly strings are taken out; now and then something that no strings do.
  private mutating func ruin() {
    if canCrossDays, chance.below(256) < tuning.crossings {
      crossDays()
    } else if instance.dayCount == 1 || instance.dayCount == 2 && canCrossDays, chance.below(256) < tuning.slices {
      openSlice()
    } else {
      chooseStrings()
    }
  }

  /// Fills the opened days and keeps them or puts them back.
  mutating func judge() {
    guard !touched.isEmpty else { return }
    if instance.wayCount > 1 { hasten() }
    recreate()
    if instance.wayCount > 1 { for day in touched { settleWays(day) } }
    let totals = tours.totals
    let next = energy(of: totals)
    if next > energy - tuning.recordBelow * meanValue, instance.dayCount > 1 {
      for day in touched { pool.record(tours, day) }
    }
    if next > energy - temperature * Double(chance.exponential()) {
      energy = next
      if totals.value >= bestTotals.value { keepIfBest(totals) }
    } else {
      saved.restore(&tours)
    }
  }
}
