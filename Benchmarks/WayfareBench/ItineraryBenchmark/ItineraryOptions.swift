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
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      func value() throws(BenchmarkError) -> String {
        if parts.count == 2 { return parts[1] }
        guard let next = rest.popFirst() else { throw .usage("\(word) wants a value after it") }
        return next
      }
      switch parts[0] {
      case "--json" where parts.count == 1: wantsJSON = true
      case "--repeat": rounds = try PlannerOptions.whole(value(), word, 1...1000)
      case "--catalogue": catalogue = try value()
      case "--feed": feed = try value()
      case "--home": home = try value()
      case "--sights": sights = try PlannerOptions.whole(value(), word, 1...5000)
      case "--workers":
        workers = []
        for part in try value().split(separator: ",") {
          workers.append(try PlannerOptions.whole(String(part), word, 1...64))
        }
      default:
        guard !word.hasPrefix("-"), request.isEmpty else {
          throw .usage(
            "wayfare-bench itinerary does not know \"\(word)\"; wayfare-bench itinerary --help lists its flags")
        }
        request = word
      }
    }
    if request.isEmpty { throw .usage("name a request: wayfare-bench itinerary data/examples/trip.json") }
  }
}
