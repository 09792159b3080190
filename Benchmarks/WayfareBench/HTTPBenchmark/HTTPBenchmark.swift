import JSON

/// Throughput, latency and memory of the HTTP server, in this order, each with servers of its own.
struct HTTPBenchmark {
  let options: HTTPOptions

  /// Measures and reports.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was wrong; then nothing is reported.
  func run() throws(BenchmarkError) {
    OpenFileLimit.raise()
    var checks = Tally()
    let (throughput, latency) = try measureLoad(&checks)
    let idle = try measureIdle(&checks)
    let report = HTTPReport(
      options: options, throughput: throughput, latency: latency, idle: idle, checks: checks)
    StandardOutput.write(options.wantsJSON ? report.jsonBytes() + [UInt8(ascii: "\n")] : Array(report.text.utf8))
  }

  private func measureLoad(
    _ checks: inout Tally
  ) throws(BenchmarkError) -> (HTTPReport.Throughput, HTTPReport.Latency) {
    let (child, server) = try startServer()
    defer { child?.stop() }
    return try ChildProcess.blaming(child, "wayfare") { () throws(BenchmarkError) in
      let throughput = try measureThroughput(server, &checks)
      let rate = options.rate ?? max(1, throughput.wayfare.requestsPerSecond.median / 2)
      return (throughput, try measureLatency(server, rate: rate, &checks))
    }
  }

  /// A server of its own, so that what load has left behind is not taken for the memory of connections.
  private func measureIdle(_ checks: inout Tally) throws(BenchmarkError) -> IdleConnections.Memory {
    let (child, server) = try startServer()
    defer { child?.stop() }
    progress("memory of \(options.idleConnections) idle connections")
    return try ChildProcess.blaming(child, "wayfare") { () throws(BenchmarkError) in
      try IdleConnections(server: server, wanted: options.idleConnections).run(adding: &checks)
    }
  }

  private var secondsPerRound: Double { options.seconds / Double(options.rounds) }

  private func progress(_ what: String) { StandardOutput.error("wayfare-bench: \(what)") }

  private func startServer() throws(BenchmarkError) -> (child: ChildProcess?, server: ServerUnderTest) {
    if let running = options.running { return (nil, try WayfareServer.attach(running)) }
    return try WayfareServer.start()
  }

  // MARK: Throughput

  private func measureThroughput(
    _ server: ServerUnderTest, _ checks: inout Tally
  ) throws(BenchmarkError) -> HTTPReport.Throughput {
    let mark = try NginxServer.beside(server, path: options.running?.path ?? SampleServer.path)
    var own: [ThroughputSample] = []
    var nginx: [ThroughputSample] = []
    for round in 1...options.rounds {
      progress("throughput, round \(round) of \(options.rounds)")
      own.append(try closedLoop(server).run(adding: &checks))
      guard let nginxServer = mark.nginx else { continue }
      let sample = try ChildProcess.blaming(nginxServer.child, "nginx") { () throws(BenchmarkError) in
        try closedLoop(nginxServer.server).run(adding: &checks)
      }
      nginx.append(sample)
    }
    let ratios = zip(own, nginx).map { $0.requestsPerSecond / $1.requestsPerSecond }
    return HTTPReport.Throughput(
      wayfare: HTTPReport.ServerFigures(own), nginx: nginx.isEmpty ? nil : HTTPReport.ServerFigures(nginx),
      ratio: ratios.isEmpty ? nil : Spread(ratios), nginxAbsence: mark.absence)
  }

  private func closedLoop(_ server: ServerUnderTest) -> ClosedLoop {
    ClosedLoop(server: server, connections: options.connections, seconds: secondsPerRound)
  }

  // MARK: Latency

  private func measureLatency(
    _ server: ServerUnderTest, rate: Double, _ checks: inout Tally
  ) throws(BenchmarkError) -> HTTPReport.Latency {
    let loop = OpenLoop(
      server: server, connections: options.connections, seconds: secondsPerRound, requestsPerSecond: rate)
    var alone: [LatencySample] = []
    var beside: [LatencySample] = []
    var endedByServer = 0
    for round in 1...options.rounds {
      progress("latency at \(rate.text(decimals: 0)) requests a second, round \(round) of \(options.rounds)")
      alone.append(try loop.run(beside: nil, adding: &checks))
      let slowClients = try SlowClients(server: server, count: options.slowClients)
      beside.append(try loop.run(beside: slowClients, adding: &checks))
      endedByServer += slowClients.endedByServer
    }
    return HTTPReport.Latency(
      rate: rate, alone: HTTPReport.Times(alone.map(\.latencies)),
      besideSlowClients: HTTPReport.Times(beside.map(\.latencies)),
      slowClientsEnded: endedByServer, lateness: Quantiles(nanoseconds: (alone + beside).flatMap(\.lateness)))
  }
}
