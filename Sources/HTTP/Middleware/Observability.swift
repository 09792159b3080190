internal import Synchronization
public import Telemetry

/// What is known of every request from the outside: a line in the access log, metrics, a span, and the request's id in
/// the answer.
///
/// It should be the outermost middleware.
///
/// Metrics: `http_server_requests_total` and `http_server_request_duration_seconds` by method, route pattern and class
/// of status, `http_server_requests_in_flight`. A request that no route matches counts for the route `none`, so that
/// strangers cannot make series. The duration of a stream ends where the stream begins.
public struct Observability: Filter {
  private let logger: Logger
  private let accessLevel: LogLevel
  private let tracer: Tracer?
  private let series: RequestSeries
  private let inFlight: Gauge
  private let now: @Sendable () -> UInt64

  /// Observation of one route tree.
  ///
  /// - Parameters:
  ///   - logger: where the access log goes.
  ///   - accessLevel: the level of its lines; health and metrics are logged at debug.
  ///   - registry: where the metrics are kept.
  ///   - tracer: who records spans; without one, a caller's trace is merely handed on.
  ///   - now: nanoseconds of a clock that never goes back.
  public init(
    logger: Logger, accessLevel: LogLevel = .info, registry: MetricRegistry, tracer: Tracer? = nil,
    now: @escaping @Sendable () -> UInt64 = TelemetryClock.system.steadyNanoseconds
  ) {
    self.logger = logger
    self.accessLevel = accessLevel
    self.tracer = tracer
    self.now = now
    series = RequestSeries(registry: registry)
    inFlight = registry.gauge("http_server_requests_in_flight", help: "Requests that are being answered.")
  }

  /// Takes note of the beginning.
  public func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? {
    notes.number = now()
    inFlight.add(1)
    beginTrace(request, &context)
    return nil
  }

  /// Takes note of the end.
  public func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {
    inFlight.add(-1)
    let nanoseconds = now() - notes.number
    series.observe(request.method, context, response.status, nanoseconds: nanoseconds)
    if let span = context.span { finish(span, request, context, response) }
    if !response.fields.contains("X-Request-Id") {
      response.fields.appendPlain("X-Request-Id", roomBytes: RequestID.writtenBytesMax) {
        context.requestID.write(to: &$0)
      }
    }
    let level = context.isMonitoring ? .debug : accessLevel
    if logger.isEnabled(level) { log(level, request, context, response, nanoseconds: nanoseconds) }
  }

  private func beginTrace(_ request: Request, _ context: inout RequestContext) {
    if tracer == nil, !request.head.hasHeader("traceparent") { return }
    let incoming = request.head.firstValue("traceparent").flatMap { range in
      TraceContext(traceparent: request.head.text(range), tracestate: request.head.headerValues("tracestate"))
    }
    guard let tracer else {
      context.trace = incoming
      return
    }
    context.span = tracer.start("", kind: .server, parent: incoming)
  }

  private func finish(_ span: Span, _ request: Request, _ context: RequestContext, _ response: Response) {
    guard span.context.isSampled else { return }
    var span = span
    span.name = "\(request.method) \(context.route ?? "none")"
    span["http.request.method"] = .string(request.method.rawValue)
    span["url.path"] = .string(shortened(request.head.path, to: 512))
    span["http.route"] = context.route.map { .string($0) }
    span["http.response.status_code"] = .int(response.status.code)
    span["client.address"] = .string(context.peer.host)
    if response.status.classDigit == 5 { span.status = .error("status \(response.status.code)") }
    tracer?.finish(span)
  }

  private func log(
    _ level: LogLevel, _ request: Request, _ context: RequestContext, _ response: Response, nanoseconds: UInt64
  ) {
    var attributes: Attributes = [
      "request_id": .string(context.requestID.description), "method": .string(request.method.rawValue),
      "path": .string(shortened(request.head.path, to: 512)), "status": .int(response.status.code),
      "duration_ms": .double(Double(nanoseconds / 1000) / 1000), "peer": .string(context.peer.host),
    ]
    attributes["route"] = context.route.map { .string($0) }
    attributes["bytes"] = response.body.length.map { .int($0) }
    attributes["trace_id"] = context.trace.map { .string($0.traceID.description) }
    logger.log(level, "request", attributes)
  }
}

/// The metric handles of every route, looked up by number: no label is built and no dictionary asked for a request of
/// a kind that was seen before.
private final class RequestSeries: Sendable {
  private final class Series: Sendable {
    /// The route that the handles are for: another tree's route may have the same number.
    let endpoint: RouteEndpoint?
    let answered: Counter
    let duration: Histogram

    init(endpoint: RouteEndpoint?, answered: Counter, duration: Histogram) {
      self.endpoint = endpoint
      self.answered = answered
      self.duration = duration
    }

    func observe(_ seconds: Double) {
      answered.increment()
      duration.observe(seconds)
    }
  }

  private static let methods: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options]
  private static let classCount = 6
  private let registry: MetricRegistry
  private let table = Mutex<[Series?]>([])

  init(registry: MetricRegistry) {
    self.registry = registry
  }

  func observe(_ method: HTTPMethod, _ context: RequestContext, _ status: HTTPStatus, nanoseconds: UInt64) {
    let methodIndex = Self.methods.firstIndex(of: method) ?? Self.methods.count
    let endpoint = context.endpoint
    let row = (endpoint == nil ? 0 : context.endpointIndex + 1) * (Self.methods.count + 1) + methodIndex
    let index = row * Self.classCount + status.classDigit
    let seconds = Double(nanoseconds) / 1e9
    let isKnown = table.withLock { table in
      guard table.indices.contains(index), let known = table[index], known.endpoint === endpoint else {
        return false
      }
      known.observe(seconds)
      return true
    }
    if !isKnown { make(methodIndex, context, status, index).observe(seconds) }
  }

  private func make(_ methodIndex: Int, _ context: RequestContext, _ status: HTTPStatus, _ index: Int) -> Series {
    let method = methodIndex < Self.methods.count ? Self.methods[methodIndex].rawValue : "other"
    let route = context.route ?? "none"
    let statusClass = "\(status.classDigit)xx"
    let series = Series(
      endpoint: context.endpoint,
      answered: registry.counter(
        "http_server_requests_total", help: "Requests answered.",
        ["method": method, "route": route, "status": statusClass]),
      duration: registry.histogram(
        "http_server_request_duration_seconds", help: "Time from a request's head to the answer's.",
        ["method": method, "route": route, "status": statusClass]))
    table.withLock { table in
      if table.count <= index { table += [Series?](repeating: nil, count: index + 1 - table.count) }
      table[index] = series
    }
    return series
  }
}
