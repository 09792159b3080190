/// What `wayfare-bench queue` was asked to do.
struct QueueOptions {
  /// What is measured.
  enum Measurement: String, CaseIterable {
    /// Jobs a second through real dispatch, beside a bare loop of claim and delete.
    case throughput
    /// The same while somebody holds a snapshot.
    case snapshot
    /// From a submission to the start of the handler, on an idle queue.
    case latency
    /// What a claim reads of a queue of a thousand, a hundred thousand and a million.
    case depth
    /// How long another tenant's job waits behind a flood.
    case fairness
    /// One job a request over HTTP, beside pgbench inserting the same row.
    case enqueue
  }

  private(set) var jobs = 100_000
  private(set) var workers = 1
  private(set) var batch = 100
  private(set) var rounds = 3
  private(set) var wantsJSON = false
  /// A program that runs other queues on the server's databases.
  private(set) var peers: String?
  private(set) var measurements: [Measurement] = [.throughput]

  static let help = """
    Measures the queue on a PostgreSQL server of its own, with durable settings.

    USAGE: wayfare-bench queue [flags]

      --jobs N          jobs in each round (100000)
      --workers W       workers, each with a thread and connections of its own (1)
      --batch B         jobs in one round trip (100)
      --rounds N        rounds of throughput, alternating with the bare loop (3)
      --measure LIST    of throughput, snapshot, latency, depth, fairness, enqueue (throughput)
      --peers COMMAND   runs other queues after each round of throughput, as in "python3 Benchmarks/queue-peers.py"
      --json            one JSON object instead of text

    Exit status: 0 measured, 1 something could not be started, 2 wrong usage, 3 a job was lost or done twice.

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
      guard ["--jobs", "--workers", "--batch", "--rounds", "--measure", "--peers"].contains(parts[0]) else {
        throw .usage("wayfare-bench queue does not know \"\(word)\"; wayfare-bench queue --help lists its flags")
      }
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
        throw .usage("\(parts[0]) wants a value, as in \(parts[0]) 10")
      }
      switch parts[0] {
      case "--jobs": jobs = try Self.count(parts[0], value, 1...10_000_000)
      case "--workers": workers = try Self.count(parts[0], value, 1...64)
      case "--batch": batch = try Self.count(parts[0], value, 1...10_000)
      case "--rounds": rounds = try Self.count(parts[0], value, 1...100)
      case "--peers": peers = value
      default: measurements = try Self.measurements(value)
      }
    }
  }

  private static func measurements(_ text: String) throws(BenchmarkError) -> [Measurement] {
    var wanted: [Measurement] = []
    for name in text.split(separator: ",") {
      guard let measurement = Measurement(rawValue: String(name)) else {
        let known = Measurement.allCases.map(\.rawValue).joined(separator: ", ")
        throw .usage("--measure does not know \"\(name)\"; it takes \(known), with commas")
      }
      wanted.append(measurement)
    }
    return wanted
  }

  private static func count(_ flag: String, _ text: String, _ range: ClosedRange<Int>) throws(BenchmarkError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw .usage("\(flag) wants a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return value
  }
}
