/// The lodgings of each night as the search reads them.
struct LodgingTable: Sendable {
  struct Lodging: Sendable {
    let node: Int32
    let price: Int64
    let value: Int64
  }

  /// By day: where the night after it may be spent; empty if that is settled.
  let after: [[Lodging]]
  /// Days after which there is a choice.
  let nights: [Int]

  var isEmpty: Bool { nights.isEmpty }

  /// Which lodging of the night after a day is at a node, or -1.
  func index(of node: Int32, after day: Int) -> Int {
    after[day].firstIndex { $0.node == node } ?? -1
  }
}

extension InstanceLayout {
  func lodgingTable() -> LodgingTable {
    var after = [[LodgingTable.Lodging]](repeating: [], count: problem.days.count)
    for (night, nodes) in zip(problem.nights, lodgingNodes) {
      after[night.day] = zip(night.lodgings, nodes).map {
        LodgingTable.Lodging(node: Int32($1), price: Int64($0.price), value: Int64($0.score))
      }
    }
    return LodgingTable(after: after, nights: after.indices.filter { after[$0].count > 1 })
  }
}

extension Instance {
  /// What nights score at most.
  var lodgingValueMost: Int64 { lodgings.after.reduce(0) { $0 + ($1.map(\.value).max() ?? 0) } }

  /// Where a day may begin, whatever the night before was.
  func startNodes(_ day: Int) -> [Int] {
    let choices = day > 0 ? lodgings.after[day - 1] : []
    return choices.isEmpty ? [Int(startNode[day])] : choices.map { Int($0.node) }
  }

  /// Where a day may end.
  func endNodes(_ day: Int) -> [Int] {
    let choices = lodgings.after[day]
    return choices.isEmpty ? [Int(endNode[day])] : choices.map { Int($0.node) }
  }

  /// Where each night is spent at first: every day can reach the next lodging, the cheapest and then the nearest way.
  ///
  /// Nil if there is no such choice. Days go by one by one, each lodging keeping the best way to it.
  func firstLodgings() -> [Int32]? {
    // By lodging of the night before: what it took so far, and what was chosen.
    var ways: [(from: Int32, price: Int64, time: Int64, chosen: [Int32])] = [(startNode[0], 0, 0, [])]
    for day in 0..<dayCount {
      let choices = lodgings.after[day]
      let ends = choices.isEmpty ? [LodgingTable.Lodging(node: endNode[day], price: 0, value: 0)] : choices
      var next: [(from: Int32, price: Int64, time: Int64, chosen: [Int32])] = []
      for end in ends {
        let reaching = ways.compactMap { way -> (from: Int32, price: Int64, time: Int64, chosen: [Int32])? in
          let arrival = arrival(from: Int(way.from), to: Int(end.node), began: opens[day])
          if arrival > closes[day] { return nil }
          // What a lodging costs only matters where money is short.
          let price = limits.moneyLimits.isEmpty ? 0 : end.price
          return (end.node, way.price + price, way.time + Int64(arrival - opens[day]), way.chosen + [end.node])
        }
        if let best = reaching.min(by: { ($0.price, $0.time) < ($1.price, $1.time) }) { next.append(best) }
      }
      if next.isEmpty { return nil }
      if choices.isEmpty, day + 1 < dayCount, let best = next.first {
        next = [(startNode[day + 1], best.price, best.time, best.chosen)]
      }
      ways = next
    }
    return ways.min { ($0.price, $0.time) < ($1.price, $1.time) }?.chosen
  }
}
