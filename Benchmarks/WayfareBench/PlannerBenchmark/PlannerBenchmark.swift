import CLinux
import Glibc
import JSON
import Planner

/// Plans published instances within processor time, checks every plan and says how good it is.
struct PlannerBenchmark {
  /// What came out.
  struct Outcome {
    let instance: PublishedInstance
    let plan: Plan
    let bound: Int?
    let boundSeconds: Double
    let seconds: Double
  }

  private let options: PlannerOptions

  init(options: PlannerOptions) {
    self.options = options
  }

  /// Plans and prints.
  ///
  /// - Throws: `BenchmarkError`, also for a plan that breaks a rule.
  func run() throws(BenchmarkError) {
    let outcome = try outcome()
    if options.wantsJSON {
      StandardOutput.write(json(outcome) + [10])
    } else {
      StandardOutput.write(text(outcome))
    }
  }

  private func outcome() throws(BenchmarkError) -> Outcome {
    let instance = try PlannerBenchmark.read(options)
    let start = processorSeconds()
    let planner = try PlannerBenchmark.planner(instance, options.path)
    let seconds = options.seconds
    let plan = planner.plan(
      SearchRule(seed: options.seed, steps: .max, progress: { (processorSeconds() - start) / seconds }))
    let used = processorSeconds() - start
    try PlannerBenchmark.check(plan, instance)
    return Outcome(
      instance: instance, plan: plan, bound: try bound(planner, plan), boundSeconds: processorSeconds() - start - used,
      seconds: used)
  }

  private func bound(_ planner: Planner, _ plan: Plan) throws(BenchmarkError) -> Int? {
    guard let seconds = options.boundSeconds else { return nil }
    let start = processorSeconds()
    let bound = planner.upperBound(BoundRule(progress: { (processorSeconds() - start) / seconds }), knowing: plan)
    if bound < plan.score { throw .wrongAnswers("the bound \(bound) lies below the plan's score \(plan.score)") }
    return bound
  }

  static func read(_ options: PlannerOptions) throws(BenchmarkError) -> PublishedInstance {
    switch options.family {
    case .toptw: try .toptw(options.path, tours: options.tours ?? 1)
    case .mctopmtw: try .mctopmtw(options.path, tours: options.tours)
    case .ttdp: try .ttdp(options.path, tours: options.tours)
    case .tdoptw: try .tdoptw(options.path)
    case .ophs: try .ophs(options.path)
    }
  }

  static func planner(_ instance: PublishedInstance, _ path: String) throws(BenchmarkError) -> Planner {
    do throws(ProblemError) {
      return try Planner(instance.problem)
    } catch {
      throw .usage("\(path): \(error.description)")
    }
  }

  static func check(_ plan: Plan, _ instance: PublishedInstance) throws(BenchmarkError) {
    if let violation = PlanCheck.violations(of: plan, for: instance.problem).first {
      throw .wrongAnswers("the plan of \(instance.name) breaks a rule: \(violation.description)")
    }
  }

  // MARK: What is said

  private func json(_ outcome: Outcome) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.field("instance", outcome.instance.name)
      object.field("tours", outcome.instance.tours)
      object.field("score", outcome.plan.score)
      if let bound = outcome.bound {
        object.field("upperBound", bound)
        object.field("boundSeconds", outcome.boundSeconds)
      }
      object.field("seconds", outcome.seconds)
      object.array("ends") { ends in
        for day in outcome.plan.days { ends.element(day.endPlace.position) }
      }
      object.array("routes") { routes in
        for day in outcome.plan.activities {
          routes.array { route in
            for activity in day { route.element(outcome.instance.numbers[activity.position]) }
          }
        }
      }
    }
    return writer.finish()
  }

  private func text(_ outcome: Outcome) -> String {
    var text = "\(outcome.instance.name), \(outcome.instance.tours) tours: score \(outcome.plan.score)"
    if let bound = outcome.bound { text += ", at most \(bound) possible" }
    text += ", after \(outcome.seconds.text(decimals: 2)) s\n"
    for (index, day) in outcome.plan.activities.enumerated() {
      let route = day.map { "\(outcome.instance.numbers[$0.position])" }.joined(separator: " ")
      text += "  \(index + 1): \(route)\n"
    }
    return text
  }
}

/// Processor time of this process so far.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
