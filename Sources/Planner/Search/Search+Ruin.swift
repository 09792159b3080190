extension Search {
  /// Opens one to three days around a visit by taking a string of visits out of each.
  mutating func chooseStrings() {
    touched.removeAll(keepingCapacity: true)
    openedAt.removeAll(keepingCapacity: true)
    saved.clear(tours)
    let wanted = 1 + chance.below(min(hasSlowSteps ? tuning.daysMaxWithSlowSteps : tuning.daysMax, instance.dayCount))
    let seed = chance.below(instance.visitCount)
    if tours.dayOf[seed] >= 0 { open(around: seed) }
    var rank = 0
    while touched.count < wanted, rank < neighbours.width {
      let other = Int(neighbours.order[seed &* neighbours.width &+ rank])
      let day = Int(tours.dayOf[other])
      if day >= 0, !touched.contains(day) { open(around: other) }
      rank += 1
    }
    if instance.dayCount > 1, chance.below(8) == 0 { openWhole(chance.below(instance.dayCount)) }
    evaluateOpened()
  }

  /// Works the opened days out anew; if one is not possible all go back to where they were.
  mutating func evaluateOpened() {
    var index = 0
    while index < touched.count {
      let (day, first) = (touched[index], openedAt[index])
      let isPossible = first > 0 ? tours.evaluate(day, from: first, through: first) : tours.evaluate(day)
      if !isPossible, !bridgeGaps(touched[index]) {
        // Without a stop on the way this way is longer: only where a detour is shorter than the direct way.
        saved.restore(&tours)
        touched.removeAll(keepingCapacity: true)
        return
      }
      index += 1
    }
  }

  /// Whether another way where something was taken out makes a day possible.
  private mutating func bridgeGaps(_ day: Int) -> Bool {
    if instance.wayCount == 1 { return false }
    for position in 0..<tours.length[day] - 1 where tours.node[day * tours.stride + position] == gap {
      return bridge(day, behind: position)
    }
    return false
  }

  /// Opens a day as it stands: an empty one has no visits around which it would be opened.
  mutating func openWhole(_ day: Int) {
    if touched.contains(day) { return }
    saved.save(day, of: tours)
    touched.append(day)
    openedAt.append(0)
  }

  /// Takes out a string that contains a visit.
  mutating func open(around visit: Int) {
    let day = Int(tours.dayOf[visit])
    saved.save(day, of: tours)
    touched.append(day)
    let position = tours.position(of: visit, on: day)
    let inside = tours.length[day] - 2
    // Where limits tie the days together a change in one is felt in all: half of the strings are short.
    let usual = hasSlowSteps ? tuning.stringMaxWithSlowSteps : tuning.stringMax
    let longest = tours.hasLimits && chance.below(2) == 0 ? tuning.stringMaxWithLimits : usual
    let count = 1 + chance.below(min(longest, inside))
    let first = max(1, position - chance.below(count))
    let end = min(first + count, inside + 1)
    tours.remove(first..<end, from: day)
    openedAt.append(first)
    gap = tours.node[day * tours.stride + first - 1]
  }
}
