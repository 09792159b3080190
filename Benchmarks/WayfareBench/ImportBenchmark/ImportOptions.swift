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
    var flags = FlagReader(arguments, of: "import")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--rounds": rounds = try flags.count(1...100)
      default:
        guard !flag.hasPrefix("-"), path.isEmpty else { throw flags.unknown }
        path = flag
      }
    }
    guard !path.isEmpty else { throw .usage("say which feed to import: wayfare-bench import feed.zip") }
  }
}
