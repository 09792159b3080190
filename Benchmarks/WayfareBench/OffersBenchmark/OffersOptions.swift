/// What `wayfare-bench offers` was asked to do.
struct OffersOptions {
  private(set) var seconds = 10.0
  private(set) var connections = 64
  private(set) var rounds = 5
  /// Requests a second in the open loop; nil for half of what was managed.
  private(set) var rate: Double?
  private(set) var searches = 5000
  private(set) var wantsJSON = false

  static let help = """
    Measures offers that are answered from what is kept, beside one nginx worker that serves the same bytes.

    USAGE: wayfare-bench offers [flags]

      --seconds S       how long each of the two measurements lasts in all (10)
      --connections C   connections that ask (64)
      --rounds N        alternating rounds (5)
      --rate R          requests a second in the open loop (half of what searches by chance reach)
      --searches N      different searches that are asked for in the open loop, Zipf-distributed (5000)
      --json            one JSON object instead of tables

    A search has 100 offers. The race is over one page of three offers, which is what nginx's configuration can hold;
    the open loop asks for pages of twenty, filtered and ordered in turn. Answers are not compressed.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "offers")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--seconds": seconds = try flags.number(0.1...3600)
      case "--connections": connections = try flags.count(1...10_000)
      case "--rounds": rounds = try flags.count(1...1000)
      case "--rate": rate = try flags.number(1...1_000_000)
      case "--searches": searches = try flags.count(1...1_000_000)
      default: throw flags.unknown
      }
    }
  }
}
