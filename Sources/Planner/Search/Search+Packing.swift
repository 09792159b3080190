extension Search {
  /// Combines days of the pool into a better plan, if there is one, and goes on from it.
  mutating func pack() {
    guard instance.dayCount > 1, instance.limits.isEmpty, instance.mustPrecede.isEmpty else { return }
    var packing = RoutePacking(pool, instance, above: bestTotals.value, testsMax: min(300_000, stepCount * 8))
    let cells = packing.solve()
    if cells.isEmpty { return }
    var sequences = [[Int32]](repeating: [], count: instance.dayCount)
    for (place, cell) in cells.enumerated() {
      let day = instance.dayStride == 0 ? place : Int(pool.entries[cell].day)
      sequences[day] = pool.sequence(cell)
    }
    adopt(sequences)
  }

  /// Makes some days the present plan; whatever fits beside is put in.
  mutating func adopt(_ sequences: [[Int32]]) {
    guard tours.load(sequences) else {
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
