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
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts == ["--json"] {
        wantsJSON = true
        continue
      }
      guard ["--seed", "--seeds", "--rounds"].contains(parts[0]) else {
        throw .usage("wayfare-bench budget does not know \"\(word)\"; wayfare-bench budget --help lists its flags")
      }
      guard let text = parts.count == 2 ? parts[1] : rest.popFirst(), !text.isEmpty,
        text.utf8.allSatisfy({ $0 &- 48 < 10 }), let value = Int(text), (1...1_000_000).contains(value)
      else { throw .usage("\(parts[0]) wants a whole number from 1 to 1000000, as in \(parts[0]) 5") }
      switch parts[0] {
      case "--seed": seed = UInt64(value)
      case "--seeds": seeds = min(value, 1000)
      default: rounds = min(value, 1000)
      }
    }
  }
}
