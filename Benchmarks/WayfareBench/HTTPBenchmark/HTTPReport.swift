import JSON

/// What `wayfare-bench http` has measured.
struct HTTPReport {
  /// One server in the closed loop.
  struct ServerFigures {
    let requestsPerSecond: Spread
    let processorMicroseconds: Spread
    /// The part of it that the program spends itself, outside the kernel.
    let userMicroseconds: Spread
    let processorsUsed: Spread

    init(_ samples: [ThroughputSample]) {
      requestsPerSecond = Spread(samples.map(\.requestsPerSecond))
      processorMicroseconds = Spread(samples.map(\.processorMicrosecondsPerRequest))
      userMicroseconds = Spread(samples.map(\.userMicrosecondsPerRequest))
      processorsUsed = Spread(samples.map(\.processorsUsed))
    }
  }

  /// Both servers in turn.
  struct Throughput {
    let wayfare: ServerFigures
    let nginx: ServerFigures?
    /// Wayfare's requests a second by nginx's, of each pair of rounds.
    let ratio: Spread?
    let nginxAbsence: String?
  }

  /// The open loop.
  struct Latency {
    let rate: Double
    let alone: Times
    let besideSlowClients: Times
    let slowClientsEnded: Int
    let lateness: Quantiles

    /// The 99th percentile beside slow clients by the one without, of each pair of rounds.
    var ratio: Spread {
      Spread(zip(alone.rounds, besideSlowClients.rounds).map { $1.microseconds(0.99) / $0.microseconds(0.99) })
    }
  }

  /// The times of several rounds.
  ///
  /// Together they show every stall; the median round shows the server where other programs stalled it now and then.
  struct Times {
    let together: Quantiles
    let rounds: [Quantiles]

    init(_ nanoseconds: [[UInt64]]) {
      together = Quantiles(nanoseconds: nanoseconds.flatMap { $0 })
      rounds = nanoseconds.map { Quantiles(nanoseconds: $0) }
    }

    /// The median over the rounds of what `read` takes from each.
    func medianRound(_ read: (Quantiles) -> Double) -> Double { Spread(rounds.map(read)).median }
  }

  let options: HTTPOptions
  let throughput: Throughput
  let latency: Latency
  let idle: IdleConnections.Memory
  let checks: Tally
}

extension HTTPReport {
  /// The tables for people.
  var text: String {
    let note = throughput.nginxAbsence.map { "  " + $0 + "\n" } ?? ""
    return throughputTable.text + note + "\n" + latencyTables + "\n" + idleTable.text
      + (idle.shortage.map { "  " + $0 + "\n" } ?? "") + "\n\(checks.answers) answers, every one checked and right\n"
  }

  private var throughputTable: TextTable {
    let load = "\(options.connections) connections, \(options.rounds) rounds"
    var table = TextTable("Throughput (\(load))", columns: ["median", "min", "max"])
    table.add("wayfare requests/s", throughput.wayfare.requestsPerSecond, decimals: 0)
    if let nginx = throughput.nginx { table.add("nginx requests/s", nginx.requestsPerSecond, decimals: 0) }
    if let ratio = throughput.ratio { table.add("wayfare / nginx, by pair", ratio, decimals: 2) }
    table.add("wayfare CPU us/request", throughput.wayfare.processorMicroseconds, decimals: 2)
    if let nginx = throughput.nginx { table.add("nginx CPU us/request", nginx.processorMicroseconds, decimals: 2) }
    table.add("wayfare CPU us/request, outside the kernel", throughput.wayfare.userMicroseconds, decimals: 2)
    if let nginx = throughput.nginx {
      table.add("nginx CPU us/request, outside the kernel", nginx.userMicroseconds, decimals: 2)
    }
    table.add("wayfare processors used", throughput.wayfare.processorsUsed, decimals: 2)
    if let nginx = throughput.nginx { table.add("nginx processors used", nginx.processorsUsed, decimals: 2) }
    return table
  }

  private var latencyTables: String {
    var table = TextTable(
      "Latency (us, open loop at \(latency.rate.text(decimals: 0)) requests/s)",
      columns: ["p50", "p90", "p99", "p99.9", "max"])
    let beside = "beside \(options.slowClients) slow-loris connections"
    table.add("alone", Self.cells(latency.alone.together))
    table.add(beside, Self.cells(latency.besideSlowClients.together))
    table.add("alone, median round", Self.medianCells(latency.alone))
    table.add(beside + ", median round", Self.medianCells(latency.besideSlowClients))
    table.add("of it this program's own lateness", Self.cells(latency.lateness))
    var ratio = TextTable("Effect of slow-loris connections", columns: ["median", "min", "max"])
    ratio.add("p99 beside them / p99 alone, by pair", latency.ratio, decimals: 2)
    return table.text + "\n" + ratio.text
  }

  private static let shares = [0.5, 0.9, 0.99, 0.999]

  private static func cells(_ times: Quantiles) -> [String] {
    (shares.map(times.microseconds) + [times.maximumMicroseconds]).map { $0.text(decimals: 0) }
  }

  private static func medianCells(_ times: Times) -> [String] {
    let quantiles = shares.map { share in times.medianRound { $0.microseconds(share) } }
    return (quantiles + [times.medianRound(\.maximumMicroseconds)]).map { $0.text(decimals: 0) }
  }

  private var idleTable: TextTable {
    var table = TextTable("Memory of \(idle.connections) idle connections", columns: [])
    table.add("before, MB", [(Double(idle.bytesBefore) / 1e6).text(decimals: 1)])
    table.add("after, MB", [(Double(idle.bytesAfter) / 1e6).text(decimals: 1)])
    table.add("bytes per connection", [idle.bytesPerConnection.text(decimals: 0)])
    return table
  }
}

extension HTTPReport: JSONWritable {
  func write(to writer: inout JSONWriter) {
    writer.object { report in
      report.field("connections", options.connections)
      report.field("rounds", options.rounds)
      report.field("seconds", options.seconds)
      report.object("throughput") { writeThroughput(to: &$0) }
      report.object("latency") { writeLatency(to: &$0) }
      report.object("idle") { writeIdle(to: &$0) }
      report.field("checks", checks)
    }
  }

  private func writeThroughput(to writer: inout JSONObjectWriter) {
    writer.field("wayfare", throughput.wayfare)
    writer.field("nginx", ifPresent: throughput.nginx)
    writer.field("ratio", ifPresent: throughput.ratio)
    writer.field("nginx_absence", ifPresent: throughput.nginxAbsence)
  }

  private func writeLatency(to writer: inout JSONObjectWriter) {
    writer.field("rate", latency.rate.rounded(toDecimals: 3))
    writer.field("alone_us", latency.alone)
    writer.field("slow_loris_us", latency.besideSlowClients)
    writer.field("p99_ratio", latency.ratio)
    writer.field("slow_loris_connections", options.slowClients)
    writer.field("slow_loris_ended_by_server", latency.slowClientsEnded)
    writer.field("generator_lateness_us", latency.lateness)
  }

  private func writeIdle(to writer: inout JSONObjectWriter) {
    writer.field("connections", idle.connections)
    writer.field("wanted", options.idleConnections)
    writer.field("rss_before_bytes", idle.bytesBefore)
    writer.field("rss_after_bytes", idle.bytesAfter)
    writer.field("bytes_per_connection", idle.bytesPerConnection.rounded(toDecimals: 1))
    writer.field("shortage", ifPresent: idle.shortage)
  }
}

extension HTTPReport.ServerFigures: JSONWritable {
  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("requests_per_second", requestsPerSecond)
      $0.field("cpu_us_per_request", processorMicroseconds)
      $0.field("cpu_us_per_request_user", userMicroseconds)
      $0.field("processors_used", processorsUsed)
    }
  }
}

extension HTTPReport.Times: JSONWritable {
  func write(to writer: inout JSONWriter) {
    writer.object { times in
      times.field("together", together)
      times.array("rounds") { for round in rounds { $0.element(round) } }
    }
  }
}

extension Quantiles: JSONWritable {
  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("p50", microseconds(0.5))
      $0.field("p90", microseconds(0.9))
      $0.field("p99", microseconds(0.99))
      $0.field("p999", microseconds(0.999))
      $0.field("max", maximumMicroseconds)
      $0.field("count", count)
    }
  }
}
