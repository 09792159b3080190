/// Chooses a route for each day from a pool so that none visits what another does and the sum is greatest.
///
/// Depth first, best routes first; a branch ends where even the best remaining routes could not beat the plan that is known.
/// Sets are words of bits. The number of tests is limited: the pool is only a second chance.
struct RoutePacking {
  private let dayCount: Int
  private let isSame: Bool
  private let wordCount: Int
  /// Cells of the pool by day, best first; days that are the same share the first list.
  private var lists: [[Int]]
  private var values: [Int64]
  private var bits: [UInt64]
  private var testsLeft: Int
  private var chosen: [Int] = []
  private(set) var best: [Int] = []
  private(set) var bestValue: Int64

  init(_ pool: borrowing RoutePool, _ instance: Instance, above value: Int64, testsMax: Int) {
    dayCount = instance.dayCount
    let first = (instance.startNode[0], instance.endNode[0])
    let hasSameEnds = (0..<dayCount).allSatisfy { (instance.startNode[$0], instance.endNode[$0]) == first }
    isSame = instance.dayStride == 0 && hasSameEnds
    wordCount = (instance.visitCount + 63) / 64
    lists = [[Int]](repeating: [], count: isSame ? 1 : dayCount)
    values = [Int64](repeating: 0, count: RoutePool.capacity)
    bits = [UInt64](repeating: 0, count: RoutePool.capacity * wordCount)
    testsLeft = testsMax
    bestValue = value
    for cell in 0..<RoutePool.capacity where pool.entries[cell].value > 0 {
      lists[isSame ? 0 : Int(pool.entries[cell].day)].append(cell)
      values[cell] = pool.entries[cell].value
      for visit in pool.sequence(cell) { bits[cell * wordCount + Int(visit) / 64] |= 1 << UInt64(visit % 64) }
    }
    for index in lists.indices {
      let values = values
      lists[index].sort { (values[$0], $1) > (values[$1], $0) }
    }
  }

  /// Finds a choice of greater value, if it does within its tests; empty otherwise.
  mutating func solve() -> [Int] {
    var taken = [UInt64](repeating: 0, count: wordCount)
    descend(day: 0, from: 0, value: 0, &taken)
    return best
  }

  private func listIndex(_ day: Int) -> Int { isSame ? 0 : day }

  /// The most that days from one on could add.
  private func most(from day: Int, rank: Int) -> Int64 {
    if isSame { return rank < lists[0].count ? values[lists[0][rank]] * Int64(dayCount - day) : 0 }
    return (day..<dayCount).reduce(0) { $0 + (lists[$1].first.map { values[$0] } ?? 0) }
  }

  private mutating func descend(day: Int, from rank: Int, value: Int64, _ taken: inout [UInt64]) {
    if value > bestValue {
      bestValue = value
      best = chosen
    }
    guard day < dayCount else { return }
    let list = listIndex(day)
    var index = isSame ? rank : 0
    while index < lists[list].count, testsLeft > 0 {
      let cell = lists[list][index]
      let rest = isSame ? most(from: day, rank: index) : values[cell] + most(from: day + 1, rank: 0)
      if value + rest <= bestValue { return }
      testsLeft -= 1
      if isFree(cell, taken) {
        toggle(cell, &taken)
        chosen.append(cell)
        descend(day: day + 1, from: index + 1, value: value + values[cell], &taken)
        chosen.removeLast()
        toggle(cell, &taken)
      }
      index += 1
    }
  }

  private func isFree(_ cell: Int, _ taken: [UInt64]) -> Bool {
    for word in 0..<wordCount where bits[cell * wordCount + word] & taken[word] != 0 { return false }
    return true
  }

  private func toggle(_ cell: Int, _ taken: inout [UInt64]) {
    for word in 0..<wordCount { taken[word] ^= bits[cell * wordCount + word] }
  }
}
