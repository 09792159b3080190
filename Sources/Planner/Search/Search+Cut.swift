extension Search {
  /// Gives one day the end of another and the other way round, a few visits being left out where they are cut.
  ///
  /// The idea (2-opt*, Potvin and Rousseau, "An exchange heuristic for routeing problems with time windows", 1995): two days
  /// that each go to two parts of the town come to one part each, which strings do not reach but through worse plans.
  mutating func crossDays() {
    touched.removeAll(keepingCapacity: true)
    openedAt.removeAll(keepingCapacity: true)
    saved.clear(tours)
    let first = chance.below(instance.dayCount)
    let second = (first + 1 + chance.below(instance.dayCount - 1)) % instance.dayCount
    let last = tours.length[first] - 1
    let cut = chance.below(last)
    let onward = min(last, cut + 1 + chance.below(tuning.cutMax + 1))
    guard let (otherCut, otherOnward) = cutMeeting(second, first, cut, onward) else { return }
    saved.save(first, of: tours)
    saved.save(second, of: tours)
    let otherLast = tours.length[second] - 1
    let end = (onward..<last).map { Int(tours.node[first * tours.stride + $0]) }
    let otherEnd = (otherOnward..<otherLast).map { Int(tours.node[second * tours.stride + $0]) }
    tours.remove(cut + 1..<last, from: first)
    tours.remove(otherCut + 1..<otherLast, from: second)
    for visit in otherEnd { tours.place(visit, on: first, behind: tours.length[first] - 2) }
    for visit in end { tours.place(visit, on: second, behind: tours.length[second] - 2) }
    touched += [first, second]
    openedAt += [0, 0]
    evaluateOpened()
  }

  /// Where a day can be cut so that its end can follow what another begins with, and the other way round: by chance one
  /// of all such places.
  private mutating func cutMeeting(
    _ day: Int, _ other: Int, _ otherCut: Int, _ otherOnward: Int
  ) -> (cut: Int, onward: Int)? {
    let last = tours.length[day] - 1
    let leftOut = chance.below(tuning.cutMax + 1)
    var (chosen, count) = (-1, 0)
    for cut in 0..<last {
      let onward = min(last, cut + 1 + leftOut)
      if !isInTime(other, otherCut, day, onward) || !isInTime(day, cut, other, otherOnward) { continue }
      count += 1
      if chance.below(count) == 0 { chosen = cut }
    }
    return chosen < 0 ? nil : (chosen, min(last, chosen + 1 + leftOut))
  }

  /// Whether a position of one day can follow one of another.
  @inline(__always)
  private mutating func isInTime(_ day: Int, _ position: Int, _ nextDay: Int, _ next: Int) -> Bool {
    let (here, there) = (day &* tours.stride &+ position, nextDay &* tours.stride &+ next)
    let leg = instance.leg[Int(tours.node[here]) &* instance.nodeCount &+ Int(tours.node[there])]
    return tours.early[here] &+ leg <= tours.late[there]
  }

  /// Takes out of all days what is begun within some time, a third to an eighth of a day: longer than any string.
  mutating func openSlice() {
    touched.removeAll(keepingCapacity: true)
    openedAt.removeAll(keepingCapacity: true)
    saved.clear(tours)
    let length = Int(instance.closes[0] - instance.opens[0])
    let from = Int(instance.opens[0]) + chance.below(length + 1)
    let until = from + length / (3 + chance.below(6))
    for day in 0..<instance.dayCount {
      let base = day * tours.stride
      let last = tours.length[day] - 1
      var first = 1
      while first < last, Int(tours.early[base + first]) < from { first += 1 }
      var end = first
      while end < last, Int(tours.early[base + end]) < until { end += 1 }
      if first == end { continue }
      saved.save(day, of: tours)
      touched.append(day)
      openedAt.append(first)
      tours.remove(first..<end, from: day)
      gap = tours.node[base + first - 1]
    }
    if !touched.isEmpty { evaluateOpened() }
  }
}
