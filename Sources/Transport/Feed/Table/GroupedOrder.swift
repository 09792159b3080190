/// The order of rows by group and then by rank, where most files have them in that order already.
///
/// Rows are counted into their groups, which keeps their order, and a group is sorted only if it has to be.
struct GroupedOrder {
  private let starts: [Int]
  private let order: [Int32]

  /// - Parameters:
  ///   - groups: each row's group.
  ///   - count: how many groups there are.
  ///   - ranks: each row's rank in its group; equal ones stay in the order of the rows.
  init(groups: [Int32], count: Int, ranks: [Int32]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for group in groups { starts[Int(group) + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    var next = starts
    var order = [Int32](repeating: 0, count: groups.count)
    for (row, group) in groups.enumerated() {
      order[next[Int(group)]] = Int32(row)
      next[Int(group)] += 1
    }
    for group in 0..<count {
      let range = starts[group]..<starts[group + 1]
      if zip(range, range.dropFirst()).contains(where: { ranks[Int(order[$0])] > ranks[Int(order[$1])] }) {
        order[range].sort { (ranks[Int($0)], $0) < (ranks[Int($1)], $1) }
      }
    }
    (self.starts, self.order) = (starts, order)
  }

  func members(of group: Int) -> ArraySlice<Int32> { order[starts[group]..<starts[group + 1]] }
}
