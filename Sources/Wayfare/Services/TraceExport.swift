import EventLoop
import HTTP
import Synchronization
import Telemetry

/// Sends finished spans to the configured collector; there is none without an endpoint.
final class TraceExport: Sendable {
  let tracer: Tracer
  private let exporter: OTLPExporter
  private let client: HTTPClient
  private let loop: EventLoop
  private let task = Mutex<Task<Void, Never>?>(nil)

  init?(_ runtime: Runtime) throws {
    guard let endpoint = runtime.settings.string(.otlpEndpoint) else { return nil }
    guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://") else {
      throw runtime.settings.wrong(.otlpEndpoint, "write http://HOST:PORT")
    }
    let url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
    loop = runtime.group.loops[0]
    let client = try HTTPClient(loop: loop)
    self.client = client
    tracer = Tracer(samplingShare: try runtime.settings.fraction(.traceShare))
    let logger = runtime.logger.named("traces")
    exporter = OTLPExporter(
      tracer: tracer, resource: ["service.name": "wayfare", "service.version": .string(Version.current)]
    ) { bytes in
      // In a task of its own, because the last batch leaves while the exporter's task is cancelled already.
      try await Task {
        var request = ClientRequest(.post, url)
        request.fields.set("Content-Type", "application/json")
        request.body = bytes
        request.isIdempotent = true
        request.timeout = .seconds(5)
        do {
          let status = try await client.send(request).status
          guard (200..<300).contains(status) else { throw Refused(status: status) }
        } catch {
          logger.warning("traces were not taken", ["error": .string("\(error)")])
          throw error
        }
      }.value
    }
  }

  private struct Refused: Error, CustomStringConvertible {
    let status: Int
    var description: String { "the collector answered \(status)" }
  }

  func start() {
    let background = Task(executorPreference: loop) { [exporter, loop] in
      await exporter.run(every: .seconds(5)) { try await loop.sleep(for: $0) }
    }
    task.withLock { $0 = background }
  }

  func stop() async {
    let running = task.withLock { $0.take() }
    running?.cancel()
    await running?.value
    await client.close()
  }
}
