import Glibc
import JSON
import Planner

/// Plans made-up weeks: how soon there is a first plan, how good one is after half a second, and how much memory it takes.
struct WeekBenchmark {
  /// What came out for one week.
  struct Outcome {
    let layoutMilliseconds: Double
    let firstMilliseconds: Double
    let firstScore: Int
    let quickScore: Int
    let longScore: Int
    let bound: Int?

    /// How far the quick plan lies below the long one, in parts of a hundred.
    var gap: Double { 100 * Double(longScore - quickScore) / Double(longScore) }

    /// How far the bound lies above the long plan, in parts of a hundred.
    var boundGap: Double? { bound.map { 100 * Double($0 - longScore) / Double(longScore) } }
  }

  private let options: WeekOptions

  init(options: WeekOptions) {
    self.options = options
  }

  /// Plans and prints.
  ///
  /// - Throws: `BenchmarkError`, also for a plan that breaks a rule.
  func run() throws(BenchmarkError) {
    var outcomes: [Outcome] = []
    for seed in 1...UInt64(options.weeks) { outcomes.append(try outcome(seed)) }
    let peak = Double(peakKibibytes()) / 1024
    StandardOutput.write(options.wantsJSON ? json(outcomes, peak) + [10] : Array(text(outcomes, peak).utf8))
  }

  private func outcome(_ seed: UInt64) throws(BenchmarkError) -> Outcome {
    let problem: Problem
    let planner: Planner
    var week = MadeUpWeek(seed: seed)
    let start: Double
    do throws(ProblemError) {
      problem = try week.problem()
      start = processorSeconds()
      planner = try Planner(problem)
    } catch {
      throw .usage("the made-up week is no problem: \(error.description)")
    }
    let laidOut = processorSeconds()
    // No step at all: the first plan.
    let first = planner.plan(SearchRule(seed: seed, steps: 0))
    let firstAt = processorSeconds()
    let plans = try [options.quickSeconds, options.seconds].map { seconds throws(BenchmarkError) -> Plan in
      let begun = processorSeconds()
      let plan = planner.plan(
        SearchRule(seed: seed, steps: .max, progress: { (processorSeconds() - begun) / seconds }))
      if let violation = PlanCheck.violations(of: plan, for: problem).first {
        throw .wrongAnswers("the plan of week \(seed) breaks a rule: \(violation.description)")
      }
      return plan
    }
    return Outcome(
      layoutMilliseconds: (laidOut - start) * 1000, firstMilliseconds: (firstAt - start) * 1000,
      firstScore: first.score, quickScore: plans[0].score, longScore: plans[1].score,
      bound: try bound(planner, plans[1], seed))
  }

  private func bound(_ planner: Planner, _ plan: Plan, _ seed: UInt64) throws(BenchmarkError) -> Int? {
    guard let seconds = options.boundSeconds else { return nil }
    let begun = processorSeconds()
    let bound = planner.upperBound(BoundRule(progress: { (processorSeconds() - begun) / seconds }), knowing: plan)
    if bound < plan.score {
      throw .wrongAnswers("the bound \(bound) of week \(seed) lies below its plan's score \(plan.score)")
    }
    return bound
  }

  // MARK: What is said

  private func text(_ outcomes: [Outcome], _ peak: Double) -> String {
    var table = TextTable(
      "week",
      columns: [
        "laid out ms", "first plan ms", "its score", "\(options.quickSeconds) s", "\(options.seconds) s", "gap %",
      ] + (options.boundSeconds == nil ? [] : ["bound", "bound gap %"]))
    for (index, outcome) in outcomes.enumerated() {
      table.add(
        "\(index + 1)",
        [
          outcome.layoutMilliseconds.text(decimals: 1), outcome.firstMilliseconds.text(decimals: 1),
          "\(outcome.firstScore)", "\(outcome.quickScore)", "\(outcome.longScore)", outcome.gap.text(decimals: 2),
        ] + (outcome.bound.map { ["\($0)", (outcome.boundGap ?? 0).text(decimals: 1)] } ?? []))
    }
    let mean = outcomes.reduce(0) { $0 + $1.gap } / Double(outcomes.count)
    let boundGaps = outcomes.compactMap(\.boundGap)
    let bounds =
      boundGaps.isEmpty
      ? "" : "mean bound gap \((boundGaps.reduce(0, +) / Double(boundGaps.count)).text(decimals: 1)) %, "
    return table.text + bounds + "mean gap \(mean.text(decimals: 2)) %, most memory \(peak.text(decimals: 1)) MiB\n"
  }

  private func json(_ outcomes: [Outcome], _ peak: Double) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.array("weeks") { weeks in
        for outcome in outcomes {
          weeks.object { week in
            week.field("layoutMilliseconds", outcome.layoutMilliseconds)
            week.field("firstPlanMilliseconds", outcome.firstMilliseconds)
            week.field("firstScore", outcome.firstScore)
            week.field("quickScore", outcome.quickScore)
            week.field("longScore", outcome.longScore)
            if let bound = outcome.bound { week.field("upperBound", bound) }
          }
        }
      }
      object.field("peakMebibytes", peak)
    }
    return writer.finish()
  }
}

/// The most memory of this process that was in RAM at once, the problem and the program itself included.
func peakKibibytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss
}
