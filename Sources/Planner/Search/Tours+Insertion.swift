extension Tours {
  /// Where a visit fits best.
  struct Place {
    var cost = Instance.never
    var position = -1
    /// By which ways one comes and goes on.
    var wayIn: Int32 = 0
    var wayOut: Int32 = 0
  }

  /// The position of a day behind which a visit delays what follows least; position -1 if it fits nowhere.
  ///
  /// - Complexity: O(positions of the day), a few instructions each.
  @inline(__always)
  mutating func bestPlace(for visit: Int, on day: Int) -> Place {
    isPlain ? bestPlacePlain(visit, day) : bestPlaceGenerally(visit, day)
  }

  @inline(__always)
  private mutating func bestPlacePlain(_ visit: Int, _ day: Int) -> Place {
    let base = day &* stride
    let (node, arrive, early, late) = (node + base, arrive + base, early + base, late + base)
    let cell = day &* instance.dayStride &+ visit
    let opens = instance.earliestOpen[cell]
    let closes = instance.latestClose[cell]
    let count = instance.nodeCount
    let inward = instance.legTo + visit &* count
    let outward = instance.leg + visit &* count
    let last = length[day] &- 1
    var (cost, place) = (Instance.never, -1)
    var position = 0
    while position < last, late[position &+ 1] < opens { position &+= 1 }
    // Without branches inside: which of the tests fails is not to be foretold.
    while position < last, early[position] <= closes {
      let next = position &+ 1
      let reached = early[position] &+ inward[Int(node[position])]
      let onward = max(reached, opens) &+ outward[Int(node[next])]
      let tried = onward &- arrive[next]
      let room = min(closes &- reached, late[next] &- onward)
      let isBetter = min(room, cost &- tried &- 1) >= 0
      cost = isBetter ? tried : cost
      place = isBetter ? position : place
      position = next
    }
    return Place(cost: cost, position: place)
  }

  private mutating func bestPlaceGenerally(_ visit: Int, _ day: Int) -> Place {
    let base = day &* stride
    let cell = day &* instance.dayStride &+ visit
    let closes = instance.latestClose[cell]
    let opens = instance.earliestOpen[cell]
    let last = length[day] &- 1
    var best = Place()
    let count = instance.nodeCount
    let inward = instance.legTo + visit &* count
    let outward = instance.leg + visit &* count
    var (position, end) = (0, last)
    if !instance.mustPrecede.isEmpty { (position, end) = orderBounds(of: visit, on: day) }
    while position < end, early[base &+ position] <= closes {
      let here = base &+ position
      let limit = late[here &+ 1]
      // Legs are never shorter than at the best time of the day.
      let soonest = max(early[here] &+ inward[Int(node[here])], opens)
      let onward = soonest &+ outward[Int(node[here &+ 1])]
      if soonest <= closes, onward <= limit, onward &- arrive[here &+ 1] &- fareSaved(here &+ 1) < best.cost {
        if instance.wayCount == 1 {
          tryOneWay(visit, day, position, &best)
        } else {
          tryWays(visit, day, position, &best)
        }
      }
      position &+= 1
    }
    return best
  }

  /// Whether and how a visit fits behind one position, precedences not looked at.
  mutating func place(for visit: Int, on day: Int, behind position: Int) -> Place {
    var best = Place()
    if instance.wayCount == 1 {
      tryOneWay(visit, day, position, &best)
    } else {
      tryWays(visit, day, position, &best)
    }
    return best
  }

  @inline(__always)
  private mutating func tryOneWay(_ visit: Int, _ day: Int, _ position: Int, _ best: inout Place) {
    let here = day &* stride &+ position
    let reached = instance.arrival(from: Int(node[here]), to: visit, began: early[here], by: 0)
    let start = instance.start(at: visit, day: day, from: reached)
    if start == Instance.never { return }
    let onward = instance.arrival(from: visit, to: Int(node[here &+ 1]), began: start, by: 0)
    if onward > late[here &+ 1] { return }
    let cost = onward &- arrive[here &+ 1]
    if cost < best.cost, legsAllow(visit, day, behind: here, by: 0, onBy: 0) {
      best = Place(cost: cost, position: position)
    }
  }

  /// What not going a leg saves at most in ticks.
  @inline(__always)
  private mutating func fareSaved(_ here: Int) -> Int32 {
    guard farePrice > 0, let fares = instance.fares else { return 0 }
    let fare = fares[instance.cell(from: Int(node[here &- 1]), to: Int(node[here]), by: way[here])]
    return Int32(min(1e8, Float(fare) * farePrice))
  }

  /// Tries every pair of ways to come and to go on; what they cost more is weighed against the delay.
  private mutating func tryWays(_ visit: Int, _ day: Int, _ position: Int, _ best: inout Place) {
    let here = day &* stride &+ position
    let (from, to) = (Int(node[here]), Int(node[here &+ 1]))
    let (began, limit) = (early[here], late[here &+ 1])
    let present = arrive[here &+ 1]
    let shortest = instance.leg[visit &* instance.nodeCount &+ to]
    let saved = fareSaved(here &+ 1)
    let wayCount = Int32(truncatingIfNeeded: instance.wayCount)
    for wayIn in 0..<wayCount {
      let reached = instance.arrival(from: from, to: visit, began: began, by: wayIn)
      let start = instance.start(at: visit, day: day, from: reached)
      if start == Instance.never { continue }
      let soonest = start &+ shortest
      if soonest > limit || soonest &- present &- saved >= best.cost { continue }
      for wayOut in 0..<wayCount {
        let onward = instance.arrival(from: visit, to: to, began: start, by: wayOut)
        if onward > limit { continue }
        var cost = onward &- present
        if let fares = instance.fares, farePrice > 0 {
          let more =
            fares[instance.cell(from: from, to: visit, by: wayIn)]
            &+ fares[instance.cell(from: visit, to: to, by: wayOut)]
            &- fares[instance.cell(from: from, to: to, by: way[here &+ 1])]
          cost &+= Int32(max(-1e8, min(1e8, Float(more) * farePrice)))
        }
        if cost < best.cost, legsAllow(visit, day, behind: here, by: wayIn, onBy: wayOut) {
          best = Place(cost: cost, position: position, wayIn: wayIn, wayOut: wayOut)
        }
      }
    }
  }

  private mutating func legsAllow(_ visit: Int, _ day: Int, behind here: Int, by wayIn: Int32, onBy wayOut: Int32)
    -> Bool
  {
    let (from, to) = (Int(node[here]), Int(node[here &+ 1]))
    let table = instance.plainLimits
    var index = 0
    while index < table.legLimitCount {
      let limit = table.legLimits[index]
      let more =
        limit.amounts[instance.cell(from: from, to: visit, by: wayIn)]
        &+ limit.amounts[instance.cell(from: visit, to: to, by: wayOut)]
        &- limit.amounts[instance.cell(from: from, to: to, by: way[here &+ 1])]
      let slot = limit.slot(day)
      if used[slot] &+ more > table.most[slot] || used[slot] &+ own(visit, day, limit.limit) &+ more > table.most[slot]
      {
        return false
      }
      index &+= 1
    }
    return true
  }

  /// What a visit itself uses of a limit that also counts legs.
  private mutating func own(_ visit: Int, _ day: Int, _ limit: Int) -> Int64 {
    let table = instance.plainLimits
    var sum: Int64 = 0
    for index in 0..<table.dayLimitCount where table.dayLimits[index].limit == limit {
      sum &+= table.dayLimits[index].amounts[day &* instance.dayStride &+ visit]
    }
    for index in Int(table.useFirst[visit])..<Int(table.useFirst[visit &+ 1]) where table.uses[index].limit == limit {
      sum &+= table.uses[index].amount
    }
    return sum
  }

  /// The positions behind which precedences let a visit stand: from the first to before the second.
  private mutating func orderBounds(of visit: Int, on day: Int) -> (first: Int, end: Int) {
    var (first, end) = (0, length[day] &- 1)
    for other in instance.mustPrecede[visit] where dayOf[Int(other)] >= 0 {
      let otherDay = Int(dayOf[Int(other)])
      if otherDay > day { return (0, 0) }
      if otherDay == day { first = max(first, position(of: Int(other), on: day)) }
    }
    for other in instance.mustFollow[visit] where dayOf[Int(other)] >= 0 {
      let otherDay = Int(dayOf[Int(other)])
      if otherDay < day { return (0, 0) }
      if otherDay == day { end = min(end, position(of: Int(other), on: day)) }
    }
    return (first, end)
  }
}
