/// What `wayfare-bench catalogue` was asked to do.
struct CatalogueOptions: Sendable {
  private(set) var places = 1_000_000
  private(set) var searches = 1000
  private(set) var seed: UInt64 = 1

  static let help = """
    Measures the search of the catalogue on generated places, in a PostgreSQL of its own that is gone afterwards.

    USAGE: wayfare-bench catalogue [flags]

      --places N    so many places (1000000); importing a million takes some minutes
      --searches N  so many searches of each kind (1000)
      --seed N      what places and searches follow from (1)

    Exit status: 0 measured, 1 no PostgreSQL could be started, 2 wrong usage, 3 a place was not found by its name.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard ["--places", "--searches", "--seed"].contains(parts[0]) else {
        throw .usage(
          "wayfare-bench catalogue does not know \"\(word)\"; wayfare-bench catalogue --help lists its flags")
      }
      guard let text = parts.count == 2 ? parts[1] : rest.popFirst(), !text.isEmpty,
        text.utf8.allSatisfy({ $0 &- 48 < 10 }), let value = Int(text), (1...5_000_000).contains(value)
      else { throw .usage("\(parts[0]) wants a whole number from 1 to 5000000, as in \(parts[0]) 1000") }
      switch parts[0] {
      case "--places": places = value
      case "--searches": searches = min(value, 100_000)
      default: seed = UInt64(value)
      }
    }
  }
}
