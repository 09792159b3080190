import Foundation
import Testing

@testable import Planner

/// Published instances, if `WAYFARE_TEST_DATA` names a folder that has them.
@Suite("Kept instances", .enabled(if: ProcessInfo.processInfo.environment["WAYFARE_TEST_DATA"] != nil))
struct KeptInstanceTests {
  /// A TOPTW instance with times in tenths.
  static func problem(_ name: String, tours: Int) throws -> Problem {
    let folder = try #require(ProcessInfo.processInfo.environment["WAYFARE_TEST_DATA"])
    let text = try String(contentsOfFile: "\(folder)/toptw/\(name).txt", encoding: .utf8)
    let rows = text.split(separator: "\n").dropFirst(2)
      .map { $0.split(whereSeparator: \.isWhitespace).compactMap { Double($0) } }.filter { $0.count > 6 }
    let ends = try #require(rows.first)
    let durations = rows.flatMap { from in
      rows.map { to in
        let (dx, dy) = (from[1] - to[1], from[2] - to[2])
        return Int((10 * (dx * dx + dy * dy).squareRoot() + 1e-9).rounded(.down))
      }
    }
    let activities = rows.enumerated().dropFirst().map { place, row in
      let window = StartWindow(opens: Int(row[row.count - 2] * 10), lastStart: Int(row[row.count - 1] * 10))
      return Activity(
        at: PlaceIndex(place), duration: Int(row[3] * 10), score: Int(row[4]), opening: .everyDay([window]))
    }
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 0, closes: Int(ends[ends.count - 1] * 10))
    return try Problem(
      activities: activities, days: [Day](repeating: day, count: tours),
      travel: Travel(placeCount: rows.count, durations: durations))
  }

  @Test(
    "best values that are proved are found, and the bound proves some again",
    arguments: [("c101", 1, 320), ("c101", 2, 590), ("r101", 1, 198), ("rc101", 2, 427)])
  func known(_ name: String, _ tours: Int, _ best: Int) throws {
    let problem = try Self.problem(name, tours: tours)
    let planner = try Planner(problem)
    let plan = planner.plan(SearchRule(seed: 1, steps: 4000))
    #expect(PlanCheck.violations(of: plan, for: problem) == [])
    #expect(plan.score == best)
    #expect(planner.upperBound(BoundRule(rounds: 30), knowing: plan) >= best)
  }
}
