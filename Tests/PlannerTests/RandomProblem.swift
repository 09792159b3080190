import Kernel
import Planner

/// Problems drawn at random, the same for the same seed.
enum RandomProblem {
  static func make(
    seed: UInt64, activities count: Int, days: Int, windows: Int = 1, closes: Int = 400, scoreMax: Int = 20,
    change: (inout [Activity], inout [Limit]) -> Void = { _, _ in }
  ) throws -> Problem {
    var random = SeededRandom(seed: seed)
    let points = (0...count).map { _ in
      (Int.random(in: 0..<100, using: &random), Int.random(in: 0..<100, using: &random))
    }
    let durations = points.flatMap { from in
      points.map { to in
        let (dx, dy) = (Double(from.0 - to.0), Double(from.1 - to.1))
        return Int((dx * dx + dy * dy).squareRoot().rounded(.up))
      }
    }
    var activities = (1...count).map { place in
      let list = (0..<windows).map { _ in
        let opens = Int.random(in: 0..<closes, using: &random)
        return StartWindow(opens: opens, lastStart: opens + Int.random(in: 10..<closes / 2, using: &random))
      }
      return Activity(
        at: PlaceIndex(place), duration: Int.random(in: 5..<30, using: &random),
        score: Int.random(in: 1...scoreMax, using: &random), price: Int.random(in: 0..<10, using: &random),
        opening: .everyDay(list))
    }
    var limits: [Limit] = []
    change(&activities, &limits)
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 0, closes: closes)
    return try Problem(
      activities: activities, days: [Day](repeating: day, count: days),
      travel: Travel(placeCount: count + 1, durations: durations), limits: limits)
  }
}
