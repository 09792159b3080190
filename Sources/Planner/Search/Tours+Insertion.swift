extension Tours {
  /// Where a visit fits best.
  struct Place {
    var cost = Instance.never
    var position = -1
  }

  /// The position of a day behind which a visit delays what follows least; position -1 if it fits nowhere.
  ///
  /// - Complexity: O(positions of the day), a few instructions each.
  @inline(__always)
  func bestPlace(for visit: Int, on day: Int) -> Place {
    isPlain ? bestPlacePlain(visit, day) : bestPlaceGenerally(visit, day)
  }

  @inline(__always)
  private func bestPlacePlain(_ visit: Int, _ day: Int) -> Place {
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

  private func bestPlaceGenerally(_ visit: Int, _ day: Int) -> Place {
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
      if soonest <= closes, soonest &+ outward[Int(node[here &+ 1])] <= limit {
        let reached = instance.arrival(from: Int(node[here]), to: visit, began: early[here])
        let start = instance.start(at: visit, day: day, from: reached)
        if start != Instance.never {
          let onward = arrival(at: Int(node[here &+ 1]), from: visit, began: start)
          if onward <= limit {
            let cost = onward &- arrive[here &+ 1]
            if cost < best.cost, legsAllow(visit, day, behind: here) {
              best.cost = cost
              best.position = position
            }
          }
        }
      }
      position &+= 1
    }
    return best
  }

  @inline(__always)
  private func arrival(at to: Int, from: Int, began start: Int32) -> Int32 {
    guard let clock = instance.clock else { return start &+ instance.leg[from &* instance.nodeCount &+ to] }
    return clock.arrivalAt(to, from: from, leaving: start &+ instance.duration[from])
  }

  private func legsAllow(_ visit: Int, _ day: Int, behind here: Int) -> Bool {
    for limit in instance.limits.legLimits {
      let count = instance.nodeCount
      let (from, to) = (Int(node[here]), Int(node[here &+ 1]))
      let more =
        limit.amounts[from &* count &+ visit] &+ limit.amounts[visit &* count &+ to]
        &- limit.amounts[from &* count &+ to]
      let slot = instance.limits.slot(limit.limit, day: day)
      let own =
        instance.limits.moneyLimits.contains(limit.limit) ? instance.price[day &* instance.dayStride &+ visit] : 0
      if used[slot] &+ own &+ more > instance.limits.most[slot] { return false }
    }
    return true
  }

  /// The positions behind which precedences let a visit stand: from the first to before the second.
  private func orderBounds(of visit: Int, on day: Int) -> (first: Int, end: Int) {
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
