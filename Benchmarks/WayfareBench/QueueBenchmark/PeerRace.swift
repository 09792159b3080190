import Postgres

/// Other queues on the same server, run by a program that the caller names.
struct PeerRace {
  /// What one of them managed in a round.
  struct Result {
    let name: String
    let jobsPerSecond: Double
    let walBytesPerJob: Double
  }

  let server: QueueServer
  /// A command line; the address of a database is added to it.
  let command: String

  /// Runs the program once, on a database of its own.
  ///
  /// - Throws: `BenchmarkError` when it says something else than lines of a name, jobs a second and WAL bytes a job.
  func run() async throws -> [Result] {
    try await server.client.executeBare("drop database if exists peers")
    try await server.client.executeBare("create database peers")
    let child = try ChildProcess("/bin/sh", ["-c", "\(command) '\(server.address(of: "peers"))' | tr '\\n' ';'; echo"])
    let line = try child.firstLine(within: 300)
    return try line.split(separator: ";").map { text in
      let words = text.split(separator: " ")
      guard words.count == 3, let rate = Double(words[1]), let bytes = Double(words[2]) else {
        throw BenchmarkError.unreachable("the other queues' program said \"\(text)\"")
      }
      return Result(name: String(words[0]), jobsPerSecond: rate, walBytesPerJob: bytes)
    }
  }
}
