/// The wishes of each day as the search reads them, and which nodes are rests.
struct ComfortTable: Sendable {
  let days: [Comfort]
  let isRest: [Bool]
  let hasAny: Bool

  init(_ problem: Problem, _ origins: [Instance.Origin]) {
    days = problem.days.map(\.comfort)
    hasAny = days.contains { $0.lateness.points + $0.waiting.points + $0.haste.points > 0 }
    isRest = hasAny ? origins.map { problem.activities[$0.activity].isRest } : []
  }
}

extension Comfort.Rate {
  /// What so much time costs.
  func points(for time: Int) -> Int { time <= 0 ? 0 : time / ticks * points + time % ticks * points / ticks }
}

/// How long each wish of a day is not kept, counted while one goes through the day.
///
/// A rest is a wait that is long enough, or an activity that says so; what lies between two rests is gone without one.
struct DiscomfortCount {
  private let comfort: Comfort
  private(set) var waiting = 0
  private(set) var haste = 0
  private(set) var lateness = 0
  /// Since when there was no rest.
  private var since: Int

  init(_ comfort: Comfort, leaving time: Int) {
    self.comfort = comfort
    since = time
  }

  /// A visit, with what its waiting is.
  mutating func visit(arrival: Int, start: Int, end: Int, isRest: Bool) {
    waiting += start - arrival
    if start - arrival >= max(1, comfort.restLasts) {
      rest(from: arrival)
      since = start
    }
    if isRest, end - start >= comfort.restLasts {
      rest(from: start)
      since = end
    }
  }

  /// The end of the day.
  mutating func arrive(_ time: Int) {
    rest(from: time)
    lateness = max(0, time - comfort.lateFrom)
  }

  private mutating func rest(from time: Int) {
    haste += max(0, time - since - comfort.restAfter)
  }

  var points: Int {
    comfort.lateness.points(for: lateness) + comfort.waiting.points(for: waiting) + comfort.haste.points(for: haste)
  }

  /// What is not kept, for a plan.
  var discomforts: [Plan.Discomfort] {
    let all: [(Plan.Discomfort.Kind, Int, Comfort.Rate)] = [
      (.lateness, lateness, comfort.lateness), (.waiting, waiting, comfort.waiting), (.haste, haste, comfort.haste),
    ]
    return all.compactMap { kind, ticks, rate in
      let points = rate.points(for: ticks)
      return points > 0 ? Plan.Discomfort(kind: kind, ticks: ticks, points: points) : nil
    }
  }
}
