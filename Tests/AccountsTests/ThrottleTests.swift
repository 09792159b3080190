import Kernel
import Testing

@testable import Accounts

@Suite("Throttle")
struct ThrottleTests {
  private let rule = Throttle(free: 3, firstSeconds: 30, longestSeconds: 100, forgetSeconds: 1000)

  private func at(_ second: Int64) -> Instant { Instant(secondsSinceEpoch: second) }

  /// Attempts as soon as they may be made: when each was.
  private func times(_ count: Int) -> [Int64] {
    var state: Throttle.State?
    var now: Int64 = 10_000
    var times: [Int64] = []
    while times.count < count {
      switch rule.decide(state, at: at(now)) {
      case .admit(let next):
        state = next
        times.append(now - 10_000)
      case .refuse(let seconds): now += Int64(seconds)
      }
    }
    return times
  }

  @Test("three are free, then pauses double up to the longest")
  func doubles() {
    // After the third: 30, then 60, then 100 (not 120), then 100.
    #expect(times(7) == [0, 0, 0, 30, 90, 190, 290])
  }

  @Test("what is refused does not lengthen the pause")
  func refusalsDoNotCount() {
    let state = Throttle.State(count: 3, lastAt: at(0), blockedUntil: at(30))
    for second in Int64(0)..<30 { #expect(rule.decide(state, at: at(second)) == .refuse(seconds: Int(30 - second))) }
    guard case .admit(let next) = rule.decide(state, at: at(30)) else {
      Issue.record("refused after the pause")
      return
    }
    #expect(next.count == 4)
  }

  @Test("everything is forgotten after a time without attempts")
  func forgets() {
    let state = Throttle.State(count: 9, lastAt: at(0), blockedUntil: at(100))
    #expect(rule.decide(state, at: at(1000)) == .admit(Throttle.State(count: 1, lastAt: at(1000))))
  }

  @Test("a day of guessing one password after the other gets about a hundred guesses")
  func aDay() {
    var state: Throttle.State?
    var now: Int64 = 0
    var guesses = 0
    while now < 86_400 {
      switch Throttle.account.decide(state, at: at(now)) {
      case .admit(let next):
        state = next
        guesses += 1
      case .refuse(let seconds): now += Int64(seconds)
      }
    }
    #expect((90...110).contains(guesses))
  }
}
