import EventLoop
import Foundation
import HTTP
import JSON
import Postgres
import Synchronization
import Telemetry
import TestSupport
import Testing

@Suite("Traces and logs of a server")
struct TracingTests {
  /// A collector of OpenTelemetry traces that keeps what it is sent.
  private final class Collector: Responder {
    private let bodies = Mutex<[[UInt8]]>([])
    var received: [[UInt8]] { bodies.withLock { $0 } }

    func chain(for request: Request, _ context: inout RequestContext) -> HandlerChain {
      HandlerChain { request, _ in
        guard request.head.pathString == "/v1/traces", let body = try? await request.body.collect(upTo: 1 << 20) else {
          return .text("unexpected", status: .badRequest)
        }
        self.bodies.withLock { $0.append(body) }
        return .text("{}")
      }
    }
  }

  @Test("a caller's trace goes on in the server's span, which reaches the collector, and in its log by request id")
  func traces() async throws {
    let collector = Collector()
    let logger = Logger("test", sink: LogSink(descriptor: FileHandle.nullDevice.fileDescriptor, format: .json))
    let sink = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: TestCluster.loops, responder: collector, logger: logger)
    try await sink.start()
    try await withTestDatabase { database in
      let server = try await ServerProcess.start(
        "up",
        [
          "--database-url", "\(database.settings.address)", "--home", TestCluster.makeDirectory("home"),
          "--operator-token", Caller.token, "--otlp-endpoint", "http://\(sink.addresses[0])", "--trace-share", "0",
        ])
      let caller = Caller()
      let trace = "0af7651916cd43dd8448eb211c80319c"
      let answer = try await caller.change(
        server, from: "\"v1\"", #"{"logLevel":"debug"}"#,
        fields: [("traceparent", "00-\(trace)-b7ad6b7169203331-01"), ("X-Request-Id", "a-request-of-mine")])
      #expect(answer.status == 200)
      #expect(try await server.end() == 0, "ending flushes what was not sent yet")
      let spans = try collector.received.map {
        try #require(try JSONDocument(bytes: $0).root.find("/resourceSpans/0/scopeSpans/0/spans/0"))
      }
      let span = try #require(spans.first { $0.find("/traceId")?.isEqual(to: trace) == true })
      #expect(try span.find("/parentSpanId")?.string == "b7ad6b7169203331")
      #expect(try span.find("/name")?.string == "PATCH /v1/runtime-settings")
      let line = try #require(server.said.split(separator: "\n").first { $0.contains("a-request-of-mine") })
      let root = try JSONDocument(text: String(line)).root
      #expect(try root.find("/route")?.string == "/v1/runtime-settings")
      #expect(try root.find("/status")?.int == 200)
    }
    await sink.shutdown(within: .milliseconds(100))
  }
}

extension JSONNode {
  fileprivate func isEqual(to text: String) -> Bool { (try? string) == text }
}
