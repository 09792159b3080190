/// Chooses a route for each day from a pool so that none does what another does, limits are kept and the sum is greatest.
///
/// The idea: at prices for what routes share (activities, limits over the trip, likeness) no choice is worth more than all
/// prices together and the best priced route of every day (``PackingPrices``). So a route is worth looking at only if it
/// falls short of its day's best by less than that bound lies above the plan that is known, and a choice only as long as all
/// its shortfalls together do: few are left, which are gone through depth first. The number of tests is limited
/// nevertheless: the pool is only a second chance.
///
/// Sets are words of bits, one for each activity. Limits of a day are kept within each route.
struct RoutePacking {
  private let instance: Instance
  private let dayCount: Int
  private let hasNights: Bool
  private let routes: PackingRoutes
  private let known: Int64
  /// Routes by day, best priced first, with their gains; days that are the same share the first list.
  private var lists: [[(route: Int, gain: Double)]] = []
  /// The most that days from one on gain.
  private var gainFrom: [Double] = []
  /// What everything but gains adds to the bound.
  private var constant = 0.0
  private var taken: [UInt64]
  private var used: [Int64]
  private var testsLeft: Int
  private var chosen: [Int] = []
  private var best: [Int] = []
  private var bestValue: Int64

  init(_ pool: borrowing RoutePool, _ instance: Instance, above value: Int64, testsMax: Int) {
    self.instance = instance
    dayCount = instance.dayCount
    hasNights = !instance.lodgings.isEmpty
    routes = PackingRoutes(pool, instance)
    taken = [UInt64](repeating: 0, count: routes.wordCount)
    used = [Int64](repeating: 0, count: routes.limits.count)
    known = value
    bestValue = value
    testsLeft = testsMax
  }

  /// Finds the cells of a choice of greater value, if it does within its tests; empty otherwise.
  mutating func solve(_ prices: inout PackingPrices, rounds: Int) -> [Int] {
    if routes.count == 0 { return [] }
    prices.settle(routes, known: Double(known), rounds: rounds)
    constant = prices.constant(routes)
    arrange(prices)
    descend(day: 0, from: 0, value: 0, gain: 0)
    return best.map { routes.cells[$0] }
  }

  /// Lists the routes that may be part of a better choice.
  private mutating func arrange(_ prices: PackingPrices) {
    lists = [[(route: Int, gain: Double)]](repeating: [], count: routes.isSame ? 1 : dayCount)
    for route in 0..<routes.count { lists[routes.list(of: route)].append((route, prices.gain(of: route, routes))) }
    for index in lists.indices { lists[index].sort { ($0.gain, $1.route) > ($1.gain, $0.route) } }
    gainFrom = [Double](repeating: 0, count: dayCount + 1)
    for day in (0..<dayCount).reversed() {
      let top = lists[routes.isSame ? 0 : day].first?.gain ?? 0
      gainFrom[day] = gainFrom[day + 1] + (hasNights ? top : max(0, top))
    }
  }

  private mutating func descend(day: Int, from rank: Int, value: Int64, gain: Double) {
    if value > bestValue, isWhole(day), value - tagLoss > bestValue {
      bestValue = value - tagLoss
      best = chosen
    }
    guard day < dayCount else { return }
    let list = routes.isSame ? 0 : day
    var index = routes.isSame ? rank : 0
    while index < lists[list].count, testsLeft > 0 {
      let (route, own) = lists[list][index]
      let rest = routes.isSame ? Double(dayCount - day - 1) * max(0, own) : gainFrom[day + 1]
      // What follows gains no more than this.
      if constant + gain + own + rest < Double(bestValue) + 0.5 { break }
      testsLeft -= 1
      if isFree(route) {
        take(route, sign: 1)
        chosen.append(route)
        descend(day: day + 1, from: index + 1, value: value + routes.values[route], gain: gain + own)
        chosen.removeLast()
        take(route, sign: -1)
      }
      index += 1
    }
    // A day of its own may also stay empty.
    if routes.isSame || hasNights || constant + gain + gainFrom[day + 1] < Double(bestValue) + 0.5 { return }
    descend(day: day + 1, from: 0, value: value, gain: gain)
  }

  /// Where nights are open a choice has a route for every day.
  private func isWhole(_ day: Int) -> Bool { !hasNights || day == dayCount }

  private var tagLoss: Int64 {
    var sum: Int64 = 0
    for tag in 0..<instance.varieties.count {
      let count = chosen.reduce(0) { $0 + Int(routes.tags[$1 * instance.varieties.count + tag]) }
      for number in 0..<count { sum += instance.varieties.loss(tag, after: number) }
    }
    return sum
  }

  private func isFree(_ route: Int) -> Bool {
    if hasNights, let last = chosen.last, !instance.lodgings.after[chosen.count - 1].isEmpty,
      routes.ends[last].end != routes.ends[route].start
    {
      return false
    }
    let words = route * routes.wordCount
    for word in 0..<routes.wordCount where routes.bits[words + word] & taken[word] != 0 { return false }
    for place in used.indices where used[place] + routes.uses[route * used.count + place] > routes.most[place] {
      return false
    }
    return true
  }

  private mutating func take(_ route: Int, sign: Int64) {
    for word in 0..<routes.wordCount { taken[word] ^= routes.bits[route * routes.wordCount + word] }
    for place in used.indices { used[place] += sign * routes.uses[route * used.count + place] }
  }
}
