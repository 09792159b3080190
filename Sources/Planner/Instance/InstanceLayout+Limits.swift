extension InstanceLayout {
  /// One limit on its way into the table.
  private struct Line {
    var most: Int64
    var scope: Limit.Scope
    var amounts: [(node: Int, amount: Int64)]
  }

  /// The limits as the search counts them; `fares` are the instance's, in whose memory limits of money count.
  func limitTable(prices: [Int64], dayStride: Int, fares: UnsafeMutablePointer<Int64>?) -> LimitTable {
    var lines = problem.limits.indices.map { limitLine($0) }
    for group in problem.groups {
      let nodes = group.members.flatMap { nodesOfActivity[$0.position] }
      lines.append(Line(most: Int64(group.most), scope: group.scope, amounts: nodes.map { ($0, 1) }))
    }
    for nodes in nodesOfActivity where nodes.count > 1 {
      lines.append(Line(most: 1, scope: .trip, amounts: nodes.map { ($0, 1) }))
    }
    return table(of: lines, prices, dayStride, fares)
  }

  private func limitLine(_ index: Int) -> Line {
    let limit = problem.limits[index]
    var amounts: [(Int, Int64)] = []
    for (node, origin) in origins.enumerated() {
      let activity = problem.activities[origin.activity]
      let amount = activity.uses.reduce(0) { $1.limit.position == index ? $0 + $1.amount : $0 }
      if amount > 0 { amounts.append((node, Int64(amount))) }
    }
    return Line(most: Int64(limit.most), scope: limit.scope, amounts: amounts)
  }

  private func table(
    of lines: [Line], _ prices: [Int64], _ dayStride: Int, _ fares: UnsafeMutablePointer<Int64>?
  ) -> LimitTable {
    var (firstSlot, stride, most): ([Int], [Int], [Int64]) = ([], [], [])
    var uses = [[LimitTable.Use]](repeating: [], count: origins.count)
    for (index, line) in lines.enumerated() {
      firstSlot.append(most.count)
      stride.append(line.scope == .day ? 1 : 0)
      most += [Int64](repeating: line.most, count: line.scope == .day ? problem.days.count : 1)
      for (node, amount) in line.amounts { uses[node].append(LimitTable.Use(limit: Int32(index), amount: amount)) }
    }
    var useFirst: [Int32] = [0]
    for list in uses { useFirst.append((useFirst.last ?? 0) + Int32(list.count)) }
    return LimitTable(
      firstSlot: firstSlot, slotStride: stride, slotCount: most.count, most: most, useFirst: useFirst,
      uses: Array(uses.joined()), moneyLimits: problem.limits.indices.filter { problem.limits[$0].measure == .money },
      dayLimits: dayLimits(prices, dayStride, firstSlot, stride), legLimits: legLimits(firstSlot, stride, fares))
  }

  private func dayLimits(
    _ prices: [Int64], _ dayStride: Int, _ firstSlot: [Int], _ slotStride: [Int]
  ) -> [LimitTable.AmountsOfLimit] {
    problem.limits.enumerated().compactMap { index, limit in
      let isMoney = limit.measure == .money
      var amounts = isMoney ? prices : [Int64](repeating: 0, count: prices.count)
      var isUsed = isMoney
      for (node, origin) in origins.enumerated() {
        for use in problem.activities[origin.activity].dayUses where use.limit.position == index {
          isUsed = true
          for (day, amount) in use.amounts.enumerated() { amounts[day * dayStride + node] += Int64(amount) }
        }
      }
      if !isUsed { return nil }
      return LimitTable.AmountsOfLimit(
        limit: index, amounts: .copy(amounts), isMoney: isMoney, firstSlot: firstSlot[index],
        slotStride: slotStride[index])
    }
  }

  private func legLimits(
    _ firstSlot: [Int], _ slotStride: [Int], _ fares: UnsafeMutablePointer<Int64>?
  ) -> [LimitTable.AmountsOfLimit] {
    problem.limits.enumerated().compactMap { index, limit in
      let amounts: UnsafeMutablePointer<Int64>
      switch limit.measure {
      case .usesOnly: return nil
      case .money:
        guard let fares else { return nil }
        amounts = fares
      case .fares(let people):
        guard fares != nil else { return nil }
        amounts = .copy(legAmounts(\.fares) { ($0 + people - 1) / people })
      case .walking:
        let walks = legAmounts(\.walks) { $0 }
        if walks.allSatisfy({ $0 == 0 }) { return nil }
        amounts = .copy(walks)
      }
      return LimitTable.AmountsOfLimit(
        limit: index, amounts: amounts, isMoney: limit.measure == .money, firstSlot: firstSlot[index],
        slotStride: slotStride[index])
    }
  }
}
