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
    var rest = arguments[...]
    var url: String?
    var process: Int32?
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let flag = parts[0]
      if word == "--json" {
        wantsJSON = true
        continue
      }
      guard Self.flags.contains(flag) else {
        throw .usage("wayfare-bench http does not know \"\(word)\"; wayfare-bench http --help lists its flags")
      }
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
        throw .usage("\(flag) wants a value, as in \(flag) 10")
      }
      switch flag {
      case "--seconds": seconds = try Self.number(flag, value, 0.1...3600)
      case "--connections": connections = try Self.count(flag, value, 1...10_000)
      case "--rate": rate = try Self.number(flag, value, 1...1_000_000)
      case "--rounds": rounds = try Self.count(flag, value, 1...1000)
      case "--slow": slowClients = try Self.count(flag, value, 1...10_000)
      case "--idle": idleConnections = try Self.count(flag, value, 1...16_000)
      case "--pid": process = Int32(try Self.count(flag, value, 1...Int(Int32.max)))
      default: url = value
      }
    }
    running = try Self.running(url, process)
  }

  private static let flags: Set = [
    "--seconds", "--connections", "--rate", "--rounds", "--slow", "--idle", "--server", "--pid",
  ]

  static func number(
    _ flag: String, _ text: String, _ range: ClosedRange<Double>
  ) throws(BenchmarkError) -> Double {
    guard let value = Double(text), range.contains(value) else {
      throw .usage("\(flag) wants a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return value
  }

  static func count(_ flag: String, _ text: String, _ range: ClosedRange<Int>) throws(BenchmarkError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw .usage(
        "\(flag) wants a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return value
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
