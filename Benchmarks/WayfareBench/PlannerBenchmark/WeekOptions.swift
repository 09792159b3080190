/// What `wayfare-bench week` was asked to do.
struct WeekOptions {
  private(set) var weeks = 5
  private(set) var quickSeconds = 0.5
  private(set) var seconds = 5.0
  /// Processor seconds of the search for a bound; nil for none.
  private(set) var boundSeconds: Double?
  private(set) var wantsJSON = false

  static let help = """
    Plans made-up weeks (7 days, 150 places, two ways to go, money, meals) and checks every plan.

    USAGE: wayfare-bench week [flags]

      --weeks N         how many weeks, each of its own seed (5)
      --quick S         processor seconds of the quick plan (0.5)
      --seconds S       processor seconds of the plan it is compared with (5)
      --bound S         also look for an upper bound, for so many processor seconds
      --json            one JSON object

    Exit status: 0 planned, 2 wrong usage, 3 a plan breaks a rule.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "week")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--weeks": weeks = try flags.count(1...1000)
      case "--quick": quickSeconds = try flags.number(PlannerOptions.secondsRange)
      case "--seconds": seconds = try flags.number(PlannerOptions.secondsRange)
      case "--bound": boundSeconds = try flags.number(PlannerOptions.secondsRange)
      default: throw flags.unknown
      }
    }
  }
}
