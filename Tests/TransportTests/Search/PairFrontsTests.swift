import Kernel
import Testing

@testable import Transport

@Suite("Fronts of pairs")
struct PairFrontsTests {
  private struct Entry: Hashable {
    let first: Int32
    let second: Int32
    let tail: Int32
  }

  @Test("keep what no other pair is as good as, of equals the first, each with its own tail", arguments: 0..<20)
  func random(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let fronts = PairFronts<Int32>(count: 3, firstCapacity: 2)
    for _ in 0..<30 {
      fronts.begin()
      var expected: [[Entry]] = [[], [], []]
      for number in Int32(0)..<Int32.random(in: 0...200, using: &random) {
        let index = Int.random(in: 0..<3, using: &random)
        let entry = Entry(
          first: Int32.random(in: 0...40, using: &random), second: Int32.random(in: 0...40, using: &random),
          tail: number)
        let isBeaten = expected[index].contains { $0.first <= entry.first && $0.second <= entry.second }
        #expect(fronts.add(index, entry.first, entry.second, entry.tail) == !isBeaten)
        if isBeaten { continue }
        expected[index].removeAll { entry.first <= $0.first && entry.second <= $0.second }
        expected[index].append(entry)
      }
      for index in 0..<3 {
        let start = Int(fronts.fronts[index].start)
        let own = (start..<start + fronts.count(index)).map {
          Entry(first: fronts.pairs[$0].first, second: fronts.pairs[$0].second, tail: fronts.tails[$0])
        }
        #expect(own == expected[index].sorted { $0.first < $1.first })
        for limit in Int32(0)...41 {
          let least = expected[index].filter { $0.second <= limit }.map(\.first).min()
          #expect(fronts.least(index, within: limit) == least)
        }
      }
    }
  }
}
