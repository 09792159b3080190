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
    var flags = FlagReader(arguments, of: "bookings")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--bookings": bookings = try flags.count(1...10_000_000)
      case "--seed": seed = UInt64(try flags.count(0...Int.max))
      case "--speed": speed = try flags.count(1...60)
      case "--at-once": atOnce = try flags.count(1...256)
      default: throw flags.unknown
      }
    }
  }
}
