import Glibc

/// The subcommands, and what the shell is told.
enum Program {
  /// Runs what the arguments ask for and returns the exit status.
  static func run(_ arguments: [String]) -> Int32 {
    Interruption.install()
    do {
      try dispatch(arguments)
      return 0
    } catch let error as BenchmarkError {
      StandardOutput.error("wayfare-bench: \(error.description)")
      return error.exitStatus
    } catch {
      StandardOutput.error("wayfare-bench: \(error)")
      return 1
    }
  }

  private static func dispatch(_ arguments: [String]) throws {
    guard let command = arguments.first else {
      throw BenchmarkError.usage("say what to measure: wayfare-bench http or queue, or wayfare-bench --help")
    }
    let rest = Array(arguments.dropFirst())
    switch command {
    case "--help", "-h", "help": StandardOutput.write(overview)
    case "http":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(HTTPOptions.help) }
      try HTTPBenchmark(options: HTTPOptions(rest)).run()
    case "queue":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(QueueOptions.help) }
      try QueueBenchmark(options: QueueOptions(rest)).run()
    case "json":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(JSONOptions.help) }
      try JSONBenchmark(options: JSONOptions(rest)).run()
    case "import":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(ImportOptions.help) }
      try ImportBenchmark(options: ImportOptions(rest)).run()
    case "budget":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(BudgetOptions.help) }
      try BudgetBenchmark(options: BudgetOptions(rest)).run()
    case "booking":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(BookingOptions.help) }
      try BookingBenchmark(options: BookingOptions(rest)).run()
    case "bookings":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(BookingsOptions.help) }
      try BookingsBenchmark(options: BookingsOptions(rest)).run()
    case "catalogue":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(CatalogueOptions.help) }
      try CatalogueBenchmark(options: CatalogueOptions(rest)).run()
    case _ where PublishedInstance.Family(rawValue: command) != nil:
      guard let family = PublishedInstance.Family(rawValue: command) else { break }
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(PlannerOptions.help(family)) }
      try PlannerBenchmark(options: PlannerOptions(family, rest)).run()
    case "week":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(WeekOptions.help) }
      try WeekBenchmark(options: WeekOptions(rest)).run()
    case "route":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(RouteOptions.help) }
      try RouteBenchmark(options: RouteOptions(rest)).run()
    case "itinerary":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(ItineraryOptions.help) }
      try ItineraryBenchmark(options: ItineraryOptions(rest)).run()
    case "trips":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(TripsOptions.help) }
      try TripsBenchmark(options: TripsOptions(rest)).run()
    case "offers":
      if rest.contains("--help") || rest.contains("-h") { return StandardOutput.write(OffersOptions.help) }
      try OffersBenchmark(options: OffersOptions(rest)).run()
    case OfferServer.subcommand: try OfferServer.run(rest)
    case SampleServer.subcommand: try SampleServer.run(rest)
    default:
      throw BenchmarkError.usage(
        "there is no \"\(command)\" to measure; wayfare-bench --help lists what there is")
    }
  }

  private static let overview = """
    Measures Wayfare on this machine; all traffic stays on 127.0.0.1.

    USAGE: wayfare-bench COMMAND [flags]

    COMMANDS:
      http    the HTTP server: throughput against nginx, latency under slow clients, memory of idle connections
      queue   the job queue: throughput against a bare loop, under a held snapshot, latency, depth, fairness
      json    the JSON reader and writer, beside Python's
      import  a feed becoming a transit graph: rows and bytes a second, peak memory
      budget  the budget engine: estimates, a scan of dates, the best choice under caps, settlement, simulation
      booking  the booking saga in made-up worlds where everything fails, every law of money and tickets checked
      bookings  bookings through database, adapters and sandboxes that fail in every way, judged by everybody's books
      catalogue  the search of a million generated places, by name, by letters, around a point, mistyped
      toptw   a published instance planned within processor time, every plan checked; also mctopmtw, ttdp, tdoptw, ophs
      week    made-up weeks: how soon there is a plan, how good it is after half a second, memory
      itinerary  whole trips: processor time of a plan, when there is a first trip, memory, plans a second
      trips   trips planned together: requests a second beside a bare SELECT, edit to visible, memory of listeners
      offers  offers from kept answers: throughput against nginx, latency and hits over Zipf-distributed searches
      route   the search for routes: processor time of a query, and whether the answers are right

    wayfare-bench COMMAND --help says more about a command.
    Exit status: 0 measured, 1 something could not be started, 2 wrong usage, 3 an answer was wrong.

    """
}
