extension InstanceLayout {
  /// One limit on its way into the table.
  private struct Line {
    var most: Int64
    var scope: Limit.Scope
    var amounts: [(node: Int, amount: Int64)]
  }

  func limitTable() -> LimitTable {
    var lines = problem.limits.indices.map { limitLine($0) }
    for group in problem.groups {
      let nodes = group.members.flatMap { nodesOfActivity[$0.position] }
      lines.append(Line(most: Int64(group.most), scope: group.scope, amounts: nodes.map { ($0, 1) }))
    }
    for nodes in nodesOfActivity where nodes.count > 1 {
      lines.append(Line(most: 1, scope: .trip, amounts: nodes.map { ($0, 1) }))
    }
    return table(of: lines)
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

  private func table(of lines: [Line]) -> LimitTable {
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
      legLimits: legLimits())
  }

  private func legLimits() -> [LimitTable.LegLimit] {
    problem.limits.enumerated().compactMap { index, limit in
      let matrix: [Int] =
        switch limit.measure {
        case .usesOnly: []
        case .money: problem.travel.fares
        case .walking: problem.travel.walks
        }
      if matrix.isEmpty { return nil }
      let amounts = placeOfNode.flatMap { from in
        placeOfNode.map { to in Int64(matrix[from * problem.travel.placeCount + to]) }
      }
      return LimitTable.LegLimit(limit: index, amounts: amounts)
    }
  }
}
