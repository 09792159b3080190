import Synchronization
import Testing

@testable import EventLoop

@Suite("Timer wheel")
struct TimerWheelTests {
  /// Collects what fired, in order.
  private final class Log: Sendable {
    private let fired = Mutex<[Int]>([])
    var all: [Int] { fired.withLock { $0 } }
    func add(_ number: Int) { fired.withLock { $0.append(number) } }
  }

  private func drain(_ wheel: inout TimerWheel, at time: UInt64) {
    while let body = wheel.popDue(at: time) { body() }
  }

  @Test("timers fire in order of their due time, never early, on every level")
  func firesInOrder() {
    var wheel = TimerWheel(now: 1000)
    let log = Log()
    let delays: [UInt64] = [1, 63, 64, 65, 4095, 4096, 4097, 262_143, 262_144, 16_777_216, 5_000_000_000]
    for (number, delay) in delays.enumerated().reversed() { _ = wheel.insert(due: 1000 + delay) { log.add(number) } }
    for (number, delay) in delays.enumerated() {
      drain(&wheel, at: 1000 + delay - 1)
      #expect(log.all.count == number, "nothing fires before \(delay) ms")
      drain(&wheel, at: 1000 + delay)
      #expect(log.all.count == number + 1, "it fires at \(delay) ms")
    }
    #expect(log.all == Array(delays.indices))
    #expect(wheel.count == 0)
    #expect(wheel.nextWake == nil)
  }

  @Test("a cancelled timer does not fire, and a stale key cancels nobody else")
  func cancels() {
    var wheel = TimerWheel(now: 0)
    let log = Log()
    let first = wheel.insert(due: 10) { log.add(1) }
    let hasCancelled = wheel.cancel(first)
    #expect(hasCancelled)
    let second = wheel.insert(due: 10) { log.add(2) }
    #expect(second.index == first.index, "the place is used again")
    let cancelsAgain = wheel.cancel(first)
    #expect(!cancelsAgain)
    drain(&wheel, at: 20)
    #expect(log.all == [2])
    let cancelsFired = wheel.cancel(second)
    #expect(!cancelsFired)
  }

  @Test("the wheel agrees with a sorted list over random insertions, cancellations and jumps of the clock")
  func agreesWithSortedList() {
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = Seeded(state: seed)
      var wheel = TimerWheel(now: random.next() % 1_000_000)
      var expected: [(due: UInt64, number: Int)] = []
      var keys: [Int: TimerWheel.Key] = [:]
      let log = Log()
      for number in 0..<400 {
        switch random.next() % 8 {
        case 0...4:
          let due = wheel.now + random.next() % (1 << (random.next() % 30))
          keys[number] = wheel.insert(due: due) { log.add(number) }
          expected.append((max(due, wheel.now + 1), number))
        case 5:
          guard let victim = expected.randomElement(using: &random), let key = keys[victim.number] else { continue }
          let hasCancelled = wheel.cancel(key)
          #expect(hasCancelled, "seed \(seed)")
          expected.removeAll { $0.number == victim.number }
        default:
          let time = wheel.now + random.next() % (1 << (random.next() % 26))
          let before = log.all.count
          if let wake = wheel.nextWake, let least = expected.map(\.due).min() {
            #expect(wake <= least, "the loop would sleep past a timer; seed \(seed)")
          }
          drain(&wheel, at: time)
          let fired = Array(log.all[before...])
          let due = expected.filter { $0.due <= time }
          #expect(Set(fired) == Set(due.map(\.number)), "seed \(seed)")
          let dueTimes = Dictionary(uniqueKeysWithValues: due.map { ($0.number, $0.due) })
          #expect(fired.map { dueTimes[$0] ?? 0 } == fired.map { dueTimes[$0] ?? 0 }.sorted(), "seed \(seed)")
          expected.removeAll { $0.due <= time }
        }
      }
      #expect(wheel.count == expected.count, "seed \(seed)")
    }
  }
}

/// SplitMix64, so that a failing seed replays.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
