import Budget
import BudgetWire
import Glibc
import JSON
import Kernel

/// How long the budget engine takes on random instances, on one thread.
struct BudgetBenchmark {
  /// One kind of instance: the time of each seed's.
  private struct Figure {
    let name: String
    let goalMilliseconds: Double
    var milliseconds: [Double] = []
    /// What is worth telling of the largest instance: lines, points.
    var size = 0
    var refused = 0
  }

  private let options: BudgetOptions
  private let ground: BudgetGround

  init(options: BudgetOptions) throws {
    self.options = options
    ground = try BudgetGround()
  }

  /// Measures each kind and prints a table.
  ///
  /// - Throws: `BenchmarkError`, also when an answer breaks a law.
  func run() throws {
    var figures: [Figure] = []
    func add(_ figure: Figure) {
      figures.append(figure)
      StandardOutput.error("\(figure.name): worst \(Spread(figure.milliseconds).maximum.text(decimals: 3)) ms")
    }
    add(try estimates())
    add(try scans("±30 days × 5 styles, 10 nights", stays: 3, offers: 0))
    add(try scans("the same with 20 stays", stays: 20, offers: 20))
    add(try settlements())
    add(try simulations())
    for caps in RandomChoice.Caps.allCases {
      for values in RandomChoice.Values.allCases { add(try choices(values, caps)) }
    }
    report(figures)
  }

  private var seeds: Range<UInt64> { options.seed..<(options.seed + UInt64(options.seeds)) }

  /// The processor time of this thread, which alone computes: what others do on the machine is not in it.
  private static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The fastest of some rounds, in milliseconds, and what the last gave.
  private func timed<Value>(_ body: () throws -> Value) throws -> (milliseconds: Double, value: Value) {
    try Interruption.check()
    var best = UInt64.max
    var value: Value?
    for _ in 0..<options.rounds {
      let begun = BudgetBenchmark.nanoseconds
      value = try body()
      best = min(best, BudgetBenchmark.nanoseconds - begun)
    }
    guard let value else { preconditionFailure("there is at least one round") }
    return (Double(best) / 1e6, value)
  }

  private var estimator: Estimator { Estimator(ground.catalogue, ground.rates) }

  private func estimates() throws -> Figure {
    var figure = Figure(name: "estimate of 1,000 lines", goalMilliseconds: 1)
    let estimator = estimator
    for seed in seeds {
      var trip = RandomTrip(ground.catalogue, seed: seed)
      let plan = trip.plan(stays: 120, party: 4, offers: 460)
      let (milliseconds, estimate) = try timed { try estimator.estimate(plan) }
      let sum = estimate.perPerson.reduce(Int64(0)) { $0 + $1.minorUnits }
      guard sum == estimate.total.minorUnits else {
        throw BenchmarkError.wrongAnswers("seed \(seed): people's parts sum to \(sum), the total is \(estimate.total)")
      }
      figure.milliseconds.append(milliseconds * 1000 / Double(estimate.lines.count))
      figure.size = max(figure.size, estimate.lines.count)
    }
    return figure
  }

  private func scans(_ name: String, stays: Int, offers: Int) throws -> Figure {
    var figure = Figure(name: name, goalMilliseconds: 20)
    let estimator = estimator
    for seed in seeds {
      var trip = RandomTrip(ground.catalogue, seed: seed)
      let plan = trip.plan(stays: stays, party: 2, offers: offers)
      let (milliseconds, scan) = try timed {
        try DateScan(plan, window: 30, styles: ground.catalogue.styles, estimator)
      }
      figure.milliseconds.append(milliseconds)
      figure.size = scan.candidates.count
    }
    return figure
  }

  private func choices(_ values: RandomChoice.Values, _ caps: RandomChoice.Caps) throws -> Figure {
    var figure = Figure(name: "choice 30 × 6, \(caps.rawValue), \(values.rawValue)", goalMilliseconds: 50)
    for seed in seeds {
      var random = RandomChoice(seed: seed)
      let problem = try random.problem(lines: 30, alternatives: 6, values, caps)
      let begun = BudgetBenchmark.nanoseconds
      do {
        let (milliseconds, result) = try timed { try problem.solve() }
        if case .frontier(let points) = result { figure.size = max(figure.size, points.count) }
        figure.milliseconds.append(milliseconds)
      } catch let error as ChoiceError {
        guard case .tooLarge = error else { throw error }
        figure.refused += 1
        figure.milliseconds.append(Double(BudgetBenchmark.nanoseconds - begun) / 1e6)
      }
    }
    return figure
  }

  private func settlements() throws -> Figure {
    var figure = Figure(name: "settlement of 16 people", goalMilliseconds: 50)
    for seed in seeds {
      var random = RandomTrip(ground.catalogue, seed: seed)
      let balances = random.balances(16)
      let (milliseconds, settlement) = try timed { try Settlement(balances, .euro) }
      var rest = balances
      for transfer in settlement.transfers {
        rest[transfer.from] += transfer.amount.minorUnits
        rest[transfer.to] -= transfer.amount.minorUnits
      }
      guard settlement.isOptimal, rest.allSatisfy({ $0 == 0 }) else {
        throw BenchmarkError.wrongAnswers("seed \(seed): the payments leave balances \(rest)")
      }
      figure.milliseconds.append(milliseconds)
      figure.size = max(figure.size, settlement.transfers.count)
    }
    return figure
  }

  private func simulations() throws -> Figure {
    var figure = Figure(name: "10,000 draws of 200 lines", goalMilliseconds: 50)
    for seed in seeds {
      var random = RandomTrip(ground.catalogue, seed: seed)
      let costs = random.costs(200)
      let (milliseconds, outlook) = try timed {
        Outlook(
          simulating: costs, certain: 0, correlations: Array(repeating: 0.4, count: 8), currency: .euro, budget: nil,
          draws: 10_000, seed: seed)
      }
      guard outlook.median.minorUnits < outlook.p95.minorUnits else {
        throw BenchmarkError.wrongAnswers("seed \(seed): one in twenty totals is not above the middle one")
      }
      figure.milliseconds.append(milliseconds)
      figure.size = costs.count
    }
    return figure
  }

  // MARK: What is told

  private func report(_ figures: [Figure]) {
    if options.wantsJSON { return write(figures) }
    var table = TextTable(
      "budget, seeds \(options.seed) to \(seeds.upperBound - 1)",
      columns: ["size", "median ms", "worst ms", "goal ms", "met", "refused"])
    for figure in figures {
      let spread = Spread(figure.milliseconds)
      table.add(
        figure.name,
        [
          "\(figure.size)", spread.median.text(decimals: 3), spread.maximum.text(decimals: 3),
          figure.goalMilliseconds.text(decimals: 0),
          spread.maximum <= figure.goalMilliseconds && figure.refused == 0 ? "yes" : "no", "\(figure.refused)",
        ])
    }
    StandardOutput.write(table.text)
  }

  private func write(_ figures: [Figure]) {
    var writer = JSONWriter()
    writer.object { object in
      object.field("seed", options.seed)
      object.field("seeds", options.seeds)
      object.field("rounds", options.rounds)
      object.array("figures") { array in
        for figure in figures {
          array.object {
            $0.field("name", figure.name)
            $0.field("size", figure.size)
            $0.field("milliseconds", Spread(figure.milliseconds))
            $0.field("goalMilliseconds", figure.goalMilliseconds)
            $0.field("refused", figure.refused)
          }
        }
      }
    }
    StandardOutput.write(writer.finish() + [10])
  }
}
