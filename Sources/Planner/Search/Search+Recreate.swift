extension Search {
  /// How the visits that fit are ordered in one step.
  private struct Order {
    var exponent: Int
    var weighsCost: Bool
    var noise: Float
  }

  /// Puts visits into the opened days until none fits.
  mutating func recreate() {
    let order = drawOrder()
    let floor = Float(meanLeg * tuning.delayFloor)
    gather(order, floor)
    while candidates.count > 0 {
      var entry = candidates.takeGreatest()
      let visit = Int(entry.visit)
      if tours.hasLimits, !tours.limitsAllow(visit, on: Int(entry.day)) {
        guard locate(&entry) else { continue }
        setKey(&entry, order, floor)
      } else if entry.version != candidates.dayVersion[Int(entry.day)] {
        let old = entry.key
        guard locate(&entry) else { continue }
        setKey(&entry, order, floor)
        if order.weighsCost, entry.key < old * 0.98, candidates.count > 0 {
          candidates.append(entry)
          continue
        }
      }
      insert(entry)
    }
  }

  private mutating func insert(_ entry: Candidates.Entry) {
    let day = Int(entry.day)
    tours.place(Int(entry.visit), on: day, behind: Int(entry.position))
    candidates.dayVersion[day] &+= 1
    if !tours.evaluate(day) {
      let position = Int(entry.position) + 1
      tours.remove(position..<position + 1, from: day)
      _ = tours.evaluate(day)
    }
  }

  private mutating func drawOrder() -> Order {
    if chance.below(256) < tuning.randomOrders {
      return Order(exponent: chance.below(3), weighsCost: false, noise: 1)
    }
    return Order(
      exponent: chance.below(Candidates.exponents.count), weighsCost: true, noise: chance.below(2) == 0 ? 0.1 : 0.5)
  }

  private mutating func gather(_ order: Order, _ floor: Float) {
    candidates.count = 0
    var index = 0
    while index < tours.outCount {
      var entry = Candidates.Entry()
      entry.visit = tours.out[index]
      index &+= 1
      guard locate(&entry) else { continue }
      let cell = Int(entry.day) &* instance.dayStride &+ Int(entry.visit)
      let power = candidates.powers[order.exponent][cell]
      entry.weight = order.weighsCost ? power * (1 + order.noise * (chance.unit() - 0.5)) : power * chance.exponential()
      setKey(&entry, order, floor)
      candidates.append(entry)
    }
  }

  @inline(__always)
  private func setKey(_ entry: inout Candidates.Entry, _ order: Order, _ floor: Float) {
    entry.key = order.weighsCost ? entry.weight / (Float(max(0, entry.cost)) + floor) : entry.weight
  }

  /// Finds the best place among the opened days.
  @inline(__always)
  private func locate(_ entry: inout Candidates.Entry) -> Bool {
    let visit = Int(entry.visit)
    entry.cost = Instance.never
    for day in touched {
      if tours.hasLimits, !tours.limitsAllow(visit, on: day) { continue }
      let place = tours.bestPlace(for: visit, on: day)
      if place.position >= 0, place.cost < entry.cost {
        entry.cost = place.cost
        entry.day = Int32(truncatingIfNeeded: day)
        entry.position = Int32(truncatingIfNeeded: place.position)
      }
    }
    guard entry.cost != Instance.never else { return false }
    entry.version = candidates.dayVersion[Int(entry.day)]
    return true
  }
}
