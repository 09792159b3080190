import Glibc
import JSON

/// Pages from kept answers: throughput beside nginx, then latency, processor time and hits over Zipf-distributed searches.
struct OffersBenchmark {
  let options: OffersOptions

  /// Measures and reports.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was wrong; then nothing is reported.
  func run() throws(BenchmarkError) {
    OpenFileLimit.raise()
    let child = try ChildProcess(
      "/proc/\(getpid())/exe", [OfferServer.subcommand, "--searches", "\(options.searches)"])
    defer { child.stop() }
    let address = try child.firstLine()
    guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      throw .unreachable("the server that was started said \"\(address)\" instead of its address")
    }
    var checks = Tally()
    let one = try server(port, child, OfferServer.onePath, isFixed: true)
    let race = try race(one, child, &checks)
    try warm(port)
    let any = try server(port, child, OfferServer.anyPath, isFixed: false)
    let chance = try closedLoop(any).run(adding: &checks)
    let rate = options.rate ?? max(1, chance.requestsPerSecond / 2)
    let before = try counts(port)
    let open = try openLoop(any, rate: rate, &checks)
    let report = OffersReport(
      own: race.own, nginx: race.nginx, nginxAbsence: race.absence, chance: chance, rate: rate,
      latencies: open.latencies,
      microsecondsEach: open.microsecondsEach,
      counts: try counts(port).since(before), pageBytes: one.expectedBody?.count ?? 0,
      searches: options.searches)
    StandardOutput.write(
      options.wantsJSON ? report.jsonBytes() + [UInt8(ascii: "\n")] : Array(report.text.utf8))
  }

  /// Has all searches kept before anything is measured: questions to sellers are not what is measured.
  private func warm(_ port: UInt16) throws(BenchmarkError) {
    StandardOutput.error("wayfare-bench: \(options.searches) searches are asked for once")
    for first in stride(from: 0, to: options.searches, by: OfferServer.warmAtOnce) {
      let request = ServerUnderTest.request(port: port, path: "\(OfferServer.warmPath)/\(first)")
      _ = try Probe.body(port: port, request: request, name: "wayfare")
    }
  }

  private func counts(_ port: UInt16) throws(BenchmarkError) -> OffersReport.Counts {
    let request = ServerUnderTest.request(port: port, path: OfferServer.countsPath)
    return OffersReport.Counts(try Probe.body(port: port, request: request, name: "wayfare"))
  }

  private func server(
    _ port: UInt16, _ child: ChildProcess, _ path: String, isFixed: Bool
  ) throws(BenchmarkError) -> ServerUnderTest {
    let request = ServerUnderTest.request(port: port, path: path)
    let body = try Probe.body(port: port, request: request, name: "wayfare")
    return ServerUnderTest(
      name: "wayfare", port: port, process: child.process, request: request,
      expectedBody: isFixed ? body : nil)
  }

  private func race(
    _ server: ServerUnderTest, _ child: ChildProcess, _ checks: inout Tally
  ) throws(BenchmarkError) -> (own: [ThroughputSample], nginx: [ThroughputSample], absence: String?) {
    let mark = try NginxServer.beside(server, path: OfferServer.onePath)
    var own: [ThroughputSample] = []
    var nginx: [ThroughputSample] = []
    for round in 1...options.rounds {
      StandardOutput.error("wayfare-bench: pages, round \(round) of \(options.rounds)")
      own.append(
        try ChildProcess.blaming(child, "wayfare") { () throws(BenchmarkError) in
          try closedLoop(server).run(adding: &checks)
        })
      guard let nginxServer = mark.nginx else { continue }
      nginx.append(
        try ChildProcess.blaming(nginxServer.child, "nginx") { () throws(BenchmarkError) in
          try closedLoop(nginxServer.server).run(adding: &checks)
        })
    }
    return (own, nginx, mark.absence)
  }

  private func closedLoop(_ server: ServerUnderTest) -> ClosedLoop {
    ClosedLoop(
      server: server, connections: options.connections,
      seconds: options.seconds / Double(options.rounds))
  }

  private func openLoop(
    _ server: ServerUnderTest, rate: Double, _ checks: inout Tally
  ) throws(BenchmarkError) -> (latencies: [UInt64], microsecondsEach: Double) {
    StandardOutput.error(
      "wayfare-bench: searches by chance at \(rate.text(decimals: 0)) requests a second")
    let figures = ProcessFigures(process: server.process)
    let start = try figures.processorTime()
    let loop = OpenLoop(
      server: server, connections: options.connections, seconds: options.seconds,
      requestsPerSecond: rate)
    let sample = try loop.run(beside: nil, adding: &checks)
    let used = try figures.processorTime() - start
    return (sample.latencies, used.total * 1e6 / Double(max(1, sample.latencies.count)))
  }
}
