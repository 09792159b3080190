import Synchronization
import Telemetry
import Testing

@testable import HTTP

@Suite("Observability")
struct ObservabilityTests {
  /// A clock that moves 250 ms with every reading.
  private final class Clock: Sendable {
    private let time = Mutex<UInt64>(0)

    func now() -> UInt64 {
      time.withLock { time in
        time += 250_000_000
        return time
      }
    }
  }

  private static func tree(_ logger: Logger, _ registry: MetricRegistry, tracer: Tracer? = nil) -> RouteTree {
    let clock = Clock()
    let router = Router()
    router.add(Observability(logger: logger, registry: registry, tracer: tracer, now: clock.now))
    router.get("/trips/{id}") { _, context in .text(context.trace.map(\.traceparent) ?? "no trace") }
    router.get("/health/live") { _, _ in .text("ok") }
    router.get("/fail") { _, _ in throw CancellationError() }
    return router.build()
  }

  private func exposition(_ registry: MetricRegistry) -> String {
    String(decoding: registry.exposition(), as: UTF8.self)
  }

  @Test("counts and times requests by method, route and class of status")
  func metrics() async throws {
    let registry = MetricRegistry()
    let tree = Self.tree(TestLog.silent, registry)
    for id in 1...3 { _ = try await tree.answer(.get, "/trips/\(id)") }
    _ = try await tree.answer(.head, "/trips/1")
    for path in ["/a", "/b", "/trips/%00"] { _ = try await tree.answer(.get, path) }
    _ = try await tree.answer(try #require(HTTPMethod(rawValue: "BREW")), "/trips/1")
    _ = try await tree.answer(.get, "/fail")
    let text = exposition(registry)
    let expected = [
      "requests_total{method=\"GET\",route=\"/trips/{id}\",status=\"2xx\"} 3",
      "requests_total{method=\"HEAD\",route=\"/trips/{id}\",status=\"2xx\"} 1",
      "requests_total{method=\"GET\",route=\"none\",status=\"4xx\"} 3",
      "requests_total{method=\"other\",route=\"none\",status=\"4xx\"} 1",
      "requests_total{method=\"GET\",route=\"/fail\",status=\"5xx\"} 1",
      "request_duration_seconds_sum{method=\"GET\",route=\"/trips/{id}\",status=\"2xx\"} 0.75",
    ]
    for line in expected { #expect(text.contains("http_server_" + line + "\n"), "\(line)\n\(text)") }
    #expect(text.contains("http_server_requests_in_flight 0\n"))
  }

  @Test("keeps the numbers of two trees apart, though their routes have the same places")
  func twoTrees() async throws {
    let registry = MetricRegistry()
    let middleware = Observability(logger: TestLog.silent, registry: registry)
    for pattern in ["/a", "/b", "/a"] {
      let router = Router()
      router.add(middleware)
      router.get(pattern) { _, _ in .text("") }
      _ = try await router.build().answer(.get, pattern)
    }
    let text = exposition(registry)
    #expect(text.contains("requests_total{method=\"GET\",route=\"/a\",status=\"2xx\"} 2\n"))
    #expect(text.contains("requests_total{method=\"GET\",route=\"/b\",status=\"2xx\"} 1\n"))
  }

  @Test("writes an access log, health at debug")
  func accessLog() async throws {
    let text = try await TestLog.lines { logger in
      let tree = Self.tree(logger, MetricRegistry())
      _ = try await tree.answer(.get, "/trips/7?secret=1", headers: [("X-Request-Id", "id-1")])
      _ = try await tree.answer(.get, "/health/live")
    }
    let lines = text.split(separator: "\n")
    try #require(lines.count == 2)
    for part in [
      "\"info\"", "\"request_id\":\"id-1\"", "\"method\":\"GET\"", "\"path\":\"/trips/7\"", "\"status\":200",
      "\"duration_ms\":250", "\"route\":\"/trips/{id}\"", "\"peer\":\"127.0.0.1\"",
    ] { #expect(lines[0].contains(part), "\(part) in \(lines[0])") }
    #expect(!text.contains("secret"))
    #expect(lines[1].contains("\"debug\""))
  }

  @Test("gives the request's id back, the caller's if there is one")
  func requestIDs() async throws {
    let tree = Self.tree(TestLog.silent, MetricRegistry())
    #expect(
      try await tree.answer(.get, "/health/live", headers: [("X-Request-Id", "mine")]).fields["X-Request-Id"] == "mine")
    let own = try #require(try await tree.answer(.get, "/health/live").fields["X-Request-Id"])
    #expect(own.utf8.count == 32 && own.allSatisfy { $0.isHexDigit })
    let problem = try await tree.answer(.get, "/nowhere")
    #expect(problem.fields.all.filter { $0.name == "X-Request-Id" }.count == 1)
  }

  @Test("hands a caller's trace on, with a span of its own if there is a tracer")
  func traces() async throws {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    let header = "00-\(trace)-00f067aa0ba902b7-01"
    let without = Self.tree(TestLog.silent, MetricRegistry())
    #expect(try await without.answer(.get, "/trips/1", headers: [("traceparent", header)]).text == header)
    #expect(try await without.answer(.get, "/trips/1").text == "no trace")
    let tracer = Tracer(samplingShare: 1)
    let with = Self.tree(TestLog.silent, MetricRegistry(), tracer: tracer)
    let text = try await with.answer(.get, "/trips/1", headers: [("traceparent", header)]).text
    #expect(text.hasPrefix("00-\(trace)-") && text != header)
    #expect(try await with.answer(.get, "/trips/1", headers: [("traceparent", "nonsense")]).text.hasPrefix("00-"))
  }

  @Test("logs what failed inside, under the request's id")
  func failures() async throws {
    struct Failure: Error { let reason = "the disk is full" }
    let text = try await TestLog.lines { logger in
      let router = Router()
      router.get("/x") { _, _ in throw Failure() }
      let request = try Request.make(.get, "/x", headers: [("X-Request-Id", "id-2")])
      let response = await router.build().respond(to: request, context: .make(request, logger: logger))
      #expect(response.status == .internalServerError)
    }
    #expect(text.contains("the disk is full") && text.contains("id-2") && text.contains("\"error\""))
  }
}
