import Kernel
import Testing

@testable import Trips

/// Places between two others.
@Suite("Order keys")
struct OrderKeyTests {
  @Test("between any two keys there is another, whatever was inserted before", arguments: 1...20)
  func between(seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var keys: [OrderKey] = []
    for _ in 0..<600 {
      // Mostly at few places, which is what makes keys long.
      let index = seed.isMultiple(of: 3) ? keys.count / 2 : Int.random(in: 0...keys.count, using: &random)
      let low = index > 0 ? keys[index - 1] : nil
      let high = index < keys.count ? keys[index] : nil
      let key = try #require(OrderKey.between(low, high))
      if let low { #expect(low < key) }
      if let high { #expect(key < high) }
      if key.length <= OrderKey.digitsMax { #expect(OrderKey(key.description) == key) }
      keys.insert(key, at: index)
    }
    #expect(keys.map(\.description) == keys.map(\.description).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("ten thousand keys at either end of a list stay short")
  func ends() throws {
    var last = try #require(OrderKey.between(nil, nil))
    var first = last
    for _ in 0..<10_000 {
      let next = try #require(OrderKey.between(last, nil))
      let previous = try #require(OrderKey.between(nil, first))
      #expect(last < next && previous < first)
      (last, first) = (next, previous)
    }
    #expect(last.length <= 4 && first.length <= 4)
  }

  @Test("there is nothing between a key and itself, or in the wrong order")
  func nothing() throws {
    let keys = OrderKey.spread(2)
    #expect(OrderKey.between(keys[0], keys[0]) == nil)
    #expect(OrderKey.between(keys[1], keys[0]) == nil)
  }

  @Test("keys that are spread are in order and leave room", arguments: [0, 1, 2, 61, 62, 1000])
  func spread(count: Int) {
    let keys = OrderKey.spread(count)
    #expect(keys.count == count && zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(keys, keys.dropFirst()).allSatisfy { OrderKey.between($0, $1) != nil })
  }

  @Test("what is no key is not read", arguments: ["", "0", "V0", "a b", "ä", "-1"])
  func bad(text: String) { #expect(OrderKey(text) == nil) }
}
