import EventLoop
import JSON

/// Throughput of the JSON reader and writer over a document of trips, beside Python's `json` where there is one.
struct JSONBenchmark {
  let options: JSONOptions

  /// Measures and reports.
  ///
  /// - Throws: `BenchmarkError`, also when what was read is not what was written; then nothing is reported.
  func run() throws(BenchmarkError) {
    let trips = SampleTrip.all(count: 4000)
    let document = trips.jsonBytes()
    do {
      guard try [SampleTrip](jsonBytes: document) == trips else {
        throw BenchmarkError.wrongAnswers("the trips that were read are not those that were written")
      }
    } catch let error as BenchmarkError {
      throw error
    } catch {
      throw .wrongAnswers("a document that was written here cannot be read: \(error)")
    }
    let own = try measureOwn(document, trips)
    StandardOutput.write(report(document, own, PythonJSON.measure(document)))
  }

  private struct Figures {
    var parse: [Double] = []
    var read: [Double] = []
    var write: [Double] = []
  }

  /// The three in turn, a round each, so that a busy moment does not fall on one of them alone.
  private func measureOwn(_ document: [UInt8], _ trips: [SampleTrip]) throws(BenchmarkError) -> Figures {
    var figures = Figures()
    let seconds = options.seconds / Double(3 * options.rounds)
    for _ in 0..<options.rounds {
      try Interruption.check()
      figures.parse.append(
        try speed(document.count, seconds) { (try? JSONDocument(bytes: document)) != nil })
      figures.read.append(
        try speed(document.count, seconds) { (try? [SampleTrip](jsonBytes: document))?.count == trips.count })
      figures.write.append(try speed(document.count, seconds) { trips.jsonBytes().count == document.count })
    }
    return figures
  }

  /// Megabytes a second of something done again and again; `work` says whether it went well.
  private func speed(_ bytes: Int, _ seconds: Double, _ work: () -> Bool) throws(BenchmarkError) -> Double {
    let start = EventLoop.nanoseconds
    var repetitions = 0
    var elapsed = 0.0
    while elapsed < seconds || repetitions == 0 {
      guard work() else { throw .wrongAnswers("a repetition came out unlike the first") }
      repetitions += 1
      elapsed = Double(EventLoop.nanoseconds - start) / 1e9
    }
    return Double(bytes) * Double(repetitions) / 1e6 / elapsed
  }

  private func report(_ document: [UInt8], _ own: Figures, _ python: PythonJSON.Speeds?) -> String {
    var table = TextTable(
      "JSON, MB/s (\(document.count) bytes, \(options.rounds) rounds)", columns: ["median", "min", "max"])
    table.add("parse and check", Spread(own.parse), decimals: 0)
    table.add("read as typed values", Spread(own.read), decimals: 0)
    table.add("write typed values", Spread(own.write), decimals: 0)
    guard let python else { return table.text + "  there is no python3 to compare with\n" }
    table.add("python json.loads", [python.loads.text(decimals: 0)])
    table.add("python json.dumps", [python.dumps.text(decimals: 0)])
    table.add("read / json.loads", [(Spread(own.read).median / python.loads).text(decimals: 1)])
    table.add("write / json.dumps", [(Spread(own.write).median / python.dumps).text(decimals: 1)])
    return table.text
  }
}

/// What `wayfare-bench json` was asked to do.
struct JSONOptions {
  private(set) var seconds = 6.0
  private(set) var rounds = 5

  static let help = """
    Measures the JSON reader and writer on a document of 4000 trips, beside Python's json if there is a python3.

    USAGE: wayfare-bench json [flags]

      --seconds S   how long it takes in all, Python's two seconds aside (6)
      --rounds N    alternating rounds of parsing, reading and writing (5)

    """

  /// Reads flags.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "json")
    while let flag = try flags.next() {
      switch flag {
      case "--seconds": seconds = try flags.number(0.1...3600)
      case "--rounds": rounds = try flags.count(1...1000)
      default: throw flags.unknown
      }
    }
  }
}
