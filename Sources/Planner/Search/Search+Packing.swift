extension Search {
  /// Combines days of the pool into a better plan, if there is one, and goes on from it.
  mutating func pack() {
    guard instance.dayCount > 1, instance.mustPrecede.isEmpty else { return }
    var packing = RoutePacking(pool, instance, above: bestTotals.value, testsMax: min(300_000, stepCount * 8))
    let cells = packing.solve(&packingPrices, rounds: tuning.packingRounds)
    if cells.isEmpty { return }
    // Days without a route of the pool stay empty, between ends that are settled.
    var routes = (0..<instance.dayCount).map { [instance.startNode[$0], instance.endNode[$0]] }
    for (place, cell) in cells.enumerated() {
      routes[pool.isSame ? place : Int(pool.entries[cell].day)] = pool.route(cell)
    }
    adopt(routes)
  }

  /// Makes some days the present plan; whatever fits beside is put in.
  mutating func adopt(_ routes: [[Int32]]) {
    guard tours.load(routes) else {
      // Cannot be: each day stood like that before. The best is known to be possible.
      _ = tours.load(best)
      return
    }
    touched = Array(0..<instance.dayCount)
    saved.clear(tours)
    recreate()
    energy = energy(of: tours.totals)
    keepIfBest(tours.totals)
  }
}
