import CLinux
import Glibc
import JSON
import Kernel
import Transport

/// How fast routes are found, and whether they are the right ones.
struct RouteBenchmark {
  struct Query {
    let from: Int32
    let to: Int32
    let date: LocalDate
    let second: Int32
  }

  private let options: RouteOptions
  private let directory: TemporaryDirectory?
  private let transit: Transit
  private let walks: SliceWalks
  private let bounds: TravelBounds?
  private let queries: [Query]

  /// Opens the feed, or imports it first.
  ///
  /// - Throws: `BenchmarkError` for what cannot be opened or read.
  init(options: RouteOptions) throws(BenchmarkError) {
    self.options = options
    var directory: TemporaryDirectory?
    var feed = options.feed
    let transit: Transit
    let stops: [String: Int32]
    do throws(FeedError) {
      if access(options.feed, F_OK) == 0 {
        let own = try Self.temporary()
        _ = try FeedStore(home: own.path).add(FeedName("feed"), from: options.feed)
        transit = try Transit(home: own.path)
        (directory, feed) = (own, "feed")
      } else {
        transit = try Transit(home: try Self.home(options))
      }
      stops = try transit.stops(ofFeed: feed)
    } catch {
      throw .unreachable(error.description)
    }
    (self.directory, self.transit) = (directory, transit)
    (walks, bounds) = try Self.walks(options, transit, stops)
    queries = try Self.queries(options, stops)
  }

  private static func temporary() throws(FeedError) -> TemporaryDirectory {
    do throws(BenchmarkError) {
      return try TemporaryDirectory()
    } catch {
      throw .notWritten(path: "the folder for temporary files", reason: error.description)
    }
  }

  private static func home(_ options: RouteOptions) throws(FeedError) -> String {
    if let home = options.home ?? getenv("WAYFARE_HOME").map({ String(cString: $0) }) { return home }
    return (getenv("HOME").map { String(cString: $0) } ?? "") + "/.local/share/wayfare"
  }

  private static func walks(
    _ options: RouteOptions, _ transit: Transit, _ stops: [String: Int32]
  ) throws(BenchmarkError) -> (SliceWalks, TravelBounds?) {
    var footpaths: [Footpath] = []
    switch options.footpaths {
    case .feed:
      return (
        SliceWalks(transit.timetable, changeSeconds: Int32(options.changeSeconds)), TravelBounds(transit.timetable)
      )
    case .radius(let metres):
      footpaths = transit.timetable.footpaths(within: metres, metresPerSecond: 1.25)
    case .file(let path):
      let table = try QueryTable(path, wanting: ["from_stop_id", "to_stop_id", "seconds"])
      let (from, to) = (table.values("from_stop_id") ?? [], table.values("to_stop_id") ?? [])
      for (index, seconds) in (table.values("seconds") ?? []).enumerated() {
        guard let start = stops[from[index]], let end = stops[to[index]], let seconds = Int32(seconds), seconds >= 0
        else { throw .usage("\(path):\(index + 2) names a stop that the feed does not have, or no seconds: mend it") }
        footpaths.append(Footpath(from: start, to: end, seconds: seconds))
      }
    }
    let walks = SliceWalks(transit.timetable, footpaths: footpaths, changeSeconds: Int32(options.changeSeconds))
    return (walks, TravelBounds(transit.timetable, walks: walks))
  }

  private static func queries(_ options: RouteOptions, _ stops: [String: Int32]) throws(BenchmarkError) -> [Query] {
    let table = try QueryTable(options.queries, wanting: ["from_stop_id", "to_stop_id", "departure"])
    let (from, to) = (table.values("from_stop_id") ?? [], table.values("to_stop_id") ?? [])
    var queries: [Query] = []
    for (index, departure) in (table.values("departure") ?? []).enumerated() {
      guard let start = stops[from[index]], let end = stops[to[index]] else {
        throw .usage("\(options.queries):\(index + 2) names a stop that the feed does not have: correct it")
      }
      let parts = departure.split(separator: "T")
      let clock = (parts.last ?? "").split(separator: ":").compactMap { Int32($0) }
      // The count of parts is what matters; text that is no date is told below.
      guard parts.count == 2, clock.count == 3, let date = try? LocalDate(parts[0]) else {
        throw .usage("\(options.queries):\(index + 2): write the departure like 2026-06-01T08:00:00")
      }
      queries.append(
        Query(from: start, to: end, date: date, second: clock[0] * 3600 + clock[1] * 60 + clock[2]))
    }
    return queries
  }

  // MARK: Measuring

  /// Searches all queries and prints the figures.
  ///
  /// - Throws: `BenchmarkError.wrongAnswers` if other answers were expected.
  func run() throws(BenchmarkError) {
    var (times, fronts): ([UInt64], [[RoutePoint]]) = ([], Array(repeating: [], count: queries.count))
    var work = SearchWork()
    let fares = try fares()
    for (date, indexes) in Dictionary(grouping: queries.indices, by: { queries[$0].date }).sorted(by: {
      $0.key < $1.key
    }) {
      let searches = RouteSearches(transit.timetable, date, walks, bounds, options, fares)
      for round in 0..<2 {
        // The first pass warms up: caches, branches and the clock of the processor.
        for index in indexes {
          try Interruption.check()
          var own: [UInt64] = []
          for _ in 0..<(round == 0 ? 1 : options.repeats) {
            let start = Self.threadNanoseconds()
            fronts[index] = searches.front(of: queries[index])
            own.append(Self.threadNanoseconds() - start)
            work.add(searches.work)
          }
          if round == 1 { times.append(own.sorted()[own.count / 2]) }
        }
      }
    }
    try write(fronts)
    report(times, fronts, work)
    try compare(fronts)
  }

  private func fares() throws(BenchmarkError) -> FareModel? {
    guard options.criteria.contains(.price) else { return nil }
    do throws(FeedError) {
      return try transit.fares(currency: options.currency)
    } catch {
      throw .unreachable(error.description)
    }
  }

  private static func threadNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  // MARK: The figures

  private func write(_ fronts: [[RoutePoint]]) throws(BenchmarkError) {
    guard let path = options.dump else { return }
    var text = RoutePoint.columns + "\n"
    for (index, front) in fronts.enumerated() {
      for point in front.sorted(by: RoutePoint.isBefore) {
        text += point.line(index, departure: queries[index].second, options.criteria) + "\n"
      }
    }
    guard let file = fopen(path, "we") else { throw .system(call: "fopen \(path)", code: errno) }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw .system(call: "write \(path)", code: errno) }
  }

  private func report(_ times: [UInt64], _ fronts: [[RoutePoint]], _ work: SearchWork) {
    let quantiles = Quantiles(nanoseconds: times)
    let searches = Double(max(1, queries.count * (options.repeats + 1)))
    var writer = JSONWriter()
    writer.object { object in
      object.field("queries", times.count)
      object.field("median_us", quantiles.microseconds(0.5))
      object.field("p95_us", quantiles.microseconds(0.95))
      object.field("p99_us", quantiles.microseconds(0.99))
      object.field("mean_us", Double(times.reduce(0, +)) / Double(max(1, times.count)) / 1000)
      object.field("points", fronts.reduce(0) { $0 + $1.count })
      object.field("mean_rounds", Double(work.rounds) / searches)
      object.field("mean_segments", Double(work.segments) / searches)
      object.field("mean_labels", Double(work.labels) / searches)
    }
    StandardOutput.write(writer.finish() + [10])
  }

  /// Compares with the fronts of a file, for the queries that it has.
  private func compare(_ fronts: [[RoutePoint]]) throws(BenchmarkError) {
    guard let path = options.expected else { return }
    let table = try QueryTable(path, wanting: ["query"])
    guard let numbers = table.values("query") else { return }
    var expected: [Int: Set<String>] = [:]
    let columns = RoutePoint.compared(options.criteria).filter { table.columns.contains($0) }
    let values = columns.compactMap { table.values($0) }
    for index in table.rows.indices {
      guard let query = Int(numbers[index]) else {
        throw .usage("\(path):\(index + 2) has no number of a query: mend it")
      }
      expected[query, default: []].insert(values.map { $0[index] }.joined(separator: ","))
    }
    // Fronts of more criteria are often given for the first queries only.
    let isMore = options.criteria != [.arrival, .transfers]
    let asked = 0..<min(fronts.count, isMore ? (expected.keys.max() ?? -1) + 1 : fronts.count)
    func own(_ query: Int) -> Set<String> { Set(fronts[query].map { $0.text(of: columns) }) }
    let wrong = asked.filter { own($0) != expected[$0] ?? [] }
    if let first = wrong.first {
      let (own, other) = (own(first), expected[first] ?? [])
      throw .wrongAnswers(
        "\(wrong.count) of \(asked.count) fronts differ from \(path), first that of query \(first) in "
          + "\(columns.joined(separator: ",")): surplus \(own.subtracting(other).sorted()), "
          + "missing \(other.subtracting(own).sorted())")
    }
    StandardOutput.error("all \(asked.count) fronts equal those of \(path)")
  }
}
