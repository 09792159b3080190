import Kernel

/// What the network does to a request.
enum Fate: CaseIterable {
  case well
  /// The other side says no without having done anything.
  case declined
  case notSent
  /// Nobody hears of it, and nobody answers.
  case requestLost
  /// It is acted on, and the answer is lost.
  case answerLost
  /// It is acted on long after it was given up.
  case late
  /// We crash while it is under way.
  case crash

  static func draw(_ faultPercent: Int, _ random: inout SeededRandom) -> Fate {
    guard Int.random(in: 0..<100, using: &random) < faultPercent else { return .well }
    return allCases[Int.random(in: 1..<allCases.count, using: &random)]
  }
}

/// What happens in a world, in the order of time and then of its making.
struct Agenda<Happening> {
  private var heap: [(at: Int64, number: Int)] = []
  /// What was ever put down, by number.
  private var happenings: [Happening] = []

  mutating func add(_ what: Happening, at: Int64) {
    heap.append((at, happenings.count))
    happenings.append(what)
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> (at: Int64, what: Happening)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return (first.at, happenings[first.number]) }
    heap[0] = last
    var parent = 0
    while true {
      let (left, right) = (2 * parent + 1, 2 * parent + 2)
      var least = parent
      if left < heap.count, isBefore(left, least) { least = left }
      if right < heap.count, isBefore(right, least) { least = right }
      if least == parent { return (first.at, happenings[first.number]) }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func isBefore(_ one: Int, _ other: Int) -> Bool {
    (heap[one].at, heap[one].number) < (heap[other].at, heap[other].number)
  }
}
