/// Prices for what the routes of a pool have in common, by which days can be judged each by itself.
///
/// The idea (Lagrange): whatever the prices, no choice of routes is worth more than all prices times what there is, plus the
/// best gain of every day. Good prices are those at which that bound is low; they are found by going against its slope in
/// steps that are as long as the bound is above the plan that is known (Polyak, "Minimization of unsmooth functionals",
/// 1969; Held, Wolfe and Crowder, "Validation of subgradient optimization", 1974). They are kept from one packing to the next.
struct PackingPrices {
  /// Of each activity; of each limit, for all there is of it; and of one more of each variety.
  private var ofActivity: [Double]
  private var ofLimit: [Double]
  private var ofTag: [Double]
  /// Limits are counted in parts of so many, so that their prices and those of activities are of one size.
  private static let parts = 20.0

  init(_ instance: Instance) {
    ofActivity = [Double](repeating: 0, count: instance.activityCount)
    ofLimit = [Double](repeating: 0, count: instance.namedLimitCount)
    ofTag = [Double](repeating: 0, count: instance.varieties.count)
  }

  /// Lowers the bound in so many rounds.
  mutating func settle(_ routes: PackingRoutes, known: Double, rounds: Int) {
    var best = self
    var (bound, stride, idle) = (Double.infinity, 1.0, 0)
    for _ in 0..<rounds {
      let tops = tops(routes)
      let present = constant(routes) + tops.reduce(0) { $0 + $1.gain }
      idle += 1
      if present < bound { (best, bound, idle) = (self, present, 0) }
      if bound <= known + 0.5 { break }
      if idle == 5 { (stride, idle) = (stride / 2, 0) }
      if !move(routes, tops.map(\.route), by: stride * (present - known)) { break }
    }
    self = best
  }

  /// What prices alone add to the bound.
  func constant(_ routes: PackingRoutes) -> Double {
    var sum = ofActivity.reduce(0, +)
    for place in routes.limits.indices { sum += ofLimit[place] * Self.parts }
    for tag in ofTag.indices { sum += mostOfTag(tag, routes.varieties).gain }
    return sum
  }

  /// What a route gains at these prices.
  func gain(of route: Int, _ routes: PackingRoutes) -> Double {
    var gain = Double(routes.values[route])
    for index in Int(routes.memberFirst[route])..<Int(routes.memberFirst[route + 1]) {
      gain -= ofActivity[Int(routes.members[index])]
    }
    let count = routes.limits.count
    for place in 0..<count {
      gain -= ofLimit[place] * routes.parts[route * count + place] * Self.parts
    }
    for tag in ofTag.indices { gain -= ofTag[tag] * Double(routes.tags[route * ofTag.count + tag]) }
    return gain
  }

  /// The best routes: one of each day, or as many of one list as there are days.
  private func tops(_ routes: PackingRoutes) -> [(route: Int, gain: Double)] {
    if routes.isSame { return topsOfOneList(routes) }
    var tops = [(route: Int, gain: Double)](repeating: (-1, 0), count: routes.dayCount)
    for route in 0..<routes.count {
      let gain = gain(of: route, routes)
      let day = routes.list(of: route)
      if gain > tops[day].gain { tops[day] = (route, gain) }
    }
    return tops.filter { $0.route >= 0 }
  }

  private func topsOfOneList(_ routes: PackingRoutes) -> [(route: Int, gain: Double)] {
    var tops: [(route: Int, gain: Double)] = []
    for route in 0..<routes.count {
      let gain = gain(of: route, routes)
      if gain <= (tops.count < routes.dayCount ? 0 : tops[tops.count - 1].gain) { continue }
      tops.insert((route, gain), at: tops.firstIndex { gain > $0.gain } ?? tops.count)
      if tops.count > routes.dayCount { tops.removeLast() }
    }
    return tops
  }

  /// The number of a variety at which its price is worth most beyond what it loses.
  private func mostOfTag(_ tag: Int, _ table: VarietyTable) -> (count: Int, gain: Double) {
    let end = tag + 1 < table.count ? table.lossFirst[tag + 1] : table.losses.count
    var (most, sum, count) = (0.0, 0.0, 0)
    for number in 0..<end - table.lossFirst[tag] {
      sum += ofTag[tag] - Double(table.loss(tag, after: number))
      if sum > most { (most, count) = (sum, number + 1) }
    }
    return (count, most)
  }

  /// Raises what is wanted too often and lowers what is left over; false if nothing is wanted too often.
  private mutating func move(_ routes: PackingRoutes, _ chosen: [Int], by length: Double) -> Bool {
    var left = [Double](repeating: 1, count: ofActivity.count)
    var leftOfLimit = [Double](repeating: Self.parts, count: routes.limits.count)
    var leftOfTag = ofTag.indices.map { Double(mostOfTag($0, routes.varieties).count) }
    for route in chosen {
      for index in Int(routes.memberFirst[route])..<Int(routes.memberFirst[route + 1]) {
        left[Int(routes.members[index])] -= 1
      }
      for place in leftOfLimit.indices {
        leftOfLimit[place] -= routes.parts[route * leftOfLimit.count + place] * Self.parts
      }
      for tag in leftOfTag.indices { leftOfTag[tag] -= Double(routes.tags[route * ofTag.count + tag]) }
    }
    // What is free and left over says nothing.
    func square(_ left: Double, _ price: Double) -> Double { price == 0 && left > 0 ? 0 : left * left }
    var norm = 0.0
    for index in left.indices { norm += square(left[index], ofActivity[index]) }
    for place in leftOfLimit.indices { norm += square(leftOfLimit[place], ofLimit[place]) }
    for tag in leftOfTag.indices { norm += square(leftOfTag[tag], ofTag[tag]) }
    if norm == 0 { return false }
    let step = length / norm
    for index in left.indices { ofActivity[index] = max(0, ofActivity[index] - step * left[index]) }
    for place in leftOfLimit.indices { ofLimit[place] = max(0, ofLimit[place] - step * leftOfLimit[place]) }
    for tag in leftOfTag.indices { ofTag[tag] = max(0, ofTag[tag] - step * leftOfTag[tag]) }
    return true
  }
}
