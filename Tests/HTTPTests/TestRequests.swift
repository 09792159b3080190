import Glibc
import Telemetry
import Testing

@testable import HTTP

extension Request {
  /// A request that needs no socket.
  static func make(
    _ method: HTTPMethod = .get, _ target: String = "/", headers: [(String, String)] = [], body: String = ""
  ) throws -> Request {
    let head = try RequestHead(method: method, target: target, headers: headers.map { (name: $0.0, value: $0.1) })
    return Request(head: head, body: RequestBody(bytes: Array(body.utf8)))
  }
}

extension RequestContext {
  /// A context as a server would make it.
  static func make(
    _ request: Request, peer: PeerAddress = .ipv4(0x7F00_0001, port: 1234), logger: Logger = TestLog.silent
  ) -> RequestContext {
    RequestContext(head: request.head, peer: peer, logger: logger)
  }
}

extension Response {
  /// The body as text; streams are not expected.
  var text: String {
    get throws {
      switch body {
      case .empty: ""
      case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
      case .stream: try #require(nil as String?, "a stream")
      }
    }
  }
}

extension RouteTree {
  /// The answer to a request that needs no socket.
  func answer(
    _ method: HTTPMethod = .get, _ target: String, headers: [(String, String)] = [], body: String = "",
    peer: PeerAddress = .ipv4(0x7F00_0001, port: 1234)
  ) async throws -> Response {
    let request = try Request.make(method, target, headers: headers, body: body)
    return await respond(to: request, context: .make(request, peer: peer))
  }
}

extension Middleware {
  /// What the middleware makes of a request, around a handler.
  func answer(
    to request: Request, peer: PeerAddress = .ipv4(0x7F00_0001, port: 1234), handler: @escaping Handler
  ) async throws -> Response {
    await composed([self], around: handler)(request, .make(request, peer: peer))
  }
}

/// Where tests log.
enum TestLog {
  /// Nowhere.
  static let silent = Logger("test", sink: LogSink(descriptor: open("/dev/null", O_WRONLY), format: .json))

  /// What a piece of work logs, in JSON lines, from debug up.
  static func lines(_ body: (Logger) async throws -> Void) async throws -> String {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let sink = LogSink(descriptor: ends[1], format: .json, level: .debug)
    try await body(Logger("test", sink: sink))
    try #require(sink.flush(timeout: .seconds(10)))
    close(ends[1])
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    close(ends[0])
    return String(decoding: text, as: UTF8.self)
  }
}
