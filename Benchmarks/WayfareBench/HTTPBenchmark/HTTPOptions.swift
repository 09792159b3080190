/// What `wayfare-bench http` was asked to do.
struct HTTPOptions {
  /// A server that runs already.
  struct RunningServer {
    let port: UInt16
    let path: String
    let process: Int32
  }

  private(set) var seconds = 15.0
  private(set) var connections = 64
  /// Requests a second in the open loop; nil for half of what the server managed at most.
  private(set) var rate: Double?
  private(set) var rounds = 5
  private(set) var slowClients = 200
  private(set) var idleConnections = 10_000
  private(set) var wantsJSON = false
  private(set) var running: RunningServer?

  static let help = """
    Measures Wayfare's HTTP server: throughput against nginx, latency with and without slow clients, idle memory.

    USAGE: wayfare-bench http [flags]

      --seconds S       how long each of the four measurements lasts in all, spread over its rounds (15)
      --connections C   connections that ask (64)
      --rate R          requests a second in the open loop (half of the measured throughput)
      --rounds N        alternating rounds of each measurement (5)
      --slow N          slow-loris connections, a byte a second each (200)
      --idle N          idle connections whose memory is measured (10000)
      --server URL      measure this running server instead, as in http://127.0.0.1:8080/health/live
      --pid N           the process of that server
      --json            one JSON object instead of tables

    Exit status: 0 measured, 1 something could not be started, 2 wrong usage, 3 an answer was wrong.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "http")
    var url: String?
    var process: Int32?
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--seconds": seconds = try flags.number(0.1...3600)
      case "--connections": connections = try flags.count(1...10_000)
      case "--rate": rate = try flags.number(1...1_000_000)
      case "--rounds": rounds = try flags.count(1...1000)
      case "--slow": slowClients = try flags.count(1...10_000)
      case "--idle": idleConnections = try flags.count(1...16_000)
      case "--pid": process = Int32(try flags.count(1...Int(Int32.max)))
      case "--server": url = try flags.text()
      default: throw flags.unknown
      }
    }
    running = try Self.running(url, process)
  }

  private static func running(_ url: String?, _ process: Int32?) throws(BenchmarkError) -> RunningServer? {
    guard url != nil || process != nil else { return nil }
    guard let url, let process else {
      throw .usage("--server and --pid go together: the address is asked, the process is read in /proc")
    }
    let start = "http://127.0.0.1:"
    let rest = url.dropFirst(start.count)
    let path = rest.drop { $0 != "/" }
    guard url.hasPrefix(start), let port = UInt16(rest.prefix { $0 != "/" }), port > 0,
      path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw .usage("--server wants an address like http://127.0.0.1:8080/health/live, not \"\(url)\"") }
    return RunningServer(port: port, path: path.isEmpty ? "/" : String(path), process: process)
  }
}
