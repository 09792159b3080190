public import Telemetry

/// What a handler knows besides the request.
///
/// A value that is one reference wide: it is handed from function to function, and counting each of its parts every
/// time would cost a request more than reading them.
public struct RequestContext: Sendable {
  private var parts: Parts

  /// `@unchecked Sendable` because it is changed only through a context that holds the only reference to it.
  private final class Parts: @unchecked Sendable {
    var requestID: RequestID
    var peer: PeerAddress
    var trace: TraceContext?
    var span: KeptSpan?
    var endpoint: RouteEndpoint?
    var endpointIndex = 0
    var captures = RouteTrie.Captures()
    let head: RequestHead
    let serverLogger: Logger

    init(_ requestID: RequestID, _ head: RequestHead, _ peer: PeerAddress, _ serverLogger: Logger) {
      self.requestID = requestID
      self.head = head
      self.peer = peer
      self.serverLogger = serverLogger
    }

    convenience init(copying other: Parts) {
      self.init(other.requestID, other.head, other.peer, other.serverLogger)
      trace = other.trace
      span = other.span
      endpoint = other.endpoint
      endpointIndex = other.endpointIndex
      captures = other.captures
    }
  }

  /// The context of a request that has just arrived.
  ///
  /// - Parameters:
  ///   - head: the request's head, for the caller's request id and what parameters take from the path.
  ///   - peer: who is at the other end.
  ///   - logger: the server's logger.
  public init(head: RequestHead, peer: PeerAddress, logger: Logger) {
    parts = Parts(RequestID(head), head, peer, logger)
  }

  /// The parts, for changing: own ones, as every copy of a value has.
  private var ownParts: Parts {
    mutating get {
      if !isKnownUniquelyReferenced(&parts) { parts = Parts(copying: parts) }
      return parts
    }
  }

  /// What the request is called.
  public var requestID: RequestID {
    get { parts.requestID }
    set { ownParts.requestID = newValue }
  }

  /// Who is at the other end of the connection; behind a gateway, the gateway.
  public var peer: PeerAddress {
    get { parts.peer }
    set { ownParts.peer = newValue }
  }

  /// The trace that the request belongs to, for those who are called on its behalf.
  public var trace: TraceContext? {
    get { parts.trace }
    set { ownParts.trace = newValue }
  }

  /// The span of the whole request, where one is recorded; setting it sets the trace, too.
  var span: Span? {
    get { parts.span?.span }
    set {
      let parts = ownParts
      parts.span = newValue.map(KeptSpan.init)
      parts.trace = newValue?.context
    }
  }

  /// A span as an object: most requests have none, and need no room for one.
  private final class KeptSpan: Sendable {
    let span: Span

    init(_ span: Span) { self.span = span }
  }

  /// What the route's parameters took from the path.
  public var parameters: PathParameters { PathParameters(self) }

  /// Learns the route.
  ///
  /// - Parameters:
  ///   - endpoint: the route.
  ///   - index: the place of the route among all of its tree, for what is kept per route.
  ///   - captures: what the parameters took, relative to the path.
  mutating func found(_ endpoint: RouteEndpoint, index: Int, _ captures: RouteTrie.Captures) {
    let parts = ownParts
    parts.endpoint = endpoint
    parts.endpointIndex = index
    parts.captures = captures
  }

  var head: RequestHead { parts.head }

  /// The route, once it is found.
  var endpoint: RouteEndpoint? { parts.endpoint }

  /// The place of the route, once it is found, among all of its tree.
  var endpointIndex: Int { parts.endpointIndex }

  /// What a parameter of the route took, relative to the path.
  func capture(_ index: Int) -> ByteRange { parts.captures.ranges[index] }

  /// The pattern of the route; nil while or if there is none.
  public var route: String? { parts.endpoint?.pattern.text }

  /// What the route says of itself; nil while there is none, or where it says nothing.
  public var description: RouteDescription? { parts.endpoint?.description }

  /// Whether the route is there for those who watch over the process: health and metrics.
  var isMonitoring: Bool { parts.endpoint?.pattern.isMonitoring ?? false }

  /// A logger whose lines carry the request's id.
  ///
  /// It is made when asked for, so that requests that say nothing are not slowed by it.
  public var logger: Logger {
    parts.serverLogger.with(["request_id": .string(requestID.description)])
  }
}
