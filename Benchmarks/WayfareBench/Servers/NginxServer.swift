import Glibc

/// One nginx worker that answers every path with the same bytes, from memory: the mark to measure against.
final class NginxServer {
  let server: ServerUnderTest
  let child: ChildProcess
  private let directory: TemporaryDirectory

  /// Where nginx is installed; nil if it is not.
  static func findProgram() -> String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
    return folders.map { $0 + "/nginx" }.first { access($0, X_OK) == 0 }
  }

  /// Whether nginx's configuration can hold a body: it knows no way to write `$`, and no words over 4 KiB.
  static func canReturn(_ body: [UInt8]) -> Bool {
    body.count <= 2048 && body.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "$") }
  }

  /// Starts nginx on a free port; another program may take the port first, so it tries three.
  ///
  /// - Throws: `BenchmarkError` when it does not come up or answers another body.
  static func start(program: String, body: [UInt8], path: String) throws(BenchmarkError) -> NginxServer {
    for _ in 0..<2 {
      do throws(BenchmarkError) {
        return try NginxServer(program: program, body: body, path: path, port: try Loopback.freePort())
      } catch {
        guard case .unreachable = error else { throw error }
      }
    }
    return try NginxServer(program: program, body: body, path: path, port: try Loopback.freePort())
  }

  /// One beside a server, with the bytes that it answers; why not, where there can be none.
  ///
  /// - Throws: `BenchmarkError` where it answers another body.
  static func beside(
    _ server: ServerUnderTest, path: String
  ) throws(BenchmarkError) -> (nginx: NginxServer?, absence: String?) {
    guard let program = findProgram() else {
      return (nil, "nginx is neither in PATH nor in /usr/sbin; the ratio is left out")
    }
    guard let body = server.expectedBody, canReturn(body) else {
      return (nil, "nginx cannot return what this server answers byte for byte; the ratio is left out")
    }
    do throws(BenchmarkError) {
      return (try start(program: program, body: body, path: path), nil)
    } catch {
      guard case .unreachable(let reason) = error else { throw error }
      return (nil, "\(reason); the ratio is left out")
    }
  }

  private init(program: String, body: [UInt8], path: String, port: UInt16) throws(BenchmarkError) {
    directory = try TemporaryDirectory()
    try directory.write("nginx.conf", NginxServer.configuration(port: port, body: body))
    child = try ChildProcess(program, ["-p", directory.path, "-c", "nginx.conf", "-e", "stderr"])
    let request = ServerUnderTest.request(port: port, path: path)
    server = ServerUnderTest(
      name: "nginx", port: port, process: child.process, request: request, expectedBody: body)
    try waitUntilReady()
  }

  private func waitUntilReady() throws(BenchmarkError) {
    for _ in 0..<100 {
      try Interruption.check()
      do throws(BenchmarkError) {
        let answered = try Probe.body(port: server.port, request: server.request, name: server.name)
        guard answered == server.expectedBody else {
          throw BenchmarkError.wrongAnswers("nginx does not return the bytes it was configured with")
        }
        return
      } catch {
        guard case .system(_, ECONNREFUSED) = error else { throw error }
        if child.hasEnded(within: 50) { break }
      }
    }
    throw .unreachable("nginx did not come up; its own words, if any, stand above")
  }

  /// One process and no master, so that the process we read is the one that answers.
  private static func configuration(port: UInt16, body: [UInt8]) -> String {
    var quoted = ""
    for character in String(decoding: body, as: UTF8.self) {
      if character == "'" || character == "\\" { quoted.append("\\") }
      quoted.append(character)
    }
    return """
      daemon off;
      master_process off;
      worker_processes 1;
      worker_rlimit_nofile 65536;
      pid nginx.pid;
      error_log stderr crit;
      events { worker_connections 16384; }
      http {
        access_log off;
        keepalive_requests 1000000000;
        keepalive_timeout 3600;
        client_body_temp_path client_body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        server {
          listen 127.0.0.1:\(port) backlog=4096;
          default_type application/json;
          location / { return 200 '\(quoted)'; }
        }
      }

      """
  }
}
