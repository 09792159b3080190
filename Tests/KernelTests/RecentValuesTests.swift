import Kernel
import Testing

@Suite("Values used lately")
struct RecentValuesTests {
  @Test("what is asked for stays while others come and go")
  func used() {
    var recent = RecentValues<Int, String>(weightMax: 20)
    recent.keep("one", weight: 1, for: 1)
    for other in 100..<200 {
      recent.keep("other", weight: 1, for: other)
      #expect(recent.value(of: 1) == "one")
    }
  }

  @Test("what nobody asks for is forgotten once as much as there is room for has come after it")
  func unused() {
    var recent = RecentValues<Int, String>(weightMax: 20)
    recent.keep("one", weight: 1, for: 1)
    for other in 100..<120 { recent.keep("other", weight: 1, for: other) }
    #expect(recent.value(of: 1) == nil)
    #expect(recent.value(of: 119) == "other")
  }

  @Test("there is never more than the room, whatever is kept, replaced and asked for")
  func bounded() {
    let seed: UInt64 = 20_261_122
    var random = SeededRandom(seed: seed)
    var recent = RecentValues<Int, Int>(weightMax: 100)
    var weights: [Int: Int] = [:]
    for step in 0..<5_000 {
      let key = Int.random(in: 0..<60, using: &random)
      if Bool.random(using: &random) {
        let weight = Int.random(in: 0...60, using: &random)
        recent.keep(weight, weight: weight, for: key)
        weights[key] = weight
      } else if let found = recent.value(of: key) {
        #expect(found == weights[key], "step \(step) of seed \(seed)")
      }
      let sum = (0..<60).reduce(0) { $0 + (recent.isKept($1) ? weights[$1] ?? 0 : 0) }
      #expect(sum <= 100, "step \(step) of seed \(seed)")
    }
  }

  @Test("what is replaced is not given out again, and what is too heavy is not kept")
  func replaced() {
    var recent = RecentValues<Int, String>(weightMax: 10)
    recent.keep("old", weight: 3, for: 1)
    recent.keep("other", weight: 4, for: 2)
    recent.keep("new", weight: 4, for: 1)
    #expect(recent.value(of: 1) == "new")
    recent.keep("heavy", weight: 6, for: 1)
    #expect(recent.value(of: 1) == nil)
  }
}
