/// What part a span plays between services.
public enum SpanKind: Int, Sendable {
  /// Work within a process.
  case `internal` = 1
  /// Answering somebody's request.
  case server = 2
  /// Asking somebody else.
  case client = 3
  /// Handing a message to a queue.
  case producer = 4
  /// Working on a message from a queue.
  case consumer = 5
}

/// How a span ended.
public enum SpanStatus: Hashable, Sendable {
  /// Nobody said.
  case unset
  /// It was looked at and found good.
  case ok
  /// It failed, and how.
  case error(String)
}

/// One timed piece of work in a trace, kept by the one who does it and handed to ``Tracer/finish(_:)`` at its end.
public struct Span: Sendable {
  /// Attributes a span may have; more are counted only.
  static let attributesMax = 64
  /// Bytes of a text in a span; more are cut.
  static let textMax = 4096

  /// What those who are called continue, as the header of a request to them.
  public let context: TraceContext
  /// The span that this one is part of.
  public let parent: SpanID?
  /// What is done, of few different names: `GET /trips/{id}`, not `GET /trips/7`.
  public var name: String
  /// What part it plays.
  public let kind: SpanKind
  /// How it ended.
  public var status = SpanStatus.unset
  /// Nanoseconds since 1970 at its start.
  public let startNanoseconds: UInt64
  /// Nanoseconds since 1970 at its end, once it is finished.
  public internal(set) var endNanoseconds: UInt64?

  let steadyStart: UInt64
  private(set) var attributes: Attributes = [:]
  private(set) var droppedAttributes = 0

  init(context: TraceContext, parent: SpanID?, name: String, kind: SpanKind, clock: TelemetryClock) {
    self.context = context
    self.parent = parent
    self.name = name
    self.kind = kind
    startNanoseconds = clock.wallNanoseconds()
    steadyStart = clock.steadyNanoseconds()
  }

  /// An attribute; setting is free if the span is not recorded.
  public subscript(key: String) -> AttributeValue? {
    get { attributes[key] }
    set {
      guard context.isSampled else { return }
      if newValue != nil, attributes[key] == nil, attributes.pairs.count >= Self.attributesMax {
        droppedAttributes += 1
      } else if case .string(let text)? = newValue {
        attributes[key] = .string(cut(text, toBytes: Self.textMax))
      } else {
        attributes[key] = newValue
      }
    }
  }
}
