import Kernel

/// How warm a search is: ever colder within each of its stages.
struct Heating {
  /// A part of the search that begins warm and ends cold.
  struct Stage {
    enum Begin {
      /// The plan as it stands.
      case present
      /// No visit at all.
      case nothing
      /// The best plan so far.
      case best
    }

    /// From which part of what is left for the search on.
    let from: Double
    /// How warm it begins, as a part of the hottest.
    let heat: Double
    /// With what it begins.
    let begin: Begin
  }

  let hottest: Double
  let coldest: Double
  /// How much of the limit, and how many steps, went before.
  private let firstProgress: Double
  private let firstStep: Int
  /// One descent, until it is known how long the search will be.
  private var stages = [Stage(from: 0, heat: 1, begin: .present)]
  private var isSettled = false
  private var current = -1

  init(hottest: Double, coldest: Double, progress: Double, steps: Int) {
    self.hottest = hottest
    self.coldest = coldest
    firstProgress = min(progress, 0.999)
    firstStep = steps
  }

  /// The present stage.
  var stage: Stage { stages[max(0, current)] }

  /// Settles the stages as soon as it is known how many steps there will be.
  mutating func settle(_ progress: Double, _ steps: Int, _ choose: (Double) -> [Stage]) {
    guard !isSettled, progress > firstProgress else { return }
    isSettled = true
    stages = choose(expected(progress, steps))
    current = -1
  }

  /// How many steps there will be in all at the present speed.
  func expected(_ progress: Double, _ steps: Int) -> Double {
    progress > firstProgress ? Double(steps - firstStep) / part(progress) : 1e6
  }

  /// Which part of what was left is used up.
  private func part(_ progress: Double) -> Double { (progress - firstProgress) / (1 - firstProgress) }

  /// Whether another stage begins.
  mutating func beginsStage(at progress: Double) -> Bool {
    guard current + 1 < stages.count, part(progress) >= stages[current + 1].from else { return false }
    current += 1
    return true
  }

  /// Few steps in all are no time for much heat.
  func temperature(_ progress: Double, _ steps: Int, stepsForHeat: Double) -> Double {
    let from = stage.from
    let until = current + 1 < stages.count ? stages[current + 1].from : 1
    let share = until - from
    let few = (expected(progress, steps) * share / stepsForHeat).squareRoot()
    let top = max(coldest, hottest * min(1, few) * stage.heat)
    return top * Elementary.power(coldest / top, min(1, (part(progress) - from) / share))
  }
}
