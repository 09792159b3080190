/// What `wayfare-bench itinerary` was asked to do.
struct ItineraryOptions {
  private(set) var request = ""
  private(set) var catalogue = "data/world"
  private(set) var feed = "data/world/sample.zip"
  private(set) var home: String?
  private(set) var rounds = 5
  private(set) var workers = [1, 2]
  private(set) var sights: Int?
  private(set) var wantsJSON = false

  static let help = """
    Plans a trip as the worker does, and tells how long that takes, when there is a first trip, and how much memory.

    USAGE: wayfare-bench itinerary REQUEST.json [flags]

      --repeat N        how often it is planned, each time from nothing but what a process keeps anyway (5)
      --catalogue DIR   cities.csv, sights.csv and lodging.csv (data/world)
      --feed ZIP        the timetables, imported into a temporary folder (data/world/sample.zip)
      --home DIR        timetables that were imported before, instead of --feed
      --sights N        made-up sights are added to the destinations until they have so many together
      --workers LIST    threads that plan at the same time, for the throughput (1,2)
      --json            one JSON object

    Exit status: 0 planned, 1 it cannot be planned, 2 wrong usage, 3 two plans of one request differ.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "itinerary")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--repeat": rounds = try flags.count(1...1000)
      case "--catalogue": catalogue = try flags.text()
      case "--feed": feed = try flags.text()
      case "--home": home = try flags.text()
      case "--sights": sights = try flags.count(1...5000)
      case "--workers": workers = try flags.counts(1...64)
      default:
        guard !flag.hasPrefix("-"), request.isEmpty else { throw flags.unknown }
        request = flag
      }
    }
    if request.isEmpty { throw .usage("name a request: wayfare-bench itinerary data/examples/trip.json") }
  }
}
