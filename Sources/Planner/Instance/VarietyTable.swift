/// Which varieties each node has, and what one more of each loses.
struct VarietyTable: Sendable {
  /// `tags[first[node]..<first[node + 1]]`.
  let first: [Int32]
  let tags: [Int32]
  /// What the n-th of a variety loses, for as many as there are members: `losses[lossFirst[tag] + n]`, n from 0.
  let lossFirst: [Int]
  let losses: [Int64]

  var isEmpty: Bool { lossFirst.isEmpty }
  var count: Int { lossFirst.count }

  /// What one more loses if there are so many.
  @inline(__always)
  func loss(_ tag: Int, after count: Int) -> Int64 { losses[lossFirst[tag] &+ count] }
}

extension InstanceLayout {
  func varietyTable() -> VarietyTable {
    if problem.varieties.isEmpty { return VarietyTable(first: [], tags: [], lossFirst: [], losses: []) }
    var tagsOfNode = [[Int32]](repeating: [], count: origins.count)
    var (lossFirst, losses): ([Int], [Int64]) = ([], [])
    for (tag, variety) in problem.varieties.enumerated() {
      for member in variety.members {
        for node in nodesOfActivity[member.position] { tagsOfNode[node].append(Int32(tag)) }
      }
      lossFirst.append(losses.count)
      for count in 0...variety.members.count {
        losses.append(Int64(variety.loss(count + 1) - variety.loss(count)))
      }
    }
    var first: [Int32] = [0]
    for list in tagsOfNode { first.append((first.last ?? 0) + Int32(list.count)) }
    return VarietyTable(first: first, tags: Array(tagsOfNode.joined()), lossFirst: lossFirst, losses: losses)
  }
}
