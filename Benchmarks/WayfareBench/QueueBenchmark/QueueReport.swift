import JSON

/// What was measured of the queue.
struct QueueReport: JSONWritable {
  struct Throughput: JSONWritable {
    let jobsPerSecond: Spread
    /// Against a loop that deletes rows as it takes them.
    let deleting: Bare
    /// Against one that marks rows, commits, and then deletes them.
    let claiming: Bare
    let walBytesPerJob: Double
    let databaseMicrosecondsPerJob: Double

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("jobsPerSecond", jobsPerSecond)
        $0.field("barePerSecond", deleting.perSecond)
        $0.field("ratio", deleting.ratio)
        $0.field("bareClaimingPerSecond", claiming.perSecond)
        $0.field("ratioToClaiming", claiming.ratio)
        $0.field("walBytesPerJob", walBytesPerJob.rounded(toDecimals: 1))
        $0.field("databaseMicrosecondsPerJob", databaseMicrosecondsPerJob.rounded(toDecimals: 2))
      }
    }

    func text(_ title: String) -> String {
      """
      \(title)
        jobs/s                                         \(line(jobsPerSecond, 0))
        bare loop that claims, then deletes, jobs/s    \(line(claiming.perSecond, 0))
        ours / that, by pair                           \(line(claiming.ratio, 2))
        bare loop that only deletes, jobs/s            \(line(deleting.perSecond, 0))
        ours / that, by pair                           \(line(deleting.ratio, 2))
        WAL bytes per job                              \(walBytesPerJob.text(decimals: 0))
        database CPU us per job                        \(databaseMicrosecondsPerJob.text(decimals: 1))

      """
    }

    private func line(_ spread: Spread, _ decimals: Int) -> String {
      "\(spread.median.text(decimals: decimals)) (\(spread.minimum.text(decimals: decimals)) to \(spread.maximum.text(decimals: decimals)))"
    }
  }

  /// A bare loop's jobs a second, and ours by its of the same round.
  struct Bare {
    let perSecond: Spread
    let ratio: Spread

    init(_ ours: [Double], _ bare: [Double]) {
      perSecond = Spread(bare)
      ratio = Spread(zip(ours, bare).map { $0 / $1 })
    }
  }

  struct Depth: JSONWritable {
    let jobs: Int
    let buffers: String
    let execution: String

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("jobs", jobs)
        $0.field("buffers", buffers)
        $0.field("execution", execution)
      }
    }
  }

  /// Jobs a second over HTTP, and pgbench's transactions a second.
  struct Enqueue: JSONWritable {
    let requestsPerSecond: Spread
    let pgbenchPerSecond: Spread
    let ratio: Spread

    init(_ ours: [Double], _ theirs: [Double]) {
      requestsPerSecond = Spread(ours)
      pgbenchPerSecond = Spread(theirs)
      ratio = Spread(zip(ours, theirs).map { $0 / $1 })
    }

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("requestsPerSecond", requestsPerSecond)
        $0.field("pgbenchPerSecond", pgbenchPerSecond)
        $0.field("ratio", ratio)
      }
    }
  }

  private struct PeerFigures: JSONWritable {
    let name: String
    let results: [PeerRace.Result]

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("name", name)
        $0.field("jobsPerSecond", Spread(results.map(\.jobsPerSecond)))
        $0.field("walBytesPerJob", Spread(results.map(\.walBytesPerJob)))
      }
    }
  }

  let options: QueueOptions
  var enqueue: Enqueue?
  /// What others managed, by name, a result for each round.
  var peers: [String: [PeerRace.Result]] = [:]
  var throughput: Throughput?
  var snapshot: Throughput?
  var latency: Quantiles?
  var depth: [Depth]?
  var fairnessMilliseconds: Double?

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("jobs", options.jobs)
      $0.field("workers", options.workers)
      $0.field("batch", options.batch)
      $0.field("throughput", ifPresent: throughput)
      $0.field("throughputUnderSnapshot", ifPresent: snapshot)
      if let latency {
        $0.object("submitToStartMicroseconds") {
          $0.field("p50", latency.microseconds(0.5))
          $0.field("p99", latency.microseconds(0.99))
          $0.field("max", latency.maximumMicroseconds)
        }
      }
      $0.field("depth", ifPresent: depth)
      $0.field("enqueueOverHTTP", ifPresent: enqueue)
      $0.array("peers") {
        for name in peers.keys.sorted() { $0.element(PeerFigures(name: name, results: peers[name] ?? [])) }
      }
      $0.field("fairnessWorstMilliseconds", ifPresent: fairnessMilliseconds?.rounded(toDecimals: 1))
    }
  }

  var text: String {
    var text = "\(options.jobs) jobs, \(options.workers) workers, batch \(options.batch)\n"
    if let throughput { text += throughput.text("Throughput") }
    if let snapshot { text += snapshot.text("Throughput while a snapshot is held") }
    if let latency {
      text +=
        "Submission to start, idle, us: p50 \(latency.microseconds(0.5).text(decimals: 0)), p99 \(latency.microseconds(0.99).text(decimals: 0)), max \(latency.maximumMicroseconds.text(decimals: 0))\n"
    }
    for name in peers.keys.sorted() {
      let rates = Spread((peers[name] ?? []).map(\.jobsPerSecond))
      let bytes = Spread((peers[name] ?? []).map(\.walBytesPerJob))
      let times =
        throughput.map { " (ours \(($0.jobsPerSecond.median / rates.median).text(decimals: 1)) times that)" } ?? ""
      text +=
        "\(name): \(rates.median.text(decimals: 0)) jobs/s\(times), \(bytes.median.text(decimals: 0)) WAL bytes per job\n"
    }
    if let enqueue {
      text +=
        "One job a request over HTTP: \(enqueue.requestsPerSecond.median.text(decimals: 0)) a second; pgbench, the same row: \(enqueue.pgbenchPerSecond.median.text(decimals: 0)); by pair \(enqueue.ratio.median.text(decimals: 2)) (\(enqueue.ratio.minimum.text(decimals: 2)) to \(enqueue.ratio.maximum.text(decimals: 2)))\n"
    }
    for depth in depth ?? [] { text += "Claim from \(depth.jobs) jobs: \(depth.buffers); \(depth.execution)\n" }
    if let fairnessMilliseconds {
      text += "Another tenant's job behind 100000: at worst \(fairnessMilliseconds.text(decimals: 1)) ms\n"
    }
    return text
  }
}
