/// What `wayfare-bench bookings` was asked to do.
struct BookingsOptions {
  private(set) var bookings = 100_000
  private(set) var seed: UInt64 = 1
  /// Seconds of the bookings' clock in one of ours.
  private(set) var speed = 30
  /// Bookings that are carried out at a time.
  private(set) var atOnce = 96
  private(set) var wantsJSON = false

  static let help = """
    Carries bookings out by the product's own parts: its saga, its store in a PostgreSQL of this program's own, its
    adapters, and sandboxes that sell and collect money over HTTP and fail in a hundredth of all requests in each way.
    At the end the database and the sandboxes' own books are judged.

    USAGE: wayfare-bench bookings [flags]

      --bookings N   how many (100000)
      --seed S       what customers, sandboxes and misfortunes follow from (1)
      --speed F      how much faster than ours the clock of bookings and sandboxes runs (30); an adapter's time limit
                     of 60 seconds, the 120 seconds of quiet and the 30 minutes to pay are that much shorter for us
      --at-once N    bookings that are carried out at a time (96)
      --json         one JSON object instead of tables

    Exit status: 0 every law held, 1 a law was broken or something could not be started, 2 wrong usage.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if word == "--json" {
        wantsJSON = true
        continue
      }
      guard ["--bookings", "--seed", "--speed", "--at-once"].contains(parts[0]) else {
        throw .usage("wayfare-bench bookings does not know \"\(word)\"; wayfare-bench bookings --help lists its flags")
      }
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
        throw .usage("\(parts[0]) wants a value, as in \(parts[0]) 10")
      }
      switch parts[0] {
      case "--bookings": bookings = try HTTPOptions.count(parts[0], value, 1...10_000_000)
      case "--seed": seed = UInt64(try HTTPOptions.count(parts[0], value, 0...Int.max))
      case "--speed": speed = try HTTPOptions.count(parts[0], value, 1...60)
      default: atOnce = try HTTPOptions.count(parts[0], value, 1...256)
      }
    }
  }
}
