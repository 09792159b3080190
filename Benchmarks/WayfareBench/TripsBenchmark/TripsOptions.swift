/// What `wayfare-bench trips` was asked to do.
struct TripsOptions {
  /// What is measured.
  enum Measurement: String, CaseIterable {
    /// Requests a second of a mix, nine of ten reads of trips, beside a bare `SELECT` over the same pool.
    case mix
    /// From an edit to another's stream.
    case visible
    /// The memory of a process that many listen to.
    case listeners
  }

  private(set) var seconds = 10.0
  private(set) var rounds = 3
  private(set) var connections = 64
  private(set) var trips = 1000
  private(set) var listeners = 10_000
  private(set) var editors = 100
  private(set) var measurements = Measurement.allCases
  private(set) var wantsJSON = false

  static let help = """
    Measures trips that are planned together: `wayfare serve`, a process of its own, on a PostgreSQL of its own.

    USAGE: wayfare-bench trips [flags]

      --measure LIST    of mix, visible, listeners (all)
      --seconds S       how long a round of the mix lasts, and the edits (10)
      --rounds N        rounds of the mix, each with a round of bare SELECTs after it (3)
      --connections C   connections that ask (64)
      --trips N         trips that there are (1000)
      --editors N       people who edit 20 of the trips, and hear of it (100)
      --listeners N     streams of events that are open and silent (10000)
      --json            one JSON object instead of a table

    Exit status: 0 measured, 1 something could not be started, 2 wrong usage, 3 an answer was wrong.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "trips")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--seconds": seconds = try flags.number(1...120)
      case "--rounds": rounds = try flags.count(1...20)
      case "--connections": connections = try flags.count(1...1000)
      case "--trips": trips = try flags.count(20...50_000)
      case "--editors": editors = try flags.count(20...200)
      case "--listeners": listeners = try flags.count(1...16_000)
      case "--measure": measurements = try flags.words()
      default: throw flags.unknown
      }
    }
  }
}
