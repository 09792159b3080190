/// What `wayfare-bench budget` was asked to do.
struct BudgetOptions {
  private(set) var seed: UInt64 = 1
  private(set) var seeds = 10
  private(set) var rounds = 5
  private(set) var wantsJSON = false

  static let help = """
    Measures the budget engine on random instances: estimates, a scan of dates, the best choice, settlement, simulation.

    USAGE: wayfare-bench budget [flags]

      --seed N    the first seed; instances follow from it alone (1)
      --seeds N   so many seeds from there on, an instance of each kind for each (10)
      --rounds N  how often each instance is reckoned; the fastest round counts (5); times are the
                  thread's processor time, so that what else the machine does falls out
      --json      one JSON object instead of a table

    Exit status: 0 measured, 2 wrong usage, 3 an answer was wrong.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "budget")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--seed": seed = UInt64(try flags.count(1...1_000_000))
      case "--seeds": seeds = try flags.count(1...1000)
      case "--rounds": rounds = try flags.count(1...1000)
      default: throw flags.unknown
      }
    }
  }
}
