import Transport

/// What `wayfare-bench route` was asked to do.
struct RouteOptions {
  enum Footpaths {
    case feed
    case radius(Double)
    case file(String)
  }

  private(set) var feed = ""
  private(set) var queries = ""
  private(set) var home: String?
  private(set) var criteria: RouteCriteria = [.arrival, .transfers]
  private(set) var currency: String?
  private(set) var isPruned = true
  private(set) var footpaths = Footpaths.feed
  private(set) var changeSeconds = 0
  private(set) var isFull = false
  private(set) var windowMinutes: Int?
  private(set) var isEverywhere = false
  private(set) var repeats = 1
  private(set) var dump: String?
  private(set) var expected: String?

  static let help = """
    Measures the search for routes, one query after the other on one thread, in its processor time.

    USAGE: wayfare-bench route --feed NAME|ZIP --queries FILE.csv [flags]

      --feed NAME|ZIP      a feed of the data directory, or a zip or folder that is imported first
      --queries FILE       from_stop_id,to_stop_id,departure (2026-06-01T08:00:00, on the feed's clock)
      --home DIR           the data directory ($WAYFARE_HOME, ~/.local/share/wayfare)
      --criteria LIST      some of arrival,transfers,price,walk,co2 (arrival,transfers)
      --currency CODE      of prices (the one that most fares are in)
      --forwards-only      do without searching backwards for bounds first
      --footpaths WHICH    feed: as for travellers; radius:METRES: as the crow flies at 1.25 m/s;
                           FILE.csv: from_stop_id,to_stop_id,seconds (feed)
      --change-time S      seconds that changing at a stop takes at least (0)
      --window MINUTES     all journeys that leave within so many minutes, not one departure
      --everywhere         from each query's beginning to all stops, as for areas and matrices
      --full               the unrestricted set of more than two criteria
      --repeat N           how often each query is searched; the median of its times counts (1)
      --dump FILE          write every point of every front:
                           query,departure,arrival,transfers,price_minor,walk_seconds,co2_grams
      --expect FILE        compare the fronts with those of a file with columns of these names; a
                           difference exits 3

    Prints {"queries":…,"median_us":…,"p95_us":…,"p99_us":…,"mean_us":…} and more on one line.
    Exit status: 0 measured, 1 something could not be done, 2 wrong usage, 3 other answers than expected.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "route")
    while let flag = try flags.next() {
      switch flag {
      case "--full": isFull = true
      case "--everywhere": isEverywhere = true
      case "--window": windowMinutes = try flags.count(1...1440)
      case "--forwards-only": isPruned = false
      case "--feed": feed = try flags.text()
      case "--queries": queries = try flags.text()
      case "--home": home = try flags.text()
      case "--dump": dump = try flags.text()
      case "--expect": expected = try flags.text()
      case "--criteria": try setCriteria(try flags.text())
      case "--currency": currency = try flags.text()
      case "--footpaths": try setFootpaths(try flags.text())
      case "--change-time": changeSeconds = try flags.count(0...7200)
      case "--repeat": repeats = try flags.count(1...1000)
      default: throw flags.unknown
      }
    }
    guard !feed.isEmpty, !queries.isEmpty else {
      throw .usage("say what to search: wayfare-bench route --feed NAME --queries FILE.csv")
    }
    let isPlain = criteria == [.arrival, .transfers] && expected == nil
    guard isPlain || windowMinutes == nil && !isEverywhere, windowMinutes == nil || !isEverywhere else {
      throw .usage(
        "--window and --everywhere are measured each by itself, with --criteria arrival,transfers and without --expect: "
          + "leave one out")
    }
  }

  private mutating func setCriteria(_ text: String) throws(BenchmarkError) {
    let names = text.split(separator: ",").map { $0 == "walking" ? "walk" : String($0) }.joined(separator: ",")
    guard let criteria = RouteCriteria(names: names) else {
      throw .usage("--criteria knows \(RouteCriteria.named.map(\.name).joined(separator: ","))")
    }
    self.criteria = criteria
  }

  private mutating func setFootpaths(_ text: String) throws(BenchmarkError) {
    if text == "feed" {
      footpaths = .feed
    } else if text.hasPrefix("radius:") {
      guard let metres = Double(text.dropFirst(7)), (0...5000).contains(metres) else {
        throw .usage("--footpaths radius: wants metres from 0 to 5000, as in radius:150")
      }
      footpaths = .radius(metres)
    } else {
      footpaths = .file(text)
    }
  }
}
