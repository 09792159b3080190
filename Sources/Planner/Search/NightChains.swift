import Kernel

/// What each day is worth by where it begins and ends, to draw chains of nights from.
///
/// The idea: a day filled alone tells what it is worth between two lodgings; the best chain over all days follows by dynamic
/// programming. Days filled alone count what is near twice, so what days were worth within a whole plan is learnt from every
/// plan made, and chance does the rest.
struct NightChains {
  /// Where each day may begin and end.
  let starts: [[Int32]]
  let ends: [[Int32]]
  /// What a day is worth: `worth[day][start * ends + end]`; below zero it is not possible.
  private var worth: [[Float]]
  private var worthMost: Float = 0
  /// The chains that were drawn already.
  private var known: Set<[Int]> = []

  init(_ instance: Instance) {
    starts = (0..<instance.dayCount).map { instance.startNodes($0).map { Int32($0) } }
    ends = (0..<instance.dayCount).map { instance.endNodes($0).map { Int32($0) } }
    worth = zip(starts, ends).map { [Float](repeating: -1, count: $0.count * $1.count) }
  }

  /// Which of the ends of a day a node is.
  func place(of node: Int32, day: Int) -> Int { ends[day].firstIndex(of: node) ?? 0 }

  /// Says what a day is worth at least.
  mutating func raise(_ day: Int, _ start: Int, _ end: Int, to value: Float) {
    let cell = start * ends[day].count + end
    worth[day][cell] = max(worth[day][cell], value)
    worthMost = max(worthMost, value)
  }

  /// Whether a day is known to be possible.
  func isPossible(_ day: Int, _ start: Int, _ end: Int) -> Bool { worth[day][start * ends[day].count + end] >= 0 }

  /// Learns what the days of a plan were worth.
  mutating func learn(_ chain: [Int], _ values: [Float]) {
    for day in ends.indices {
      let cell = start(of: day, chain) * ends[day].count + chain[day]
      worth[day][cell] = max(0, 0.7 * worth[day][cell] + 0.3 * values[day])
    }
  }

  private func start(of day: Int, _ chain: [Int]) -> Int { isLinked(day) ? chain[day - 1] : 0 }

  /// Whether a day begins where the night before was spent.
  private func isLinked(_ day: Int) -> Bool { day > 0 && starts[day].count > 1 && starts[day] == ends[day - 1] }

  /// Where each day of a good chain ends, by its place among the ends; nil if none is possible or it was drawn before.
  mutating func draw(_ noise: Float, _ chance: inout Chance) -> [Int]? {
    var sums: [[Float]] = []
    var cameFrom: [[Int]] = []
    for day in ends.indices {
      let before = day == 0 ? [0] : isLinked(day) ? sums[day - 1] : [sums[day - 1].max() ?? 0]
      var best = [Float](repeating: -.infinity, count: ends[day].count)
      var from = [Int](repeating: 0, count: ends[day].count)
      for start in before.indices where before[start] > -.infinity {
        for end in best.indices {
          let value = worth[day][start * best.count + end]
          if value < 0 { continue }
          let sum = before[start] + value + noise * worthMost * (chance.unit() - 0.5)
          if sum > best[end] { (best[end], from[end]) = (sum, start) }
        }
      }
      sums.append(best)
      cameFrom.append(from)
    }
    return trace(sums, cameFrom)
  }

  private mutating func trace(_ sums: [[Float]], _ cameFrom: [[Int]]) -> [Int]? {
    var chain = [Int](repeating: 0, count: ends.count)
    var end: Int?
    for day in ends.indices.reversed() {
      let place = end ?? sums[day].indices.max { sums[day][$0] < sums[day][$1] } ?? 0
      if sums[day][place] == -.infinity { return nil }
      chain[day] = place
      end = isLinked(day) ? cameFrom[day][place] : nil
    }
    return known.insert(chain).inserted ? chain : nil
  }
}
