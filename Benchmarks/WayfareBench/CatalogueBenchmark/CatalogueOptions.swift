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
    var flags = FlagReader(arguments, of: "catalogue")
    while let flag = try flags.next() {
      switch flag {
      case "--places": places = try flags.count(1...5_000_000)
      case "--searches": searches = try flags.count(1...100_000)
      case "--seed": seed = UInt64(try flags.count(1...5_000_000))
      default: throw flags.unknown
      }
    }
  }
}
