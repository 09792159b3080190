import JSON

/// What `wayfare-bench offers` has measured.
struct OffersReport: JSONWritable {
  /// What the server counted.
  struct Counts {
    private(set) var hits: Int
    private(set) var misses: Int
    let answers: Int
    let packedBytes: Int
    let textBytes: Int

    init(_ body: [UInt8]) {
      let node = try? JSONDocument(bytes: body).root
      func count(_ name: StaticString) -> Int { node?.member(name).flatMap { try? $0.int } ?? 0 }
      hits = count("hits")
      misses = count("misses")
      answers = count("answers")
      packedBytes = count("packed_bytes")
      textBytes = count("text_bytes")
    }

    /// With what was counted from an earlier moment on.
    func since(_ earlier: Counts) -> Counts {
      var counts = self
      counts.hits -= earlier.hits
      counts.misses -= earlier.misses
      return counts
    }

    var hitRatio: Double { Double(hits) / Double(max(1, hits + misses)) }
  }

  let own: [ThroughputSample]
  let nginx: [ThroughputSample]
  /// Why there was none, where there was none.
  let nginxAbsence: String?
  /// Searches by chance, each as soon as the one before is answered.
  let chance: ThroughputSample
  let rate: Double
  let latencies: [UInt64]
  let microsecondsEach: Double
  let counts: Counts
  let pageBytes: Int
  let searches: Int

  private var ratio: Spread? {
    nginx.isEmpty
      ? nil : Spread(zip(own, nginx).map { $0.requestsPerSecond / $1.requestsPerSecond })
  }

  private var times: Quantiles { Quantiles(nanoseconds: latencies) }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("page_bytes", pageBytes)
      object.field("requests_per_second", Spread(own.map(\.requestsPerSecond)))
      object.field("cpu_us_per_request", Spread(own.map(\.processorMicrosecondsPerRequest)))
      if !nginx.isEmpty {
        object.field("nginx_requests_per_second", Spread(nginx.map(\.requestsPerSecond)))
        object.field(
          "nginx_cpu_us_per_request", Spread(nginx.map(\.processorMicrosecondsPerRequest)))
      }
      object.field("ratio", ifPresent: ratio)
      object.field("nginx_absence", ifPresent: nginxAbsence)
      object.object("open_loop") { open in
        open.field("most_requests_per_second", chance.requestsPerSecond)
        open.field("rate", rate)
        open.field("searches", searches)
        open.field("p50_us", times.microseconds(0.5))
        open.field("p99_us", times.microseconds(0.99))
        open.field("cpu_us_per_request", microsecondsEach)
        open.field("hit_ratio", counts.hitRatio.rounded(toDecimals: 4))
        open.field("answers_kept", counts.answers)
        open.field("packed_bytes", counts.packedBytes)
        open.field("text_bytes", counts.textBytes)
      }
    }
  }

  /// The tables for people.
  var text: String {
    var table = TextTable(
      "Pages of \(pageBytes) bytes from kept answers", columns: ["median", "min", "max"])
    table.add("wayfare requests/s", Spread(own.map(\.requestsPerSecond)), decimals: 0)
    table.add(
      "wayfare CPU us/request", Spread(own.map(\.processorMicrosecondsPerRequest)), decimals: 2)
    if !nginx.isEmpty {
      table.add("nginx requests/s", Spread(nginx.map(\.requestsPerSecond)), decimals: 0)
      table.add(
        "nginx CPU us/request", Spread(nginx.map(\.processorMicrosecondsPerRequest)), decimals: 2)
    }
    if let ratio { table.add("wayfare / nginx, by pair", ratio, decimals: 2) }
    var open = TextTable(
      "\(searches) searches by Zipf, open loop at \(rate.text(decimals: 0)) requests/s",
      columns: [""])
    open.add("requests/s where each waits for the one before", [chance.requestsPerSecond.text(decimals: 0)])
    open.add("p50 us", [times.microseconds(0.5).text(decimals: 0)])
    open.add("p99 us", [times.microseconds(0.99).text(decimals: 0)])
    open.add("p99.9 us", [times.microseconds(0.999).text(decimals: 0)])
    open.add("CPU us/request, searches made up included", [microsecondsEach.text(decimals: 1)])
    open.add("hit ratio", [counts.hitRatio.text(decimals: 4)])
    open.add("answers kept", ["\(counts.answers)"])
    open.add("bytes kept, packed", ["\(counts.packedBytes)"])
    open.add("bytes kept, unpacked", ["\(counts.textBytes)"])
    return table.text + (nginxAbsence.map { "  \($0)\n" } ?? "") + "\n" + open.text
  }
}
