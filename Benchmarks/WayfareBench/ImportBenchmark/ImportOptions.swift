/// What `wayfare-bench import` was asked to do.
struct ImportOptions {
  private(set) var path = ""
  private(set) var rounds = 3
  private(set) var wantsJSON = false

  static let help = """
    Measures how fast a feed becomes a transit graph: read, checked, written, indexed, put in force.

    USAGE: wayfare-bench import ZIP|DIR [flags]

      --rounds N   how often it is imported, each time from nothing; the median counts (3)
      --json       one JSON object instead of a table

    Exit status: 0 measured, 1 something could not be done, 2 wrong usage.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      switch parts[0] {
      case "--json" where parts.count == 1: wantsJSON = true
      case "--rounds":
        guard let text = parts.count == 2 ? parts[1] : rest.popFirst(), text.utf8.allSatisfy({ $0 &- 48 < 10 }),
          let value = Int(text), (1...100).contains(value)
        else { throw .usage("--rounds wants a whole number from 1 to 100, as in --rounds 3") }
        rounds = value
      default:
        guard !word.hasPrefix("-"), path.isEmpty else {
          throw .usage("wayfare-bench import does not know \"\(word)\"; wayfare-bench import --help lists its flags")
        }
        path = word
      }
    }
    guard !path.isEmpty else { throw .usage("say which feed to import: wayfare-bench import feed.zip") }
  }
}
