import JSON
import Kernel
import Synchronization
import Testing

@testable import Telemetry

private struct Refused: Error {}

/// Keeps what is sent, and refuses some of it.
private final class Collector: Sendable {
  private let state = Mutex((bodies: [[UInt8]](), refusals: 0))

  var bodies: [[UInt8]] { state.withLock { $0.bodies } }

  func refuse(next count: Int) {
    state.withLock { $0.refusals = count }
  }

  func send(_ body: [UInt8]) throws {
    try state.withLock { state in
      if state.refusals > 0 {
        state.refusals -= 1
        throw Refused()
      }
      state.bodies.append(body)
    }
  }
}

private func exporter(_ tracer: Tracer, _ collector: Collector, batchMax: Int = 512) -> OTLPExporter {
  OTLPExporter(tracer: tracer, resource: ["service.name": "wayfare"], batchMax: batchMax) { try collector.send($0) }
}

@Suite("Tracers")
struct TracerTests {
  private let incoming = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"

  @Test("a span continues its caller's trace, and its context names it as the parent of what it calls")
  func continues() throws {
    let tracer = Tracer(samplingShare: 0)
    let context = try #require(TraceContext(traceparent: incoming + "-01", tracestate: ["a=1"]))
    let server = tracer.start("GET /trips", kind: .server, parent: context)
    #expect(server.parent == context.spanID && server.context.traceID == context.traceID)
    #expect(server.context.spanID != context.spanID && server.context.isSampled)
    #expect(server.context.state.header == "a=1")
    let query = tracer.start("SELECT", kind: .client, parent: server.context)
    #expect(query.parent == server.context.spanID && query.context.traceID == context.traceID)
  }

  @Test("a caller that does not record is followed whatever the share")
  func notRecorded() throws {
    let tracer = Tracer(samplingShare: 1)
    let context = try #require(TraceContext(traceparent: incoming + "-00"))
    var span = tracer.start("x", parent: context)
    span["key"] = "value"
    #expect(!span.context.isSampled && span["key"] == nil)
    tracer.finish(span)
    #expect(tracer.waitingSpans == 0)
  }

  @Test("of new traces the given share is recorded")
  func sampling() {
    let random = SeededRandom(seed: 1)
    for (share, range) in [(0.0, 0...0), (0.25, 2200...2800), (1.0, 10_000...10_000)] {
      let tracer = Tracer(samplingShare: share, spansMax: 1, clock: .system, random: random)
      let count = (0..<10_000).count { _ in tracer.start("x").context.isSampled }
      #expect(range.contains(count), "share \(share) gave \(count)")
    }
  }

  @Test("identifiers do not repeat")
  func identifiers() {
    let tracer = Tracer(samplingShare: 1)
    let spans = (0..<10_000).map { _ in tracer.start("x") }
    #expect(Set(spans.map(\.context.traceID)).count == 10_000)
    #expect(Set(spans.map(\.context.spanID)).count == 10_000)
    #expect(spans.allSatisfy { $0.parent == nil })
  }

  @Test("a span lasts as long as the steady clock says")
  func times() {
    let hand = HandClock(1000)
    let tracer = Tracer(samplingShare: 1, clock: hand.clock)
    let span = tracer.start("x")
    hand.now.store(5000, ordering: .relaxed)
    tracer.finish(span)
    let finished = tracer.take(atMost: 1)
    // The steady clock of these tests runs at half the speed.
    #expect(finished.map(\.startNanoseconds) == [1000] && finished.map(\.endNanoseconds) == [3000])
  }

  @Test("spans past the limit are dropped and counted")
  func overflow() {
    let tracer = Tracer(samplingShare: 1, spansMax: 3)
    for index in 0..<10 { tracer.finish(tracer.start("span \(index)")) }
    #expect(tracer.droppedSpans == 7)
    #expect(tracer.take(atMost: 9).map(\.name) == ["span 0", "span 1", "span 2"])
    tracer.finish(tracer.start("again"))
    #expect(tracer.waitingSpans == 1)
  }

  @Test("a span's attributes are bounded in number and length")
  func attributeLimits() {
    var span = Tracer(samplingShare: 1).start("x")
    for index in 0..<100 { span["key\(index)"] = .int(index) }
    #expect(span.attributes.pairs.count == 64 && span.droppedAttributes == 36)
    span["key0"] = .string(String(repeating: "é", count: 5000))
    guard case .string(let text)? = span["key0"] else {
      Issue.record("the text is gone")
      return
    }
    #expect(text == String(repeating: "é", count: 2048) + "…(5904 bytes cut)")
  }
}

@Suite("OTLP export")
struct OTLPExporterTests {
  @Test("a batch is an OTLP/HTTP JSON request")
  func encoding() async throws {
    let hand = HandClock(1_780_293_780_123_456_788)
    let tracer = Tracer(samplingShare: 1, clock: hand.clock)
    let collector = Collector()
    let context = try #require(
      TraceContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", tracestate: ["a=1"]))
    var span = tracer.start("GET /trips", kind: .server, parent: context)
    span["text"] = "a\"b"
    span["count"] = .int(.max)
    span["share"] = 0.25
    span["isNew"] = true
    span["infinite"] = .double(-.infinity)
    span.status = .error("no room")
    hand.now.wrappingAdd(20, ordering: .relaxed)
    tracer.finish(span)
    await exporter(tracer, collector).flush()
    let body = try #require(collector.bodies.first)
    let expected =
      #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"wayfare"}}]},"#
      + #""scopeSpans":[{"scope":{"name":"wayfare"},"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","#
      + #""spanId":"\#(span.context.spanID)","parentSpanId":"00f067aa0ba902b7","traceState":"a=1","flags":1,"#
      + #""name":"GET /trips","kind":2,"startTimeUnixNano":"1780293780123456788","#
      + #""endTimeUnixNano":"1780293780123456798","attributes":[{"key":"text","value":{"stringValue":"a\"b"}},"#
      + #"{"key":"count","value":{"intValue":"9223372036854775807"}},{"key":"share","value":{"doubleValue":0.25}},"#
      + #"{"key":"isNew","value":{"boolValue":true}},{"key":"infinite","value":{"doubleValue":"-Infinity"}}],"#
      + #""status":{"code":2,"message":"no room"}}]}]}]}"#
    #expect(String(decoding: body, as: UTF8.self) == expected)
    _ = try JSONDocument(bytes: body)
  }

  @Test("everything finished goes out in batches, and a refused batch is counted")
  func batches() async throws {
    let tracer = Tracer(samplingShare: 1)
    let collector = Collector()
    let exporter = exporter(tracer, collector, batchMax: 10)
    for _ in 0..<25 { tracer.finish(tracer.start("x")) }
    collector.refuse(next: 1)
    await exporter.flush()
    #expect(exporter.failedSpans == 10)
    let sizes = try collector.bodies.map {
      try JSONDocument(bytes: $0).root.find("/resourceSpans/0/scopeSpans/0/spans")?.array.count
    }
    #expect(sizes == [10, 5])
    await exporter.flush()
    #expect(collector.bodies.count == 2, "nothing finished, so nothing is sent")
  }

  @Test("the loop sends after every sleep, and once more when it is told to end")
  func loop() async {
    let tracer = Tracer(samplingShare: 1)
    let collector = Collector()
    let exporter = exporter(tracer, collector)
    let slept = Mutex<[Duration]>([])
    await exporter.run(every: .seconds(5)) { interval in
      let count = slept.withLock { slept in
        slept.append(interval)
        return slept.count
      }
      tracer.finish(tracer.start("span \(count)"))
      if count == 4 { throw CancellationError() }
    }
    #expect(slept.withLock { $0 } == Array(repeating: .seconds(5), count: 4))
    #expect(collector.bodies.count == 4)
    #expect(tracer.waitingSpans == 0)
  }
}
