extension Search {
  /// Spends each night where given routes do, if every day is possible so.
  mutating func beginNights(with routes: [[Int32]]) {
    if instance.lodgings.isEmpty { return }
    for (day, route) in routes.enumerated() where day + 1 < instance.dayCount {
      guard let end = route.last else { continue }
      let (old, new) = (tours.lodging[day], instance.lodgings.index(of: Stop.node(end), after: day))
      if old < 0 || new < 0 || old == new { continue }
      tours.sleep(new, after: day)
      let isPossible = bridge(day, behind: 0) && bridge(day + 1, behind: 0) && tours.keepsLimits
      if !isPossible {
        tours.sleep(old, after: day)
        bridge(day, behind: 0)
        bridge(day + 1, behind: 0)
      }
    }
  }

  /// Spends one night elsewhere and judges at once.
  mutating func tryNight() {
    let day = instance.lodgings.nights[chance.below(instance.lodgings.nights.count)]
    if changeLodging(after: day) { judge() } else { saved.restore(&tours) }
  }

  /// Spends one night elsewhere, fills the days before and after it for some steps, and keeps all of it or nothing.
  ///
  /// Judged at once hardly any other lodging would do: what surrounds it was made for the last one.
  mutating func stepNight() {
    let (before, temperature) = (energy, temperature)
    let day = instance.lodgings.nights[chance.below(instance.lodgings.nights.count)]
    guard changeLodging(after: day) else {
      savedNight.restore(&tours)
      return
    }
    recreate()
    if instance.wayCount > 1 { for day in touched { settleWays(day) } }
    energy = energy(of: tours.totals)
    for _ in 0..<tuning.stepsPerNight {
      stepCount += 1
      openEither(day)
      judge()
    }
    if energy > before - temperature * Double(chance.exponential()) {
      for day in [day, day + 1] { pool.record(tours, day) }
      keepIfBest(tours.totals)
    } else {
      savedNight.restore(&tours)
      energy = before
    }
  }

  /// Whether the days around a night are possible with another lodging, at worst emptied.
  private mutating func changeLodging(after day: Int) -> Bool {
    let count = instance.lodgings.after[day].count
    let choice = (tours.lodging[day] + 1 + chance.below(count - 1)) % count
    touched.removeAll(keepingCapacity: true)
    saved.clear(tours)
    savedNight.clear(tours)
    for day in [day, day + 1] {
      saved.save(day, of: tours)
      savedNight.save(day, of: tours)
      touched.append(day)
    }
    let (before, after) = (drawLength(day), drawLength(day + 1))
    tours.remove(tours.length[day] - 1 - before..<tours.length[day] - 1, from: day)
    tours.remove(1..<1 + after, from: day + 1)
    tours.sleep(choice, after: day)
    return tours.keepsLimits && isPossible(day, behind: tours.length[day] - 2) && isPossible(day + 1, behind: 0)
  }

  /// Opens the day before a night, the day after it, or both, by a string of each.
  private mutating func openEither(_ night: Int) {
    touched.removeAll(keepingCapacity: true)
    openedAt.removeAll(keepingCapacity: true)
    saved.clear(tours)
    let draw = 1 + chance.below(3)
    for day in [night, night + 1] where draw & (1 << (day - night)) != 0 {
      let inside = tours.length[day] - 2
      if inside == 0 {
        openWhole(day)
      } else {
        open(around: Int(tours.node[day * tours.stride + 1 + chance.below(inside)]))
      }
    }
    evaluateOpened()
  }

  private mutating func drawLength(_ day: Int) -> Int {
    let inside = tours.length[day] - 2
    return inside == 0 ? 0 : chance.below(4) == 0 ? inside : 1 + chance.below(min(tuning.stringMax, inside))
  }

  private mutating func isPossible(_ day: Int, behind position: Int) -> Bool {
    if bridge(day, behind: position) { return true }
    tours.remove(1..<tours.length[day] - 1, from: day)
    return bridge(day, behind: 0)
  }
}

extension Tours {
  /// No visits, and nights at the first lodgings by which every day is possible; false if there are none.
  @discardableResult
  mutating func beginEmpty() -> Bool {
    guard let nights = instance.firstLodgings() else { return false }
    for (day, node) in nights.enumerated() where !instance.lodgings.after[day].isEmpty {
      sleep(instance.lodgings.index(of: node, after: day), after: day)
    }
    var isPossible = true
    for day in 0..<instance.dayCount {
      var way: Int32 = 0
      while !evaluate(day), way < Int32(instance.wayCount) {
        self.way[day * stride + 1] = way
        way += 1
      }
      isPossible = isPossible && evaluate(day)
    }
    return isPossible && keepsLimits
  }
}
