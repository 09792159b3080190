import Glibc

/// Wayfare as the server under test: a child with the sample route, or a server that runs already.
enum WayfareServer {
  private static let name = "wayfare"

  /// Starts a child; it lives until it is stopped or let go.
  ///
  /// - Throws: `BenchmarkError` when it does not come up or answers wrongly.
  static func start() throws(BenchmarkError) -> (child: ChildProcess, server: ServerUnderTest) {
    // By number, because "self" would be the program in between that starts it.
    let child = try ChildProcess("/proc/\(getpid())/exe", [SampleServer.subcommand, "--listen", "127.0.0.1:0"])
    let address = try child.firstLine()
    guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      throw .unreachable("the server that was started said \"\(address)\" instead of its address")
    }
    let request = ServerUnderTest.request(port: port, path: SampleServer.path)
    let body = try Probe.body(port: port, request: request, name: name)
    guard body == SampleServer.expectedBody else {
      throw .wrongAnswers("the server that was started answered another body than this program expects")
    }
    let server = ServerUnderTest(
      name: name, port: port, process: child.process, request: request, expectedBody: body)
    return (child, server)
  }

  /// A server that somebody else has started.
  ///
  /// - Throws: `BenchmarkError` when it does not answer 200.
  static func attach(_ running: HTTPOptions.RunningServer) throws(BenchmarkError) -> ServerUnderTest {
    let request = ServerUnderTest.request(port: running.port, path: running.path)
    let bodies = [
      try Probe.body(port: running.port, request: request, name: name),
      try Probe.body(port: running.port, request: request, name: name),
    ]
    return ServerUnderTest(
      name: name, port: running.port, process: running.process, request: request,
      expectedBody: bodies[0] == bodies[1] ? bodies[0] : nil)
  }
}
