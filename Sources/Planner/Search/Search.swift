/// Ruin and recreate under simulated annealing.
///
/// The idea (after Schrimpf et al., "Record breaking optimization results using the ruin and recreate principle", 2000,
/// and Christiaens and Vanden Berghe, "Slack induction by string removals", 2020): a step takes strings of neighbouring
/// visits out of one to three days, puts in what then fits, and is kept by the rule of annealing. Only the opened days are
/// touched: what does not fit in a day before a step does not fit after it, unless that day was opened. So a step costs
/// one pass over (visits outside · positions of opened days), and undoing it a copy of those days.
struct Search: ~Copyable {
  let instance: Instance
  let tuning: Tuning
  var tours: Tours
  var chance: Chance
  let neighbours: Neighbours
  var candidates: Candidates
  let places: PlaceTable
  var saved: SavedDays
  var pool: RoutePool
  var touched: [Int] = []
  var energy = 0.0
  var meanValue = 1.0
  var meanLeg = 1.0
  var travelPrice = 0.0
  var moneyPrice = 0.0
  /// The best so far.
  var best: [[Int32]]
  var bestTotals = Tours.Totals()
  var stepCount = 0

  init(_ instance: Instance, seed: UInt64, tuning: Tuning = Tuning()) {
    self.instance = instance
    self.tuning = tuning
    tours = Tours(instance)
    chance = Chance(seed: seed)
    neighbours = Neighbours(instance)
    candidates = Candidates(instance)
    places = PlaceTable(instance, days: instance.dayCount)
    saved = SavedDays(instance)
    pool = RoutePool(instance)
    best = Array(repeating: [], count: instance.dayCount)
    meanLeg = Search.meanLeg(of: instance)
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

  /// Improves the plan until the rule says stop.
  ///
  /// It begins with some days if they are given; what is not possible of them is left out.
  mutating func run(_ rule: SearchRule, from days: [[Int32]] = []) {
    guard instance.visitCount > 0 else { return }
    for day in 0..<instance.dayCount { _ = tours.evaluate(day) }
    for (day, visits) in days.enumerated() where day < instance.dayCount { begin(day, with: visits) }
    begin()
    var (progress, nextPacking) = (0.0, 0.7)
    // A plan that is given is not melted down.
    let hottest = (days.isEmpty ? tuning.hot : tuning.warm) * meanValue
    var hot = hottest
    let cold = (instance.limits.isEmpty ? tuning.cold : tuning.coldWithLimits) * meanValue
    while stepCount < rule.steps {
      if stepCount & 63 == 0 {
        progress = Double(stepCount) / Double(rule.steps)
        if let asked = rule.progress?() { progress = max(progress, asked) }
        if progress >= 1 { break }
        // Few steps in all are no time for much heat.
        let expected = progress > 0 ? Double(stepCount) / progress : 1e6
        hot = max(cold, hottest * min(1, (expected / tuning.stepsForHeat).squareRoot()))
        if progress >= nextPacking {
          pack()
          nextPacking += 0.1
        }
        temperature = hot * Elementary.power(cold / hot, progress)
      }
      step()
      stepCount += 1
    }
    pack()
  }

  private var temperature = 1.0

  /// A first plan, and the scales of value and travel that follow from it.
  private mutating func begin() {
    touched = Array(0..<instance.dayCount)
    recreate()
    var count = 0
    for day in 0..<instance.dayCount { count += tours.length[day] - 2 }
    let totals = tours.totals
    let plain = totals.value % instance.mandatoryValue
    meanValue = max(1e-6, Double(plain) / Double(max(1, count)))
    travelPrice = tuning.travelWeight * meanValue / max(1, Double(totals.travel))
    // Money only counts where there is not enough of it.
    if !instance.limits.moneyLimits.isEmpty, totals.price > 0 {
      moneyPrice = tuning.moneyWeight * meanValue / Double(totals.price)
    }
    energy = energy(of: totals)
    keepIfBest(totals)
  }

  /// Puts visits into a day in their order, as far as that is possible.
  private mutating func begin(_ day: Int, with visits: [Int32]) {
    for visit in visits where tours.dayOf[Int(visit)] < 0 && tours.limitsAllow(Int(visit), on: day) {
      var behind = tours.length[day] - 2
      if !instance.mustPrecede.isEmpty {
        behind = tours.bestPlace(for: Int(visit), on: day).position
        if behind < 0 { continue }
      }
      tours.place(Int(visit), on: day, behind: behind)
      if !tours.evaluate(day) {
        tours.remove(behind + 1..<behind + 2, from: day)
        _ = tours.evaluate(day)
      }
    }
  }

  func energy(of totals: Tours.Totals) -> Double {
    Double(totals.value) - Double(totals.travel) * travelPrice - Double(totals.price) * moneyPrice
  }

  mutating func keepIfBest(_ totals: Tours.Totals) {
    guard totals.isBetter(than: bestTotals) || bestTotals == Tours.Totals() else { return }
    bestTotals = totals
    for day in 0..<instance.dayCount { best[day] = tours.sequence(day) }
  }

  private mutating func step() {
    chooseStrings()
    guard !touched.isEmpty else { return }
    recreate()
    let totals = tours.totals
    let next = energy(of: totals)
    if next > energy - temperature * Double(chance.exponential()) {
      if next > energy, instance.dayCount > 1 {
        for day in touched { pool.record(tours, day) }
      }
      energy = next
      if totals.value >= bestTotals.value { keepIfBest(totals) }
    } else {
      saved.restore(&tours)
    }
  }
}
