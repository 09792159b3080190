import JSON
import Synchronization

/// Takes finished spans from a tracer in batches and hands them, as OTLP/HTTP JSON, to a closure that sends them.
///
/// The closure posts the bytes to `…/v1/traces` as `application/json` and throws if that failed for good: retries are
/// its own affair. A batch it throws for is dropped and counted.
public final class OTLPExporter: Sendable {
  private let tracer: Tracer
  private let resource: Attributes
  private let batchMax: Int
  private let send: @Sendable ([UInt8]) async throws -> Void
  private let failed = Atomic<Int>(0)

  /// An exporter for a service, whose resource has at least a `service.name`.
  public init(
    tracer: Tracer, resource: Attributes, batchMax: Int = 512,
    send: @escaping @Sendable ([UInt8]) async throws -> Void
  ) {
    precondition(resource["service.name"] != nil, "a resource has a service.name")
    precondition(batchMax > 0, "a batch has at least one span")
    self.tracer = tracer
    self.resource = resource
    self.batchMax = batchMax
    self.send = send
  }

  /// How many spans were dropped because they could not be sent.
  public var failedSpans: Int { failed.load(ordering: .relaxed) }

  /// Sends what has finished time and again, until sleeping throws, as it does when the task is cancelled; then once
  /// more, so that nothing stays behind.
  ///
  /// That last time the closure runs in a cancelled task: it bounds its own time and must not give up for that alone.
  public func run(every interval: Duration, sleep: @Sendable (Duration) async throws -> Void) async {
    do {
      while true {
        try await sleep(interval)
        await flush()
      }
    } catch {
      // The only error there is says that it is time to end.
      await flush()
    }
  }

  /// Sends everything finished so far, batch by batch; what finishes meanwhile is left for the next time.
  public func flush() async {
    var left = tracer.waitingSpans
    while left > 0 {
      let spans = tracer.take(atMost: min(left, batchMax))
      if spans.isEmpty { return }
      left -= spans.count
      do {
        try await send(OTLPBatch(resource: resource, spans: spans).jsonBytes())
      } catch {
        failed.wrappingAdd(spans.count, ordering: .relaxed)
      }
    }
  }
}

/// An `ExportTraceServiceRequest` in the JSON mapping of OTLP: identifiers in hexadecimal, 64-bit numbers as text.
struct OTLPBatch: JSONWritable {
  let resource: Attributes
  let spans: [Span]

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.array("resourceSpans") {
        $0.object {
          $0.object("resource") { $0.field("attributes", OTLPAttributes(attributes: resource)) }
          $0.array("scopeSpans") {
            $0.object {
              $0.object("scope") { $0.field("name", "wayfare") }
              $0.field("spans", spans.map(OTLPSpan.init))
            }
          }
        }
      }
    }
  }
}

private struct OTLPSpan: JSONWritable {
  let span: Span

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("traceId", span.context.traceID.description)
      $0.field("spanId", span.context.spanID.description)
      $0.field("parentSpanId", ifPresent: span.parent?.description)
      $0.field("traceState", ifPresent: span.context.state.header)
      $0.field("flags", 1)
      $0.field("name", cut(span.name, toBytes: Span.textMax))
      $0.field("kind", span.kind.rawValue)
      $0.field("startTimeUnixNano", String(span.startNanoseconds))
      $0.field("endTimeUnixNano", String(span.endNanoseconds ?? span.startNanoseconds))
      $0.field("attributes", OTLPAttributes(attributes: span.attributes))
      if span.droppedAttributes > 0 { $0.field("droppedAttributesCount", span.droppedAttributes) }
      $0.object("status") {
        switch span.status {
        case .unset: break
        case .ok: $0.field("code", 1)
        case .error(let message):
          $0.field("code", 2)
          $0.field("message", cut(message, toBytes: Span.textMax))
        }
      }
    }
  }
}

private struct OTLPAttributes: JSONWritable {
  let attributes: Attributes

  func write(to writer: inout JSONWriter) {
    writer.array {
      for pair in attributes.pairs {
        $0.object {
          $0.field("key", pair.key)
          $0.object("value") {
            switch pair.value {
            case .string(let value): $0.field("stringValue", value)
            case .int(let value): $0.field("intValue", String(value))
            case .double(let value) where value.isFinite: $0.field("doubleValue", value)
            case .double(let value): $0.field("doubleValue", spelt(value))
            case .bool(let value): $0.field("boolValue", value)
            }
          }
        }
      }
    }
  }

  /// As protobuf's JSON mapping spells what JSON has no number for.
  private func spelt(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value < 0 ? "-Infinity" : "Infinity"
  }
}
