/// How long to wait before trying again: a random time below a bound that doubles, so that those who failed
/// together do not come back together.
struct Backoff: Sendable {
  var base: Duration
  var cap: Duration

  /// The longest wait before attempt `attempt`, counted from 1.
  func bound(_ attempt: Int) -> Duration {
    min(cap, base * (1 << max(0, min(attempt - 1, 16))))
  }

  /// Anything between nothing and the bound.
  func fullJitter(_ attempt: Int, using random: inout SplitMix) -> Duration {
    .milliseconds(Int64.random(in: 0...max(1, bound(attempt).milliseconds), using: &random))
  }

  /// Anything between half the bound and the bound, for where an immediate retry is no use.
  func equalJitter(_ attempt: Int, using random: inout SplitMix) -> Duration {
    let most = max(2, bound(attempt).milliseconds)
    return .milliseconds(Int64.random(in: most / 2...most, using: &random))
  }
}

/// A small generator that gives the same numbers for the same seed (Steele, Lea, Flood: SplitMix, 2014).
struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
