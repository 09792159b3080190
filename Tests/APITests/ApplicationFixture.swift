import EventLoop
import Glibc
import HTTP
import JSON
import Postgres
import Store
import Telemetry
import TestSupport

@testable import API

/// The whole application on a database of its own, asked in process or over a real socket.
struct ApplicationFixture: Sendable {
  /// How a test talks to the application.
  enum Way: String, CaseIterable, Sendable {
    case inProcess, live
  }

  struct Answer: Sendable {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func field(_ name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// A text of the JSON body, by its pointer.
    func string(_ pointer: String) throws -> String? { try JSONDocument(bytes: body).root.find(pointer)?.string }
  }

  /// Two threads that all tests share.
  private static let pool = WorkPool(threads: 2, queueLimit: 256)
  static let token = "a-token-for-tests-only"

  let database: Database
  let client: PostgresClient
  let live: LiveSettings
  let metrics: MetricRegistry
  let logger: Logger
  private let ask: @Sendable (HTTPMethod, String, HTTPFields, [UInt8]) async throws -> Answer

  func send(
    _ method: HTTPMethod, _ path: String, _ fields: HTTPFields = HTTPFields(), body: String = ""
  ) async throws -> Answer {
    try await ask(method, path, fields, Array(body.utf8))
  }

  func status(
    _ method: HTTPMethod, _ path: String, _ fields: HTTPFields = HTTPFields(), body: String = ""
  ) async throws -> Int {
    try await send(method, path, fields, body: body).status
  }

  /// The fields of an operator who sends JSON.
  static func operatorFields(ifMatch tag: String? = nil) -> HTTPFields {
    var fields: HTTPFields = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
    if let tag { fields.set("If-Match", tag) }
    return fields
  }

  static func run(
    _ way: Way, change: (inout Surroundings) -> Void = { _ in }, _ body: (ApplicationFixture) async throws -> Void
  ) async throws {
    try await withTestClient(holding: .schema) { database, _ in
      let logger = Logger("test", sink: LogSink(descriptor: open("/dev/null", O_WRONLY), format: .json))
      let live = LiveSettings { _ in }
      let metrics = MetricRegistry()
      var surroundings = Surroundings(
        version: "1.2.3", database: Database(database), live: live, metrics: metrics, logger: logger,
        operatorToken: token, pool: pool)
      change(&surroundings)
      let tree = Application.responder(surroundings)
      let check = AnswerCheck(tree.routes)
      switch way {
      case .inProcess:
        let fixture = ApplicationFixture(
          database: Database(database), client: database, live: live, metrics: metrics, logger: logger
        ) {
          let answer = try await askInProcess(tree, logger, $0, $1, $2, $3)
          check.judge($0, $1, answer)
          return answer
        }
        try await body(fixture)
      case .live:
        try await runLive(tree, logger) { ask in
          try await body(
            ApplicationFixture(
              database: Database(database), client: database, live: live, metrics: metrics, logger: logger
            ) {
              let answer = try await ask($0, $1, $2, $3)
              check.judge($0, $1, answer)
              return answer
            })
        }
      }
    }
  }

  private init(
    database: Database, client: PostgresClient, live: LiveSettings, metrics: MetricRegistry, logger: Logger,
    ask: @escaping @Sendable (HTTPMethod, String, HTTPFields, [UInt8]) async throws -> Answer
  ) {
    self.database = database
    self.client = client
    self.live = live
    self.metrics = metrics
    self.logger = logger
    self.ask = ask
  }

  private static func askInProcess(
    _ tree: RouteTree, _ logger: Logger, _ method: HTTPMethod, _ path: String, _ fields: HTTPFields, _ body: [UInt8]
  ) async throws -> Answer {
    var text = "\(method.rawValue) \(path) HTTP/1.1\r\nHost: test\r\n"
    for field in fields.all { text += "\(field.name): \(field.value)\r\n" }
    if !body.isEmpty { text += "Content-Length: \(body.count)\r\n" }
    var parser = RequestParser(limits: HTTPLimits())
    let bytes = Array((text + "\r\n").utf8)
    guard let parsed = try bytes.withUnsafeBytes({ try parser.parseHead($0) }) else { throw CancellationError() }
    let context = RequestContext(head: parsed.head, peer: .ipv4(0x7F00_0001, port: 1), logger: logger)
    let request = Request(head: parsed.head, body: body.isEmpty ? .empty : RequestBody(bytes: body))
    let response = await tree.respond(to: request, context: context)
    let answered: [UInt8] = if case .bytes(let bytes) = response.body { bytes } else { [] }
    return Answer(status: response.status.code, fields: response.fields.all, body: answered)
  }

  private static func runLive(
    _ tree: RouteTree, _ logger: Logger,
    _ body: (@escaping @Sendable (HTTPMethod, String, HTTPFields, [UInt8]) async throws -> Answer) async throws -> Void
  ) async throws {
    let group = try EventLoopGroup(count: 1)
    let server = try HTTPServer(listen: [ListenAddress("127.0.0.1:0")], group: group, responder: tree, logger: logger)
    try await server.start()
    let client = try HTTPClient(loop: group.loops[0])
    let url = "http://\(server.addresses[0])"
    do {
      try await body { method, path, fields, bytes in
        var request = ClientRequest(method, url + path)
        request.fields = fields
        request.body = bytes
        let response = try await client.send(request)
        return Answer(status: response.status, fields: response.fields, body: response.body)
      }
    } catch {
      await end(server, client, group)
      throw error
    }
    await end(server, client, group)
  }

  private static func end(_ server: HTTPServer, _ client: HTTPClient, _ group: EventLoopGroup) async {
    await client.close()
    await server.shutdown(within: .milliseconds(200))
    group.shutdown()
  }
}
