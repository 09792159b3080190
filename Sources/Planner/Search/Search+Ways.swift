extension Search {
  /// Before visits are put in: what fares weigh this time, and now and then faster ways for more time.
  ///
  /// Where money is limited a faster way mostly takes from other days what it gives to one: there fares always weigh
  /// something, and ways are rarely made faster.
  mutating func hasten() {
    let isMoneyLimited = !instance.limits.moneyLimits.isEmpty
    tours.farePrice = fareScale * (isMoneyLimited ? [1, 3, 3] : [0, 0.3, 3])[chance.below(3)]
    let draw = chance.below(isMoneyLimited ? tuning.stepsPerHasteWithLimits : tuning.stepsPerHaste)
    for day in touched {
      if draw == 0 {
        for position in 1..<tours.length[day] { hasten(day, position) }
      } else if draw < 3 {
        hasten(day, 1 + chance.below(tours.length[day] - 1))
      }
    }
  }

  /// Takes the fastest way of a leg, if limits allow it.
  private mutating func hasten(_ day: Int, _ position: Int) {
    let here = day * tours.stride + position
    let (from, to) = (Int(tours.node[here - 1]), Int(tours.node[here]))
    let old = tours.way[here]
    var (fastest, arrival) = (old, tours.arrive[here])
    for way in 0..<Int32(instance.wayCount) where way != old {
      let other = instance.arrival(from: from, to: to, began: tours.early[here - 1], by: way)
      if other < arrival { (fastest, arrival) = (way, other) }
    }
    if fastest != old { take(fastest, day, position) }
  }

  /// Takes cheaper ways wherever there is time for them, and faster ones that cost no more.
  mutating func settleWays(_ day: Int) {
    guard let fares = instance.fares else { return }
    for position in 1..<tours.length[day] {
      let here = day * tours.stride + position
      let (from, to) = (Int(tours.node[here - 1]), Int(tours.node[here]))
      for way in 0..<Int32(instance.wayCount) where way != tours.way[here] {
        let saved =
          fares[instance.cell(from: from, to: to, by: tours.way[here])]
          - fares[instance.cell(from: from, to: to, by: way)]
        if saved < 0 { continue }
        let arrival = instance.arrival(from: from, to: to, began: tours.early[here - 1], by: way)
        if arrival > tours.late[here] || saved == 0 && arrival >= tours.arrive[here] { continue }
        take(way, day, position)
      }
    }
  }

  /// Takes another way of a leg unless that is impossible or makes the plan worth less.
  private mutating func take(_ way: Int32, _ day: Int, _ position: Int) {
    let here = day * tours.stride + position
    let (old, discomfort) = (tours.way[here], tours.discomfort[day])
    tours.way[here] = way
    if tours.evaluate(day, from: position, through: position), tours.discomfort[day] <= discomfort { return }
    tours.way[here] = old
    _ = tours.evaluate(day)
  }

  /// Finds a way for the leg behind a position, where something was taken out; false if the day is not possible by any.
  @discardableResult
  mutating func bridge(_ day: Int, behind position: Int) -> Bool {
    if tours.evaluate(day) { return true }
    if instance.wayCount == 1 { return false }
    let here = day * tours.stride + position + 1
    for way in 0..<Int32(instance.wayCount) {
      tours.way[here] = way
      if tours.evaluate(day) { return true }
    }
    return false
  }
}
