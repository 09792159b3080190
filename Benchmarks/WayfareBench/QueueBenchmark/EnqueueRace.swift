import CLinux
import EventLoop
import Glibc
import Postgres

/// One job a request over HTTP, durable, beside pgbench inserting the same row as often as it can, a transaction each.
struct EnqueueRace {
  private static let connections = 64
  private static let seconds = 3.0
  private static let body = #"{"kind":"probe","payload":{}}"#

  let server: QueueServer
  let rounds: Int

  /// Requests a second and transactions a second of each round, in turn.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was not 202 or a job is missing.
  func run() async throws -> (ours: [Double], theirs: [Double]) {
    try await server.client.execute("truncate job, job_archive, job_dead")
    let port = try Loopback.freePort()
    let program = try ChildProcess.besideThisProgram("wayfare")
    let child = try ChildProcess(
      program,
      [
        "serve", "--database-url", server.address, "--home", server.home + "/serve", "--listen", "127.0.0.1:\(port)",
        "--rate-limit", "0", "--log-level", "error",
      ])
    try await waitUntilListening(port, child)
    let target = ServerUnderTest(
      name: "wayfare", port: port, process: child.process, request: EnqueueRace.request(port), expectedBody: nil,
      expectedStatus: 202)
    let script = server.home + "/insert.sql"
    try await server.client.execute(
      "insert into job_lane (queue, priority, kind, tenant) values ('default', 5, 'probe', '')")
    let lane = try await server.client.query("select id from job_lane where kind = 'probe'").decodeOnly(Int32.self)
    EnqueueRace.write(
      "insert into job (lane, run_at, attempts_max, payload) values (\(lane), now(), 10, '{}');\n", script)
    var ours: [Double] = []
    var theirs: [Double] = []
    var tally = Tally()
    for _ in 0..<rounds {
      let loop = ClosedLoop(server: target, connections: EnqueueRace.connections, seconds: EnqueueRace.seconds)
      ours.append(try loop.run(adding: &tally).requestsPerSecond)
      theirs.append(try pgbench(script))
    }
    child.stop()
    let stored = try await server.client.query("select count(*) from job").decodeOnly(Int64.self)
    guard stored >= tally.answers else {
      throw BenchmarkError.wrongAnswers("\(tally.answers) jobs were acknowledged, and \(stored) are stored")
    }
    return (ours, theirs)
  }

  private static func request(_ port: UInt16) -> [UInt8] {
    Array(
      """
      POST /v1/jobs HTTP/1.1\r
      Host: 127.0.0.1:\(port)\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """.utf8)
  }

  private func waitUntilListening(_ port: UInt16, _ child: ChildProcess) async throws {
    for _ in 0..<200 {
      if let descriptor = try? Loopback.connect(port: port) {
        close(descriptor)
        return
      }
      guard !child.hasEnded(within: 0) else { break }
      try await server.group.loops[0].sleep(for: .milliseconds(50))
    }
    throw BenchmarkError.unreachable("wayfare serve did not listen within ten seconds")
  }

  private func pgbench(_ script: String) throws -> Double {
    let seconds = Int(EnqueueRace.seconds)
    let child = try ChildProcess(
      "/bin/sh",
      [
        "-c",
        "ls -d /usr/lib/postgresql/*/bin | tail -1 | { read bin; \"$bin/pgbench\" -n -M prepared -c \(EnqueueRace.connections) -j 1 -T \(seconds) -f \(script) '\(server.address)' 2>/dev/null | sed -n 's/^tps = \\([0-9.]*\\).*/\\1/p'; }",
      ])
    let line = try child.firstLine()
    guard let rate = Double(line) else { throw BenchmarkError.unreachable("pgbench said \"\(line)\"") }
    return rate
  }

  private static func write(_ text: String, _ path: String) {
    guard let file = fopen(path, "we") else { return }
    fputs(text, file)
    fclose(file)
  }
}
