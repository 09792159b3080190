import Testing

@testable import Kernel

@Suite("Seeded chance")
struct SeededRandomTests {
  @Test("a seed gives the same sequence always")
  func replays() {
    var random = SeededRandom(seed: 42)
    // Computed by a second program written from the published algorithms.
    #expect((0..<4).map { _ in random.next() } == expected)
    var other = SeededRandom(seed: 43)
    #expect(other.next() != expected[0])
  }

  @Test("jitter stays within its share and reaches both sides")
  func jitter() {
    var random = SeededRandom(seed: 7)
    let waits = (0..<1000).map { _ in random.jitter(.seconds(10), share: 0.2) }
    #expect(waits.allSatisfy { (.seconds(8) ... .seconds(12)).contains($0) })
    #expect(waits.contains { $0 < .seconds(9) })
    #expect(waits.contains { $0 > .seconds(11) })
    #expect(random.jitter(.seconds(10), share: 0) == .seconds(10))
  }

  @Test("all bits vary")
  func bits() {
    var random = SeededRandom(seed: 0)
    var counts = [Int](repeating: 0, count: 64)
    for _ in 0..<4096 {
      let word = random.next()
      for bit in 0..<64 where word >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
    }
    // Six standard deviations of a fair coin thrown 4096 times are 192.
    #expect(counts.allSatisfy { (1856...2240).contains($0) })
  }
}

private let expected: [UInt64] = [0x15780b2e0c2ec716, 0x6104d9866d113a7e, 0xae17533239e499a1, 0xecb8ad4703b360a1]
