import Kernel
import Synchronization

/// Starts spans and keeps the finished ones, within bounds, until an ``OTLPExporter`` takes them.
///
/// ```swift
/// var span = tracer.start("GET /trips/{id}", kind: .server, parent: incoming)
/// span["http.response.status_code"] = 200
/// tracer.finish(span)
/// ```
public final class Tracer: Sendable {
  private struct State {
    var random: SeededRandom
    var finished: [Span] = []
    var dropped = 0
  }

  private let samplingShare: Double
  private let spansMax: Int
  private let clock: TelemetryClock
  private let state: Mutex<State>

  /// A tracer that records a share of the traces that begin here; of those that began elsewhere it records what their
  /// callers record.
  ///
  /// Finished spans past `spansMax` are dropped and counted.
  public convenience init(samplingShare: Double, spansMax: Int = 4096, clock: TelemetryClock = .system) {
    self.init(
      samplingShare: samplingShare, spansMax: spansMax, clock: clock,
      random: SeededRandom(seed: .random(in: 0...UInt64.max)))
  }

  init(samplingShare: Double, spansMax: Int, clock: TelemetryClock, random: SeededRandom) {
    precondition((0...1).contains(samplingShare), "a share of \(samplingShare) is not between 0 and 1")
    precondition(spansMax > 0, "there is room for no span")
    self.samplingShare = samplingShare
    self.spansMax = spansMax
    self.clock = clock
    state = Mutex(State(random: random))
  }

  /// Starts a span, as part of another or of a caller's trace, or as the first of a new trace.
  public func start(_ name: String, kind: SpanKind = .internal, parent: TraceContext? = nil) -> Span {
    let context = state.withLock { state in
      let spanID = spanID(&state.random)
      if let parent {
        return TraceContext(traceID: parent.traceID, spanID: spanID, isSampled: parent.isSampled, state: parent.state)
      }
      let traceID = traceID(&state.random)
      let isSampled = isSampled(traceID)
      return TraceContext(traceID: traceID, spanID: spanID, isSampled: isSampled, state: TraceState())
    }
    return Span(context: context, parent: parent?.spanID, name: name, kind: kind, clock: clock)
  }

  /// Ends a span now and keeps it if it is recorded.
  public func finish(_ span: Span) {
    guard span.context.isSampled else { return }
    var finished = span
    // By the steady clock, so that no span ends before it began.
    finished.endNanoseconds = span.startNanoseconds + (clock.steadyNanoseconds() - span.steadyStart)
    state.withLock { state in
      if state.finished.count < spansMax {
        state.finished.append(finished)
      } else {
        state.dropped += 1
      }
    }
  }

  /// How many finished spans were dropped for want of room.
  public var droppedSpans: Int { state.withLock { $0.dropped } }

  /// How many finished spans wait to be taken.
  var waitingSpans: Int { state.withLock { $0.finished.count } }

  /// Takes the oldest finished spans.
  func take(atMost count: Int) -> [Span] {
    state.withLock { state in
      let batch = Array(state.finished.prefix(count))
      state.finished.removeFirst(batch.count)
      return batch
    }
  }

  /// By the low 56 bits of the trace, so that services with the same share agree.
  private func isSampled(_ trace: TraceID) -> Bool {
    Double(trace.low & 0xFF_FFFF_FFFF_FFFF) < samplingShare * 0x1p56
  }

  private func traceID(_ random: inout SeededRandom) -> TraceID {
    while true {
      if let id = TraceID(high: random.next(), low: random.next()) { return id }
    }
  }

  private func spanID(_ random: inout SeededRandom) -> SpanID {
    while true {
      if let id = SpanID(bits: random.next()) { return id }
    }
  }
}
