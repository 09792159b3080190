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
    var flags = FlagReader(arguments, of: "queue")
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--jobs": jobs = try flags.count(1...10_000_000)
      case "--workers": workers = try flags.count(1...64)
      case "--batch": batch = try flags.count(1...10_000)
      case "--rounds": rounds = try flags.count(1...100)
      case "--peers": peers = try flags.text()
      case "--measure": measurements = try flags.words()
      default: throw flags.unknown
      }
    }
  }
}
